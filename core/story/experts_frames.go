package story

import (
	"math"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"
)

// nobodyWaits takes a figure away where ranks have nothing to even out.
func (v *voice) nobodyWaits(f *Frame) bool {
	if v.spread() != nil {
		return false
	}
	f.Empty, f.Derivation, f.Source = v.unspread(), "model.routed_experts", nil
	if !v.moe() {
		f.Derivation = "model.total_params"
	}
	return true
}

func (v *voice) ranksFrame() Frame {
	f := Frame{
		Chart: "ranks", Title: "Experts in order", Unit: "Tokens on each GPU, 1 = a fair share",
		Source:     v.drawnSource(),
		Derivation: "balance.max_over_mean",
	}
	if v.nobodyWaits(&f) {
		return f
	}
	l := v.r.LoadedLayer()
	f.Unit += v.drawnLayer(l)
	f.Table, f.Name = v.loads(&l.Before)
	return f
}

func (v *voice) placedFrame() Frame {
	f := Frame{
		Chart: "placed", Title: "With EPLB", Unit: "The same tokens on other GPUs",
		Source:     say("Measured on 32 GPUs: 2.56, with EPLB 1.11 (TensorRT-LLM blog 4)"),
		Derivation: "balance.max_over_mean_eplb",
	}
	if v.nobodyWaits(&f) {
		f.Absent = true
		return f
	}
	l := v.r.LoadedLayer()
	f.Title = "With EPLB, " + quantity.Integer(l.After.Slots) + " slots"
	if v.r.Scenario.Place == "distinct" {
		f.Title = "Placed by distinct experts, " + quantity.Integer(l.After.Slots) + " slots"
	}
	f.Table, f.Name = v.loads(&l.After)
	return f
}

// drawnSource says what the drawing rests on.
func (v *voice) drawnSource() Text {
	s := &v.r.Scenario
	if l := v.r.LoadedLayer(); l != nil && l.Number > 0 {
		return say("Your counts; how many of this step's tokens each expert gets is drawn (seed " + strconv.FormatInt(s.Seed, 10) + ")")
	}
	return say("Drawn: " + v.r.PopularityName() + ", drift " + quantity.Significant(s.Drift, 2) + ", seed " + strconv.FormatInt(s.Seed, 10))
}

// drawnLayer says which layer of which step it is.
func (v *voice) drawnLayer(l *report.LoadedLayer) string {
	step := ". One step of " + quantity.Integer(int64(math.Round(l.Tokens))) + " tokens, "
	if l.Number > 0 {
		return step + "layer " + strconv.Itoa(l.Number) + " of the " + strconv.Itoa(l.Rows) + " counted"
	}
	return step + "one layer"
}

