package tail

import (
	"math"
)

// timeline is decode steps one after another, with the requests that come and go.
type timeline struct {
	c     *Case
	stack *stack

	replicas []replica
	requests []request
	unused   []int32
	ring     []int32 // per step: the first of the requests that end then
	together bool    // prefill on the GPUs that decode
	capacity int     // sequences that a replica takes in
	before   float64 // seconds of a request before anything else
	chunk    float64

	acceptance float64 // variance of the tokens that a step makes of one sequence
	ready      []int32 // scratch: requests whose prefill ends in the step

	now         float64
	steps       int
	decoding    int // sequences, over all replicas
	queued      int // prompts that wait, over all replicas, and their tokens
	pending     float64
	latest      int // step in which a request came last
	context     float64
	planned     int // steps
	came, ended int
	flood       int // prompts that wait at most
	flooded     bool
	limit       int // requests, in a benchmark; 0: no end
	turn        int
	next        float64 // arrival
	arrivals    stream
	lengths     stream
	mix, keep   float64 // of domains: standard deviations from the mean, and what a step keeps of it
	fixed       float64 // about what a step takes beside sequences and context, and what each of these adds, to find the longest replica
	perSequence float64
	perToken    float64
	slow        []float64 // per replica
	slowest     float64
	counting    bool

	times      [variants][]float32
	ttft, tpot []float32
	busy       float64 // seconds of prefill
	began      float64 // when counting began
}

// The variants of a step: with all causes but those of the case; without one more; with
// one alone; with none.
const (
	whole    = 0
	without  = 1
	alone    = without + int(CauseCount)
	bare     = alone + int(CauseCount)
	variants = bare + 1
)

// persistence is the steps after which the mix of domains has kept 1/e of its difference
// from the mean: hot experts last tens to hundreds of steps.
const persistence = 100

// Attention replicas prefill together, because all wait for each that does: prompts
// are held back until they fill this share of the replicas' chunks, or until one has waited for patience
// steps, or until no other has come for stalled ones. Source: the prefill coalescer of
// github.com/ROCm/ATOM/pull/1611, on by default; vLLM and SGLang have the same under other names
// (vllm-project/vllm/pull/51199).
const (
	filled   = 0.7
	patience = 30
	stalled  = 3
)

func newTimeline(c *Case, s *stack) *timeline {
	layout := c.Timing.Layout()
	t := &timeline{
		c: c, stack: s, replicas: make([]replica, max(layout.DP, 1)), together: c.Timing.Interferes(),
		before: c.Timing.RequestSeconds(), chunk: float64(c.Load.Chunk), keep: math.Exp(-1.0 / persistence),
		arrivals: streamOf(c.Seed, arriving, 0), lengths: streamOf(c.Seed, lengths, 0),
	}
	if t.chunk <= 0 {
		t.chunk = 8192
	}
	t.flood = 1000 + 10*int(c.Load.Batch)
	t.capacity = math.MaxInt
	admitted := c.Admitted
	if c.Rate > 0 && (admitted == 0 || c.Load.Batch < admitted) {
		admitted = c.Load.Batch
	}
	if admitted > 0 {
		t.capacity = int((admitted + int64(len(t.replicas)) - 1) / int64(len(t.replicas)))
	}
	t.slow = slowness(c, len(t.replicas)*max(layout.PP, 1), layout.TP)[:len(t.replicas)]
	for _, x := range t.slow {
		t.slowest = max(t.slowest, x)
	}
	// Tokens of a step: 1 to PerStep at most 1 + drafted; a geometric number cut off there varies about so much.
	t.acceptance = (c.PerStep - 1) * (float64(c.Load.Draft) + 1 - c.PerStep)
	t.ring = make([]int32, longestOutput(c)+2)
	for i := range t.ring {
		t.ring[i] = none
	}
	t.slopes()
	t.begin()
	t.plan()
	return t
}

// slopes measures what a sequence and a token of context add.
func (t *timeline) slopes() {
	n, x := t.c.running()/float64(len(t.replicas)), t.c.Load.DecodeContext()
	base := t.beside(n, x)
	t.perToken = (t.beside(n, 1.1*x) - base) / (0.1 * n * x)
	t.perSequence = t.beside(n+1, x) - base - t.perToken*x
	t.fixed = base - n*(t.perSequence+x*t.perToken)
}

// beside is the seconds of a step beside the routed experts when the busiest replica
// has so many sequences of a mean context.
func (t *timeline) beside(sequences, context float64) float64 {
	return t.c.Timing.Beside(t.c.work(sequences*float64(len(t.replicas)), context))
}

// running is the sequences that decode at once: the users of a closed loop, or, with a
// rate, what arrives while one is decoded.
func (c *Case) running() float64 {
	batch := float64(c.Load.Batch)
	if c.Admitted > 0 {
		batch = min(batch, float64(c.Admitted))
	}
	if c.Rate == 0 {
		return batch
	}
	if c.Running > 0 {
		return min(max(c.Running, 1), batch)
	}
	n := batch
	for range 30 { // the step shortens as the batch does: it settles
		l := c.Load
		l.Batch = int64(max(math.Round(n), 1))
		step := c.Timing.DecodeStep(l)
		tpot := step.Seconds/c.PerStep + c.Timing.TPOT(l) - step.Seconds
		n = min((n+c.Rate*float64(c.Load.Output)*tpot)/2, batch)
	}
	return max(n, 1)
}

// plan sets how many steps the timeline has: at least so many, more if that lets more
// requests begin and end.
func (t *timeline) plan() {
	const least, most, wanted = 20000, 60000, 500
	perRequest := float64(t.c.Load.Output) / t.c.PerStep / t.c.running()
	if t.limit > 0 {
		t.planned = int(perRequest*float64(t.limit)*1.5) + len(t.ring) + 1000
		return
	}
	whole := 2.5 * float64(t.c.Load.Output) / t.c.PerStep
	t.planned = int(min(max(wanted*perRequest/0.9, whole, least), most))
	if t.c.Steps > 0 {
		t.planned = min(t.planned, t.c.Steps)
	}
}

// begin fills the timeline: with users that all ask at once, or with sequences as they
// are after a long time.
func (t *timeline) begin() {
	users := int(t.c.Load.Batch)
	r := streamOf(t.c.Seed, stream(Domain), 0)
	t.mix = r.normal()
	switch {
	case t.c.Rate > 0:
		users = int(math.Round(t.c.running()))
		t.next = -math.Log(t.arrivals.uniform()) / t.c.Rate
	case t.c.Benchmark:
		t.limit, t.counting = t.c.Requests, true
		if t.limit <= 0 {
			t.limit = 10 * users
		}
		for range min(users, t.limit) {
			t.arrive(0)
		}
		return
	}
	t.steps = -1 // so that they decode from the first step on
	for range users {
		if at := t.route(); t.replicas[at].inside < t.capacity {
			t.resume(at)
		} else {
			t.arrive(0)
		}
	}
	t.steps = 0
}

// resume puts a sequence into a replica that has decoded for a while.
func (t *timeline) resume(at int32) {
	i := t.request()
	q := &t.requests[i]
	*q = request{arrived: -1, first: -1, prompt: t.prompt(), output: t.length(t.c.Load.Output, t.c.OutputCV, 1), replica: at}
	steps := max(t.stepsFor(float64(q.output)), 1)
	left := 1 + t.lengths.below(steps)
	t.replicas[at].inside++
	t.decode(i, float64(q.prompt)+float64(steps-left)*t.c.PerStep, left)
}
