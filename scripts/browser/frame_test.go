package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

var widths = []int{360, 390, 768, 1024, 1440}

const (
	answer = "[data-slot=answer]"
	first  = ".plot[data-chart]:not(.empty):not([hidden])"
)

func TestAnswerStandsWithoutTheProgram(t *testing.T) {
	for name, view := range map[string]View{
		"wasm blocked":    {Block: ".wasm"},
		"charts blocked":  {Block: "charts-"},
		"scripts blocked": {Block: ".js"},
		"scripts off":     {NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := Open(t, "/", view)
			if view.NoScript {
				p.MustSee("noscript", "needs JavaScript")
				// Evaluation goes on working: only the page's own scripts are off.
			}
			p.MustSee(answer, "DeepSeek-V3", "fit")
			p.MustSee("[data-slot=strip]", "Weights")
			if drawn := Eval[int](p, `document.querySelectorAll(".still svg path").length`); drawn < 10 {
				t.Errorf("drawings in the HTML: got %d paths, want at least 10", drawn)
			}
		})
	}
}

func TestAFailedStartIsSaid(t *testing.T) {
	p := Open(t, "/", View{Block: ".wasm"})
	p.Wait(`document.querySelector('[data-notices="answer"] .note.error')`)
	p.MustSee("[data-notices=answer]", "could not be loaded", "Try again")
	p = Open(t, "/", View{Block: "charts-"})
	p.WaitLive()
	p.Press(kb.Tab) // somebody is there: now the charts are fetched
	p.Wait(`document.querySelector('[data-notices="answer"] .note.error')`)
	p.MustSee("[data-notices=answer]", "charts could not be loaded")
}

func TestNothingComplainsAndNothingLeaves(t *testing.T) {
	for _, theme := range []string{"light", "dark"} {
		p := Open(t, "/", View{Theme: theme})
		p.WaitLive()
		// Every chart is drawn once it has been in sight; its tooltip is where libraries like to write style attributes.
		for i := range Eval[int](p, `document.querySelectorAll(".plot:not(.empty)").length`) {
			Eval[bool](p, fmt.Sprintf(`(document.querySelectorAll(".plot:not(.empty)")[%d].focus(), true)`, i))
			p.Settle()
			p.Press(kb.ArrowRight)
			p.Settle()
		}
		p.MustBeQuiet()
	}
}

// The chart library draws, points and speaks under the policy, whatever a model is called.
func TestAChartSpeaksUnderThePolicy(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	name := Eval[string](p, `document.querySelector(".plot[data-chart]:not(.empty)").dataset.chart`)
	const option = `{"tooltip":{"trigger":"item"},"xAxis":{"type":"log"},"yAxis":{"type":"value"},"series":[{"type":"scatter","data":[
		{"value":[10,1],"tip":[["<img src=x onerror=alert(1)>",""],["Resident","671 B"]]},
		{"value":[1,5],"tip":[["Left",""],["Resident","5 B"]]},{"value":[3,3]}]}]}`
	Eval[bool](p, fmt.Sprintf(`(moecostCharts.set(%q, %q, "Two models"), document.querySelector(".plot[data-chart=%s]").focus(), true)`, name, option, name))
	p.Settle()
	p.Press(kb.Home) // the first key fetches the library, and counts
	p.Wait(`document.querySelector(".tip")`)
	p.Press(kb.Escape)
	for i, want := range []string{"Left, Resident 5 B", "<img src=x onerror=alert(1)>, Resident 671 B", "<img src=x onerror=alert(1)>, Resident 671 B"} {
		p.Press([]string{kb.Home, kb.ArrowRight, kb.End}[i])
		p.Settle()
		if got := p.Text("[data-slot=say]"); got != want {
			t.Errorf("step %d: got %q, want %q", i, got, want)
		}
		if got := p.Text(".tip"); !strings.Contains(got, want[:4]) {
			t.Errorf("step %d: the tooltip shows %q, want %q in it", i, got, want[:4])
		}
	}
	if got := Eval[string](p, fmt.Sprintf(`document.querySelector(".plot[data-chart=%s]").getAttribute("aria-label")`, name)); got != "Two models" {
		t.Errorf("accessible name: got %q, want %q", got, "Two models")
	}
	p.MustBeQuiet()
}

func TestNothingIsWiderThanTheScreen(t *testing.T) {
	for _, width := range widths {
		for _, live := range []bool{false, true} {
			view := View{Width: width}
			if !live {
				view.Block = ".wasm"
			}
			p := Open(t, "/", view)
			if live {
				p.WaitLive()
			}
			if got := Eval[int](p, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("at %d px (live %v) the page is %d px wide: %s", width, live, got, p.tooWide())
			}
		}
	}
}

