package story

import (
	"math"
	"strconv"

	"moecost/core/plan"
	"moecost/core/quantity"
	"moecost/core/scenario"
)

// PlanID is the id of the section of the plan. It is said apart from the others, because a search
// comes before it.
const PlanID = "plan"

// Plan says what a search for the cheapest deployment has found so far. ask is the scenario that was planned for; r is
// nil before there is anything.
func Plan(ask scenario.Scenario, r *plan.Result) Section {
	p := planned{ask, r}
	if r == nil {
		p.r = &plan.Result{}
	}
	s := Section{ID: PlanID, Number: 7, Name: "Plan", Prose: p.prose(), Frames: []Frame{p.choiceFrame(), p.frontFrame(), p.othersFrame(), p.changesFrame(), p.billFrame()}}
	s.Finding = p.finding()
	if r == nil {
		for i := range s.Frames {
			s.Frames[i].Pending, s.Frames[i].Run = true, "Not searched yet."
		}
	}
	return s
}

// PlanSaid is the section with how its numbers come about, as one program gives it to another.
type PlanSaid struct {
	Section     Section
	Derivations []Derivation
}

// SayPlan says a search that has found something.
func SayPlan(ask scenario.Scenario, r *plan.Result) PlanSaid {
	return PlanSaid{Plan(ask, r), PlanDerivations(r)}
}

// planned writes the numbers of a plan into sentences.
type planned struct {
	ask scenario.Scenario
	r   *plan.Result
}

func dollars(v float64) string { return quantity.Dollars.Text(quantity.Decimal, v) }

// milliseconds is an objective as it was set: "50 ms", "2 s".
func milliseconds(ms float64) string {
	if ms >= 1000 {
		return objective(ms/1000) + "\u00a0s"
	}
	return objective(ms) + "\u00a0ms"
}

// opensAs is the deployment as the page shows it, in words that lead there.
func opensAs(text string, p *plan.Plan) Span { return Span{Text: text, Apply: p.Query} }

func (p planned) finding() Text {
	best := p.r.Best
	switch {
	case p.r.Phase == "":
		return say("The cheapest deployment that keeps the objectives is searched for once this is in sight.")
	case best == nil && !p.r.Done:
		return say("Nothing that keeps the objectives has been found yet.")
	case best == nil && !p.promised():
		return append(say("Nothing that was tried serves this traffic"+p.within()+". "), p.nearest()...)
	case best == nil:
		return append(say("Nothing that was tried keeps the objectives"+p.within()+". "), p.nearest()...)
	}
	is := " are the cheapest"
	if best.GPUs == 1 {
		is = " is the cheapest"
	}
	return say(opensAs(capital(cards(best.GPUs, best.GPUName)), best), divided(best)+is+p.keep()+": ", planFigure("best.usd_per_hour", dollars(best.PerHour)), " an hour, ", planFigure("best.usd_per_m_output", dollars(best.Output)), " a million output tokens.")
}

// token is the objective of a token after the first, where there is one; 0: none.
func (p planned) token() float64 {
	if p.ask.Out <= 1 {
		return 0
	}
	return p.ask.TPOT
}

// promised tells whether any objective counts.
func (p planned) promised() bool { return p.token() > 0 || p.ask.TTFT > 0 }

// keep says which objectives hold.
func (p planned) keep() string {
	token, first := p.token(), p.ask.TTFT
	at := " at P" + objective(p.ask.Pct)
	switch {
	case token > 0 && first > 0:
		return " within " + milliseconds(token) + " a token and " + milliseconds(first) + " to the first" + at
	case token > 0:
		return " within " + milliseconds(token) + " a token" + at
	case first > 0:
		return " within " + milliseconds(first) + " to the first token" + at
	}
	return " for this traffic, with no objective set"
}

func (p planned) within() string {
	if p.ask.Budget > 0 {
		return " within " + dollars(p.ask.Budget) + " an hour"
	}
	return ""
}

// nearest is what failed least.
func (p planned) nearest() Text {
	var best *plan.Other
	for i := range p.r.Others {
		o := &p.r.Others[i]
		if o.Reason == "size" { // one copy keeps the objectives; only the traffic is too much
			return say(o.Why)
		}
		if o.Over > 0 && (best == nil || o.Over < best.Over) {
			best = o
		}
	}
	switch {
	case best == nil && len(p.r.Others) > 0:
		return say(p.r.Others[0].Why)
	case best == nil:
		return nil
	}
	return say("Nearest is " + kindOf(best) + ". " + best.Why)
}

// second is the cheapest of another kind that keeps the objectives.
func (p planned) second() *plan.Other {
	for i := range p.r.Others {
		if o := &p.r.Others[i]; o.Reason == "dearer" && o.Over > 1 {
			return o
		}
	}
	return nil
}

