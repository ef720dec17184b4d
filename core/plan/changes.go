package plan

import (
	"math"
	"slices"

	"moecost/core/scenario"
	"moecost/core/serving"
)

// changes are the searches for what the plan would be if something were otherwise.
type changes struct {
	units   int
	started bool
	base    choice
	same    float64 // what the search of changes finds for the question itself, dollars per hour: what others are compared with
	list    []alteration
	at      int
	now     *Search
	found   []Change
	layouts map[layoutOf]bool // that are looked at again
	chunks  []int64
}

// layoutOf is a shape but for its spare experts and formats.
type layoutOf struct {
	gpu    string
	layout serving.Layout
}

// alteration is one thing that is otherwise.
type alteration struct {
	id, name string
	scenario scenario.Scenario
}

func (c *changes) done() bool { return c.started && c.at >= len(c.list) }

// perChange is about how many units one change takes.
const perChange = 50

func (c *changes) total() int {
	if !c.started {
		return perChange * 18
	}
	return c.units + (len(c.list)-c.at)*perChange
}

// mostLayouts are looked at again for every change, those that came nearest to the plan's cost, with the plan's chunk
// and its neighbours. A change under which another would be best is then found a little dearer than it is.
const mostLayouts = 24

// change does one unit of the searches.
func (s *Search) change() {
	c := &s.changes
	c.units++
	if !c.started {
		s.startChanges()
		return
	}
	if c.now == nil {
		q := s.q
		q.Scenario = c.list[c.at].scenario
		sub := &Search{q: q, models: s.models, quiet: true, perDoubling: 1}
		if q.popularity() == s.popular {
			sub.routes = s.routes
		}
		if sub.prepare() != nil { // an alteration that cannot be: leave it out
			c.at++
			return
		}
		sub.chunks = c.chunks
		sub.shapes = slices.DeleteFunc(sub.shapes, func(h *shape) bool { return !c.layouts[layoutOf{h.of.gpu.ID, h.layout}] })
		sub.prior = s.learned()
		c.now = sub
		return
	}
	if c.now.looked < len(c.now.shapes) {
		c.now.Advance(1)
		return
	}
	c.now.learn()
	if found := s.compare(c.list[c.at], c.now); found.ID == "" {
		c.same = found.PerHour
	} else {
		c.found = append(c.found, found)
	}
	c.now = nil
	c.at++
}

func (s *Search) startChanges() {
	c := &s.changes
	c.started = true
	all := s.cheapest()
	if len(all) == 0 {
		return
	}
	c.base = all[0]
	c.layouts = s.nearest()
	for i, n := range chunks {
		near := func(v *solved) bool {
			at := slices.Index(chunks, v.chunk)
			return v.mode != modeDecode && i >= at-1 && i <= at+1
		}
		if near(c.base.main) || c.base.prefill != nil && near(c.base.prefill) {
			c.chunks = append(c.chunks, n)
		}
	}
	c.list = append([]alteration{{scenario: s.q.Scenario}}, s.alterations()...) // the question itself first
}

// nearest are the layouts whose cost bound is nearest to the plan's.
func (s *Search) nearest() map[layoutOf]bool {
	type bound struct {
		at      layoutOf
		dollars float64
	}
	var all []bound
	for i := range s.solved {
		v := &s.solved[i]
		demand := s.demand(v.mode, s.changes.base.at.rate*float64(s.changes.base.copies))
		// Of dollars per demand, so that a change of the demand does not ask for other sizes only.
		all = append(all, bound{layoutOf{v.shape.of.gpu.ID, v.shape.layout}, v.shape.dollars() / v.serves(&s.t) * demand})
	}
	slices.SortStableFunc(all, func(a, b bound) int { return sign(a.dollars - b.dollars) })
	out := map[layoutOf]bool{}
	put := func(v *solved) {
		if v != nil {
			out[layoutOf{v.shape.of.gpu.ID, v.shape.layout}] = true
		}
	}
	for _, c := range s.cheapest() {
		put(c.main)
		put(c.prefill)
	}
	for _, b := range all {
		if len(out) >= mostLayouts {
			break
		}
		out[b.at] = true
	}
	return out
}

// compare makes a change of what a search found.
func (s *Search) compare(a alteration, sub *Search) Change {
	out := Change{ID: a.id, Name: a.name}
	all := sub.cheapest()
	if len(all) == 0 {
		return out
	}
	best := &all[0]
	if same, ok := sub.sameAs(&s.changes.base); ok && same.dollars <= best.dollars*(1+1e-9) {
		best = &same
	} else {
		out.Shape = true
	}
	if a.id == "" {
		out.PerHour = best.dollars
		return out
	}
	out.Ratio = best.dollars / s.changes.same
	out.PerHour = out.Ratio * s.changes.base.dollars
	out.Plan = sub.plan(best)
	return out
}

