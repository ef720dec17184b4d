package story

import (
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"
)

// nothingRouted is why a dense model has no picture of routing.
func (v *voice) nothingRouted() Text {
	return Text{words(v.r.Scenario.ModelName + " is dense: every token uses every weight, so there is nothing to route. "),
		{Text: "See DeepSeek-V3", Apply: applied(v.ask, "model=deepseek-v3&gpus=&tp=&pp=&ep=&dp=")}}
}

// untimed is why there is no time to draw, and the nearest scenario that has one.
func (v *voice) untimed() Text {
	m := &v.r.Memory
	if m.Fits {
		return say("The time of a step cannot be told for " + v.r.Scenario.GPUName + ": a peak or a bandwidth of it is not known.")
	}
	t := say("The load does not fit, so no step can be timed.")
	switch {
	case m.MaxBatch > 0:
		batch := strconv.FormatInt(m.MaxBatch, 10)
		t = append(t, words(" "), Span{Text: "Batch " + quantity.Integer(m.MaxBatch) + " fits", Apply: applied(v.ask, "batch="+batch)})
	case m.MinGPUsEngine > 0:
		t = append(t, words(" "), Span{Text: count(int64(m.MinGPUsEngine), "GPU") + " would do", Apply: applied(v.ask, "gpus="+strconv.Itoa(m.MinGPUsEngine))})
	}
	return t
}

// routing is the second section: what choosing experts and reaching them costs.
func (v *voice) routing() Section {
	return Section{
		ID: "routing", Number: 2, Name: "Routing",
		Finding: v.routingFinding(), Prose: v.routingProse(),
		Frames: []Frame{v.routingFrame(), v.trafficFrame()},
	}
}

func (v *voice) routingFinding() Text {
	q := v.r.Routing
	switch {
	case !v.moe():
		return say(v.r.Scenario.ModelName + " has no experts to choose.")
	case q == nil || !v.timed():
		return say("A token chooses " + quantity.Integer(v.r.Model.TopK) + " of " + quantity.Integer(v.r.Model.RoutedExperts) + " experts in each of " + count(v.r.Model.MoELayers, "layer") + ".")
	case q.Dispatch > 0:
		return say("Choosing experts takes " + quantity.Share.Text(v.units, q.Share) + " of a step, reaching them " + quantity.Share.Text(v.units, q.ExchangeShare) + ".")
	default:
		return say("Choosing experts takes " + quantity.Share.Text(v.units, q.Share) + " of a step; no token has to travel to them.")
	}
}

func (v *voice) routingProse() Text {
	q := v.r.Routing
	if !v.moe() || q == nil || !v.timed() {
		return say("The router of a mixture-of-experts layer is a small matrix, a top-k selection and a sort of the tokens by expert.")
	}
	t := say("The router is a small matrix, a top-k selection and a sort of the tokens by expert: ",
		v.figure("routing.per_layer_s", quantity.Seconds), " in each of "+count(v.r.Model.MoELayers, "layer")+
			". It is mostly the launch of small kernels, so it hardly grows with the batch, and its share falls as the step grows. ")
	if q.Dispatch > 0 {
		return append(t, say("Tokens then travel to the GPUs of their experts and back, ", v.figure("routing.dispatch_s", quantity.Seconds), " and ",
			v.figure("routing.combine_s", quantity.Seconds), " a step.")...)
	}
	return append(t, say("Every GPU has all tokens of its replica, so nothing is dispatched: the all-reduce behind the experts does the work.")...)
}

func (v *voice) routingFrame() Frame {
	f := Frame{
		Chart: "routing", Title: "Routing's share falls as the step grows", Unit: "Per cent of a decode step, against the batch",
		Source:     say("Kernel and link times fitted on published measurements"),
		Derivation: "routing.share",
	}
	if f.Empty = v.emptyTime(); f.Empty != nil {
		f.Derivation = "model.active_params"
		return f
	}
	t := Table{Columns: []Column{{Name: "Batch"}, {Name: "Gate, top-k, sort", Unit: "µs", Numeric: true}, {Name: "of the step", Unit: "%", Numeric: true},
		{Name: "Dispatch, combine", Unit: "µs", Numeric: true}, {Name: "Step", Unit: "ms", Numeric: true}}}
	t.Rows = v.byBatch(func(p *report.StepPoint) []string {
		return []string{
			quantity.Fixed(1e6*p.Step.Routing(), 0), quantity.Fixed(100*p.Step.Routing()/p.Step.Seconds, 1),
			quantity.Fixed(1e6*exchange(&p.Step), 0), quantity.Fixed(1e3*p.Step.Seconds, 2)}
	})
	f.Table = t
	f.Name = "Share of a decode step that choosing and reaching experts takes, against the batch; here " + quantity.Share.Text(v.units, v.r.Routing.Share)
	return f
}

// emptyTime is why a chart of a mixture's step has nothing to draw; nil if it has.
func (v *voice) emptyTime() Text {
	switch {
	case !v.moe():
		return v.nothingRouted()
	case !v.timed() || v.r.Routing == nil:
		return v.untimed()
	}
	return nil
}

func (v *voice) trafficFrame() Frame {
	q := v.r.Routing
	f := Frame{
		Chart: "traffic", Title: "What one token sends in one layer", Unit: "Bytes of dispatch, by the way they are sent",
		Source:     say("Counted from hidden width, top-k and layout"),
		Derivation: "routing.dispatch_s",
	}
	switch {
	case v.emptyTime() != nil:
		f.Empty, f.Derivation = v.emptyTime(), "model.active_params"
	case q.PerExpert == 0:
		f.Empty, f.Derivation = say("No token travels: every GPU of a replica holds all its tokens, and one replica holds all experts."), "routing.share"
	}
	if f.Empty != nil {
		return f
	}
	scale := v.byteUnit(q.PerExpert)
	t := Table{Columns: []Column{{Name: "A copy"}, {Unit: scale.Unit, Numeric: true}}}
	for _, way := range []struct {
		name  string
		bytes float64
	}{{"for each chosen expert", q.PerExpert}, {"for each rank that holds some", q.PerRank}, {"for each node", q.PerNode}, {"one, multicast by the switch", q.Multicast}} {
		if way.bytes > 0 {
			t.Rows = append(t.Rows, Row{Head: way.name, Cells: []string{scale.Ledger(way.bytes)}})
		}
	}
	f.Table = t
	f.Name = "Bytes that one token sends in one layer: " + quantity.Bytes.Text(v.units, q.PerExpert) + " with a copy for every expert, " + quantity.Bytes.Text(v.units, q.PerRank) + " with one for every rank"
	return f
}
