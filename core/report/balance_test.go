package report_test

import (
	"math"
	"strings"
	"testing"

	"moecost/core/report"
	"moecost/core/routing"
)

const wideQuery = "model=deepseek-v3&gpu=h200&gpus=32&tp=1&dp=32&ep=32&in=1000&out=100&batch="

// TestBalance: with many tokens of unequal experts EPLB makes a step shorter; with few
// tokens its copies are only more weights to read; equal experts leave nothing to gain.
func TestBalance(t *testing.T) {
	for _, c := range []struct {
		query     string
		low, high float64 // of the gain
	}{
		{"8192&skew=2&spare=32", 1.1, 3},
		{"8192&skew=1&spare=32", 1.01, 1.5},
		{"8192&skew=0&spare=32", 0.97, 1.001}, // EPLB puts both copies of an expert on one rank
		{"64&skew=1&spare=32", 0.85, 0.999},
	} {
		off, on := build(t, wideQuery+c.query), build(t, wideQuery+c.query+"&eplb=static")
		a, b := off.Balance, on.Balance
		if a.GainEPLB < c.low || a.GainEPLB > c.high {
			t.Errorf("%s: EPLB gains %g", c.query, a.GainEPLB)
		}
		if a.StepOff != off.Decode.Step || b.StepEPLB != on.Decode.Step || math.Abs(a.StepEPLB/b.StepEPLB-1) > 1e-12 || math.Abs(a.StepOff/b.StepOff-1) > 1e-12 {
			t.Errorf("%s: off says %g and %g s, on %g and %g; the steps are %g and %g", c.query, a.StepOff, a.StepEPLB, b.StepOff, b.StepEPLB, off.Decode.Step, on.Decode.Step)
		}
		if a.MaxOverMean != b.MaxOverMean || a.MaxOverMeanEPLB != b.MaxOverMeanEPLB || a.MaxOverMeanEPLB >= a.MaxOverMean && c.query[5:11] == "skew=1" {
			t.Errorf("%s: busiest over mean %g and %g, with EPLB %g and %g", c.query, a.MaxOverMean, b.MaxOverMean, a.MaxOverMeanEPLB, b.MaxOverMeanEPLB)
		}
		if a.BusiestDistinctEPLB <= a.BusiestDistinct && !strings.Contains(c.query, "skew=0") {
			t.Errorf("%s: with spare experts the busiest rank reads %g, without %g", c.query, a.BusiestDistinctEPLB, a.BusiestDistinct)
		}
		if a.SpareBytes != 0 || b.SpareBytes != b.EPLBSpareBytes || b.SpareBytes != on.Memory.PerGPU.RoutedExperts-off.Memory.PerGPU.RoutedExperts {
			t.Errorf("%s: spare experts take %d and %d bytes", c.query, a.SpareBytes, b.SpareBytes)
		}
	}
}

// TestSyncStall: what ranks wait grows with their number, is nothing on one rank, and is little where experts are
// equal and tokens many.
func TestSyncStall(t *testing.T) {
	share := func(query string) float64 {
		if b := build(t, query).Balance; b != nil {
			return b.SyncStallShare
		}
		return 0
	}
	const query = "model=deepseek-v3&gpu=b200&in=1000&out=100&tp=1&batch="
	eight, more := share(query+"4096&gpus=8&ep=8"), share(query+"32768&gpus=64&ep=64")
	if eight <= 0 || more <= 1.2*eight {
		t.Errorf("8 ranks wait %g of a step, 64 %g", eight, more)
	}
	if one := share("model=deepseek-v3&gpu=b200&gpus=8&tp=8&ep=1"); one != 0 {
		t.Errorf("one rank waits %g of a step", one)
	}
	if even := share(query + "32768&gpus=8&ep=8&skew=0"); even > 0.02 {
		t.Errorf("ranks with equal experts wait %g of a step", even)
	}
	if dense := build(t, "model=llama-3.1-70b&gpu=h200&gpus=8"); dense.Balance != nil || dense.LoadedLayer() != nil || dense.SpareCurve() != nil || dense.ImbalanceCurve() != nil {
		t.Error("a dense model has experts to balance")
	}
}

