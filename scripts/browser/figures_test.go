package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// open tells that a number shows with its arithmetic.
const open = `document.querySelector("#derivation").matches(":popover-open[aria-busy=false]")`

func TestANumberOpensItsArithmetic(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	const button = `[data-slot=answer] button[data-figure="memory.per_gpu.free_bytes"]`
	for _, key := range []string{"click", kb.Enter, " "} {
		if key == "click" {
			p.Click(button)
		} else {
			Eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, button))
			p.Press(key)
		}
		p.Wait(open)
		p.MustSee("#derivation", "Free memory on each GPU", "capacity", "85,520,809,984", "bytes")
		if got := Eval[string](p, fmt.Sprintf(`document.querySelector(%q).getAttribute("aria-expanded")`, button)); got != "true" {
			t.Errorf("%q: aria-expanded is %s while it is open", key, got)
		}
		p.Press(kb.Escape)
		p.Wait("!" + open)
		p.Wait(fmt.Sprintf(`document.activeElement === document.querySelector(%q)`, button)) // focus comes back
		if got := Eval[string](p, fmt.Sprintf(`document.querySelector(%q).getAttribute("aria-expanded")`, button)); got != "false" {
			t.Errorf("%q: aria-expanded is %s after it closed", key, got)
		}
	}
	p.MustBeQuiet()
}

// A number among the terms opens in its place; Back returns; sources are links.
func TestATermOpensInItsPlace(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	p.Click(`[data-slot=answer] button[data-figure]`)
	p.Wait(open)
	first := p.Text("#derivation [data-slot='figure.title']")
	if Eval[bool](p, `document.querySelector("#derivation [data-verb=back]").checkVisibility()`) {
		t.Error("there is a way back from the first number")
	}
	p.Click(`#derivation button[data-figure="memory.per_gpu_weights_bytes"]`)
	p.Wait(`document.querySelector("#derivation [data-slot='figure.title']").textContent.includes("eights")`)
	p.Click(`#derivation [data-verb=back]`)
	p.Wait(open)
	if got := p.Text("#derivation [data-slot='figure.title']"); got != first {
		t.Errorf("after Back: got %q, want %q", got, first)
	}
	p.Press(kb.Escape)
	p.Click(`[data-slot=strip] button[data-figure]`)
	p.Wait(open)
	if got := Eval[int](p, `document.querySelectorAll('#derivation .srcs a[href^="https://"][rel~=noopener]').length`); got == 0 {
		t.Error("no source of the weights is a link")
	}
	Eval[bool](p, `(document.querySelector(".brand").focus(), true)`)
	p.Click(`.hero .kick`) // a click elsewhere
	p.Wait("!" + open)
	p.MustBeQuiet()
}

// The open number follows the scenario.
func TestAnOpenNumberFollows(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	p.Click(`[data-slot=answer] button[data-figure]`)
	p.Wait(open)
	before := p.Text("#derivation [data-slot='figure.value']")
	Eval[bool](p, `(() => { const s = document.querySelector("input[type=range][data-key=batch]"); s.value = 300; s.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	p.Wait(fmt.Sprintf(`document.querySelector("#derivation [data-slot='figure.value']").textContent.replace(/\s/g, " ") !== %q`, before))
}

func TestCopyingANumber(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	Eval[bool](p, `(Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.taken = text }}}), true)`)
	p.Click(`[data-slot=answer] button[data-figure]`)
	p.Wait(open)
	p.Click(`[data-verb=copy-figure]`)
	p.Wait(`window.taken`)
	if got := Eval[string](p, `window.taken`); !strings.Contains(got, "free = capacity") || !strings.Contains(got, "= 85,520,809,984 − ") {
		t.Errorf("copied %q", got)
	}
	Eval[bool](p, `(window.taken = "", true)`)
	p.Click(`[data-verb=link-figure]`)
	p.Wait(`window.taken`)
	if got := Eval[string](p, `window.taken`); !strings.HasSuffix(got, "/?gpus=16#figure=memory.per_gpu.free_bytes") {
		t.Errorf("the link is %q", got)
	}
	p.Wait(`document.querySelector("[data-verb=link-figure]").textContent === "Copied"`)
}

func TestOnAPhoneANumberOpensAsASheet(t *testing.T) {
	p := Open(t, "/", View{Width: 390, Height: 844})
	p.WaitLive()
	p.Click(`[data-slot=answer] button[data-figure]`)
	p.Wait(open)
	if got := Eval[[]float64](p, `(() => { const r = document.querySelector("#derivation").getBoundingClientRect(); return [r.left, r.right, r.bottom] })()`); got[0] != 0 || got[1] != 390 || got[2] != 844 {
		t.Errorf("left, right, bottom: got %v, want 0, 390, 844", got)
	}
}

// Every number on the page opens, and none without arithmetic.
func TestEveryNumberOpens(t *testing.T) {
	for _, query := range []string{"", "?model=mixtral-8x7b&gpus=1&gpu=rtx4090", "?model=llama-3.1-70b", "?model=jamba-v0.1&units=gib"} {
		p := Open(t, "/"+query, View{})
		p.WaitLive()
		empty := Eval[[]string](p, `(async () => {
			const bad = [];
			for (const button of document.querySelectorAll("main button[data-figure]")) {
				button.click();
				const pop = document.querySelector("#derivation");
				do await new Promise(requestAnimationFrame); while (pop.ariaBusy === "true");
				if (!pop.matches(":popover-open") || !pop.querySelector(".res")?.textContent || !pop.querySelector("tr")) bad.push(button.dataset.figure);
				pop.hidePopover();
				await new Promise(requestAnimationFrame);
			}
			return bad;
		})()`)
		if len(empty) > 0 {
			t.Errorf("%q: these do not open: %v", query, empty)
		}
		p.MustBeQuiet()
	}
}

func TestTheTableTakesThePlaceOfTheChart(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	const plot, table = `[data-chart=models]:not(.empty)`, `[data-table=models]`
	visible := func(selector string) bool {
		return Eval[bool](p, fmt.Sprintf(`document.querySelector(%q).checkVisibility()`, selector))
	}
	p.Click(`[data-verb=table][data-frame=models]`)
	p.Settle()
	if visible(plot) || !visible(table) {
		t.Error("pressed: the table does not stand in place of the chart")
	}
	p.MustSee(table, "Kimi K2", "DeepSeek-V3")
	if got := Eval[string](p, `document.querySelector("[data-verb=table][data-frame=models]").ariaPressed`); got != "true" {
		t.Errorf("aria-pressed: got %s", got)
	}
	p.Click(`[data-verb=table][data-frame=models]`)
	p.Settle()
	if !visible(plot) || visible(table) {
		t.Error("pressed again: the chart does not come back")
	}
	p.MustBeQuiet()
}
