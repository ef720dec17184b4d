package plan

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Result is what has been found so far.
func (s *Search) Result() Result {
	r := Result{
		Phase: s.Phase(), Notes: s.notes, Tried: s.tried, Shapes: len(s.shapes), Looked: s.looked,
		Front: s.pareto(),
	}
	r.Done = r.Phase == "done"
	all := s.cheapest()
	if len(all) > 0 && s.affordable(&all[0]) {
		r.Best = s.plan(&all[0])
		r.Best.Arithmetic = s.arithmetic(&all[0], r.Best)
		all = all[1:]
	}
	if r.Best != nil {
		day := r.Best.Day(s.q.Scenario)
		r.Day = &day
		if r.Best.Split && s.t.rate == 0 {
			r.Notes = append(slices.Clone(s.notes), "Where prefill runs apart, users are counted while they decode: those who wait for a first token come on top, so that this plan serves more than were asked for.")
		}
		// A simulation that is kinder than the closed form may find a plan below what that would bound.
		if b := s.checks.bound; b > 0 && b <= r.Best.PerHour*(1+1e-9) {
			r.Bound, r.Gap = b, max(r.Best.PerHour/b-1, 0)
		}
	}
	r.Others = s.others(r.Best, all)
	r.Changes = slices.Clone(s.changes.found)
	return r
}

func (s *Search) affordable(c *choice) bool {
	return s.q.Scenario.Budget == 0 || c.dollars <= s.q.Scenario.Budget
}

// plan writes a choice out.
func (s *Search) plan(c *choice) *Plan {
	can := c.main.shape.of
	p := &Plan{
		GPU: can.gpu.ID, GPUName: can.gpu.Name, Weights: can.weights, KV: can.kvID, Engine: can.engine.ID,
		Style: c.main.shape.style(c.main.mode).String(), Split: c.prefill != nil,
		GPUs: c.gpus(), Price: can.price, PriceFrom: priceSource(can), PerHour: c.dollars, Watts: float64(can.gpu.Watts),
		Requests: c.at.rate * float64(c.copies),
		Main:     s.pool(c.main, c.copies, &c.at),
	}
	if s.t.rate > 0 {
		p.Requests = s.t.rate // which the load of a copy is only found near
	}
	first := &c.at
	if c.prefill != nil {
		feed := s.pool(c.prefill, c.feeding, &c.feed)
		p.Prefill, first = &feed, &c.feed
	}
	timing := s.timing(c.main.shape, c.prefill != nil)
	load := s.runLoad(c.main, &c.at)
	class := timing.DecodeClass(load)
	if c.main.shape.host > 0 {
		class = serving.Offloaded
	}
	p.TPOT = timeOf(class, c.at.tpot, c.at.tpotPct, s.t.tpot, c.main.bias.tpot)
	bias := c.main.bias.ttft
	if c.prefill != nil {
		bias = c.prefill.bias.ttft
	}
	p.TTFT = timeOf(firstClass(class), first.ttft, first.ttftPct, s.t.ttft, bias)
	if v, ok := s.verdictOf(c); ok {
		if p.Simulated = v.ok && !v.closed; p.Simulated {
			p.TPOT.Mean, p.TTFT.Mean = v.tpotMean, v.ttMean
		}
	}
	p.Sure = p.TPOT.High <= s.t.tpot && p.TTFT.High <= s.t.ttft
	tokens := p.Requests * 3600 / 1e6
	p.Output = c.dollars / (tokens * s.t.output)
	p.Tokens = c.dollars / (tokens * (s.t.output + s.t.prompt))
	p.Scenario = s.scenario(c, load)
	p.Query = scenario.Encode(p.Scenario)
	return p
}

// firstClass is the class of a time to first token under load.
func firstClass(decode serving.Class) serving.Class {
	if decode == serving.Unmeasured || decode == serving.Offloaded {
		return decode
	}
	return serving.LoadedFirst
}

