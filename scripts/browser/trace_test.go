package browser

import (
	"fmt"
	"strings"
	"testing"
)

const traceOpen = `document.getElementById("trace").open`

// steps is a trace of two layers in which each token takes the experts of the one before, one higher.
func steps(n int) string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprintf("[[%d,%d],[%d,%d]]", i%8, (i+1)%8, (i+2)%8, (i+3)%8))
	}
	return "[" + strings.Join(out, ",") + "]"
}

func (p *Page) pasteTrace(text string) {
	p.t.Helper()
	Eval[bool](p, fmt.Sprintf(`(() => { const t = document.querySelector("#trace [data-paste]"); t.value = %q; t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, text))
}

func TestPastedTrace(t *testing.T) {
	p := Open(t, "/?model=mixtral-8x7b&gpus=2&batch=8", View{})
	p.WaitLive()
	if Eval[bool](p, `document.querySelector("[data-verb=drop-trace]").checkVisibility()`) {
		t.Error("there is a trace to take away before one was given")
	}
	p.Click("[data-verb=trace]")
	p.Wait(traceOpen)
	for text, want := range map[string]string{
		"[[[0,9]]]":                   "expert 9: ids are 0 to 7",
		"[[[0,1]],[[0],[1]]]":         "has 2 layers",
		"hello":                       "no column experts",
		`[[["<img src=x>"]]]`:         "whole numbers",
		"step,layer,experts\n0,0,1 x": "line 2",
	} {
		p.pasteTrace(text)
		p.Wait(fmt.Sprintf(`document.querySelector("#trace .note.error")?.textContent.includes(%q)`, want))
		if n := Eval[int](p, `document.querySelectorAll("#trace img").length`); n != 0 {
			t.Errorf("%q: made elements of its own", text)
		}
	}
	p.pasteTrace(steps(64))
	// 64 tokens of 2 layers, two of eight experts each.
	p.Wait(`/64 steps, 2 layers of 8 experts/.test(document.querySelector("[data-slot='trace.summary']").textContent)`)
	p.Click("[data-verb=use-trace]")
	p.Wait("!" + traceOpen)
	p.Wait(`document.querySelector("[data-slot='hits.source']").textContent.includes("your trace")`)
	p.Click("[data-verb=drop-trace]")
	p.Wait(`!document.querySelector("[data-slot='hits.source']").textContent.includes("your trace")`)
	p.MustBeQuiet()
}
