package browser

import (
	"fmt"
	"os"
	"testing"
)

// state is something that a page can show.
type state struct {
	name  string
	path  string // of the page, with its query
	width int    // 0: every width that is looked at
	do    string // script that brings it about
	until string // what is true once it shows
	in    string // the part that differs from the page; empty: all of it
}

// withText puts a text into a field as a reader's paste does.
const withText = `const set = (at, text) => { const t = document.querySelector(at); t.value = text; t.dispatchEvent(new Event("input", {bubbles: true})); t.dispatchEvent(new Event("change", {bubbles: true})); };`

// states are what else the page shows; whole pages first. The share dialog and embeds have tests of their own.
var states = []state{
	{"page", "/", 0, ``, `true`, ""},
	{"settings on a phone", "/", 390, `document.querySelector(".dock [data-open-scenario]").click()`, `document.querySelector(".rail[data-open]")`, ".rail"},
	{"faults in a link", "/?model=deepseek-v33&gpu=h100sxm&batch=lots", 1440, ``, `document.querySelector("[data-notices=answer] .faults")`, ".hero"},
	{"no fit", "/?model=kimi-k2&gpus=1", 1440, ``, `true`, ""},
	{"dense model", "/?model=llama-3.1-70b", 1440, ``, `true`, ""},
	{"closed model", "/?model=gemini-1.5-pro", 1440, ``, `true`, ".hero"},
	{"experts in host memory", "/?model=mixtral-8x7b&gpu=rtx4090&gpus=1&host=0.5", 1440, ``, `true`, ""},
	{"number", "/", 0, `document.querySelector("[data-slot=answer] button[data-figure]").click()`, `document.querySelector("#derivation:popover-open .res")`, "#derivation"},
	{"list of models", "/", 1440, `document.querySelector("[data-open-list=model]").click()`, `document.querySelector("#model-options [role=option]")`, ".rail"},
	{"list of accelerators", "/", 1440, `document.querySelector("[data-open-list=gpu]").click()`, `document.querySelector("#gpu-options [role=option]")`, ".rail"},
	{"invalid field", "/", 1440, `set(".rail input[type=text][data-key=batch]", "lots")`, `document.querySelector("[aria-invalid=true]")`, ".rail"},
	{"tables", "/", 0, `document.querySelectorAll("[data-verb=table]").forEach(b => b.click())`, `true`, ".chapters"},
	{"config", "/", 1440, `document.querySelector("[data-verb=config]").click(); set("[data-config=text]", '{"hidden_size": 5,')`, `document.querySelector("#config[open] .note.error")`, "#config"},
	{"counts", "/", 1440, `document.querySelector("[data-verb=counts]").click(); set("#counts [data-paste]", "1 2 x")`, `document.querySelector("#counts[open]")`, "#counts"},
	{"trace", "/?model=mixtral-8x7b&gpu=rtx4090&gpus=1&host=0.5", 1440, `document.querySelector("[data-verb=trace]").click()`, `document.querySelector("#trace[open]")`, "#trace"},
	{"launch", "/", 1440, `document.querySelector("[data-verb=launch]").click()`, `document.querySelector("#launch[open]")`, "#launch"},
	{"measured", "/", 1440, `document.querySelector("[data-verb=measured]").click()`, `document.querySelector("#measured[open]")`, "#measured"},
	{"all models", "/m/", 0, ``, `true`, ""},
	{"compared", "/compare/", 1440, ``, `true`, ""},
}

// show brings a state about.
func (p *Page) show(s state) {
	p.t.Helper()
	if s.do != "" {
		Eval[bool](p, `(() => { `+withText+s.do+`; return true })()`)
	}
	p.Wait(s.until)
	p.Settle()
}

// openState opens the page of a state, live.
func openState(t *testing.T, s state, view View) *Page {
	t.Helper()
	p := Open(t, s.path, view)
	if s.path != "/m/" { // which has no program
		p.WaitLive()
	}
	p.show(s)
	return p
}

func readAxe(t *testing.T) string {
	t.Helper()
	axe, err := os.ReadFile("../../site/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: npm ci in site/ brings it (make install)", err)
	}
	return string(axe) + ";true"
}

// WCAG 2.2 AA and axe's best practices, in every state, light and dark.
func TestAxeFindsNothing(t *testing.T) {
	axe := readAxe(t)
	for _, theme := range []string{"light", "dark"} {
		for _, s := range states {
			for _, width := range []int{390, 1440} {
				if s.width != 0 && s.width != width || theme == "dark" && s.in == "" && s.name != "page" {
					continue // the colours of a whole page are those of the first
				}
				p := openState(t, s, View{Width: width, Theme: theme})
				Eval[bool](p, axe)
				part := "document"
				if s.in != "" {
					part = fmt.Sprintf("%q", s.in)
				}
				for _, violation := range Eval[[]string](p, `axe.run(`+part+`, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")))`) {
					t.Errorf("%s, %d px, %s: %s", theme, width, s.name, violation)
				}
				p.Close()
			}
		}
	}
}