func timeOf(class serving.Class, mean, percentile, objective, bias float64) Time {
	t := Time{Mean: mean, Percentile: percentile, Closed: percentile}
	if bias > 0 {
		t.Percentile *= bias
	}
	p := serving.Predict(class, t.Percentile, 0)
	t.Low, t.High = p.Low, p.High
	if !math.IsInf(objective, 1) {
		t.Objective = objective
	}
	return t
}

// runLoad is the load of one copy: as many sequences as it may run.
func (s *Search) runLoad(v *solved, p *point) serving.Load {
	return serving.Load{
		Batch: s.batch(v, p), Prompt: int64(s.t.prompt), Output: int64(s.t.output), Chunk: v.chunk, Draft: v.drafts, Spare: v.shape.spare,
		Host: v.shape.host, Cache: v.shape.cache,
	}
}

// batch is the most sequences that a copy should run at once: on each replica what it runs, and four standard
// deviations of a random number more, so that a request hardly ever waits for a place. Where prompts wait for places, replicas
// that prefill together do so for few prompts at a time, and all is slower: a limit too tight can tip a deployment over.
func (s *Search) batch(v *solved, p *point) int64 {
	dp := float64(v.shape.layout.DP)
	each := max(p.inside/dp, 1)
	if s.t.rate > 0 {
		each += 4 * math.Sqrt(each)
	}
	n := math.Ceil(each) * dp
	if u, ok := s.unitOf(v); ok {
		n = min(n, u.seats)
	}
	return int64(n)
}

func (s *Search) pool(v *solved, copies int, p *point) Pool {
	l := v.shape.layout
	out := Pool{
		Host: v.shape.host, Cache: v.shape.cache,
		Copies: copies, GPUs: l.GPUs, Layout: l, TP: l.TP, PP: l.PP, EP: l.EP, DP: l.DP, Words: l.String(), Spare: v.shape.spare, Chunk: v.chunk, Draft: v.drafts,
		Running: p.running, Rate: p.rate, Most: v.most.rate, Busy: p.prefill, Step: p.step,
	}
	if u, ok := s.unitOf(v); ok {
		out.Seats = int64(u.seats)
	}
	if v.mode != modePrefill {
		out.Batch = s.batch(v, p)
	}
	if v.mode == modeDecode {
		out.Chunk = 0
	}
	return out
}

// scenario is one copy of a plan as a link opens it.
func (s *Search) scenario(c *choice, load serving.Load) scenario.Scenario {
	ask, l, can := s.q.Scenario, c.main.shape.layout, c.main.shape.of
	ask.GPU, ask.GPUs, ask.TP, ask.PP, ask.EP, ask.DP = can.gpu.ID, l.GPUs, l.TP, l.PP, l.EP, l.DP
	ask.Weights = can.weights
	if can.kvID != s.q.KV && !(s.q.KV == "" && can.kvID == "bf16") {
		ask.KV = can.kvID
	}
	ask.Batch, ask.Draft, ask.Spare = int(load.Batch), int(load.Draft), int(load.Spare)
	ask.Host, ask.Cache = math.Round(load.Host*1e6)/1e6, math.Round(load.Cache*1e6)/1e6
	ask.Chunk, ask.Split = int(c.main.chunk), c.prefill != nil
	if ask.EPLB == "off" && c.main.shape.eplb {
		ask.EPLB = "static"
	} else if !c.main.shape.eplb {
		ask.EPLB = "off"
	}
	if ask.Rate > 0 {
		rate := c.at.rate
		if c.copies > 0 {
			rate = s.t.rate / float64(c.copies)
		}
		ask.Rate = math.Round(rate*1e6) / 1e6
	} else {
		ask.Batch = int(math.Max(math.Round(c.at.users), 1))
	}
	if can.given {
		ask.Price = can.price
	} else {
		ask.Price = 0
	}
	return ask
}

