package story

import (
	"strconv"

	"moecost/core/quantity"
)

// expertFields are the controls of popularity and placement. Those of online
// rebalancing have nothing to do while it is off, nor has the law where experts were counted.
func (v *voice) expertFields(fields map[string]Field) {
	if !v.moe() {
		return
	}
	s := &v.r.Scenario
	fields["skew"] = Field{Value: skewText(s.Skew)}
	fields["law"] = Field{Chosen: s.Law, Options: choicesOf("law"), Idle: v.r.Counted()}
	nothing := v.spread() == nil && s.EPLB == "off" && v.ask.Spare == 0
	fields["eplb"] = Field{Chosen: s.EPLB, Options: choicesOf("eplb"), Idle: nothing}
	fields["spare"] = Field{Value: quantity.Integer(int64(v.ask.Spare)), Idle: nothing}
	fields["place"] = Field{Chosen: s.Place, Options: choicesOf("place")}
	fields["drift"] = Field{Value: quantity.Significant(s.Drift, 3)}
	idle := s.EPLB != "online"
	fields["interval"] = Field{Value: quantity.Integer(s.Interval), Idle: idle}
	fields["moves"] = Field{Chosen: s.Moves, Options: choicesOf("moves"), Idle: idle}
	fields["fabric"] = Field{Chosen: s.Fabric, Options: choicesOf("fabric")}
	fields["layer"] = Field{Idle: true}
	if l := v.r.LoadedLayer(); l != nil && l.Number > 0 {
		fields["layer"] = Field{Value: quantity.Integer(int64(l.Number)), Auto: v.ask.Layer == 0}
	}
}

// anchor is a popularity that somebody measured, or fitted to measurements.
type anchor struct {
	name string
	skew float64
}

// Sigmas of published routing statistics (docs/model.md, Popularity), and the two exponents that NVIDIA
// aiconfigurator estimated by matching latencies (docs/POWER_LAW_DISTRIBUTION.md of that project).
var (
	sigmas = []anchor{{"DeepSeek-R1, translation", 1.05}, {"Qwen3, code", 0.9}, {"gpt-oss", 1.1}, {"OLMoE, chat", 0.55}}
	alphas = []anchor{{"DeepSeek, less uneven", 1.01}, {"Qwen3, production", 1.2}}
)

// skewHint names measured values of the law's parameter: each is a press away.
func (v *voice) skewHint() Text {
	list, t := sigmas, say("σ. Measured: ")
	if v.r.Scenario.Law == "power" {
		list, t = alphas, say("α. Estimated: ")
	}
	for i, a := range list {
		if i > 0 {
			t = append(t, words("; "))
		}
		skew := strconv.FormatFloat(a.skew, 'f', -1, 64)
		t = append(t, words(a.name+" "), Span{Text: skew, Apply: applied(v.ask, "skew="+skew)})
	}
	return append(t, words("."))
}
