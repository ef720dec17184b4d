package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	countsOpen  = `document.getElementById("counts").open`
	countsFault = "#counts .note.error"
	countsSaid  = "[data-slot='counts.summary']"
	countsUsed  = "[data-slot='counts.used']"
)

// rows are counts of a router: layers in which the experts get 1, 2, 3 … tokens.
func rows(layers, experts int) string {
	var b strings.Builder
	for range layers {
		for e := range experts {
			fmt.Fprintf(&b, "%d,", e+1)
		}
		b.WriteString("0\n")
	}
	return strings.ReplaceAll(b.String(), ",0\n", "\n")
}

func (p *Page) pasteCounts(text string) {
	p.t.Helper()
	Eval[bool](p, fmt.Sprintf(`(() => { const t = document.querySelector("#counts [data-paste]"); t.value = %q; t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, text))
}

func TestPastedCounts(t *testing.T) {
	p := Open(t, "/?model=mixtral-8x7b&gpus=2&batch=8", View{})
	p.WaitLive()
	before := p.Text("[data-slot='batching.finding']")
	p.Click("[data-verb=counts]")
	p.Wait(countsOpen)
	for text, want := range map[string]string{
		"1,2,-3,4,5,6,7,8":                "layer 0, expert 2",
		"1,2,NaN,4,5,6,7,8":               "layer 0, expert 2",
		"1,2,3,4,5,6,7,8\n1,2,3":          "layer 1: 3 experts",
		"1,2,3":                           "the model has 8",
		"0,0,0,0,0,0,0,0":                 "sum to 0",
		"hello":                           "no layer is there",
		`{"logical_count": [[1,2,3`:       "counts:",
		`[[1,2,3,4,5,6,7,"<img src=x>"]]`: "counts:",
	} {
		p.pasteCounts(text)
		p.Wait(fmt.Sprintf(`document.querySelector("%s")?.textContent.includes(%q)`, countsFault, want))
		p.Click("[data-verb=use-counts]")
		p.Settle()
		if !Eval[bool](p, countsOpen+` && document.querySelector("#counts [data-paste]").value === `+fmt.Sprintf("%q", text)) {
			t.Errorf("%q: the dialog closed or the text is lost", text)
		}
		if n := Eval[int](p, `document.querySelectorAll("#counts img").length`); n != 0 {
			t.Errorf("%q: made elements of its own", text)
		}
	}
	p.pasteCounts(rows(32, 8))
	// 1 … 8: the Gini coefficient of n even steps is (n-1) / 3n.
	p.Wait(fmt.Sprintf(`/32 layers of 8 experts.*Gini 0.29.*1.78 times/.test(document.querySelector("%s").textContent)`, countsSaid))
	p.Click("[data-verb=use-counts]")
	p.Wait("!" + countsOpen)
	p.MustSee(countsUsed, "32 layers", "skew of 0.53", "link")
	p.Wait(`location.search.includes("skew=0.53")`)
	p.Wait(fmt.Sprintf(`document.querySelector("[data-slot='batching.finding']").textContent !== %q`, before))
	if Eval[bool](p, `document.querySelector(".rail [data-key=skew]").checkVisibility()`) {
		t.Error("a skew can be set while counts are in use")
	}
	p.Click("[data-verb=drop-counts]")
	p.Wait(`document.querySelector(".rail [data-key=skew]").checkVisibility()`)
	p.Wait(`location.search.includes("skew=0.53")`)
	p.MustBeQuiet()
}

func TestDroppedCounts(t *testing.T) {
	p := Open(t, "/?model=mixtral-8x7b&gpus=2", View{})
	p.WaitLive()
	p.drop(map[string]string{"record.json": `{"logical_count": [[[1,2,3,4,5,6,7,8]]]}`})
	p.Wait(countsOpen)
	p.Wait(fmt.Sprintf(`/record.json: 1 layer of 8 experts/.test(document.querySelector("%s").textContent)`, countsSaid))
	p.drop(map[string]string{"bad.csv": "1,2,3\n"})
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, countsFault))
	p.MustSee(countsFault, "bad.csv", "3 experts")
	p.Press(kb.Escape)
	p.Wait("!" + countsOpen)
	// A file of a gigabyte is refused by its size: reading it would throw.
	Eval[bool](p, `(() => { const f = new File(["1,2,3,4,5,6,7,8\n"], "huge.csv"); Object.defineProperty(f, "size", {value: 2 ** 30});
		f.arrayBuffer = () => { throw new Error("read") }; f.text = f.arrayBuffer;
		const d = new DataTransfer(); Object.defineProperty(d, "files", {value: {length: 1, 0: f}});
		const e = new DragEvent("drop", {bubbles: true, cancelable: true}); Object.defineProperty(e, "dataTransfer", {value: d}); document.body.dispatchEvent(e); return true })()`)
	p.Wait(fmt.Sprintf(`document.querySelector("%s")?.textContent.includes("huge.csv")`, countsFault))
	p.MustSee(countsFault, "1.07 GB", "not read")
	p.MustBeQuiet()
}

// Counts of a dense model have nothing to count.
func TestCountsForADenseModel(t *testing.T) {
	p := Open(t, "/?model=llama-3.1-70b&gpus=4", View{})
	p.WaitLive()
	p.drop(map[string]string{"record.csv": rows(2, 8)})
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, countsFault))
	p.MustSee(countsFault, "no routed experts")
	p.MustBeQuiet()
}

// Counts drive the simulation, too, wherever it runs: by a worker and on the page's thread to the same numbers.
func TestCountsDriveTheSimulation(t *testing.T) {
	found := map[string]string{}
	for _, name := range []string{"worker", "no worker"} {
		p := Open(t, "/?model=mixtral-8x7b&gpus=4&batch=24&without=prefill", ways[name])
		p.WaitLive()
		p.drop(map[string]string{"counts.csv": rows(32, 8)})
		p.Wait(countsOpen)
		p.Wait(fmt.Sprintf(`/32 layers/.test(document.querySelector("%s").textContent)`, countsSaid))
		p.Click("[data-verb=use-counts]")
		p.Wait("!" + countsOpen)
		p.toTail()
		p.Wait(`/experts were counted/.test(document.querySelector("[data-empty=skewed]").textContent)`)
		p.waitRun()
		found[name] = p.Text("[data-table=requests]")
		p.MustBeQuiet()
	}
	if found["worker"] != found["no worker"] {
		t.Errorf("by a worker %q, without %q", found["worker"], found["no worker"])
	}
}
