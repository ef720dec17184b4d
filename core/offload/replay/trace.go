// Package replay runs recorded routing through caches of experts: which of the
// experts that each step asked for were already there.
//
// It is the check on the closed forms of package cache, and what a visitor's own
// trace is answered with (assets/measurements/replay.json holds what the traces of testdata give). A step asks each layer for a set of experts. They are looked up
// together; what is missing is brought in; only then is something evicted to make room, and what
// the step itself asked for goes last.
package replay

// Trace is recorded routing.
type Trace struct {
	Name    string
	Experts int          // in each layer; ids are 0 to Experts-1
	Prompt  int          // the first steps, which fill the cache and are not counted
	Steps   [][][]uint16 // [step][layer]: the distinct experts asked for, in the order of their use; what a prompt asks for is one step
	Bytes   []int64      // of one expert of each layer; nil: all alike
}

// Layers is the number of MoE layers.
func (t *Trace) Layers() int {
	if len(t.Steps) == 0 {
		return 0
	}
	return len(t.Steps[0])
}

// Counted is the steps that a replay counts: all but the prompt.
func (t *Trace) Counted() [][][]uint16 { return t.Steps[min(t.Prompt, len(t.Steps)):] }

// bytes of one expert of a layer; 1 if all are alike.
func (t *Trace) bytes(layer int) int64 {
	if t.Bytes == nil {
		return 1
	}
	return t.Bytes[layer]
}

// Total is the bytes of all experts of all layers; their number if all are alike.
func (t *Trace) Total() int64 {
	sum := int64(0)
	for layer := range t.Layers() {
		sum += t.bytes(layer) * int64(t.Experts)
	}
	return sum
}

// Cycle is what one step asks for of all that there is, on average: the share below which a
// cache over all layers that keeps the last ones used never hits.
func (t *Trace) Cycle() float64 {
	sum := 0.0
	for _, step := range t.Counted() {
		for layer, asked := range step {
			sum += float64(t.bytes(layer)) * float64(len(asked))
		}
	}
	return sum / float64(max(len(t.Counted()), 1)) / float64(max(t.Total(), 1))
}

// Popularity returns, layer by layer, the share of the counted steps that asked for each expert.
func (t *Trace) Popularity() [][]float64 {
	pi := make([][]float64, t.Layers())
	for layer := range pi {
		pi[layer] = make([]float64, t.Experts)
		for _, step := range t.Counted() {
			for _, e := range step[layer] {
				pi[layer][e] += 1 / float64(len(t.Counted()))
			}
		}
	}
	return pi
}

// TopK is the number of experts that a counted step asks one layer for, on average.
func (t *Trace) TopK() float64 {
	asked := 0
	for _, step := range t.Counted() {
		for _, layer := range step {
			asked += len(layer)
		}
	}
	return float64(asked) / float64(max(len(t.Counted())*t.Layers(), 1))
}
