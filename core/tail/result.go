package tail

import (
	"math"
	"slices"

	"moecost/core/json"
)

// Result is what a simulation has found so far, in seconds. It refines as the
// simulation advances.
type Result struct {
	Seed     uint64 `json:"seed"`
	Drawn    int    `json:"drawn"`    // decode steps drawn expert by expert
	Steps    int    `json:"steps"`    // decode steps of the timeline that are counted
	Requests int    `json:"requests"` // that began and ended while it was counted
	Running  int    `json:"running"`  // sequences that decode at the end
	Queued   int    `json:"queued"`   // prompts that wait at the end
	Overload bool   `json:"overload"` // more requests come than can be served: the waits grow without end
	Done     bool   `json:"done"`

	Step Quantiles `json:"step"` // of a step in which sequences decode
	TPOT Quantiles `json:"tpot"` // of a request, over its tokens but the first
	TTFT Quantiles `json:"ttft"`

	Bins    Bins         `json:"bins"`    // of a step
	Bare    Spread       `json:"bare"`    // a step without any cause
	Alone   []Spread     `json:"alone"`   // by cause
	Without []Spread     `json:"without"` // by cause: the case without one cause more
	Sweep   []SweepPoint `json:"sweep,omitempty"`
}

// Quantiles are the percentiles of a time; all zero if nothing was counted.
type Quantiles struct {
	Mean float64  `json:"mean"`
	P50  Quantile `json:"p50"`
	P90  Quantile `json:"p90"`
	P99  Quantile `json:"p99"`
	P999 Quantile `json:"p999"`
}

// Quantile is a percentile and the range in which, with a chance of 80 %, it would be found
// again with other seeds: the sampling error alone.
type Quantile struct {
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Spread is the median and the P99 of a step.
type Spread struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// Ratio is P99 over P50; 1 if there is none.
func (s Spread) Ratio() float64 {
	if s.P50 <= 0 {
		return 1
	}
	return s.P99 / s.P50
}

// Bins counts steps in bins of equal width. The last bin holds all longer ones, too.
type Bins struct {
	From   float64 `json:"from"`
	Width  float64 `json:"width"`
	Counts []int   `json:"counts,omitempty"`
}

// SweepPoint is a step's percentiles at one skew and expert parallelism.
type SweepPoint struct {
	Skew float64 `json:"skew"`
	EP   int     `json:"ep"`
	P50  float64 `json:"p50"`
	P99  float64 `json:"p99"`
}

// Encode writes a result for another program's DecodeResult.
func (r Result) Encode() []byte {
	text, err := json.Marshal(r)
	if err != nil { // a number that is none: say nothing rather than something wrong
		text, _ = json.Marshal(Result{Seed: r.Seed})
	}
	return text
}

// DecodeResult reads what Encode wrote.
func DecodeResult(text []byte) (Result, error) {
	var r Result
	err := json.Unmarshal(text, &r)
	return r, err
}

// Result is what has been found so far.
func (s *Simulation) Result() Result {
	t := s.line
	done, total := s.Done()
	r := Result{
		Seed: s.c.Seed, Drawn: s.drawn, Steps: len(t.times[whole]), Requests: len(t.tpot), Running: t.decoding, Queued: t.queued,
		Overload: t.flooded || s.c.Rate > 0 && t.counting && t.queued > t.decoding && float64(t.ended) < 0.95*float64(t.came),
		Done:     done == total, Sweep: s.sweep,
		Step: quantiles(t.times[whole], true), TPOT: quantiles(t.tpot, false), TTFT: quantiles(t.ttft, false),
		Bare: spread(t.times[bare]),
	}
	r.Bins = binsOf(t.times[whole], r.Step)
	for c := range CauseCount {
		r.Alone = append(r.Alone, spread(t.times[alone+int(c)]))
		r.Without = append(r.Without, spread(t.times[without+int(c)]))
	}
	return r
}

func spread(times []float32) Spread {
	q := selection(slices.Clone(times))
	return Spread{q.at(0.5), q.at(0.99)}
}

// eighty is the standard deviations on either side of the mean between which a normal
// variable falls with a chance of 80 %.
const eighty = 1.2816

// segments that a timeline is cut into: its percentiles differ between them as they would between
// seeds.
const segments = 10

// quantiles sums up a row of times in the order in which they came. Those of steps follow
// on one another and are alike, so that their error is measured between segments; those of requests are
// taken to be independent, and their error is that of the order statistics.
func quantiles(times []float32, follow bool) Quantiles {
	var q Quantiles
	if len(times) == 0 {
		return q
	}
	for _, t := range times {
		q.Mean += float64(t)
	}
	q.Mean /= float64(len(times))
	all := selection(slices.Clone(times))
	levels := [...]struct {
		p  float64
		to *Quantile
	}{{0.5, &q.P50}, {0.9, &q.P90}, {0.99, &q.P99}, {0.999, &q.P999}}
	for _, l := range levels {
		off := eighty * math.Sqrt(l.p*(1-l.p)/float64(len(all)))
		*l.to = Quantile{all.at(l.p), all.at(l.p - off), all.at(min(l.p+off, 1))}
	}
	if !follow || len(times) < 10*segments {
		return q
	}
	var sums, squares [len(levels)]float64
	for i := range segments {
		part := selection(slices.Clone(times[i*len(times)/segments : (i+1)*len(times)/segments]))
		for j, l := range levels {
			x := part.at(l.p) - l.to.Value
			sums[j] += x
			squares[j] += x * x
		}
	}
	for j, l := range levels {
		variance := (squares[j] - sums[j]*sums[j]/segments) / (segments - 1)
		off := eighty * math.Sqrt(max(variance, 0)/segments)
		l.to.Low, l.to.High = min(l.to.Low, l.to.Value-off), max(l.to.High, l.to.Value+off)
	}
	return q
}

// binCount is the bins of a distribution.
const binCount = 60

// binsOf counts steps from the shortest to a little beyond the P99.
func binsOf(times []float32, q Quantiles) Bins {
	if len(times) == 0 {
		return Bins{}
	}
	from := float64(slices.Min(times))
	b := Bins{From: from, Width: (1.05*q.P99.Value - from) / binCount, Counts: make([]int, binCount)}
	if b.Width <= 0 {
		b.Width = max(from, 1e-9) / binCount
	}
	for _, t := range times {
		b.Counts[min(int((float64(t)-from)/b.Width), binCount-1)]++
	}
	return b
}

// At is the percentile of a share from 0.5 to 0.999; between those that are known it is
// read off as if they lay on a normal law.
func (q Quantiles) At(p float64) float64 {
	known := [...]struct{ p, value float64 }{{0.5, q.P50.Value}, {0.9, q.P90.Value}, {0.99, q.P99.Value}, {0.999, q.P999.Value}}
	z := func(p float64) float64 { return math.Erfinv(2*p - 1) }
	for i := range len(known) - 1 {
		a, b := known[i], known[i+1]
		if p <= b.p || i == len(known)-2 {
			part := (z(min(max(p, a.p), b.p)) - z(a.p)) / (z(b.p) - z(a.p))
			return a.value + part*(b.value-a.value)
		}
	}
	return 0
}