func (v *voice) loads(side *report.RankLoads) (Table, string) {
	one, many := "GPU", "GPUs"
	if v.r.LoadedLayer().Shared {
		one, many = "rank", "ranks"
	}
	t := Table{Columns: []Column{{Name: capital(one)}, {Name: "Tokens", Unit: "fair shares", Numeric: true},
		{Name: "Of the hottest expert", Unit: "fair shares", Numeric: true}, {Name: "Experts with tokens", Numeric: true}}}
	for _, rank := range side.Ranks {
		row := Row{Head: strconv.Itoa(rank.Rank), Cells: []string{quantity.Fixed(rank.Load, 2), "", strconv.Itoa(rank.Reads)}}
		if rank.Hot > 0 {
			row.Cells[1] = quantity.Fixed(rank.Hot, 2)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, "Tokens on each of " + strconv.Itoa(len(side.Ranks)) + " " + many + " in one layer of one step: the busiest, " + one + " " + strconv.Itoa(side.Ranks[0].Rank) + ", has " +
		quantity.Fixed(side.MaxOverMean, 2) + " times its share"
}

func (v *voice) imbalanceFrame() Frame {
	f := Frame{
		Chart: "imbalance", Title: "More GPUs, a busier one", Unit: "Tokens of the busiest over the mean, as many on each as here",
		Source:     say("Expected value, " + v.r.PopularityName() + ". Online: placed by what " + quantity.Integer(v.r.Scenario.Interval) + " steps counted"),
		Derivation: "balance.max_over_mean",
	}
	if v.nobodyWaits(&f) {
		f.Absent = true
		return f
	}
	t := Table{Columns: []Column{{Name: "Ranks"}, {Name: "In order", Numeric: true}, {Name: "EPLB, static", Numeric: true}, {Name: "EPLB, online", Numeric: true}}}
	for _, p := range v.r.ImbalanceCurve() {
		row := Row{Head: strconv.Itoa(p.Ranks), Cells: []string{quantity.Fixed(p.Off, 2), quantity.Fixed(p.Static, 2), quantity.Fixed(p.Online, 2)}}
		if p.Ranks == v.r.Scenario.EP {
			row.Kind = RowChosen
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	b := v.r.Balance
	f.Name = "Tokens of the busiest rank over the mean against the number of ranks: on " + strconv.Itoa(v.r.Scenario.EP) + ", " + quantity.Fixed(b.MaxOverMean, 2) + " in order and " +
		quantity.Fixed(b.MaxOverMeanEPLB, 2) + " with EPLB"
	return f
}

func (v *voice) spareFrame() Frame {
	f := Frame{
		Chart: "spare", Title: "What spare experts gain", Unit: "Decode step with EPLB against the experts in order; memory below",
		Source:     say("Steps timed with each number"),
		Derivation: "balance.eplb_gain",
	}
	if v.nobodyWaits(&f) {
		f.Absent = true
		return f
	}
	b := v.r.Balance
	if b.StepOff == 0 {
		f.Empty, f.Derivation = v.untimed(), "balance.max_over_mean"
		if v.r.Memory.Fits && v.r.Scenario.Host > 0 {
			f.Empty = say("With experts in host memory a step waits for the host, not for the busiest GPU. ", Span{Text: "Keep all on the GPUs", Apply: applied(v.ask, "host=0&gpus=")}, ".")
		}
		return f
	}
	scale := v.byteUnit(float64(b.EPLBSpareBytes))
	t := Table{Columns: []Column{{Name: "Spare slots"}, {Name: "Step", Unit: "ms", Numeric: true}, {Name: "Faster", Unit: "%", Numeric: true}, {Name: "Busiest over mean", Numeric: true},
		{Name: "Experts that the busiest reads", Numeric: true}, {Name: "On each GPU", Unit: scale.Unit, Numeric: true}, {Name: "Fits"}}}
	var best *report.SparePoint
	points := v.r.SpareCurve()
	for i := range points {
		p := &points[i]
		row := Row{Head: quantity.Integer(p.Spare), Cells: []string{quantity.Fixed(1e3*p.Step, 2), quantity.Fixed(100*(p.Gain-1), 1), quantity.Fixed(p.MaxOverMean, 2),
			quantity.Fixed(p.Distinct, 1), scale.Ledger(float64(p.Bytes)), yes(p.Fits)}}
		if v.r.Scenario.EPLB != "off" && p.Spare == v.r.Scenario.Spare {
			row.Kind = RowChosen
		}
		if b.BestSpare != nil && p.Spare == *b.BestSpare {
			best = p
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	switch {
	case best == nil:
		f.Title = "There is no room for spare experts"
	case best.Gain < 1.005:
		f.Title = "Here spare experts gain nothing"
	case best.Spare == 0:
		f.Title = "Here EPLB does best without spare experts"
	default:
		f.Title = capital(spares(best.Spare)) + " pay off: " + percentOf(best.Gain-1) + " faster"
	}
	f.Name = f.Title + ". A decode step takes " + quantity.Seconds.Text(quantity.Decimal, b.StepOff) + " with the experts in order, " +
		quantity.Seconds.Text(quantity.Decimal, b.StepEPLB) + " with EPLB and " + spares(b.EPLBSpare)
	return f
}
