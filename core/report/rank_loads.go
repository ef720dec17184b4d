package report

import (
	"math"
	"slices"

	"moecost/core/balance"
	"moecost/core/routing"
)

// RankLoads is one step of one MoE layer of the representative kind, rank by rank.
type RankLoads struct {
	Ranks       []RankLoad // most loaded first
	MaxOverMean float64
	Slots       int64
	Spare       int64
	Hottest     int // the expert with the most tokens
	Copies      int // slots that hold it
	HotRanks    int // ranks that hold it
}

// RankLoad is what one rank multiplies, in fair shares: 1 is what it would get if all got the same.
type RankLoad struct {
	Rank  int // expert-parallel rank, from 0
	Load  float64
	Hot   float64   // of the load, the hottest expert's
	Slots []float64 // of the load, every other slot's with tokens, the largest first
	Reads int       // distinct experts with tokens
}

// LoadedLayer is the layer that RankLoads shows.
type LoadedLayer struct {
	Number  int     // of the rows that were counted, from 1; 0 is a layer drawn from the law
	Rows    int     // that there are
	Tokens  float64 // of the step
	Shared  bool    // a rank is several GPUs, or one of every pipeline stage
	Hottest float64 // tokens of the hottest expert over the mean expert's
	Before  RankLoads
	After   RankLoads // placed by EPLB
}

// drawnLayers is among how many draws of the law a typical layer is looked for.
const drawnLayers = 8

// LoadedLayer draws one decode step: the same tokens with experts in their order,
// and placed by EPLB. Of a law it is the layer among a few whose busiest rank is nearest to what
// is expected; of counts the one that the scenario names, or the least even. Nil where experts are not
// spread over ranks. It is the report's: it must not be changed.
//
// Counts of an expert have their binomial law, at a quantile that is drawn once: more
// tokens make the same picture smoother.
func (r *Report) LoadedLayer() *LoadedLayer {
	if !r.spreads() {
		return nil
	}
	s := r.in.series
	s.loads.Do(func() { s.loaded = r.loadedLayer() })
	return s.loaded
}

func (r *Report) loadedLayer() *LoadedLayer {
	in, c := &r.in, &r.in.clock
	_, moe := c.eplb.Ranks()
	setup := c.eplb.Placement(moe)
	layer, cover := in.memo.layer(moe, in.popular, setup, r.Scenario.Layer)
	w := c.decodeWork
	tokens, _, _ := c.timing.Routed(w)
	counts := drawCounts(layer.Traffic, tokens, r.Scenario.Seed)
	out := &LoadedLayer{Tokens: tokens, Shared: in.layout.ExpertSplit() > 1 || in.layout.PP > 1, Hottest: routing.MaxOverMean(counts)}
	if cover.Counted {
		out.Rows, out.Number = len(cover.Layers), layer.number+1
	}
	order := balance.Contiguous(len(counts), in.layout.EP)
	out.Before, out.After = loadsOf(&order, counts), loadsOf(&layer.Placement, counts)
	out.After.Spare = c.eplbSpare
	return out
}

// typical is a layer with the number that draws it.
type typical struct {
	balance.Layer
	number int
}

// pickLayer chooses the layer to show: the one asked for or the least even of those
// counted; of a law the one nearest to what is expected of both placements.
func pickLayer(c *routing.Coverage, s balance.Setup, ranks func(balance.Setup) *routing.Ranks, asked int64) typical {
	off := balance.Setup{Ranks: s.Ranks}
	score := func(l *balance.Layer) float64 {
		order := balance.Contiguous(len(l.Traffic), s.Ranks)
		before, after := balance.MaxOverMean(order.Loads(nil, l.Traffic)), balance.MaxOverMean(l.Loads(nil, l.Traffic))
		if c.Counted {
			return -before
		}
		return math.Abs(math.Log(before/ranks(off).Persistent())) + math.Abs(math.Log(after/ranks(s).Persistent()))
	}
	if c.Counted && asked > 0 {
		number := min(int(asked), len(c.Layers)) - 1
		return typical{s.Draw(c, number), number}
	}
	numbers := drawnLayers
	if c.Counted {
		numbers = len(c.Layers)
	}
	var best typical
	least := math.Inf(1)
	for i := range numbers {
		l := s.Draw(c, i)
		if at := score(&l); at < least {
			best, least = typical{l, i}, at
		}
	}
	return best
}

// loadsOf splits the tokens of every expert evenly over its replicas.
func loadsOf(p *balance.Placement, counts []float64) RankLoads {
	out := RankLoads{Slots: int64(len(p.Expert))}
	total := 0.0
	for e, n := range counts {
		total += n
		if n > counts[out.Hottest] {
			out.Hottest = e
		}
	}
	if total == 0 {
		total = 1
	}
	fair := total / float64(p.Ranks)
	out.Copies = int(p.Copies[out.Hottest])
	for rank := range p.Ranks {
		first, end := p.Slots(rank)
		l := RankLoad{Rank: rank}
		for i, e := range p.Expert[first:end] {
			if e == balance.Empty || counts[e] == 0 {
				continue
			}
			share := counts[e] / float64(p.Copies[e]) / fair
			l.Load += share
			if int(e) == out.Hottest {
				l.Hot += share
			} else {
				l.Slots = append(l.Slots, share)
			}
			if !slices.Contains(p.Expert[first:first+i], e) {
				l.Reads++
			}
		}
		if l.Hot > 0 {
			out.HotRanks++
		}
		slices.Sort(l.Slots)
		slices.Reverse(l.Slots)
		out.MaxOverMean = max(out.MaxOverMean, l.Load)
		out.Ranks = append(out.Ranks, l)
	}
	byLoad(out.Ranks)
	return out
}

// byLoad sorts by insertion: few ranks, and a sort for the struct would be 7 kB.
func byLoad(ranks []RankLoad) {
	for i := range ranks {
		for j := i; j > 0 && ranks[j].Load > ranks[j-1].Load; j-- {
			ranks[j], ranks[j-1] = ranks[j-1], ranks[j]
		}
	}
}
