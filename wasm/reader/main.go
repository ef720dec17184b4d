//go:build js && wasm

// Reader is the program that reads configs, the headers of checkpoints, the
// counts of routers, traces of routing and the results of benchmarks. The page fetches it when a visitor brings one
// of their own, so that nobody else pays for it. It hangs its functions on one global, moecostConfigs;
// docs/page.md, "Reading configs", is their contract.
package main

import "syscall/js"

func main() {
	js.Global().Set("moecostConfigs", map[string]any{
		"config":   js.FuncOf(readConfig),
		"files":    js.FuncOf(readFiles),
		"counts":   js.FuncOf(readCounts),
		"trace":    js.FuncOf(readTrace),
		"measured": js.FuncOf(readMeasured),
	})
	select {}
}
