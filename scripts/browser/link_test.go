package browser

import (
	"strings"
	"testing"
)

func TestReloadBackAndForwardRestore(t *testing.T) {
	p := Open(t, "/?model=mixtral-8x7b&gpus=4&batch=7", View{})
	p.WaitLive()
	p.MustSee(answer, "Mixtral 8x7B", "4")
	p.Type(batch, "9")
	p.Wait(`location.search === "?model=mixtral-8x7b&gpus=4&batch=9"`)
	p.Reload()
	p.WaitLive()
	p.MustSee(answer, "Mixtral 8x7B")
	if got := Eval[string](p, `document.querySelector(".rail input[type=text][data-key=batch]").value`); got != "9" {
		t.Errorf("after reload: got batch %s, want 9", got)
	}
	p.Type(model, "kimi k2")
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("Kimi K2")`)
	p.Wait(`location.search.includes("model=kimi-k2")`)
	Eval[bool](p, `(history.back(), true)`)
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("Mixtral")`)
	Eval[bool](p, `(history.forward(), true)`)
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("Kimi K2")`)
	p.MustBeQuiet()
}

// Three bad keys: three named faults in one notice, a working page, and suggestions that apply.
func TestALinkWithFaults(t *testing.T) {
	p := Open(t, "/?model=deepseek-v33&gpu=h100sxm&batch=lots&later=1", View{})
	p.WaitLive()
	p.MustSee(answer, "DeepSeek-V3", "fit")
	const notices = "[data-notices=answer]"
	p.MustSee(notices, "model=deepseek-v33", "gpu=h100sxm", "batch=lots", "Did you mean", "h100-sxm")
	if got := Eval[int](p, `document.querySelectorAll("[data-notices=answer] .note").length`); got != 1 {
		t.Errorf("got %d notices, want one with a list", got)
	}
	if got := p.Address(); !strings.Contains(got, "h100sxm") {
		t.Errorf("the link was rewritten before anything changed: %s", got)
	}
	p.Click(notices + ` a[data-apply="gpu=h100-sxm"]`)
	p.Wait(`!document.querySelector("[data-notices=answer]").textContent.includes("h100sxm")`)
	p.Wait(`location.search.includes("later=1") && !location.search.includes("h100sxm")`) // the default is left out, the unknown key stays
	p.Type(batch, "12")
	p.Wait(`!document.querySelector("[data-notices=answer]").textContent.includes("batch=lots")`)
	p.MustBeQuiet()
}

func TestAHostileLinkIsText(t *testing.T) {
	for _, query := range []string{
		"?model=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E", "?gpu=custom~mem:80g~bw:3t~bf16:900t~name:%3Cb%3Ex%3C%2Fb%3E", "?gpus=99999999999999999999", "?batch=-1&in=NaN&out=1e400",
		"?" + strings.Repeat("x=1&", 3000), "#arch=json:AAAA.00000000", "?model=custom#arch=json:e30.a3bbd1a2",
	} {
		p := Open(t, "/"+query, View{})
		p.WaitLive()
		p.MustSee(answer, "fit")
		if got := Eval[int](p, `document.querySelectorAll("main img:not(.still), .rail img, main b b").length`); got != 0 {
			t.Errorf("%.60s: %d elements that the link has made", query, got)
		}
		p.MustBeQuiet()
	}
}

func TestALinkToANumber(t *testing.T) {
	p := Open(t, "/?gpus=16#figure=memory.weights_bytes", View{})
	p.WaitLive()
	p.Wait(`document.querySelector("#derivation:popover-open")`)
	p.MustSee("#derivation", "Weights", "673 GB")
}

// A place on the page and the back button do not undo what was set.
func TestPlacesKeepTheScenario(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	p.Type(batch, "128")
	Eval[bool](p, `(document.querySelector('.toc a[href="#memory"]').click(), true)`)
	p.Wait(`location.hash === "#memory" && location.search === "?batch=128"`)
	if got := Eval[string](p, `document.querySelector(".rail input[type=text][data-key=batch]").value`); got != "128" {
		t.Errorf("got batch %s, want 128", got)
	}
}
