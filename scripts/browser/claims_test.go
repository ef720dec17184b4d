package browser

import (
	"math"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// Every claim has its verdict in words, sources that can be followed, and links; the section is there without scripts.
func TestClaimsAreInTheHTML(t *testing.T) {
	p := Open(t, "/#claim-memory-8-6x", View{NoScript: true})
	p.MustSee("#claims-finding", "claims", "hold")
	p.MustSee("#claim-memory-8-6x", "Does not hold", "3.63×", "17.9×")
	p.MustSee("#claim-mixtral-6-45-ms .verdict", "Cannot be checked", "leaves out")
	p.MustSee(".toc", "Claims")
	if got := Eval[int](p, `[...document.querySelectorAll(".claim")].filter((c) => c.querySelector(".verdict b") && c.querySelector('.cases a[href^="/?"]') && c.querySelector(".chain a")).length`); got < 15 {
		t.Errorf("%d claims have a verdict, a scenario and a source; at least 15 are in the table", got)
	}
	p.MustBeQuiet()
}

// The numbers behind the verdicts are those of the page: a link opens its scenario with the arithmetic of that
// very number. The first link of each claim is followed; all of them are among the numbers that the verdicts rest on.
func TestClaimsShowTheSameNumbers(t *testing.T) {
	run := exec.Command("go", "run", "./scripts/claims", "-links")
	run.Dir = "../.."
	out, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	type number struct {
		figure string
		value  float64
	}
	behind := map[string]number{}
	for line := range strings.Lines(string(out)) {
		cells := strings.Split(strings.TrimSpace(line), "\t")
		value, err := strconv.ParseFloat(cells[2], 64)
		if err != nil {
			t.Fatal(err)
		}
		if _, known := behind[cells[0]]; !known {
			behind[cells[0]] = number{cells[1], value}
		}
	}
	links := Eval[[][]string](Open(t, "/", View{NoScript: true}), `[...document.querySelectorAll(".claim")].map((c) => [...c.querySelectorAll("a[href*='#']")].map((a) => a.getAttribute("href").slice(1)))`)
	if len(links) < 15 {
		t.Fatalf("%d claims, want those of the table", len(links))
	}
	for _, claim := range links {
		for _, link := range claim {
			if _, ok := behind[link]; !ok {
				t.Errorf("%s: no verdict rests on it", link)
			}
		}
		if len(claim) == 0 {
			t.Error("a claim opens nothing")
			continue
		}
		t.Run(claim[0], func(t *testing.T) {
			p := Open(t, "/"+claim[0], View{})
			p.WaitLive()
			want := behind[claim[0]]
			if strings.HasSuffix(claim[0], "#tail") { // simulated when it is looked at
				p.toTail()
				p.waitRun()
				p.Click(`#tail [data-figure="` + want.figure + `"]`)
			}
			p.Wait(`document.querySelector("#derivation:popover-open .res")?.textContent`)
			text := Eval[string](p, `document.querySelector("#derivation .res").textContent`)
			if got := leading(text); math.Abs(got-want.value) > 1e-9*math.Abs(want.value) { // the page prints 12 digits
				t.Errorf("%s: the page says %s, the verdict rests on %v", want.figure, text, want.value)
			}
			p.MustBeQuiet("worker-")
		})
	}
}

// leading is the number that a text has first: "= 24,868,123,904 bytes".
func leading(text string) float64 {
	text = strings.NewReplacer(",", "", "=", "", "\u00a0", " ", "−", "-", "%", " ", "$", "").Replace(text)
	fields := strings.Fields(text)
	if len(fields) == 0 {
		return math.NaN()
	}
	v, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		return math.NaN()
	}
	return v
}
