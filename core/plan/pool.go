package plan

import (
	"math"
	"math/rand/v2"
	"slices"

	"moecost/core/serving"
)

// poolRequests is how many requests a simulated prefill pool serves, after a tenth as many that are not counted.
const poolRequests = 4000

// prompt is one that waits in a pool.
type prompt struct {
	arrived float64
	length  float64
	cached  float64
	done    float64 // of the others, tokens that are prefilled
}

// pool is the simulation of a unit that only prefills: requests come at random, go to the replica that has
// the fewest tokens to do, and one step after another takes up to a chunk of each replica.
type pool struct {
	u      *unit
	t      *traffic
	rate   float64
	random *rand.Rand
	queues [][]prompt
	tokens []float64 // that wait, per replica
	now    float64
	next   float64
	came   int
	times  []float64
}

// simulatePool gives the TTFT of requests at the percentile, and its mean, without the transfer of the cache.
// false: prompts come faster than they are prefilled.
func (u *unit) simulatePool(t *traffic, rate float64, seed uint64) (mean, percentile float64, ok bool) {
	p := pool{
		u: u, t: t, rate: rate, random: rand.New(rand.NewPCG(seed, 1)),
		queues: make([][]prompt, int(u.dp)), tokens: make([]float64, int(u.dp)),
	}
	p.next = p.gap()
	for len(p.times) < poolRequests*11/10 {
		if !p.step() {
			return 0, 0, false
		}
	}
	times := p.times[poolRequests/10:]
	for _, x := range times {
		mean += x / float64(len(times))
	}
	slices.Sort(times)
	at := min(int(t.pct*float64(len(times))), len(times)-1)
	before := u.timing.RequestSeconds()
	return mean + before, times[at] + before, true
}

func (p *pool) gap() float64 { return p.random.ExpFloat64() / p.rate }

// length draws the length of a prompt.
func (p *pool) length() float64 {
	if p.t.lognormal {
		variance := math.Log1p(p.t.promptVar)
		return max(p.t.prompt*math.Exp(math.Sqrt(variance)*p.random.NormFloat64()-variance/2), 1)
	}
	return max(p.t.prompt*(1+benchmarkSpread*(2*p.random.Float64()-1)), 1)
}

// welcome lets the requests come whose time has come.
func (p *pool) welcome() {
	for p.next <= p.now {
		least := 0
		for i := range p.tokens {
			if p.tokens[i] < p.tokens[least] {
				least = i
			}
		}
		q := prompt{arrived: p.next, length: p.length()}
		q.cached = min(p.t.cached*q.length, q.length-1)
		p.queues[least] = append(p.queues[least], q)
		p.tokens[least] += q.length - q.cached
		p.came++
		p.next += p.gap()
	}
}

// step prefills once; false where far more wait than a pool ever holds.
func (p *pool) step() bool {
	p.welcome()
	chunk := float64(p.u.load.Chunk)
	var w serving.Work
	all, ended := 0.0, 0
	var finished []float64
	for i := range p.queues {
		tokens, reached, prompts := 0.0, 0.0, 0.0
		for len(p.queues[i]) > 0 && tokens < chunk {
			q := &p.queues[i][0]
			part := min(chunk-tokens, q.length-q.cached-q.done)
			reached += part * (q.cached + q.done + part/2)
			tokens += part
			if q.done += part; q.done < q.length-q.cached-0.5 {
				break
			}
			prompts++
			finished = append(finished, q.arrived)
			p.queues[i] = p.queues[i][1:]
		}
		p.tokens[i] -= tokens
		all += tokens
		ended += len(p.queues[i])
		if tokens > w.Prefill {
			w = serving.Work{Prefill: tokens, PrefillReach: reached / tokens, Prompts: prompts, Eager: true}
		}
	}
	if w.Prefill == 0 {
		p.now = max(p.now, p.next)
		return true
	}
	w.Prefilling = all / w.Prefill
	if p.u.load.Draft > 0 {
		w.Passes = min(p.u.timing.DecodeWork(p.u.load).Passes, 1)
	}
	s := p.u.timing.Step(w)
	p.now += s.Seconds / p.u.stages
	late := s.Seconds * (1 - 1/p.u.stages)
	for _, arrived := range finished {
		p.times = append(p.times, p.now+late-arrived)
	}
	return ended < poolRequests
}