// TestLoadedLayer: loads are fair shares, every token is somewhere, and with many
// tokens the drawn layer is as uneven as expected: within 15 %, as one of eight draws.
func TestLoadedLayer(t *testing.T) {
	for _, query := range []string{wideQuery + "64", wideQuery + "65536", wideQuery + "256&eplb=online&spare=64&place=distinct", wideQuery + "1&skew=3&law=power"} {
		r := build(t, query)
		l := r.LoadedLayer()
		for name, side := range map[string]report.RankLoads{"before": l.Before, "after": l.After} {
			sum, reads, copies := 0.0, 0, 0
			for i, rank := range side.Ranks {
				slots := rank.Hot
				for _, s := range rank.Slots {
					slots += s
				}
				sum += rank.Load
				reads += rank.Reads
				if rank.Hot > 0 {
					copies++
				}
				if i > 0 && rank.Load > side.Ranks[i-1].Load || math.Abs(slots-rank.Load) > 1e-9 || rank.Reads > len(rank.Slots)+1 {
					t.Errorf("%s: %s: rank %d after %+v: %+v", query, name, i, side.Ranks[max(i, 1)-1], rank)
				}
			}
			if len(side.Ranks) != 32 || math.Abs(sum-32) > 1e-9 || side.MaxOverMean != side.Ranks[0].Load || copies != side.HotRanks || side.Copies < 1 {
				t.Errorf("%s: %s: %d ranks, loads sum to %g, busiest %g, hottest on %d", query, name, len(side.Ranks), sum, side.MaxOverMean, side.HotRanks)
			}
		}
		if l.Before.Slots != 256 || l.Before.Copies != 1 || l.After.Slots < 256 || l.Hottest < 1 {
			t.Errorf("%s: %d and %d slots, hottest %g", query, l.Before.Slots, l.After.Slots, l.Hottest)
		}
		if r.Scenario.Batch == 65536 && (math.Abs(l.Before.MaxOverMean/r.Balance.MaxOverMean-1) > 0.15 || math.Abs(l.After.MaxOverMean/r.Balance.MaxOverMeanEPLB-1) > 0.15) {
			t.Errorf("the layer drawn goes from %g to %g, expected %g and %g", l.Before.MaxOverMean, l.After.MaxOverMean, r.Balance.MaxOverMean, r.Balance.MaxOverMeanEPLB)
		}
	}
}

// TestLoadedLayerOfCounts: the least even layer is shown, or the one asked for.
func TestLoadedLayerOfCounts(t *testing.T) {
	const query = "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=8&tp=1&dp=8&ep=8&batch=100000"
	mild, steep := ramp(128, 0.2), ramp(128, 2)
	if l := counted(t, query, mild, steep, mild).LoadedLayer(); l.Number != 2 || l.Rows != 3 || l.Before.Hottest < 125 || l.Before.Ranks[0].Rank != 7 {
		t.Errorf("least even: layer %d of %d, hottest expert %d on rank %d", l.Number, l.Rows, l.Before.Hottest, l.Before.Ranks[0].Rank)
	}
	if l := counted(t, query+"&layer=3", mild, steep, mild).LoadedLayer(); l.Number != 3 {
		t.Errorf("for layer=3, got %d", l.Number)
	}
	if l := counted(t, query+"&layer=9", mild, steep).LoadedLayer(); l.Number != 2 {
		t.Errorf("for a layer that was not counted, got %d", l.Number)
	}
	s, _ := report.Catalogue().Decode(query)
	q := report.Question{Scenario: s, Counts: &routing.Counts{Layers: [][]float64{mild, steep, mild}}}
	subject, err := report.Prepare(q)
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range []int{0, 1, 3, 0} { // one subject keeps the last layer that it drew
		q.Scenario.Layer = layer
		r, err := subject.Build(q)
		if want := map[int]int{0: 2, 1: 1, 3: 3}[layer]; err != nil || r.LoadedLayer().Number != want {
			t.Errorf("for layer=%d, got %d, want %d", layer, r.LoadedLayer().Number, want)
		}
	}
	// sum of (i+1)^2 over the last 16 of 128, times 8, over the whole sum
	if got, want := counted(t, query, steep).Balance.MaxOverMean, 8*float64(707264-475832)/707264; math.Abs(got/want-1) > 0.01 {
		t.Errorf("busiest over mean of a quadratic ramp is %g, want %g", got, want)
	}
}

