package plan

import (
	"math"
	"slices"

	"moecost/core/scenario"
)

// The bins of speed in which the cheapest deployment is kept: eight to a doubling, from half a token per
// second of one user to two thousand.
const (
	binsPerDoubling = 8
	firstSpeed      = 0.5
	bins            = 12 * binsPerDoubling
)

// frontBin is the cheapest deployment of a speed.
type frontBin struct {
	dollars float64 // per output token; of a pool that decodes, without prefill
	shape   *shape
	chunk   int64
	drafts  int64
	point   point
}

// fronts are the bins of units that do both, and for each candidate of those that only decode: what prefill costs
// beside these is known when all have been looked at.
type fronts struct {
	together [bins]frontBin
	decode   map[*candidate]*[2][bins]frontBin // without and with drafts
}

// front puts a point into its bin. The objective of TPOT is left out, because the front shows what
// others would cost; that of TTFT holds.
func (s *Search) front(u *unit, m mode, p *point) {
	if s.quiet || p.failed == overload || p.failed == noMemory || p.failed == tooLate || !(p.tpot > 0) || p.ttftPct > s.t.ttft {
		return
	}
	bin := int(math.Log2(1/p.tpot/firstSpeed) * binsPerDoubling)
	if bin < 0 || bin >= bins {
		return
	}
	dollars := u.shape.dollars() / 3600 / (p.rate * s.t.output)
	into := &s.fronts.together
	if m == modeDecode {
		all := s.fronts.decode[u.shape.of]
		if all == nil {
			all = new([2][bins]frontBin)
			s.fronts.decode[u.shape.of] = all
		}
		into = &all[min(u.load.Draft, 1)]
	}
	if b := &into[bin]; b.shape == nil || dollars < b.dollars {
		*b = frontBin{dollars, u.shape, u.load.Chunk, u.load.Draft, *p}
	}
}

// FrontPoint is one deployment on the Pareto front: none is both faster for a user and cheaper.
type FrontPoint struct {
	TokensPerS float64 `json:"tokens_per_s_user"`
	USDPerM    float64 `json:"usd_per_m_output"` // all of the cost on output tokens
	USDPerMAll float64 `json:"usd_per_m_tokens"` // on input and output together
	GPU        string  `json:"gpu"`
	GPUs       int     `json:"gpus"` // of one copy; of one that decodes where prefill runs apart
	Layout     string  `json:"layout"`
	Weights    string  `json:"weights,omitempty"`
	KV         string  `json:"kv"`
	Split      bool    `json:"split,omitempty"`
	Draft      int64   `json:"draft,omitempty"`
	Running    float64 `json:"running"` // sequences that decode at once on one copy
	TPOT       float64 `json:"tpot_s"`
	InsideTPOT bool    `json:"meets_tpot"`
	Query      string  `json:"scenario"` // link of one copy
}

// pareto is the front of what has been looked at so far, fastest first.
func (s *Search) pareto() []FrontPoint {
	var all []FrontPoint
	put := func(b *frontBin, beside float64, apart bool) {
		if b.shape == nil {
			return
		}
		per := b.dollars + beside/s.t.output
		c := choice{main: &solved{shape: b.shape, chunk: b.chunk, drafts: b.drafts}, at: b.point}
		if apart {
			c.main.mode, c.prefill = modeDecode, c.main
		}
		all = append(all, FrontPoint{
			Query:      scenario.Encode(s.scenario(&c, s.runLoad(c.main, &c.at))),
			TokensPerS: 1 / b.point.tpot, USDPerM: 1e6 * per, USDPerMAll: 1e6 * per * s.t.output / (s.t.output + s.t.prompt),
			GPU: b.shape.of.gpu.ID, GPUs: b.shape.layout.GPUs, Layout: b.shape.layout.String(), Weights: b.shape.of.weights, KV: b.shape.of.kvID,
			Split: apart, Draft: b.drafts, Running: b.point.running, TPOT: b.point.tpot, InsideTPOT: b.point.tpotPct <= s.t.tpot,
		})
	}
	for i := range s.fronts.together {
		put(&s.fronts.together[i], 0, false)
	}
	for _, c := range s.candidates {
		decode := s.fronts.decode[c]
		if decode == nil {
			continue
		}
		for drafted := range decode {
			prefill, ok := s.cheapestPrefill(c, drafted > 0)
			for i := range decode[drafted] {
				if ok {
					put(&decode[drafted][i], prefill, true)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b FrontPoint) int {
		if a.TokensPerS != b.TokensPerS {
			return sign(b.TokensPerS - a.TokensPerS)
		}
		return sign(a.USDPerM - b.USDPerM)
	})
	least := math.Inf(1)
	return slices.DeleteFunc(all, func(p FrontPoint) bool {
		if p.USDPerM >= least {
			return true
		}
		least = p.USDPerM
		return false
	})
}

// cheapestPrefill is the dollars of one request's prefill where it runs apart.
func (s *Search) cheapestPrefill(c *candidate, drafted bool) (float64, bool) {
	least := math.Inf(1)
	for i := range s.solved {
		if v := &s.solved[i]; v.mode == modePrefill && v.shape.of == c && (v.drafts > 0) == drafted {
			least = min(least, v.shape.dollars()/3600/v.most.rate)
		}
	}
	return least, !math.IsInf(least, 1)
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