// divided says how a plan uses its GPUs, where it does not use them as one.
func divided(p *plan.Plan) string {
	switch {
	case p.Split && p.Prefill != nil:
		return ", " + quantity.Integer(int64(p.Prefill.Copies*p.Prefill.GPUs)) + " of them for prefill,"
	case p.Main.Copies > 1:
		return " in " + quantity.Integer(int64(p.Main.Copies)) + " copies"
	}
	return ""
}

// copies are the instances of a pool: "2 copies of 8 GPUs (DP 8, EP 8)".
func copies(p *plan.Pool) string {
	text := "one GPU"
	if p.GPUs > 1 {
		text = strconv.Itoa(p.GPUs) + " GPUs"
	}
	if p.Copies > 1 {
		text = quantity.Integer(int64(p.Copies)) + " copies of " + text
	}
	if p.GPUs > 1 && p.Words != "" {
		text += " (" + p.Words + ")"
	}
	return text
}

// kindOf is what the runners-up differ in: "H200 SXM, prefill on GPUs of its own".
func kindOf(o *plan.Other) string {
	text := o.GPUName + ", " + o.Style
	if f := formats(o.Weights, o.KV); f != "" {
		text += ", " + f
	}
	return text
}

// formats are those of weights and cache where they are not the model's own.
func formats(weights, kv string) string {
	text := ""
	if weights != "" {
		text = weights + " weights"
	}
	if kv != "" && kv != "bf16" {
		if text != "" {
			text += ", "
		}
		text += kv + " cache"
	}
	return text
}

// traffic is what is planned for.
func (p planned) traffic() string {
	text := ""
	switch {
	case p.ask.Rate >= 1000:
		text = quantity.Integer(int64(math.Round(p.ask.Rate))) + " requests a second"
	case p.ask.Rate == 1:
		text = "one request a second"
	case p.ask.Rate > 0:
		text = objective(p.ask.Rate) + " requests a second"
	case p.ask.Batch == 1:
		text = "one user, who asks again at once"
	default:
		text = count(int64(p.ask.Batch), "user") + ", who ask again at once"
	}
	text += ", of " + count(int64(p.ask.In), "token") + " in and " + quantity.Integer(int64(p.ask.Out)) + " out on average"
	if p.ask.Prefix > 0 {
		text += ", " + quantity.Share.Text(quantity.Decimal, p.ask.Prefix) + " of the prompt cached"
	}
	return text
}

func (p planned) prose() Text {
	text := say("Planned for " + p.traffic() + ". Objectives hold on the percentile, not on the mean. ")
	best := p.r.Best
	switch {
	case p.r.Phase == "":
		return append(text, words("Layouts, numbers of GPUs, chunks, drafts and spare experts are all tried, on the accelerators that you name."))
	case best == nil || !p.promised():
	case !best.Sure:
		text = append(text, words("At the slow end of its 80 % range this deployment misses an objective. "))
	default:
		text = append(text, words("It keeps them at the slow end of its 80 % ranges, too. "))
	}
	text = append(text, words(quantity.Integer(int64(p.r.Tried))+" deployments under a load were looked at, "+quantity.Integer(int64(p.r.Looked))+" of "+quantity.Integer(int64(p.r.Shapes))+" layouts."))
	if best != nil && p.r.Bound > 0 {
		text = append(text, words(" By the closed form none of them costs less than "+dollars(p.r.Bound)+" an hour."))
	}
	if best != nil && best.Simulated {
		text = append(text, words(" The percentiles of the plan are simulated; those of the others are of a closed form."))
	} else if best != nil {
		text = append(text, words(" Percentiles are of a closed form."))
	}
	if p.ask.TPOT == 0 && p.ask.TTFT == 0 && p.ask.Out > 1 {
		text = append(text, words(" No objective is set: "), Span{Text: "ask for 50 ms a token and 2 s to the first", Apply: applied(p.ask, "tpot=50&ttft=2000")}, words("."))
	}
	if next := p.second(); next != nil {
		text = append(text, words(" The next best kind, "+kindOf(next)+", costs "+quantity.Times(next.Over)+" as much."))
	}
	for _, note := range p.r.Notes {
		text = append(text, words(" "+note))
	}
	return text
}

// time is a percentile with its range.
func (p planned) time(t plan.Time) string {
	if !(t.Percentile > 0) || math.IsInf(t.Percentile, 0) {
		return quantity.Unknown
	}
	return quantity.Seconds.Predicted(quantity.Decimal, t.Percentile, t.Low, t.High).String()
}
