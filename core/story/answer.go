package story

import (
	"math"
	"strings"

	"moecost/core/quantity"
)

// answer is the sentence that a manager could repeat.
func (v *voice) answer() Text {
	s, m := &v.r.Scenario, &v.r.Memory
	name, on := s.ModelName, cards(s.GPUs, s.GPUName)
	if m.Fits && v.hosted() {
		where := " of its experts in host memory"
		if v.offloaded() && v.r.Offload.Pages {
			where += " and on the drive"
		}
		return say(name+" runs on "+on+" with ", v.figure("memory.host_bytes", quantity.Bytes), where, v.speed(), ".")
	}
	if m.Fits && v.offloaded() && v.r.Offload.Pages {
		return say(name+" runs on "+on+" with ", v.figure("offload.drive_share", quantity.Share), " of its experts on the drive", v.speed(), ".")
	}
	if m.Fits {
		each := " to spare on each"
		if s.GPUs == 1 {
			each = " to spare"
		}
		return say(name+" fits on "+on+" with ", v.figure("memory.per_gpu.free_bytes", quantity.Bytes), each, v.speed(), ".")
	}
	missing := v.as("memory.per_gpu.free_bytes", quantity.Bytes.Text(v.units, math.Abs(v.value("memory.per_gpu.free_bytes"))))
	each := " is missing on each."
	if s.GPUs == 1 {
		each = " is missing."
	}
	return say(name+" does not fit on "+on+": ", missing, each, v.wouldDo())
}

// speed is what users get and what it costs, if it can be told.
func (v *voice) speed() Text {
	if !v.timed() {
		return nil
	}
	t := say(", and serves "+count(v.r.Scenario.Batch, "user")+" at ", v.predicted("decode.tpot_s", quantity.Seconds), " a token")
	if v.r.Cost != nil {
		t = append(t, say(" for ", v.as("cost.usd_per_m_output", quantity.Dollars.Text(v.units, v.r.Cost.Output)), " a million")...)
	}
	return t
}

// wouldDo names the number of GPUs that is enough, if one is.
func (v *voice) wouldDo() Text {
	m := &v.r.Memory
	switch {
	case m.MinGPUsEngine > v.r.Scenario.GPUs:
		return say(" ", v.as("memory.min_gpus_engine", quantity.Integer(int64(m.MinGPUsEngine))), " would do.")
	case m.MinGPUsEngine > 0 || m.MinGPUs > 0:
		return say(" Another layout would do.")
	default:
		return say(" No number of them would do.")
	}
}

// second is the reason: resident against active, and the dense twin.
func (v *voice) second() Text {
	held := v.figure("memory.weights_bytes", quantity.Bytes)
	active := v.as("model.active_params", weights(v.value("model.active_params")))
	if !v.moe() {
		return say("It keeps ", held, " of weights in memory, and each token uses all ", active, " of them: a dense model.")
	}
	ratio := v.as("memory.ratio_to_dense_twin", quantity.Times(v.value("memory.ratio_to_dense_twin")))
	return say("It must keep ", held, " of weights in memory so that each token can use ", active,
		" of them. That is ", ratio, " the memory of a dense model doing the same work per token.")
}

// board is the picture of one MoE layer.
func (v *voice) board() Board {
	if !v.moe() || v.r.Decode == nil {
		return Board{}
	}
	m := &v.r.Model
	touched := min(int(math.Round(v.r.Decode.DistinctExperts)), int(m.RoutedExperts))
	b := Board{
		Caption:  say("One of " + count(m.MoELayers, "layer")),
		Resident: int(m.RoutedExperts), Touched: touched, Computed: int(min(m.TopK, m.RoutedExperts)),
	}
	b.Counts = BoardCounts{
		Computed: v.as("model.top_k", quantity.Integer(m.TopK)),
		Touched:  v.as("decode.distinct_experts", quantity.Integer(int64(touched))),
		Resident: v.as("model.routed_experts", quantity.Integer(m.RoutedExperts)),
	}
	b.Name = "Of " + quantity.Integer(m.RoutedExperts) + " experts in a layer, " + quantity.Integer(m.TopK) +
		" are computed for a token, " + quantity.Integer(int64(touched)) + " touched by a step, all resident"
	return b
}

