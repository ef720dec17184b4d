package tail

import (
	"math"

	"moecost/core/serving"
)

// parts are what a step is made of, with and without the causes that change them.
type parts struct {
	beside  [2][2]float64    // by batch and speed
	experts [2][2][2]float64 // by routing, domain and speed
	prefill float64
	moves   float64
}

// seconds is the step with a set of causes.
func (p *parts) seconds(on Causes) float64 {
	at := func(c Cause) int { return int(on >> c & 1) }
	s := p.beside[at(Batch)][at(Speed)] + p.experts[at(Routing)][at(Domain)][at(Speed)]
	return s + float64(at(Prefill))*p.prefill + float64(at(Relocation))*p.moves
}

// step does one step: prompts that fit into it are prefilled, every sequence that
// decodes makes its tokens, and those that end leave. It does nothing once a benchmark is over.
func (t *timeline) step(pool []excess) {
	if t.limit > 0 && t.ended >= t.limit {
		return
	}
	if !t.counting && t.steps >= t.planned/warmUp {
		t.counting, t.began = true, t.now
	}
	t.welcome()
	var p parts
	late := 0.0
	if t.together {
		p.prefill, late = t.prefill()
	} else {
		t.admit()
	}
	r := streamOf(t.c.Seed, stream(Domain), t.steps+1)
	t.mix = t.keep*t.mix + math.Sqrt(1-t.keep*t.keep)*r.normal()
	if t.decoding > 0 {
		t.decodeParts(&p, pool)
	}
	on := every &^ t.c.Without
	seconds := p.seconds(on)
	t.now += seconds
	if t.counting && t.decoding > 0 {
		t.busy += float64(on>>Prefill&1) * p.prefill
		t.note(&p, on)
	}
	for i := range t.replicas {
		grown := float64(t.replicas[i].decoding) * t.c.PerStep
		t.replicas[i].context += grown
		t.context += grown
	}
	for i := t.ring[t.steps%len(t.ring)]; i != none; {
		next := t.requests[i].next
		t.stop(i)
		i = next
	}
	t.ring[t.steps%len(t.ring)] = none
	for _, i := range t.ready {
		q := &t.requests[i]
		if on>>Prefill&1 == 0 { // decoding does not wait for a prompt; its first token does
			late = p.prefill * math.Ceil(float64(q.prompt-q.cached)/t.chunk)
		}
		t.firstToken(q, t.now+late)
		q.first = t.now // the tokens behind it are late, too: the request's rhythm is that of the steps
		t.join(i)
	}
	t.ready = t.ready[:0]
	t.steps++
}

// warmUp is the share of the timeline that is not counted: the sequences that it begins with
// are spread over their lives, but no prompts wait yet.
const warmUp = 10

// welcome lets the requests come whose time has come; if there is nothing to do it waits
// for the next. Where far more wait than ever run those that come are turned away.
func (t *timeline) welcome() {
	if t.decoding == 0 && t.queued == 0 && t.c.Rate > 0 {
		t.now = max(t.now, t.next)
	}
	for t.c.Rate > 0 && t.next <= t.now {
		if t.queued >= t.flood {
			t.flooded, t.next = true, t.now
		} else {
			t.arrive(t.next)
		}
		t.next -= math.Log(t.arrivals.uniform()) / t.c.Rate
		if t.flooded && t.queued >= t.flood {
			break
		}
	}
	if t.decoding == 0 && !t.together { // nothing decodes until the first prompt is there
		soonest := math.Inf(1)
		for i := range t.replicas {
			if r := &t.replicas[i]; r.waiting > 0 {
				soonest = min(soonest, t.requests[r.head].first)
			}
		}
		if !math.IsInf(soonest, 1) {
			t.now = max(t.now, soonest)
		}
	}
}

// admit takes in the requests whose prompt was prefilled elsewhere.
func (t *timeline) admit() {
	for i := range t.replicas {
		for r := &t.replicas[i]; r.waiting > 0 && r.inside < t.capacity && t.requests[r.head].first <= t.now; {
			r.inside++
			t.join(t.pop(r))
		}
	}
}

// stop takes a sequence that has ended out of its replica.
func (t *timeline) stop(i int32) {
	q := &t.requests[i]
	r := &t.replicas[q.replica]
	r.decoding--
	r.inside--
	r.context -= q.context
	t.decoding--
	t.context -= q.context
	t.leave(i)
}

