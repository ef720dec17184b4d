package serving

import (
	"strconv"
	"strings"

	"moecost/core/routing"
)

// Origin says where the value of a term comes from.
type Origin uint8

// The origins.
const (
	FromModel    Origin = iota // shapes and number formats
	FromLoad                   // the scenario's batch, lengths and chunk
	FromLayout                 // parallelism
	FromGPU                    // the accelerator's own figures
	FromFit                    // fitted on measured rows: docs/accuracy.md
	FromTraces                 // launches counted in execution traces: kernels.go
	FromRouting                // expected experts and tokens of the busiest rank: core/routing
	FromTransfer               // measured collectives: assets/measurements/alltoall.csv
	FromStep                   // the other parts of the same step
	FromPass                   // an operator of a drafting module, timed as that of a layer
)

// AccountTerm is one symbol of an Account.
type AccountTerm struct {
	Symbol, Name string
	Value        float64
	Unit         string // "s", "bytes", "bytes/s", "FLOPs", "FLOP/s", "tokens" ...; empty for a pure number
	Origin       Origin
}

// Account is the time of one operator as a formula: what Step adds up, written out.
type Account struct {
	Formula string // + - * / ^, parentheses, min, max, of the symbols in Terms
	Terms   []AccountTerm
	FLOPs   float64 // multiplied on the busiest GPU, without rows that a kernel wastes
	Bytes   float64 // of its memory, read and written
}

// account collects the parts of one operator of one step.
type account struct {
	t     *Timing
	o     Operator
	parts []string
	Account
	numbered int
}

// Account writes out the time that Step gives an operator. It is another
// computation of the same thing, from the terms that it shows.
func (t *Timing) Account(w Work, o Operator) Account {
	a := account{t: t, o: o}
	x := t.amounts(&w)
	if x.tokens > 0 {
		for i := range t.kinds {
			a.sublayer(&t.kinds[i], &w, &x)
		}
		a.drafts(&w, &x)
		a.finish(&w, &x)
	}
	a.Formula = strings.Join(a.parts, " + ")
	if a.Formula == "" {
		a.Formula = "0"
	}
	return a.Account
}

// DecodeWork is what DecodeStep times.
func (t *Timing) DecodeWork(l Load) Work {
	return Work{Decode: float64(l.Batch), Drafted: float64(l.Draft), Context: l.DecodeContext(), Passes: t.passes(l)}
}

// ChunkWork is a prefill step that holds whole prompts or parts of one, up to so many, on
// so many replicas: what PrefillStep times with no end of prompts on all, and PromptSeconds with
// one on one.
func (t *Timing) ChunkWork(l Load, prompts, replicas float64) Work {
	return t.chunkWork(l, prompts, replicas)
}

// amounts is how much one step processes where.
type amounts struct {
	replica, decoded, tokens float64 // of the busiest replica: sequences, their tokens, with prompt tokens
	routed, covering         float64 // through the experts of one stage
}

func (t *Timing) amounts(w *Work) amounts {
	dp := float64(t.d.Layout.DP)
	sequences := max(w.Decode/t.stages, min(1, w.Decode)) // a pipeline works on as many micro-batches as it has stages
	x := amounts{replica: sequences / dp}
	if sequences > 0 {
		x.replica = max(x.replica, min(1, sequences))
	}
	x.decoded = x.replica * (1 + w.Drafted)
	rows := x.decoded
	if t.padded && !w.Eager {
		rows = GraphSize(x.decoded)
	}
	x.tokens = rows + w.Prefill
	prefilling := dp
	if w.Prefilling > 0 {
		prefilling = w.Prefilling
	}
	beside := (rows-x.decoded)*dp + w.Prefill*prefilling
	x.routed = sequences*(1+w.Drafted) + beside
	x.covering = sequences*routing.EffectiveTokens(1+w.Drafted, routing.DefaultCorrelation) + beside
	return x
}

