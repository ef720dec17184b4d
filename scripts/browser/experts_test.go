package browser

import "testing"

// The controls at the finding of hot experts reach the link, the finding and the drawings; those of
// online rebalancing come and go with it.
func TestHotExperts(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	finding := `[data-slot="hot.finding"]`
	before := p.Text(finding)
	online := `document.querySelector("[data-key=interval]").closest(".own").hidden`
	if !Eval[bool](p, online) {
		t.Error("the interval of rebalancing shows while EPLB is off")
	}
	Eval[bool](p, `(document.querySelector("#hot").scrollIntoView(), true)`)
	p.Wait(`document.querySelector("[data-chart=placed] .live svg") !== null`)
	p.Click(`#hot [data-segments=eplb] label:nth-of-type(3)`)
	p.Wait(`location.search === "?gpus=16&eplb=online"`)
	p.Type(`#hot input[data-key=spare]`, "32")
	p.Wait(`location.search === "?gpus=16&eplb=online&spare=32"`)
	p.Wait(`document.querySelector("[data-slot='placed.title']").textContent.includes("288 slots")`)
	if after := p.Text(finding); after == before || Eval[bool](p, online) {
		t.Errorf("with EPLB online: the finding is %q, the interval hidden: %t", after, Eval[bool](p, online))
	}
	p.Click(`[data-slot="hint.skew"] a:nth-of-type(3)`)
	p.Wait(`location.search === "?gpus=16&skew=1.1&eplb=online&spare=32"`)
	p.MustBeQuiet()
}

// Where nobody waits the figures that have nothing to show go, and the one that is left offers a scenario.
func TestHotExpertsOfOneRank(t *testing.T) {
	p := Open(t, "/?model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=8", View{})
	p.WaitLive()
	for chart, want := range map[string]bool{"ranks": false, "placed": true, "imbalance": true, "spare": true} {
		if got := Eval[bool](p, `document.querySelector("[data-frame=`+chart+`]").hidden`); got != want {
			t.Errorf("%s is hidden: %t, want %t", chart, got, want)
		}
	}
	p.Click(`[data-empty=ranks] a[data-apply]`)
	p.Wait(`location.search.includes("ep=8")`)
	p.Wait(`!document.querySelector("[data-frame=spare]").hidden`)
	p.MustBeQuiet()
}
