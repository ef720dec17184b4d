//go:build js && wasm

// Page is the program of the web page: it reads the form into a scenario, asks
// the core for a report, and writes words, numbers and charts into the elements
// that the templates have drawn (docs/page.md). It computes nothing itself.
//
// Everything happens on the one thread of the page. Listeners are registered
// once, on the document, for as long as the page lives.
package main

func main() {
	guard(func() {
		if comparing() {
			(&comparison{page: newPage()}).start()
		} else {
			newPage().start()
		}
	})
	select {}
}