// strip is the row of eight Figures under the sentence, in a fixed order. Where
// no time can be told, memory says more.
func (v *voice) strip() []Cell {
	mem, copies := &v.r.Memory, " with copies"
	if mem.WeightsDeployedBytes < mem.WeightsBytes {
		copies = " on GPUs"
	}
	cells := []Cell{
		v.cell("Weights", "memory.weights_bytes", quantity.Bytes, quantity.Bytes.Text(v.units, float64(mem.WeightsDeployedBytes))+copies),
		v.cell("KV cache", "memory.kv_bytes", quantity.Bytes,
			quantity.Bytes.Text(v.units, float64(mem.KVDeployedBytes))+" with copies"),
	}
	switch {
	case v.moe() && v.r.Decode != nil:
		cells = append(cells, v.cell("Experts touched", "decode.touched_experts_bytes", quantity.Bytes,
			quantity.Share.Text(v.units, v.r.Decode.TouchedShare)+" of them"))
	default:
		cells = append(cells, Cell{Label: "Experts touched", Value: words(quantity.Unknown), Context: "a dense model"})
	}
	if v.timed() {
		return append(cells, v.times()...)
	}
	return append(cells,
		v.cell("Computed per token", "model.flops_per_token", quantity.FLOPs, quantity.Parameters.Text(v.units, float64(v.r.Model.ActiveParams))+" weights"),
		v.cell("Cache per token", "model.kv_bytes_per_token", quantity.Bytes, v.cacheKind()),
		v.cell("Free on each GPU", "memory.per_gpu.free_bytes", quantity.Bytes, "of "+quantity.Bytes.Text(v.units, float64(mem.GPUBytes))),
		v.cell("Room for", "memory.max_batch", quantity.Plain, "sequences of "+quantity.Integer(v.r.Scenario.In+v.r.Scenario.Out)),
		v.fewest(),
	)
}

// times are the predicted cells: per token, per user, all users, price, bound.
func (v *voice) times() []Cell {
	d := v.r.Decode
	cells := []Cell{
		v.ranged("Per token", "decode.tpot_s", quantity.Seconds),
		v.ranged("Each user sees", "decode.tokens_per_s_per_user", quantity.TokensPerSecond),
	}
	all := v.ranged("All users", "decode.tokens_per_s", quantity.TokensPerSecond)
	all.Context = quantity.Significant(d.TokensPerSOfGPU, 2) + " per GPU"
	cells = append(cells, all)
	if v.r.Cost != nil {
		cells = append(cells, v.ranged("Million tokens out", "cost.usd_per_m_output", quantity.Dollars))
	} else {
		cells = append(cells, Cell{Label: "Million tokens out", Value: words(quantity.Unknown), Context: "no price is known"})
	}
	bound, most := d.Bound, 0.0
	for _, o := range d.Parts {
		most = math.Max(most, o)
	}
	return append(cells, Cell{Label: "Bound by", Value: v.as("decode.step_s", bound), Context: quantity.Share.Text(v.units, most/d.Step) + " is one operator"})
}

// ranged is a predicted cell with its range below.
func (v *voice) ranged(label, id string, kind quantity.Kind) Cell {
	f, ok := v.r.Figure(id)
	if !ok {
		return Cell{Label: label, Value: words(quantity.Unknown)}
	}
	p := kind.Predicted(v.units, f.Value, f.Low, f.High)
	c := Cell{Label: label, Value: v.as(id, p.Number), Unit: p.Scale.Unit, Context: strings.ReplaceAll(p.Range, "–", " to ")}
	if p.Scale.Unit == "$" || p.Scale.Unit == "¢" {
		c.Value.Text, c.Unit = p.Value(), ""
	}
	return c
}

func (v *voice) cell(label, id string, kind quantity.Kind, context string) Cell {
	scale, number := kind.Split(v.units, v.value(id))
	return Cell{Label: label, Value: v.as(id, number), Unit: scale.Unit, Context: context}
}

// fewest is how many GPUs an engine would need.
func (v *voice) fewest() Cell {
	m := &v.r.Memory
	if m.MinGPUsEngine == 0 {
		return Cell{Label: "Fewest GPUs", Value: words(quantity.Never), Context: "none up to 4,096 fits"}
	}
	return Cell{
		Label: "Fewest GPUs", Value: v.as("memory.min_gpus_engine", quantity.Integer(int64(m.MinGPUsEngine))),
		Context: quantity.Integer(int64(m.MinGPUs)) + " by memory alone",
	}
}