// prefill fills the step with prompts and returns what that takes: seconds that
// decoding waits, and how much later the first tokens are out where a pipeline has stages.
func (t *timeline) prefill() (seconds, late float64) {
	if t.queued == 0 || !t.due() {
		return 0, 0
	}
	most, all, reach, prompts := 0.0, 0.0, 0.0, 0.0
	for i := range t.replicas {
		r := &t.replicas[i]
		tokens, reached, ended := 0.0, 0.0, 0.0
		for r.waiting > 0 && tokens < t.chunk {
			q := &t.requests[r.head]
			if q.done == 0 {
				if r.inside >= t.capacity {
					break
				}
				r.inside++
			}
			part := min(t.chunk-tokens, float64(q.prompt-q.cached-q.done))
			reached += part * (float64(q.cached+q.done) + part/2)
			tokens += part
			t.pending -= part
			if q.done += int32(part); q.done < q.prompt-q.cached {
				break
			}
			ended++
			t.ready = append(t.ready, t.pop(r))
		}
		all += tokens
		if tokens > most {
			most, reach, prompts = tokens, reached/tokens, ended
		}
	}
	if most == 0 {
		return 0, 0
	}
	s := t.c.Timing.Step(serving.Work{Prefill: most, PrefillReach: reach, Prompts: prompts, Prefilling: all / most, Eager: true})
	stages := float64(max(t.c.Timing.Layout().PP, 1)) // works on as many chunks at once
	return s.Seconds / stages, s.Seconds * (1 - 1/stages)
}

// due tells whether prompts are prefilled in this step: if they fill it, if some have
// waited long enough, if no more come, or if nothing decodes. A single replica holds nothing back.
func (t *timeline) due() bool {
	if len(t.replicas) == 1 || t.decoding == 0 || t.steps-t.latest >= stalled || t.pending >= filled*t.chunk*float64(len(t.replicas)) {
		return true
	}
	for i := range t.replicas {
		if r := &t.replicas[i]; r.waiting > 0 && t.steps-r.oldest >= patience {
			return true
		}
	}
	return false
}

// decodeParts times the decoding of a step.
func (t *timeline) decodeParts(p *parts, pool []excess) {
	longest, slowest := 0, 0
	most, mostOwn := -1.0, -1.0
	for i := range t.replicas {
		r := &t.replicas[i]
		about := t.fixed + float64(r.decoding)*t.perSequence + r.context*t.perToken
		if r.decoding > 0 && about > most {
			longest, most = i, about
		}
		if about *= t.slow[i]; r.decoding > 0 && about > mostOwn {
			slowest, mostOwn = i, about
		}
	}
	mean := t.beside(float64(t.decoding)/float64(len(t.replicas)), t.context/float64(t.decoding))
	equal := mean
	if len(t.replicas) > 1 {
		equal = t.replicaSeconds(longest)
	}
	own := equal
	if slowest != longest {
		own = t.replicaSeconds(slowest)
	}
	p.beside = [2][2]float64{{mean, mean * t.slowest}, {equal, own * t.slow[slowest]}}

	if len(pool) > 0 {
		r := streamOf(t.c.Seed, stream(Routing)|1<<7, t.steps)
		e := &pool[r.below(len(pool))]
		for domain, mix := range [2]float64{0, t.mix} {
			equal, own := t.stack.expected(float64(t.decoding), mix)
			p.experts[0][domain] = [2]float64{equal, own}
			p.experts[1][domain] = [2]float64{equal * e.equal, own * e.own}
		}
	}
	if m := &t.c.Moves; m.Interval > 0 && t.steps%m.Interval < max(m.Steps, 1) {
		p.moves = m.Seconds / float64(max(m.Steps, 1))
	}
}

func (t *timeline) replicaSeconds(i int) float64 {
	r := &t.replicas[i]
	return t.beside(float64(r.decoding), r.context/float64(r.decoding))
}

// note keeps a step in all its variants.
func (t *timeline) note(p *parts, on Causes) {
	put := func(variant int, on Causes) {
		t.times[variant] = append(t.times[variant], float32(p.seconds(on)))
	}
	put(whole, on)
	for c := range int(CauseCount) {
		put(without+c, on&^(1<<c))
		put(alone+c, 1<<c)
	}
	put(bare, 0)
}

// finish runs a benchmark to its last request.
func (t *timeline) finish(pool []excess) {
	for range 50 * t.planned {
		if t.limit == 0 || t.ended >= t.limit {
			return
		}
		t.step(pool)
	}
}
