package tail

import "math"

// request is one prompt and what is generated for it.
type request struct {
	arrived, first float64 // times; first is that of the first token, below zero before the simulation
	context        float64 // tokens when it ends
	prompt, output int32
	cached         int32 // prompt tokens whose cache is there already; always less than the prompt
	done           int32 // of the others, those that are prefilled
	replica        int32
	next           int32 // behind it in the list that it is in; -1 at the end
}

// none ends a list.
const none = -1

// replica is one attention replica.
type replica struct {
	decoding int     // sequences
	context  float64 // tokens of all of them
	inside   int     // sequences that decode or whose prefill has begun
	waiting  int     // prompts that are not prefilled to their end
	head     int32   // of those, in order of arrival
	tail     int32
	oldest   int     // step at which the head's turn came
	free     float64 // time at which the prefill GPUs of a split deployment are free
}

// request takes an unused request.
func (t *timeline) request() int32 {
	if n := len(t.unused); n > 0 {
		i := t.unused[n-1]
		t.unused = t.unused[:n-1]
		return i
	}
	t.requests = append(t.requests, request{})
	return int32(len(t.requests) - 1)
}

// arrive lets a request come at a time.
func (t *timeline) arrive(at float64) {
	t.came++
	t.latest = t.steps
	i := t.request()
	q := &t.requests[i]
	*q = request{arrived: at, first: -1, prompt: t.prompt(), output: t.output(), replica: t.route(), next: none}
	q.cached = min(int32(t.c.Cached*float64(q.prompt)), q.prompt-1)
	r := &t.replicas[q.replica]
	if !t.together {
		// Prefill has GPUs of its own, as many replicas as decode: each takes prompts one by one.
		if t.c.Cached < 1 {
			r.free = max(r.free, at) + t.promptSeconds(q)
		} else {
			r.free = at
		}
		t.firstToken(q, r.free)
	}
	if r.waiting == 0 {
		r.head, r.oldest = i, t.steps
	} else {
		t.requests[r.tail].next = i
	}
	r.tail = i
	t.pending += float64(q.prompt - q.cached)
	r.waiting++
	t.queued++
}

// prompt draws the length of a prompt, and output that of what is generated for it.
func (t *timeline) prompt() int32 { return t.length(t.c.Load.Prompt, t.c.PromptCV, 0) }
func (t *timeline) output() int32 { return t.length(t.c.Load.Output, t.c.OutputCV, 0) }

// length draws a length around its mean, at least 1. Of the sequences that run at one time
// each counts by its length: a lognormal law is then the same with a mean 1 + cv² times as long (weight 1).
func (t *timeline) length(mean int64, cv, weight float64) int32 {
	if cv > 0 {
		variance := math.Log1p(cv * cv)
		x := float64(mean) * math.Exp(math.Sqrt(variance)*t.lengths.normal()+(weight-0.5)*variance)
		return int32(min(max(math.Round(x), 1), longestLength))
	}
	u := 2*t.lengths.uniform() - 1
	return int32(max(math.Round(float64(mean)*(1+t.c.Lengths*u)), 1))
}

// longestLength bounds a lognormal length: ten times what any model reads.
const longestLength = 1e8

// longestOutput is the output that the timeline has room for; one in ten thousand is longer
// and is cut.
func longestOutput(c *Case) int {
	mean := float64(c.Load.Output)
	if c.OutputCV > 0 {
		const deviations, most = 3.7, 4e6
		variance := math.Log1p(c.OutputCV * c.OutputCV)
		return int(min(mean*math.Exp(deviations*math.Sqrt(variance)-variance/2), max(most, mean)))
	}
	return int(mean * (1 + c.Lengths))
}

// route chooses the replica of a request: in turn, or the one with the fewest
// sequences, where one that waits counts as four that run (vLLM, v1/engine/core_client.py).
func (t *timeline) route() int32 {
	if t.c.InTurn {
		t.turn = (t.turn + 1) % len(t.replicas)
		return int32(t.turn)
	}
	best := 0
	for i := range t.replicas {
		if r, b := &t.replicas[i], &t.replicas[best]; r.decoding+4*r.waiting < b.decoding+4*b.waiting {
			best = i
		}
	}
	return int32(best)
}

// pop takes the head of a replica's queue.
func (t *timeline) pop(r *replica) int32 {
	i := r.head
	r.head = t.requests[i].next
	r.waiting--
	t.queued--
	r.oldest = t.steps
	return i
}

// firstToken notes when a request's first token is out.
func (t *timeline) firstToken(q *request, at float64) {
	q.first = at
	if t.counting && q.arrived >= 0 {
		t.ttft = append(t.ttft, float32(at-q.arrived+t.before))
	}
}

// join lets a request whose prompt is prefilled decode from the next step on.
func (t *timeline) join(i int32) {
	q := &t.requests[i]
	r := &t.replicas[q.replica]
	steps := t.stepsFor(float64(q.output - 1))
	if steps == 0 {
		r.inside--
		t.leave(i)
		return
	}
	t.decode(i, float64(q.prompt), steps)
}

// decode adds a sequence of a length that ends in so many steps.
func (t *timeline) decode(i int32, context float64, steps int) {
	q := &t.requests[i]
	r := &t.replicas[q.replica]
	r.decoding++
	t.decoding++
	r.context += context
	t.context += context
	q.context = context + float64(steps)*t.c.PerStep
	at := (t.steps + steps) % len(t.ring)
	q.next = t.ring[at]
	t.ring[at] = i
}

// stepsFor is the steps that so many tokens take. Where drafts are accepted by chance
// their number is normal around the mean.
func (t *timeline) stepsFor(tokens float64) int {
	if tokens <= 0 {
		return 0
	}
	steps := tokens / t.c.PerStep
	if t.c.PerStep > 1 && !t.c.Without.Has(Batch) {
		steps += math.Sqrt(tokens*t.acceptance/t.c.PerStep) / t.c.PerStep * t.lengths.normal()
	}
	return int(min(max(math.Round(steps), 1), float64(len(t.ring)-1)))
}

// leave ends a request; in a closed loop its user asks again.
func (t *timeline) leave(i int32) {
	q := t.requests[i]
	t.ended++
	if t.counting && q.first >= 0 && q.output > 1 {
		t.tpot = append(t.tpot, float32((t.now-q.first)/float64(q.output-1)))
	}
	t.unused = append(t.unused, i)
	if t.c.Rate == 0 && (t.limit == 0 || t.came < t.limit) {
		t.arrive(t.now)
	}
}

// promptSeconds is the prefill of one prompt alone.
func (t *timeline) promptSeconds(q *request) float64 {
	l := t.c.Load
	if q.cached == 0 {
		l.Prompt = int64(q.prompt)
		return t.c.Timing.PromptSeconds(l)
	}
	l.Prompt = int64(q.prompt - q.cached)
	w := t.c.Timing.ChunkWork(l, 1, 1)
	w.PrefillReach = float64(q.cached) + float64(l.Prompt)/2
	s := t.c.Timing.Step(w)
	return s.Seconds * float64(l.Prompt) / w.Prefill
}