// others says of every kind of deployment that is not the plan why.
func (s *Search) others(best *Plan, feasible []choice) []Other {
	var out []Other
	seen := map[family]bool{}
	if best != nil {
		for _, c := range s.candidates {
			for st := range styleCount {
				if c.gpu.ID == best.GPU && c.weights == best.Weights && c.kvID == best.KV && st.String() == best.Style {
					seen[family{c, st}] = true
				}
			}
		}
	}
	for i := range feasible {
		c := &feasible[i]
		f := family{c.main.shape.of, c.main.shape.style(c.main.mode)}
		seen[f] = true
		o := s.other(f)
		o.Plan = s.plan(c)
		switch {
		case best == nil || !s.affordable(c):
			o.Reason, o.Over = "budget", c.dollars/s.q.Scenario.Budget
			o.Why = fmt.Sprintf("It costs %s an hour, %s the budget.", quantity.Dollars.Text(quantity.Decimal, c.dollars), times(o.Over))
		default:
			o.Reason, o.Over = "dearer", c.dollars/best.PerHour
			o.Why = fmt.Sprintf("It needs %s %s and costs %s as much.", quantity.Integer(int64(c.gpus())), o.GPUName, times(o.Over))
			if o.Over < 1.0000001 {
				o.Why = "It costs as much."
				mine, its := fmt.Sprintf("%.1f", 1e3*best.TPOT.Percentile), fmt.Sprintf("%.1f", 1e3*o.Plan.TPOT.Percentile)
				if o.Plan.TPOT.Percentile > best.TPOT.Percentile && mine != its {
					o.Why = "It costs as much, and a token takes " + its + " ms in place of " + mine + "."
				}
			}
		}
		out = append(out, o)
	}
	for _, c := range s.candidates {
		for st := range styleCount {
			f := family{c, st}
			if seen[f] || !s.exists(f) {
				continue
			}
			o := s.other(f)
			switch near := s.failures[f]; {
			case s.serves(f):
				o.Reason = "size"
				o.Why = "No number of copies up to " + quantity.Integer(mostGPUs) + " GPUs serves all of the traffic."
			case near == nil:
				o.Reason = "memory"
				o.Why = "No number of GPUs that was tried holds weights and cache."
			case near.failed == tooSlow:
				o.Reason, o.Over = "tpot", near.over
				o.Why = "Even almost idle a token takes " + times(near.over) + " the objective."
			case near.failed == overload:
				o.Reason = "overload"
				o.Why = "Prompts come faster than they are prefilled."
			default:
				o.Reason, o.Over = "ttft", near.over
				o.Why = "Even almost idle the first token takes " + times(near.over) + " the objective."
			}
			out = append(out, o)
		}
	}
	return out
}

func (s *Search) other(f family) Other {
	return Other{GPU: f.of.gpu.ID, GPUName: f.of.gpu.Name, Weights: f.of.weights, KV: f.of.kvID, Style: f.style.String()}
}

// exists tells whether the space has deployments of a family.
func (s *Search) exists(f family) bool {
	for _, h := range s.shapes {
		if h.of == f.of && (f.style == split && s.apart(h) || f.style != split && h.style(modeTogether) == f.style) {
			return true
		}
	}
	return false
}

// times is a ratio above one in a sentence, which a rounded "1.00 times" would contradict.
func times(ratio float64) string {
	if ratio < 1.005 {
		return "a little over"
	}
	return quantity.Significant(ratio, 3) + " times"
}

// trimmed writes a price as a link has it.
func trimmed(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }

// serves tells whether some deployment of a family meets the objectives under some load: of separate pools both.
func (s *Search) serves(f family) bool {
	main, feeds := false, f.style != split
	for i := range s.solved {
		if v := &s.solved[i]; v.shape.of == f.of && v.shape.style(v.mode) == f.style && !v.dead {
			main, feeds = main || v.mode != modePrefill, feeds || v.mode == modePrefill
		}
	}
	return main && feeds
}
