package story

import (
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// tail is the fifth section: how much longer the slowest steps and requests take, and why.
func (v *voice) tail() Section {
	s := Section{ID: "tail", Number: 5, Name: "Tail", Frames: []Frame{v.tailFrame(), v.requestsFrame(), v.causesFrame(), v.skewedFrame()}}
	s.Finding, s.Prose = v.tailFinding(), v.tailProse()
	return s
}

// Refine says anew what depends on a simulation, in a page of the same report: the
// notices and one section, which it returns. A simulation refines several times a second.
func Refine(p *Page, ask scenario.Scenario, r *report.Report) *Section {
	p.Notices = notices(ask, r)
	return Resay(p, ask, r, "tail")
}

// untailed is why there is no tail to show, and the nearest scenario that has one.
func (v *voice) untailed() Text {
	if !v.timed() {
		return v.untimed()
	}
	return Text{words("Steps with experts off the GPUs are not simulated. "), {Text: "Keep all of them on the GPUs", Apply: applied(v.ask, "host=0")}}
}

// tailFinding is the first of these that is true.
func (v *voice) tailFinding() Text {
	t := v.r.Tail
	switch {
	case !v.timed():
		return say("Where no step can be timed, there is no tail to tell of.")
	case !v.r.Simulable():
		return say("The tail of steps with experts off the GPUs is not simulated.")
	case t == nil:
		return say("How much longer the slowest steps take is simulated, step by step.")
	case t.Overload:
		return say("More requests come than can be served: the waits grow for as long as that lasts.")
	}
	slow := v.figure("tail.p99_s", quantity.Seconds)
	over := v.above("tail.p99_over_p50", t.Ratio)
	if t.Ratio < 1.02 {
		return say("One step in 100 takes ", v.as("tail.p99_over_p50", quantity.Share.Text(v.units, t.Ratio-1)), " longer than the median: steps hardly differ.")
	}
	if main := v.mainCause(); main != "" {
		return say("One step in 100 takes ", slow, ", ", over, ", because of "+main+".")
	}
	return say("One step in 100 takes ", slow, ", ", over, "; no single cause makes it.")
}

// mainCause is the cause without which more than half of the tail is gone; empty if there is none.
func (v *voice) mainCause() string {
	t := v.r.Tail
	for _, c := range v.r.TailCauses() {
		if !c.Left && t.Ratio-t.Without[c.ID] > (t.Ratio-1)/2 {
			return causeNouns[c.ID]
		}
	}
	return ""
}

// causeNouns are the causes in a sentence.
var causeNouns = map[string]string{
	"routing": "chance in routing", "batch": "replicas with more sequences or longer ones", "domain": "the changing mix of domains",
	"prefill": "the prompts of others", "moves": "experts being moved", "speed": "GPUs of unequal speed",
}

func (v *voice) tailProse() Text {
	t := v.r.Tail
	if t == nil {
		return say("A step waits at every layer for the slowest part of the deployment, and a request for a number of steps.")
	}
	var out Text
	if v.moe() && t.Alone["routing"] > 0 && !v.left("routing") {
		out = say("The same experts are popular in every step, so skew moves the median. Chance in routing averages out over " + count(v.r.Model.MoELayers, "layer") +
			": ")
		if v.adds("routing") {
			out = append(out, say("alone it puts the P99 ", v.at("tail.alone.routing", t.Alone["routing"]), ". ")...)
		} else {
			out = append(out, words("alone it adds nothing to the P99. "))
		}
	}
	out = append(out, words("The tail comes from what a whole step has in common. "))
	var list []Text
	for _, c := range tailSubjects {
		if !v.left(c.id) && t.Alone[c.id] > 1.005 && v.adds(c.id) && len(list) < 3 {
			one := say(c.text+" ", v.at("tail.alone."+c.id, t.Alone[c.id]))
			if len(list) == 0 {
				one[0].Text = capital(c.text) + " alone " + c.verb + " the P99 "
			}
			list = append(list, one)
		}
	}
	for i, one := range list {
		if i > 0 {
			out = append(out, words(", "))
		}
		out = append(out, one...)
	}
	if len(list) > 0 {
		out = append(out, words(". "))
	} else {
		out = append(out, words("Here that is next to nothing. "))
	}
	if t.TPOTP99 > 0 && t.TPOTP50 > 0 {
		out = append(out, say("A request of "+quantity.Integer(v.r.Scenario.Out)+" tokens averages over its steps: half of them wait ",
			v.figure("tail.tpot_p50_s", quantity.Seconds), " a token, one in 100 ", v.figure("tail.tpot_p99_s", quantity.Seconds), ".")...)
	}
	return out
}

// adds tells whether a cause makes more of a tail than there is without any: contexts grow, and prompts end.
func (v *voice) adds(id string) bool {
	bare := v.r.TailBare()
	return bare.P50 <= 0 || v.r.Tail.Alone[id]-bare.P99/bare.P50 > 5e-4
}

// tailSubjects are the causes as the prose says them, the likeliest first.
var tailSubjects = []struct{ id, text, verb string }{
	{"prefill", "the prompts of others", "put"}, {"moves", "moving experts", "puts"},
	{"domain", "a changing mix of domains", "puts"}, {"batch", "uneven replicas", "put"}, {"speed", "GPUs of unequal speed", "put"},
}

// at is above, behind "the P99".
func (v *voice) at(id string, ratio float64) Text {
	if ratio < 1.1 {
		return v.above(id, ratio)
	}
	return append(say("at "), v.above(id, ratio)...)
}

// above says how far over the median the P99 is: "0.9 % above the median", "5.6 times the median".
func (v *voice) above(id string, ratio float64) Text {
	if ratio < 1.1 {
		return say(v.as(id, quantity.Share.Text(v.units, ratio-1)), " above the median")
	}
	return say(v.as(id, quantity.Times(ratio)), " the median")
}

// left tells whether the scenario leaves a cause out.
func (v *voice) left(id string) bool {
	return !Field{Chosen: v.r.Scenario.Without}.Ticked(id)
}

// causeOptions are the boxes of the causes.
func causeOptions() []Option {
	for _, f := range scenario.Fields() {
		if f.Key == "without" {
			return choices(f.Choices)
		}
	}
	return nil
}

// percentileOptions are the percentiles that an objective may hold at; the scenario's own is one of them.
func (v *voice) percentileOptions() []Option {
	own := objective(v.r.Scenario.Pct)
	var out []Option
	seen := false
	for _, p := range []string{"50", "90", "99", "99.9"} {
		out = append(out, Option{p, "P" + p})
		seen = seen || p == own
	}
	if !seen {
		out = append(out, Option{own, "P" + own})
	}
	return out
}
