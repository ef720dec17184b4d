package browser

import (
	"fmt"
	"strings"
	"testing"
)

const columns = ".columns thead th"

// Scenarios stand side by side, in one link, and a change to one is a change of the link.
func TestCompare(t *testing.T) {
	p := Open(t, "/compare/?gpus=16&b.gpu=h200&b.gpus=8", View{})
	p.WaitLive()
	p.MustSee("h1", "A", "B")
	p.MustSee(".columns", "DeepSeek-V3", "16 × H100 SXM", "8 × H200 SXM", "Accelerator", "A million output tokens")
	if got := Eval[int](p, `document.querySelectorAll(".columns thead th").length`); got != 2 {
		t.Errorf("got %d columns, want 2", got)
	}
	Eval[bool](p, `(document.querySelector("[data-frame=tpot]").scrollIntoView(), true)`)
	p.Wait(`document.querySelector("[data-frame=tpot] .live path")`)
	Eval[bool](p, `(globalThis.before = document.querySelector("[data-frame=tpot] .live").innerHTML, true)`)
	p.Type(`[data-of="gpus"][data-column="1"]`, "16")
	p.Wait(`location.search === "?gpus=16&b.gpu=h200"`) // they agree on the number of GPUs now
	p.MustSee(columns+":nth-of-type(2)", "16 × H200 SXM")
	Eval[bool](p, `(document.querySelector("[data-frame=tpot]").scrollIntoView(), true)`)
	p.Wait(`document.querySelector("[data-frame=tpot] .live").innerHTML !== before`)
	p.Click(`[data-verb="fork"][data-column="1"]`)
	p.Wait(`document.querySelectorAll(".columns thead th").length === 3 && location.search.includes("c.gpu=h200")`)
	Eval[bool](p, `(() => { const keys = document.querySelector("[data-add-key]"); keys.value = "batch"; return keys.dispatchEvent(new Event("change", {bubbles: true})); })()`)
	p.Wait(`document.activeElement?.matches('[data-of="batch"][data-column="0"]')`)
	p.Type(`[data-of="batch"][data-column="2"]`, "256")
	p.Wait(`location.search.includes("c.batch=256")`)
	p.Click(`[data-verb="drop"][data-column="0"]`)
	p.Wait(`document.querySelectorAll(".columns thead th").length === 2 && location.search === "?gpu=h200&gpus=16&b.batch=256"`)
	Eval[bool](p, `(history.back(), true)`)
	p.Wait(`document.querySelectorAll(".columns thead th").length === 3`)
	p.Type("[data-link]", "https://moecost.example/?model=kimi-k2&gpus=32")
	p.Wait(`document.querySelectorAll(".columns thead th").length === 4 && document.querySelector("[data-more]").hidden`)
	p.MustSee(columns+":nth-of-type(4)", "Kimi K2", "32 × H100 SXM")
	p.MustBeQuiet()
}

// What a column says is what the calculator says of its scenario.
func TestAColumnOpensInTheCalculator(t *testing.T) {
	p := Open(t, "/compare/?gpus=16&b.model=mixtral-8x7b&b.gpus=2", View{})
	p.WaitLive()
	said := p.Text(".said:nth-of-type(2)")
	link := Eval[string](p, `document.querySelectorAll(".columns thead a")[1].getAttribute("href")`)
	calculator := Open(t, link, View{})
	calculator.WaitLive()
	if got := calculator.Text(answer); got != said {
		t.Errorf("the column says %q, the calculator %q", said, got)
	}
	back := Eval[string](calculator, `document.querySelector("[data-compare-link]").getAttribute("href")`)
	again := Open(t, back, View{})
	again.WaitLive()
	again.MustSee(".said", said)
	again.MustSee("h1", "One scenario is nothing to compare with.")
}