// The program takes over in place: the same words, and nothing moves.
func TestTakingOverMovesNothing(t *testing.T) {
	for _, path := range []string{"/", "/m/mixtral-8x7b/"} {
		for _, width := range []int{390, 1440} {
			p := Open(t, path, View{Width: width, Block: ".wasm"})
			p.Wait(`document.fonts.status === "loaded" && document.querySelector('[data-notices="answer"] .note')`)
			outline := `JSON.stringify([...document.querySelectorAll("[data-slot]:not([data-slot=say],[data-slot=sections]),.plot,.tbl,.verbs")].map(e => { const r = e.getBoundingClientRect(); return [e.dataset.slot ?? e.className, Math.round(r.top + scrollY), Math.round(r.height), e.matches("[data-slot]") ? e.textContent.trim() : ""] }).filter(e => e[2] > 0))`
			Eval[bool](p, `(document.querySelectorAll(".notices").forEach(e => e.replaceChildren()), true)`)
			before := Eval[string](p, outline)
			p = Open(t, path, View{Width: width})
			p.WaitLive()
			after := Eval[string](p, outline)
			if before != after {
				t.Errorf("%s at %d px: %s", path, width, firstDifference(before, after))
			}
		}
	}
}

func firstDifference(a, b string) string {
	x, y := strings.Split(a, "],["), strings.Split(b, "],[")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("before [%s], after [%s]", x[i], y[i])
		}
	}
	return fmt.Sprintf("%d elements before, %d after", len(x), len(y))
}

// Tab alone reaches every control, number and verb that shows.
// Tab stops at every control, in sight and not under what sticks to the edges of the window (WCAG 2.2, 2.4.11).
func TestKeyboardReachesEverything(t *testing.T) {
	for _, width := range []int{1440, 390} {
		t.Run(fmt.Sprint(width), func(t *testing.T) { walk(t, width) })
	}
}

func walk(t *testing.T, width int) {
	p := Open(t, "/", View{Width: width})
	p.WaitLive()
	wanted := Eval[[]string](p, `(() => {
		let n = 0;
		const reachable = e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}) && !e.closest("dialog:not([open]),[popover]:not(:popover-open)");
		const all = [...document.querySelectorAll("a[href],button,input,select,textarea,summary,[tabindex]")].filter(reachable)
			.filter(e => e.type !== "radio" || e.checked); // one stop for a radio group
		for (const e of all) e.dataset.tabTest = n++;
		return all.map(e => e.tagName + " " + (e.dataset.key ?? e.dataset.figure ?? e.dataset.verb ?? e.className));
	})()`)
	if len(wanted) < 30 {
		t.Fatalf("got %d stops, want at least 30", len(wanted))
	}
	Eval[bool](p, `(document.body.focus(), scrollTo(0, 0), true)`)
	reached := map[string]bool{}
	for range len(wanted) + 60 { // what scrolls is a stop, too
		p.Press(kb.Tab)
		stop := Eval[string](p, `(() => {
			const e = document.activeElement, r = e.getBoundingClientRect();
			const seen = r.bottom > 0 && r.top < innerHeight && getComputedStyle(e).outlineStyle !== "none" || e.matches(".box *,.seg *,.track *,.vh");
			if (e === document.body) return ""; // past the end
			const inside = (v, most) => Math.min(Math.max(v, 1), most - 1);
			const covered = !e.matches(".vh") && [[r.left + 2, r.top + 2], [(r.left + r.right) / 2, (r.top + r.bottom) / 2], [r.right - 2, r.bottom - 2]].every(([x, y]) => {
				const hit = document.elementFromPoint(inside(x, innerWidth), inside(y, innerHeight));
				return hit && !e.contains(hit) && !hit.contains(e) && !hit.closest("label")?.contains(e) && hit.closest(".top,.dock,.newer") && !e.closest(".top,.dock,.newer");
			});
			return (e.dataset.tabTest ?? "") + (seen ? "" : " hidden focus on " + e.tagName + "." + e.className) + (covered ? " hidden under what sticks: " + e.tagName + "." + e.className : "");
		})()`)
		if strings.Contains(stop, "hidden") {
			t.Errorf("stop %s", stop)
		}
		number, _, _ := strings.Cut(stop, " ")
		reached[number] = true
	}
	for i, name := range wanted {
		if !reached[fmt.Sprint(i)] {
			t.Errorf("Tab never reaches %s", name)
		}
	}
}

func TestColoursAreChosenAndKept(t *testing.T) {
	p := Open(t, "/", View{Theme: "light"})
	p.WaitLive()
	paper := `getComputedStyle(document.body).backgroundColor`
	if got := Eval[string](p, paper); got != "rgb(255, 255, 255)" {
		t.Errorf("light: got paper %s", got)
	}
	p.Click("[data-theme-toggle]")
	if got := Eval[string](p, paper); got != "rgb(18, 21, 23)" {
		t.Errorf("after the switch: got paper %s", got)
	}
	p.Reload()
	p.WaitLive()
	if got := Eval[string](p, paper); got != "rgb(18, 21, 23)" {
		t.Errorf("after reload: got paper %s", got)
	}
	Eval[bool](p, `(localStorage.clear(), true)`)
}

// What is done before the program is live is kept and applied.
func TestEarlyPressesAreKept(t *testing.T) {
	p := Open(t, "/", View{Width: 1440})
	// The page may be live already: then this is an ordinary press, and must work as well.
	Eval[bool](p, `(document.querySelector("[data-verb=share]").click(), true)`)
	p.WaitLive()
	p.Wait(`document.getElementById("share").open`)
	p.Press(kb.Escape)
	p.Wait(`!document.getElementById("share").open`)
}