// sameAs is the deployment of another search's choice here: the same layouts, with the copies that are needed now.
func (s *Search) sameAs(c *choice) (choice, bool) {
	alike := func(v, w *solved) bool {
		return v.mode == w.mode && v.shape.of.gpu.ID == w.shape.of.gpu.ID && v.shape.layout == w.shape.layout && v.shape.of.weights == w.shape.of.weights &&
			(v.drafts > 0) == (w.drafts > 0)
	}
	var mains, feeds []*solved
	for i := range s.solved {
		v := &s.solved[i]
		if !v.dead && alike(v, c.main) {
			mains = append(mains, v)
		}
		if !v.dead && c.prefill != nil && alike(v, c.prefill) {
			feeds = append(feeds, v)
		}
	}
	out, ok := s.pick(mains, s.demand(c.main.mode, 0))
	if !ok || c.prefill == nil {
		return out, ok
	}
	feed, ok := s.pick(feeds, s.feedRate(&out))
	out.prefill, out.feed, out.feeding = feed.main, feed.at, feed.copies
	out.dollars += feed.dollars
	return out, ok
}

// Prices that a link can name: core/scenario refuses others, and would fall back to the table's.
const (
	leastPrice = 0.001
	mostPrice  = 10_000
)

// alterations are the things that a plan hangs on, each a little otherwise.
func (s *Search) alterations() []alteration {
	ask := s.q.Scenario
	var all []alteration
	add := func(id, name string, change func(*scenario.Scenario)) {
		other := ask
		change(&other)
		if other != ask {
			all = append(all, alteration{id, name, other})
		}
	}
	if ask.TPOT > 0 {
		add("tpot-", "TPOT objective a fifth shorter", func(o *scenario.Scenario) { o.TPOT *= 0.8 })
		add("tpot+", "TPOT objective a quarter longer", func(o *scenario.Scenario) { o.TPOT *= 1.25 })
	}
	if ask.TTFT > 0 {
		add("ttft-", "TTFT objective half as long", func(o *scenario.Scenario) { o.TTFT *= 0.5 })
		add("ttft+", "TTFT objective twice as long", func(o *scenario.Scenario) { o.TTFT *= 2 })
	}
	if ask.TPOT > 0 || ask.TTFT > 0 {
		add("pct-", "objectives on the median", func(o *scenario.Scenario) { o.Pct = 50 })
		add("pct+", "objectives on the P99", func(o *scenario.Scenario) { o.Pct = 99 })
		add("sure", "objectives at the slow end of the 80 % ranges", func(o *scenario.Scenario) {
			timing := s.timing(s.changes.base.main.shape, s.changes.base.prefill != nil)
			class := timing.DecodeClass(s.runLoad(s.changes.base.main, &s.changes.base.at))
			o.TPOT /= serving.RangeOf(class).High
			o.TTFT /= serving.RangeOf(firstClass(class)).High
		})
	}
	if s.q.Counts == nil && s.q.Model.MoE() != nil {
		add("skew-", "all experts equally popular", func(o *scenario.Scenario) { o.Skew = 0 })
		add("skew+", "popularity more skewed by half", func(o *scenario.Scenario) { o.Skew = math.Min(ask.Skew+0.5, 4) })
	}
	price := s.changes.base.main.shape.of
	if price.price*0.75 >= leastPrice {
		add("price-", price.gpu.Name+" a quarter cheaper", func(o *scenario.Scenario) { s.reprice(o, price, 0.75) })
	}
	if price.price*1.25 <= mostPrice {
		add("price+", price.gpu.Name+" a quarter dearer", func(o *scenario.Scenario) { s.reprice(o, price, 1.25) })
	}
	add("in-", "prompts half as long", func(o *scenario.Scenario) { o.In = max(o.In/2, 1) })
	add("in+", "prompts twice as long", func(o *scenario.Scenario) { o.In = min(2*o.In, scenario.MaxTokens/2) })
	add("out-", "outputs half as long", func(o *scenario.Scenario) { o.Out = max(o.Out/2, 1) })
	add("out+", "outputs twice as long", func(o *scenario.Scenario) { o.Out = min(2*o.Out, 1_000_000) })
	if ask.Prefix < 0.5 {
		add("prefix", "half of the prompt cached", func(o *scenario.Scenario) { o.Prefix = 0.5 })
	} else {
		add("prefix", "nothing of the prompt cached", func(o *scenario.Scenario) { o.Prefix = 0 })
	}
	for _, e := range []string{"vllm", "sglang", "trtllm"} {
		if engine, ok := serving.EngineByID(e); ok && ask.Engine != "llamacpp" {
			add("engine "+e, engine.Name+" as the engine", func(o *scenario.Scenario) { o.Engine = e })
		}
	}
	add("lossy", "narrower number formats allowed", func(o *scenario.Scenario) { o.Lossy = true })
	return all
}

// reprice multiplies the price of one accelerator.
func (s *Search) reprice(o *scenario.Scenario, c *candidate, by float64) {
	among := ""
	for _, a := range o.Accelerators() {
		if among != "" {
			among += ","
		}
		price := a.Price
		if a.ID == c.gpu.ID {
			price = math.Round(c.price*by*1e6) / 1e6
		}
		among += a.ID
		if price > 0 {
			among += ":" + trimmed(price)
		}
	}
	o.Among = among
}
