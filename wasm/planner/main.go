//go:build js && wasm

// Planner is the program that does for the page what is long or rare: it derives numbers
// and simulates. The page fetches it when somebody is there to ask. It runs in a Web Worker, and where there can
// be none, as in a sandboxed frame, on the page's own thread; docs/page.md, "Long work", has its messages.
package main

import "syscall/js"

// How long the program works before it looks for messages, in milliseconds. On the page's thread half a frame is
// left for everything else.
const (
	workerSlice = 10
	pageSlice   = 8
)

func main() {
	d := &desk{port: js.Global(), slice: workerSlice, under: map[int]*job{}}
	if port := js.Global().Get("moecostPort"); port.Truthy() {
		d.port, d.slice = port, pageSlice
	}
	d.open()
	select {}
}