// shared adds a term that several parts use, once.
func (a *account) shared(symbol, name string, value float64, unit string, from Origin) string {
	for i := range a.Terms {
		if a.Terms[i].Symbol == symbol {
			return symbol
		}
	}
	a.Terms = append(a.Terms, AccountTerm{symbol, name, value, unit, from})
	return symbol
}

// own adds a term of the part being written: its symbol gets the part's number.
func (a *account) own(letter, name string, value float64, unit string, from Origin) string {
	symbol := letter + strconv.Itoa(a.numbered)
	a.Terms = append(a.Terms, AccountTerm{symbol, name, value, unit, from})
	return symbol
}

// part writes layers × (formula).
func (a *account) part(layers, formula string) {
	if layers != "" {
		formula = layers + "*(" + formula + ")"
	}
	a.parts = append(a.parts, formula)
}

func (a *account) layers(k *kind) string {
	a.numbered++
	return a.own("n", k.name()+" layers", k.count, "layers", FromModel)
}

func (k *kind) name() string {
	switch {
	case k.attention != nil:
		return "attention"
	case k.recurrent != nil:
		return "recurrent"
	case k.experts != nil:
		return "MoE"
	}
	return "dense"
}

// sublayer adds what a kind of layer contributes to the operator.
func (a *account) sublayer(k *kind, w *Work, x *amounts) {
	n := ""
	layers := func() string {
		if n == "" {
			n = a.layers(k)
		}
		return n
	}
	if count := k.launches[a.o]; count > 0 && a.t.launch > 0 {
		layers := layers()
		a.part(layers, a.own("k", "kernels launched by a layer", count, "", FromTraces)+"*"+a.launch())
	}
	mine := func(o Operator, m *matrices) {
		if o == a.o && m.bytes > 0 {
			a.part(layers(), a.matrices(m, a.tokens(x), x.tokens))
			a.count(m, k.count, x.tokens)
		}
	}
	switch {
	case k.attention != nil:
		mine(AttentionProjections, &k.mixer)
		if a.o == AttentionCore {
			a.attentionCore(layers(), k, w, x)
		}
	case k.recurrent != nil:
		mine(AttentionProjections, &k.mixer)
		if a.o == RecurrentState {
			a.recurrentState(layers(), k, w, x)
		}
	case k.experts != nil:
		mine(RouterGate, &k.router)
		mine(SharedExpertMatrices, &k.shared)
		switch {
		case a.o == Permute || a.o == RoutedExpertMatrices:
			a.experts(layers(), k, x)
		case (a.o == Dispatch || a.o == Combine) && a.t.d.Layout.Dispatches():
			a.exchange(layers(), k, w, x)
		}
	default:
		mine(DenseMatrices, &k.dense)
	}
	if a.o == AllReduce && a.t.links.reduceRate > 0 && !(k.experts != nil && a.t.d.Layout.Dispatches()) {
		a.part(layers(), a.allReduce(x))
	}
}

// TopK is the part of RouterGate that selects the experts, one of its kernels, and
// how it comes about.
func (t *Timing) TopK() (float64, Account) {
	a, seconds := account{t: t, o: RouterGate}, 0.0
	for i := range t.kinds {
		k := &t.kinds[i]
		if count := k.launches[RouterGate] / gateKernels; count > 0 && t.launch > 0 {
			seconds += k.count * count * t.launch
			layers := a.layers(k)
			a.part(layers, a.own("k", "kernel that selects experts", count, "", FromTraces)+"*"+a.launch())
		}
	}
	a.Formula = strings.Join(a.parts, " + ")
	return seconds, a.Account
}

// Imbalance is the token copies of the busiest rank over the mean in the kind of MoE
// layer that there is most of; 1 for a dense model.
func (t *Timing) Imbalance(w Work) float64 {
	r, _ := t.Ranks()
	if r == nil || t.even {
		return 1
	}
	return r.Imbalance(t.amounts(&w).routed)
}

// Rows are the tokens that one GPU of the busiest replica sends to their experts.
func (t *Timing) Rows(w Work) float64 { return t.amounts(&w).tokens / float64(t.d.Layout.TP) }
