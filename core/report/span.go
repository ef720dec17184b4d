package report

import (
	"strings"

	"moecost/core/serving"
)

// span is how a predicted figure gets its range.
type span uint8

const (
	spanDecode span = iota
	spanFirst
	spanLoaded
	spanPrefill
	spanInside             // of two loads of one configuration: what is left inside it
	rate       span = 0x10 // a rate: the range of the time turned round
)

// spans lists the predicted figures by the beginnings of their ids. All others are counted.
var spans = []struct {
	id string
	of span
}{
	{"decode.step_s", spanDecode}, {"decode.parts.", spanDecode}, {"decode.tpot_s", spanDecode}, {"decode.tokens_per_s", spanDecode | rate},
	{"prefill.ttft_s", spanFirst}, {"prefill.ttft_loaded_s", spanLoaded}, {"prefill.step_s", spanPrefill}, {"prefill.parts.", spanPrefill},
	{"prefill.tokens_per_s", spanPrefill | rate}, {"prefill.prompt_step_s", spanPrefill}, {"prefill.prompt_parts.", spanPrefill},
	{"routing.gate_s", spanDecode}, {"routing.top_k_s", spanDecode}, {"routing.permute_s", spanDecode}, {"routing.dispatch_s", spanDecode},
	{"routing.combine_s", spanDecode}, {"routing.per_layer_s", spanDecode},
	{"draft.plain_step_s", spanDecode}, {"draft.verify_s", spanDecode}, {"draft.verify_penalty", spanInside}, {"draft.speedup", spanInside | rate}, {"draft.best_speedup", spanInside | rate}, {"draft.one_speedup", spanInside | rate},
	{"offload.resident_s", spanDecode}, {"offload.on_demand_s", spanDecode}, {"offload.cached_s", spanDecode}, {"offload.prefetch_s", spanDecode},
	{"offload.cpu_s", spanDecode}, {"offload.hybrid_s", spanDecode}, {"offload.tokens_per_s", spanDecode | rate},
	{"tail.p50_s", spanDecode}, {"tail.p90_s", spanDecode}, {"tail.p99_s", spanDecode}, {"tail.p999_s", spanDecode}, {"tail.tpot_", spanDecode}, {"tail.ttft_", spanLoaded},
	{"balance.step_", spanDecode}, {"balance.eplb_gain", spanInside}, {"balance.even_step_s", spanDecode}, {"balance.sync_stall_s", spanDecode},
	{"cost.usd_per_m_output", spanDecode}, {"cost.usd_per_m_input", spanPrefill},
}

// predicted finds the class of a figure and what the user's measurement scales it by;
// false for what is counted, and for the ideal profile, which is a bound.
func (r *Report) predicted(id string) (class serving.Class, factor float64, of span, ok bool) {
	c := &r.in.clock
	if c.timing == nil || c.ideal {
		return 0, 0, 0, false
	}
	if r.prefillMakes(id) {
		return c.prefillClass, c.factor.Decode, spanPrefill, true
	}
	for _, s := range spans {
		if !strings.HasPrefix(id, s.id) {
			continue
		}
		switch s.of &^ rate {
		case spanFirst:
			return c.firstClass, c.factor.Prefill, s.of, true
		case spanLoaded:
			return c.loadedClass, c.factor.Prefill, s.of, true
		case spanPrefill:
			return c.prefillClass, 0, s.of, true
		}
		return c.class, c.factor.Decode, s.of, true
	}
	return 0, 0, 0, false
}

// rangeOf is the share of its value at which the 80 % range of a figure begins and
// ends; both 0 for what is counted.
func (r *Report) rangeOf(id string) (low, high float64) {
	class, factor, of, ok := r.predicted(id)
	if !ok {
		return 0, 0
	}
	w := serving.RangeOf(class)
	low, high = w.Low, w.High
	if factor > 0 || of&^rate == spanInside {
		low, high = w.NearbyLow, w.NearbyHigh
	}
	if of&rate != 0 {
		low, high = 1/high, 1/low
	}
	shortest, longest := r.sampled(id)
	return low * shortest, high * longest
}
