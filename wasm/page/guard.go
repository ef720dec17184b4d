//go:build js && wasm

package main

import (
	"fmt"
	"runtime"
	"syscall/js"
)

// guard runs f. A fault in it is said on the page, which keeps its last answer,
// and the program goes on: the next change may well work.
func guard(f func()) {
	defer func() {
		if fault := recover(); fault != nil {
			printFault(fault)
			sayFault(fmt.Sprint(fault))
		}
	}()
	f()
}

// printFault writes a fault and where it happened on the console.
func printFault(fault any) {
	js.Global().Get("console").Call("error", fmt.Sprintf("moecost: %v\n%s", fault, stack()))
}

// stack is where the program is. Package runtime/debug has the same, and brings package os with it.
func stack() []byte {
	text := make([]byte, 1<<16)
	return text[:runtime.Stack(text, false)]
}

// later runs f in a goroutine of its own, where it may wait for the browser.
func later(f func()) {
	go guard(f)
}

// sayFault adds a notice that does not depend on anything that may have broken.
func sayFault(reason string) {
	box := first(`[data-notices="answer"]`)
	if box.IsNull() || !first(`[data-fault]`).IsNull() {
		return
	}
	note := create(notice("error",
		[]*node{words("The calculator failed at this scenario. The numbers shown are those of the last one that worked.")},
		[]*node{words("Change something or reload the page. (" + reason + ")")}))
	element(note).SetAttribute("data-fault", "")
	box.Call("append", note)
}

// forgetFault takes that notice away, once the page has been painted whole again.
func (p *page) forgetFault() {
	if !p.sight.whole || len(p.sight.unsaid) > 0 {
		return
	}
	if note := first(`[data-fault]`); !note.IsNull() {
		note.Call("remove")
	}
}
