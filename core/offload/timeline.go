package offload

import "moecost/core/serving"

// Stream is a queue of work that runs in order, beside the other streams.
type Stream uint8

// The streams.
const (
	OnGPU  Stream = iota // kernels
	OnLink               // reads from the drive and copies to the GPU
	OnCPU                // experts that the CPU computes
	StreamCount
)

// EventKind is what an event does.
type EventKind uint8

// The kinds of events.
const (
	Before      EventKind = iota // attention, gate and dense layers
	Experts                      // of the GPU
	Predicted                    // copy of what was predicted
	Copied                       // copy of what was asked for
	ReadDrive                    // drive to host memory
	OnProcessor                  // experts computed by the CPU
	After                        // head and sampling
	KindOfEvents
)

// Event is one piece of work of a step.
type Event struct {
	Layer      int // MoE layer, from 0; as many as there are for After
	Stream     Stream
	Kind       EventKind
	Start, End float64 // seconds from the step's beginning
}

// task is an event to be run: after the earlier ones of its stream and after those that it names.
type task struct {
	Event
	seconds float64
	after   []int
}

// Timeline runs a decode step event by event: the second computation of what Time says, and
// what a picture of the streams is drawn from.
func (p *Plan) Timeline(policy Policy, w serving.Work) []Event {
	s := p.timing.Stack(w, p.order)
	if policy >= CPU && !p.Computes() || w.Prefill > 0 {
		return nil
	}
	lacks := p.lacks(&s, policy != OnDemand)
	return run(p.tasks(policy, &s, lacks, p.computing(policy, &s, lacks), func(int) float64 { return 1 }))
}

// tasks queues a step. lack scales what each layer is missing, for trying what chance does to it.
func (p *Plan) tasks(policy Policy, s *serving.Stack, lacks []needs, divided []computed, lack func(layer int) float64) []task {
	var out []task
	add := func(layer int, stream Stream, kind EventKind, seconds float64, after ...int) int {
		out = append(out, task{Event{Layer: layer, Stream: stream, Kind: kind}, seconds, after})
		return len(out) - 1
	}
	fetch := func(layer int, kind EventKind, share float64, chosen ...int) int {
		n, scale := &lacks[s.Layers[layer].Kind], share*lack(layer)
		if n.drive > 0 {
			chosen = []int{add(layer, OnLink, ReadDrive, scale*n.drive, chosen...)}
		}
		return add(layer, OnLink, kind, scale*n.copy, chosen...)
	}
	last := add(0, OnGPU, Before, 0)
	for i := range s.Layers {
		l := &s.Layers[i]
		chosen := add(i, OnGPU, Before, l.Before, last)
		switch {
		case policy >= CPU:
			last = p.divideTasks(add, i, l, &divided[l.Kind], chosen)
			continue
		case policy != Prefetch || i == 0:
			last = fetch(i, Copied, 1, chosen)
		case p.Setting.Refetch: // what was predicted is ahead of it on the link
			last = fetch(i, Copied, 1-p.Setting.Recall, chosen)
		default:
			last = lastOn(out, OnLink)
		}
		if policy == Prefetch && i+1 < len(s.Layers) {
			fetch(i+1, Predicted, p.Setting.Recall+p.Setting.Waste, chosen)
		}
		last = add(i, OnGPU, Experts, l.Shared+l.Experts, chosen, last)
	}
	add(len(s.Layers), OnGPU, After, s.After, last)
	return out
}

// divideTasks queues a layer whose experts GPU and CPU share; the task behind which the next layer begins.
func (p *Plan) divideTasks(add func(int, Stream, EventKind, float64, ...int) int, i int, l *serving.MoELayer, c *computed, chosen int) int {
	if c.drive > 0 {
		chosen = add(i, OnLink, ReadDrive, c.drive, chosen)
	}
	ready := chosen
	if c.copy > 0 {
		ready = add(i, OnLink, Copied, c.copy, chosen)
	}
	own := add(i, OnGPU, Experts, l.Shared+c.local*l.Experts, ready)
	if c.cpu == 0 {
		return own
	}
	if c.whole > 0 { // the layer's experts run on the CPU behind what the GPU did
		return add(i, OnCPU, OnProcessor, c.cpu, own)
	}
	cpu := add(i, OnCPU, OnProcessor, c.cpu, chosen)
	return add(i, OnGPU, Experts, 0, own, cpu)
}

func lastOn(tasks []task, stream Stream) int {
	for i := len(tasks) - 1; i > 0; i-- {
		if tasks[i].Stream == stream {
			return i
		}
	}
	return 0
}

// run starts every task as soon as its stream is free and what it waits for is done.
func run(tasks []task) []Event {
	var free [StreamCount]float64
	out := make([]Event, len(tasks))
	for i := range tasks {
		t := &tasks[i]
		start := free[t.Stream]
		for _, j := range t.after {
			start = max(start, out[j].End)
		}
		out[i] = t.Event
		out[i].Start, out[i].End = start, start+t.seconds
		free[t.Stream] = out[i].End
	}
	return out
}

// End is when the last event is over.
func End(events []Event) float64 {
	end := 0.0
	for i := range events {
		end = max(end, events[i].End)
	}
	return end
}
