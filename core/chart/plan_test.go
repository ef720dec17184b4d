package chart

import (
	"math"
	"testing"

	"moecost/core/plan"
)

// found is a search's result made by hand.
var found = plan.Result{
	Done: true, Phase: "done",
	Best: &plan.Plan{GPUs: 8, GPUName: "H200 SXM", PerHour: 16, Output: 2, TPOT: plan.Time{Mean: 0.02}},
	Front: []plan.FrontPoint{
		{TokensPerS: 200, USDPerM: 9, GPU: "b200", GPUs: 8, Layout: "TP 8", InsideTPOT: true},
		{TokensPerS: 50, USDPerM: 2, GPU: "h200", GPUs: 8, Layout: "DP 8, EP 8", InsideTPOT: true},
		{TokensPerS: 10, USDPerM: 0.7, GPU: "h200", GPUs: 8, Layout: "DP 8, EP 8"},
	},
	Changes: []plan.Change{
		{ID: "skew", Name: "skew 0 in place of 1", PerHour: 15, Ratio: 0.94},
		{ID: "objective", Name: "half the objective", PerHour: 48, Ratio: 3, Shape: true},
		{ID: "budget", Name: "half the budget"},
	},
}

// The front steps down: between two deployments the dearer one is what there is.
func TestTheFrontIsAStaircase(t *testing.T) {
	o := pareto(&found, Box{Width: 496, Height: 380}, Light)
	path := o.Series[0].Data
	if len(path) != 2*len(found.Front)-1 {
		t.Fatalf("%d points on the path of %d deployments", len(path), len(found.Front))
	}
	for i := 1; i < len(path); i++ {
		from, to := path[i-1].Value, path[i].Value
		if to[0] > from[0] || to[1] > from[1] || to[0] != from[0] && to[1] != from[1] {
			t.Errorf("from %v the path goes to %v: it may go down or to the left", from, to)
		}
	}
	kept, missed := o.Series[1].Data, o.Series[2].Data
	if len(kept) != 2 || len(missed) != 1 || missed[0].Value[1] != 0.7 {
		t.Errorf("%d deployments keep the objective, %v do not", len(kept), missed)
	}
}

// A bar reaches from one to what the change costs, in pixels of the log axis; the longest stands on top.
func TestBarsBeginAtThePlan(t *testing.T) {
	box := Box{Width: 1040, Height: 380}
	o := tornado(&found, box, Light)
	low, high := o.XAxis.Min.(float64), o.XAxis.Max.(float64)
	left := 0.0
	for _, g := range o.Graphic {
		if g.Type == "polyline" { // the line at one
			points := g.Shape["points"].([][2]float64)
			left = points[0][0]
		}
	}
	grid := o.Grid.Left
	var from float64
	for _, c := range grid {
		from = 10*from + float64(c-'0')
	}
	perDecade := (left - from) / math.Log10(1/low)
	if got, want := from+perDecade*math.Log10(high/low), box.Width-58; math.Abs(got-want) > 1.5 {
		t.Errorf("the axis ends at %.1f px, want %.1f", got, want)
	}
	if len(o.Series) != 2 {
		t.Fatalf("%d bars, want 2: what has no solution has none", len(o.Series))
	}
	for i, ratio := range []float64{3, 0.94} {
		d := o.Series[i].Data[0]
		if got, want := d.SymbolSize.([]float64)[0], math.Abs(math.Log10(ratio))*perDecade; math.Abs(got-want) > 1.5 {
			t.Errorf("the bar of %s is %.1f px long, want %.1f", d.Name, got, want)
		}
		if got := d.Value[0] * d.Value[0]; math.Abs(got-ratio) > 1e-9 {
			t.Errorf("the bar of %s is centred at %v", d.Name, d.Value[0])
		}
	}
	if o.Series[0].Data[0].Value[1] <= o.Series[1].Data[0].Value[1] {
		t.Error("the longest bar is not on top")
	}
}

func TestPlansAreDrawnInBothThemesAndNarrow(t *testing.T) {
	for _, name := range []string{"pareto", "tornado"} {
		for _, theme := range []Theme{Light, Dark} {
			for _, r := range []*plan.Result{&found, {}} {
				o, err := DrawPlan(name, r, Box{Width: 358, Height: 320}, theme)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := o.JSON(); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
		}
	}
	if _, err := DrawPlan("other", &found, Box{}, Light); err == nil {
		t.Error("a chart that there is not was drawn")
	}
}
