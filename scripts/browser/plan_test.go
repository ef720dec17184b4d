package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	planned  = "#plan"
	planRun  = "[data-slot='plan.run']"
	planning = `document.querySelector("[data-frame=plan] [data-busy=true]")`
)

// waitPlan waits until what is shown has been planned to the end.
func (p *Page) waitPlan() {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`document.querySelector("[data-frame=plan] [data-busy=false]") && /layouts looked at/.test(document.querySelector("%s").textContent) && !/previous|Stopped|Searching/.test(document.querySelector("%s").textContent)`, planRun, planRun))
	p.Settle()
}

func (p *Page) toPlan() {
	p.t.Helper()
	Eval[bool](p, `(document.querySelector("`+planned+`").scrollIntoView(), true)`)
}

// The build has planned for the default scenario: a visit to it searches nothing.
func TestTheDefaultIsPlannedAlready(t *testing.T) {
	p := Open(t, "/", View{Before: countWorkers})
	p.WaitLive()
	p.toPlan()
	p.Settle()
	p.MustSee("[data-slot='plan.finding']", "cheapest", "an hour")
	p.MustSee("[data-table=plan]", "H100", "An hour")
	if n := Eval[int](p, `globalThis.workers`); n != 0 {
		t.Errorf("got %d workers, want none", n)
	}
	p.Click(`[data-slot="plan.finding"] button[data-figure="plan.best.usd_per_hour"]`)
	p.Wait(open)
	p.MustSee("#derivation", "Cost of an hour", "price of one GPU × GPUs")
	p.Press(kb.Escape)
	p.Click(`[data-frame=bill] [data-verb=how]`)
	p.Wait(open)
	p.MustSee("#derivation", "Cost of a day", "GPU-hours × price")
	p.Press(kb.Escape)
	p.MustBeQuiet()
}

// Another scenario is planned for when the section is in sight, and the section follows.
func TestAPlanFollowsTheScenario(t *testing.T) {
	p := Open(t, "/?model=gpt-oss-120b&rate=4&in=1000&out=300", View{})
	p.WaitLive()
	p.toPlan()
	p.waitPlan()
	p.MustSee("[data-slot='plan.finding']", "cheapest", "an hour")
	p.MustSee("[data-slot='plan.prose']", "4 requests a second")
	p.Wait(`document.querySelector("[data-chart=pareto] .live svg")`)
	before := p.Text("[data-table=plan]")
	p.Type(`#plan [data-key=among]`, "l40s,h200:2.5")
	p.Press(kb.Enter)
	p.Wait(`location.search.includes("among=")`)
	p.waitPlan()
	if after := p.Text("[data-table=plan]"); after == before {
		t.Errorf("the plan is the same with other accelerators: %s", after)
	}
	p.Click(`[data-slot="plan.finding"] button[data-figure="plan.best.usd_per_m_output"]`)
	p.Wait(open)
	p.Click(`#derivation button[data-figure="plan.best.usd_per_hour"]`)
	p.Wait(`document.querySelector("#derivation [data-slot='figure.title']").textContent.includes("hour")`)
	p.MustSee("#derivation", "Price of one")
	p.Press(kb.Escape)
	// What the plan says is opened as a scenario of its own.
	p.Click(`[data-slot="plan.finding"] a[data-apply]`)
	p.Wait(`location.search.includes("gpu=")`)
	p.MustBeQuiet()
}

// The page of a preset has no plan yet: it says so, and searches once the section is in sight, on whatever thread there is.
func TestAPresetIsPlannedInSight(t *testing.T) {
	for _, way := range []string{"worker", "no worker"} {
		p := Open(t, "/m/gpt-oss-120b/", ways[way])
		p.WaitLive()
		p.MustSee("[data-slot='plan.finding']", "once this is in sight")
		p.toPlan()
		p.waitPlan()
		p.MustSee("[data-slot='plan.finding']", "cheapest", "an hour")
		p.MustSee("[data-slot='bill.title']", "A day costs")
		Eval[bool](p, `(document.querySelector("[data-frame=tornado]").scrollIntoView(), true)`)
		p.Wait(`document.querySelector("[data-chart=tornado] .live svg")`)
		p.MustBeQuiet()
	}
}

// A search can be stopped, and begun again.
func TestAPlanCanBeStopped(t *testing.T) {
	p := Open(t, "/?rate=20&among=h100-sxm,h200,b200&tpot=50", View{})
	p.WaitLive()
	p.toPlan()
	const cancel, again = "[data-frame=plan] [data-verb=cancel-run]:not([hidden])", "[data-frame=plan] [data-verb=run-again]:not([hidden])"
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, cancel))
	p.Wait(fmt.Sprintf(`/Searching/.test(document.querySelector("%s").textContent)`, planRun))
	p.Click(cancel)
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, again))
	if got := p.Text(planRun); !strings.Contains(got, "Stopped") {
		t.Errorf("after Cancel: %s", got)
	}
	p.Click(again)
	p.Wait(fmt.Sprintf(`/Searching/.test(document.querySelector("%s").textContent)`, planRun))
	p.MustBeQuiet()
}