// TestBalanceCurves agree with the report where they pass through the scenario.
func TestBalanceCurves(t *testing.T) {
	for _, query := range []string{wideQuery + "2048&eplb=static&spare=40", wideQuery + "64", wideQuery + "64&measured_tpot=70"} {
		r := build(t, query)
		b, found := r.Balance, false
		points := r.SpareCurve()
		for i, p := range points {
			if p.Spare == b.EPLBSpare {
				found = p.MaxOverMean == b.MaxOverMeanEPLB && p.Step == b.StepEPLB && p.Bytes == b.EPLBSpareBytes && p.Gain == b.GainEPLB
			}
			if i > 0 && (p.Spare <= points[i-1].Spare || p.Bytes < points[i-1].Bytes) {
				t.Errorf("%s: %+v after %+v", query, p, points[i-1])
			}
			if p.Fits && (p.Step < points[best(points, *b.BestSpare)].Step/1.0201 || p.Spare < *b.BestSpare && p.Step < points[best(points, *b.BestSpare)].Step) {
				t.Errorf("%s: %d spare slots take %g s, the best %d take longer", query, p.Spare, p.Step, *b.BestSpare)
			}
		}
		if !found {
			t.Errorf("%s: no point of the curve is the scenario's: %+v", query, points)
		}
		for _, p := range r.ImbalanceCurve() {
			if p.Ranks == r.Scenario.EP && (math.Abs(p.Off/b.MaxOverMean-1) > 1e-12 || r.Scenario.Spare%32 == 0 && math.Abs(p.Static/b.MaxOverMeanEPLB-1) > 1e-12) {
				t.Errorf("%s: on %d ranks %+v, the report says %g and %g", query, p.Ranks, p, b.MaxOverMean, b.MaxOverMeanEPLB)
			}
		}
	}
}

func best(points []report.SparePoint, spare int64) int {
	for i, p := range points {
		if p.Spare == spare {
			return i
		}
	}
	return -1
}

// TestBalanceWarnings: EPLB that costs more than it gains, and spare experts that fill the memory, are named.
func TestBalanceWarnings(t *testing.T) {
	for _, c := range []struct{ query, id, apply string }{
		{wideQuery + "64&eplb=static&spare=32", "balance.worse", "spare=0"},
		{wideQuery + "8192&eplb=static&spare=32", "", ""},
		{wideQuery + "64&spare=32", "balance.spare", "eplb=static"},
		{"model=deepseek-v3&gpu=h100-sxm&gpus=16&eplb=static&spare=256", "balance.memory", ""},
	} {
		found := ""
		for _, w := range build(t, c.query).Warnings {
			if strings.HasPrefix(w.ID, "balance.") {
				found = w.ID
				if c.apply != "" && w.Apply != c.apply || c.id == "balance.memory" && !strings.HasPrefix(w.Apply, "spare=") {
					t.Errorf("%s: %s: the way out is %q", c.query, w.Text, w.Apply)
				}
			}
		}
		if found != c.id {
			t.Errorf("%s: got the warning %q, want %q", c.query, found, c.id)
		}
	}
}
