package offload

import (
	"strconv"
	"strings"

	"moecost/core/serving"
)

// Origin says where the value of a term comes from.
type Origin uint8

// The origins.
const (
	FromModel   Origin = iota // shapes and number formats
	FromRouting               // experts that a step asks for: core/routing
	FromCache                 // what GPUs hold of them: core/offload/cache
	FromMachine               // rates of link, CPU and drive: the scenario's or the host's
	FromFit                   // Fitted
	FromTokens                // measured cost of several tokens: tokenCost
	FromStep                  // other parts of the same step
	FromSetting               // the scenario: recall
)

// Term is one symbol of an Account. Values is instead of Value inside sum(), one for
// each layer.
type Term struct {
	Symbol, Name string
	Value        float64
	Values       []float64
	Unit         string // as serving.AccountTerm's
	Origin       Origin
}

// Account is what a step waits for experts that are not on the GPU, as a formula. It is another
// computation of what Time says, from the terms that it shows.
type Account struct {
	Formula string
	Terms   []Term
}

type account struct {
	Account
	p     *Plan
	parts []string
}

func (a *account) term(symbol, name string, value float64, unit string, from Origin) string {
	for i := range a.Terms {
		if a.Terms[i].Symbol == symbol {
			return symbol
		}
	}
	a.Terms = append(a.Terms, Term{Symbol: symbol, Name: name, Value: value, Unit: unit, Origin: from})
	return symbol
}

func (a *account) list(symbol, name string, values []float64, unit string, from Origin) string {
	a.Terms = append(a.Terms, Term{Symbol: symbol, Name: name, Values: values, Unit: unit, Origin: from})
	return symbol
}

// Account writes out the wait of a step under a policy.
func (p *Plan) Account(policy Policy, w serving.Work) Account {
	s := p.timing.Stack(w, p.order)
	a := account{p: p}
	if policy < CPU || p.Computes() {
		lacks := p.lacks(&s, policy != OnDemand)
		prefill := w.Prefill > 0
		for i := range lacks {
			if lacks[i].missing <= 0 {
				continue
			}
			switch {
			case prefill && policy >= CPU && p.prefillOnCPU(&s, lacks).Seconds < p.streamed(&s, lacks).Seconds:
				a.computedPrompt(&s, lacks, i)
			case prefill && p.Setting.Mapped > 0, policy < Prefetch && !prefill:
				a.parts = append(a.parts, a.layers(i, float64(lacks[i].kind.Layers))+"*("+a.fetch(i, &lacks[i])+")")
			case prefill:
				a.overlapped(&s, i, &lacks[i])
			case policy == Prefetch:
				a.predicted(&s, i, &lacks[i])
			default:
				a.divided(&s, i, &lacks[i], &p.computing(policy, &s, lacks)[i])
			}
		}
	}
	a.Formula = strings.Join(a.parts, " + ")
	if a.Formula == "" {
		a.Formula = "0"
	}
	return a.Account
}

func number(letter string, kind int) string { return letter + strconv.Itoa(kind+1) }

func (a *account) layers(kind int, count float64) string {
	return a.term(number("n", kind), "MoE layers", count, "layers", FromModel)
}

// fetch is the copy of all that a layer lacks, and the reads before it.
func (a *account) fetch(kind int, n *needs) string {
	copied := ""
	if n.linkBytes > 0 {
		copied = a.missing(kind, n) + "*" + a.term(number("b", kind), "bytes of an expert on one GPU", n.kind.Shard, "bytes", FromModel) + "/" + a.link()
	}
	if n.drive == 0 {
		return copied
	}
	if copied != "" {
		copied += " + "
	}
	return copied + a.drive(kind, n)
}

// shareHad names the hit rate.
const shareHad = "share of the experts asked for that GPUs have"

func (a *account) missing(kind int, n *needs) string {
	return "(1 - " + a.term(number("h", kind), shareHad, n.hit, "share", FromCache) + ")*" +
		a.term(number("e", kind), "distinct experts asked of the busiest rank", n.kind.Busiest, "experts", FromRouting)
}

func (a *account) link() string {
	return a.term("W", "rate of the host link", a.p.Setting.Link, "bytes/s", FromMachine)
}

func (a *account) drive(kind int, n *needs) string {
	v := a.term("V", "rate of the drive", a.p.Setting.NVMe, "bytes/s", FromMachine)
	q := a.term("q", "share of it that reads of experts reach", a.p.driveRate()/a.p.Setting.NVMe, "share", FromFit)
	return a.term(number("s", kind), "share of the experts asked for that is on the drive", n.slow, "share", FromCache) + "*" +
		a.term(number("d", kind), "distinct experts asked for", n.kind.Distinct, "experts", FromRouting) + "*" +
		a.term(number("o", kind), "bytes of an expert", n.kind.Bytes, "bytes", FromModel) + "/(" + v + "*" + q + ")"
}

// overlapped copies what a prompt's layers lack beside a window of the GPU's work.
func (a *account) overlapped(s *serving.Stack, kind int, n *needs) {
	windows, _ := windowsOf(s, kind, 0)
	a.parts = append(a.parts, "sum(max("+a.fetch(kind, n)+" - "+a.list(number("w", kind), "work of the GPU between the choices of two layers", windows, "s", FromStep)+", 0))")
}

// windowsOf is the work of the GPU before each layer of a kind asks for its experts, since the layer before has chosen its
// own; and how many of the kind are among the first layers, which have nothing before them.
func windowsOf(s *serving.Stack, kind, cold int) (windows []float64, first int) {
	before := 0.0
	for i := range s.Layers {
		l := &s.Layers[i]
		switch {
		case l.Kind == kind && i < cold:
			first++
		case l.Kind == kind:
			windows = append(windows, before+l.Before)
		}
		before = l.Shared + l.Experts
	}
	return windows, first
}