// Faults of a link and of a field are said by name, as text, and the rest works.
func TestACompareLinkWithFaults(t *testing.T) {
	p := Open(t, "/compare/?gpus=16&b.gpu=h20O&b.batch=%3Cimg%20src=x%20onerror=alert(1)%3E&c.model=gemini-1.5&e.gpu=h200", View{})
	p.WaitLive()
	p.MustSee("[data-notices=answer]", "b.gpu=h20O", "b.batch=", "e.gpu=h200", "h200")
	p.MustSee(".columns", "16 × H100 SXM")
	if got := Eval[int](p, `document.querySelectorAll("main img").length`); got != 0 {
		t.Errorf("%d elements that the link has made", got)
	}
	p.Type(`[data-of="model"][data-column="2"]`, "kimi-k2")
	p.Wait(`location.search.includes("c.model=kimi-k2")`)
	p.Type(`[data-of="model"][data-column="2"]`, "no such model")
	p.MustSee("[data-notices=answer]", "no such model", "C: model")
	p.MustSee(columns+":nth-of-type(3)", "Kimi K2")
	p.MustBeQuiet()
}

// Comparisons are kept on the device, written to a file and read from one; a file with nonsense is refused by name.
func TestKeptComparisons(t *testing.T) {
	p := Open(t, "/compare/?gpus=16&b.gpus=32", View{})
	p.WaitLive()
	p.Click("[data-keep]")
	p.MustSee(".kept ul", "DeepSeek-V3")
	if got := Eval[string](p, `new URL(document.querySelector(".kept li a").href).search`); got != "?gpus=16&b.gpus=32" {
		t.Errorf("kept as %s", got)
	}
	give := func(name, text string) {
		Eval[bool](p, fmt.Sprintf(`(() => { const field = document.querySelector("[data-import]"), files = new DataTransfer();
			files.items.add(new File([%q], %q)); field.files = files.files; return field.dispatchEvent(new Event("change", {bubbles: true})); })()`, text, name))
	}
	give("mine.json", `{"comparisons": [{"name": "<b>two</b>", "query": "model=kimi-k2&b.gpu=h200"}, {"name": 3}]}`)
	p.Wait(`document.querySelectorAll(".kept li").length === 2`)
	p.MustSee(".kept", "<b>two</b>", "1 of 2 taken from mine.json")
	Eval[bool](p, `(history.replaceState(null, "", "/compare/?model=custom&b.gpus=32#arch=abc"), true)`) // as with a model of the reader's own
	p.Click("[data-keep]")
	p.Wait(`document.querySelectorAll(".kept li").length === 3`)
	if got := Eval[string](p, `document.querySelector(".kept li a").getAttribute("href")`); got != "?model=custom&b.gpus=32#arch=abc" {
		t.Errorf("kept as %s", got)
	}
	p.Click(".kept li button")
	Eval[bool](p, `(history.replaceState(null, "", "/compare/?gpus=16&b.gpus=32"), true)`)
	give("other.json", "not JSON")
	p.Wait(`document.querySelector(".kept [role=status]").textContent.includes("other.json cannot be read")`)
	p.Reload()
	p.WaitLive()
	p.Click(".kept li button")
	p.Wait(`document.querySelectorAll(".kept li").length === 1`)
	p.MustBeQuiet()
}

// Before the program runs, the page shows an example, drawn and in a table: what the program says of it.
func TestCompareWithoutScripts(t *testing.T) {
	live := Open(t, "/compare/", View{})
	live.WaitLive()
	html, _ := get(t, "/compare/")
	if !strings.Contains(html, "<noscript>") || !strings.Contains(html, "<svg") {
		t.Error("the page has no drawings of its own")
	}
	for _, word := range []string{"h1", "[data-slot='compare.second']"} {
		if got := Eval[string](live, fmt.Sprintf("document.querySelector(%q).textContent", word)); !strings.Contains(html, got) {
			t.Errorf("%s: the program says %q, which the file does not", word, got)
		}
	}
}
