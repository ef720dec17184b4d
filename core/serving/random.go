package serving

import "moecost/core/balance"

// ExpertLayers are the MoE layers of one kind, laid open for a simulation that draws
// which experts the tokens of a step choose: what one rank takes, as a function of the distinct
// experts that it reads and the token copies that it gets. With the expected values of both put in it is
// what Step adds up.
type ExpertLayers struct {
	Layers  int // of this kind
	Experts int // with weights
	Zero    int // without weights, among which tokens choose too
	TopK    int

	ReadExpert   float64 // seconds of reading one distinct expert
	ReadCopy     float64 // seconds of reading and writing the activations of one token copy
	MultiplyCopy float64 // seconds of matrix work of one token copy
	Ramp         float64 // rows that the grouped product wastes per distinct expert, at most as many as it has
	PermuteCopy  float64 // seconds of sorting and summing one token copy

	t *Timing
	k *kind
}

// ExpertLayers lists the kinds of MoE layers; none for a dense model.
func (t *Timing) ExpertLayers() []ExpertLayers {
	var out []ExpertLayers
	for i := range t.kinds {
		k := &t.kinds[i]
		if k.experts == nil {
			continue
		}
		moved := 6*float64(k.moe.Hidden) + 6*float64(k.moe.Inner)/float64(t.d.Layout.ExpertSplit())
		out = append(out, ExpertLayers{
			Layers: int(k.count), Experts: int(k.moe.Experts), Zero: int(k.moe.Zero), TopK: int(k.moe.TopK),
			ReadExpert: k.expert.bytes / t.moeRead, ReadCopy: k.expert.out / t.moeRead,
			MultiplyCopy: t.multiplied(&k.expert), Ramp: t.c.Ramp, PermuteCopy: moved * t.c.Between / t.bandwidth,
			t: t, k: k,
		})
	}
	return out
}

// Rank is the seconds that one layer takes on a rank that reads so many distinct
// experts for so many token copies: the slower of its bytes and its multiplications, and the permutation.
func (e *ExpertLayers) Rank(distinct, copies float64) float64 {
	read := distinct*e.ReadExpert + copies*e.ReadCopy
	multiply := (copies + min(e.Ramp*distinct, copies)) * e.MultiplyCopy
	return max(read, multiply) + copies*e.PermuteCopy
}

// Exchange is the seconds of one layer's dispatch and combine that a step waits for.
// Every GPU sends rows tokens, and the busiest receives hot times as many copies as the mean: a port
// that receives more than it sends is what all wait for. 0 where tokens do not travel.
func (e *ExpertLayers) Exchange(rows, hot float64) float64 {
	t, k := e.t, e.k
	if !t.d.Layout.Dispatches() {
		return 0
	}
	busiest := rows * max(hot, 1)
	out, back := t.dispatch(k, false), t.combine(k, false)
	return t.links.shown(t.links.exchange(busiest, &out)) + t.links.shown(t.links.exchange(busiest, &back))
}

// Routed says how many tokens the MoE layers of one stage see in a decode step:
// all of them, as many independent ones as cover the same experts, and those that one GPU sends.
func (t *Timing) Routed(w Work) (tokens, covering, rows float64) {
	x := t.amounts(&w)
	return x.routed, x.covering, x.tokens / float64(t.d.Layout.TP)
}

// Reached is the experts with weights that a token reaches in such a layer: its copies.
func (e *ExpertLayers) Reached() float64 { return e.k.copies }

// Expected is the expected number of distinct experts and of token copies of the
// busiest rank, as Step takes them.
func (e *ExpertLayers) Expected(w Work) (distinct, copies float64) {
	x := e.t.amounts(&w)
	distinct, imbalance := e.t.busiest(e.k, &x)
	return distinct, x.routed * e.k.copies / float64(e.t.d.Layout.EP) * imbalance
}

// Beside is the seconds of a decode step beside what routing decides: all but the
// matrices of the routed experts, the permutation and the exchange; of these the launches, which
// are the same whatever is chosen. w describes a step in which every replica has what the busiest
// has: its sequences times the replicas, and its mean context.
func (t *Timing) Beside(w Work) float64 {
	s := t.Step(w)
	seconds := s.Seconds
	for _, o := range [...]Operator{Permute, RoutedExpertMatrices, Dispatch, Combine} {
		seconds -= s.Parts[o]
	}
	for i := range t.kinds {
		k := &t.kinds[i]
		seconds += k.count * (k.launches[Permute] + k.launches[RoutedExpertMatrices]) * t.launch
	}
	return seconds
}

// RequestSeconds is what a request waits before its first token whatever the load:
// the engine's front end.
func (t *Timing) RequestSeconds() float64 { return t.c.Request[t.engine] }

// Layout is that of the deployment.
func (t *Timing) Layout() Layout { return t.d.Layout }

// Interferes tells whether prefill runs on the GPUs that decode: not where it has
// its own, and not in the ideal profile.
func (t *Timing) Interferes() bool { return !t.apart && t.engine != engineIdeal }

// Draw is the layer of this number: its experts on ranks as the deployment places
// them, and the traffic that each gets. Seeds draw other layers of the same law; layers that were
// counted are as they were counted.
func (e *ExpertLayers) Draw(seed uint64, number int) balance.Layer {
	c := e.k.experts.Coverage
	if !c.Counted {
		number += int(seed%seedsApart) * layersApart
	}
	return e.t.Placement(e.k.moe).Draw(c, number)
}

// Seeds are this many layers apart, and so many of them differ.
const (
	layersApart = 1 << 12
	seedsApart  = 1 << 19
)