// predicted copies a share of a layer's experts ahead, beside a window of the GPU's work, and the rest
// when it is asked for. Layers with the same window are one part.
func (a *account) predicted(s *serving.Stack, kind int, n *needs) {
	fetch := "(" + a.fetch(kind, n) + ")"
	windows, first := windowsOf(s, kind, 1)
	if first > 0 {
		a.parts = append(a.parts, fetch)
	}
	if len(windows) == 0 {
		return
	}
	set := &a.p.Setting
	share := a.term("a", "experts predicted a layer ahead, right and wrong, as a share of those needed", set.Recall+set.Waste, "share", FromSetting) + "*" + fetch
	by := missingByChance(n.kind.Busiest, 1-n.hit)
	open, end := "max(", ", 0)"
	if len(by.chance) > 1 {
		open = "sum(" + a.list(number("p", kind), "chance that a layer misses none, one, two … of the experts that it asks for", by.chance, "share", FromCache) + "*max(" +
			a.list(number("k", kind), "so many over their mean", by.over, "ratio", FromCache) + "*"
		end += ")"
	}
	for part := 0; len(windows) > 0; part++ {
		window, count := windows[0], 0
		others := windows[:0]
		for _, w := range windows {
			if w == window {
				count++
			} else {
				others = append(others, w)
			}
		}
		windows = others
		id := kind*partsOfKind + part
		a.parts = append(a.parts, a.term(number("l", id), "MoE layers with this much work before them", float64(count), "layers", FromModel)+"*"+open+share+" - "+
			a.term(number("w", id), "work of the GPU between the choices of two layers", window, "s", FromStep)+end)
	}
	if set.Refetch {
		all, _ := windowsOf(s, kind, 1)
		a.parts = append(a.parts, a.term(number("m", kind), "MoE layers with a prediction", float64(len(all)), "layers", FromModel)+"*(1 - "+
			a.term("r", "recall of the predictor", set.Recall, "share", FromSetting)+")*"+fetch)
	}
}

// partsOfKind numbers the parts of a kind apart from those of the next.
const partsOfKind = 1000

// divided is a layer whose experts CPU and GPU share.
func (a *account) divided(s *serving.Stack, kind int, n *needs, c *computed) {
	var copied, cpu string
	if c.linkBytes > 0 {
		copied = a.term(number("c", kind), "share of the missing experts that is copied: those with the most tokens", c.linkBytes/n.linkBytes, "share", FromRouting) + "*" +
			a.missing(kind, n) + "*" + a.term(number("b", kind), "bytes of an expert on one GPU", n.kind.Shard, "bytes", FromModel) + "/" + a.link()
	}
	if c.cpu > 0 {
		cpu = a.processor(kind, n, c.units)
	}
	a.besides(s, kind, n, copied, cpu, c.local, c.whole > 0)
}

// computedPrompt is a layer of a prompt whose missing experts the CPU computes.
func (a *account) computedPrompt(s *serving.Stack, lacks []needs, kind int) {
	n := &lacks[kind]
	cpu := a.processor(kind, n, n.missing*costOf(n.kind.Routed*n.kind.Copies/n.kind.Distinct))
	a.besides(s, kind, n, "", cpu, n.hit, a.p.Setting.Mapped > 0)
}

// processor is the CPU's time for a layer.
func (a *account) processor(kind int, n *needs, experts float64) string {
	rate, part := a.term("M", "rate at which the CPU reads experts", a.p.Setting.CPU, "bytes/s", FromMachine), ""
	if a.p.Setting.Mapped > 0 {
		part = "(1 - " + a.term(number("h", kind), shareHad, n.hit, "share", FromCache) + ")*"
		rate = "(" + rate + "*" + a.term("k", "of that, what llama.cpp reaches", a.p.fitted.Mapped, "share", FromFit) + ")"
	}
	return a.term(number("u", kind), "experts that the CPU computes, those with several tokens by what they cost more", experts, "experts", FromTokens) + "*" +
		a.term(number("o", kind), "bytes of an expert", n.kind.Bytes, "bytes", FromModel) + "/" + rate + " + " + part +
		a.term("y", "hand-over between GPU and CPU in a layer", a.p.fitted.Sync, "s", FromFit)
}

// besides puts together what a layer waits for: its copies, what the CPU takes longer than the
// GPU, and the drive.
func (a *account) besides(s *serving.Stack, kind int, n *needs, copied, cpu string, local float64, whole bool) {
	layers := func() string { return a.layers(kind, float64(n.kind.Layers)) }
	if copied != "" {
		a.parts = append(a.parts, layers()+"*"+copied)
	}
	switch {
	case cpu != "" && whole:
		a.parts = append(a.parts, layers()+"*("+cpu+")")
	case cpu != "":
		var own []float64
		for i := range s.Layers {
			if l := &s.Layers[i]; l.Kind == kind {
				own = append(own, l.Shared+local*l.Experts)
			}
		}
		less := a.list(number("g", kind), "experts of a layer that the GPU computes meanwhile", own, "s", FromStep)
		if copied != "" {
			less += " - " + copied
		}
		a.parts = append(a.parts, "sum(max("+cpu+" - "+less+", 0))")
	}
	if n.drive > 0 {
		a.parts = append(a.parts, layers()+"*"+a.drive(kind, n))
	}
}
