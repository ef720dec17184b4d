package browser

import (
	"context"
	"fmt"
	"testing"

	cdp "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// What is printed: the sentence, each figure whole, each table whole, the scenario with its link, in light colours.
func TestPrintHasTablesAndNoControls(t *testing.T) {
	p := Open(t, "/?gpus=32", View{Theme: "dark"})
	p.WaitLive()
	p.printing()
	for selector, want := range map[string]bool{
		answer: true, "[data-table=models]": true, first: true, ".scenarioline": true,
		".rail": false, ".top": false, ".dock": false, ".verbs button": false, ".owns": false,
	} {
		if got := Eval[bool](p, fmt.Sprintf(`document.querySelector(%q)?.checkVisibility() ?? false`, selector)); got != want {
			t.Errorf("in print, %s visible: got %v, want %v", selector, got, want)
		}
	}
	p.MustSee(".scenarioline", "gpus = 32", "?gpus=32")
	if got := Eval[string](p, `getComputedStyle(document.body).backgroundColor`); got != "rgb(255, 255, 255)" {
		t.Errorf("in print, of a dark page, the paper is %s", got)
	}
	cut := Eval[[]string](p, `[...document.querySelectorAll("figure[data-frame]:not([hidden])")].filter(f => getComputedStyle(f).breakInside !== "avoid").map(f => f.dataset.frame)`)
	if len(cut) > 0 {
		t.Errorf("these figures may be cut by the end of a sheet: %v", cut)
	}
	hidden := Eval[[]string](p, `[...document.querySelectorAll(".tbl")].filter(t => t.checkVisibility() && (t.scrollHeight > t.clientHeight + 1)).map(t => t.dataset.table)`)
	if len(hidden) > 0 {
		t.Errorf("these tables are not printed whole: %v", hidden)
	}
	var pdf []byte
	p.run(chromedp.ActionFunc(func(ctx context.Context) (err error) {
		pdf, _, err = cdp.PrintToPDF().WithPreferCSSPageSize(true).Do(ctx)
		return err
	}))
	if len(pdf) < 50_000 {
		t.Errorf("the print has %d bytes, want drawings and tables", len(pdf))
	}
}

// Who asked for less motion sees none.
func TestReducedMotion(t *testing.T) {
	p := Open(t, "/", View{Width: 390}) // all tests ask for it
	p.WaitLive()
	Eval[bool](p, `(document.querySelector(".dock [data-open-scenario]").click(), true)`)
	moving := Eval[[]string](p, `[...document.querySelectorAll("*")].filter(e => { const s = getComputedStyle(e); return s.transitionDuration.split(", ").some(d => d !== "0s") || s.animationName !== "none" }).map(e => e.tagName + "." + e.className).concat(document.getAnimations().map(a => a.animationName ?? "animation"))`)
	if len(moving) > 0 {
		t.Errorf("these move: %v", moving[:min(len(moving), 10)])
	}
	if got := Eval[string](p, `getComputedStyle(document.documentElement).scrollBehavior`); got != "auto" {
		t.Errorf("the page scrolls by itself: %s", got)
	}
}

// With colours of the system, what is chosen is seen, and the charts keep their own.
func TestForcedColours(t *testing.T) {
	p := Open(t, "/", View{Features: []string{"forced-colors=active"}})
	p.WaitLive()
	highlight := Eval[string](p, `(() => { const e = document.createElement("i"); e.className = "logo"; document.body.append(e); e.style.color = "Highlight"; return getComputedStyle(e).color })()`)
	for _, selector := range []string{".seg label:has(:checked)"} {
		if got := Eval[string](p, fmt.Sprintf(`getComputedStyle(document.querySelector(%q)).backgroundColor`, selector)); got != highlight {
			t.Errorf("%s: got the ground %s, want that of a selection, %s", selector, got, highlight)
		}
	}
	if got := Eval[string](p, `getComputedStyle(document.querySelector(".plot")).forcedColorAdjust`); got != "none" {
		t.Errorf("charts are recoloured: forced-color-adjust %s", got)
	}
	if got := Eval[string](p, `getComputedStyle(document.querySelector(".fig")).textDecorationLine`); got != "underline" {
		t.Errorf("numbers have lost their line: %s", got)
	}
}

// With more contrast, all text is ink.
func TestMoreContrast(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		p := Open(t, "/", View{Theme: theme, Features: []string{"prefers-contrast=more"}})
		p.WaitLive()
		for _, selector := range []string{".prose", ".second", ".src"} {
			if got := Eval[[]string](p, fmt.Sprintf(`[getComputedStyle(document.querySelector(%q)).color, getComputedStyle(document.body).color]`, selector)); got[0] != got[1] {
				t.Errorf("%s: %s is %s, want ink, %s", theme, selector, got[0], got[1])
			}
		}
	}
}
