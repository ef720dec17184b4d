package cache

// Shares are the sizes at which replays are shown, as shares of all experts.
var Shares = [...]float64{1. / 32, 1. / 16, 3. / 32, 1. / 8, 3. / 16, 1. / 4, 3. / 8, 1. / 2, 3. / 4}

// Replay policies that no closed form has.
const (
	GlobalLFU Policy = "global-lfu" // one list of the most frequently used, over all layers
	Optimum   Policy = "optimum"    // evicts what is asked for again last (Belady 1966), over all layers
)

// Replayed are the policies of a Curve.
var Replayed = [...]Policy{Static, LRU, LFU, Global, Optimum}

// Curve is a recorded trace run through caches of several sizes.
type Curve struct {
	Name    string      `json:"name"`
	Experts int         `json:"experts"` // of each layer
	Layers  int         `json:"layers"`
	Steps   int         `json:"steps"` // that were counted
	TopK    float64     `json:"topK"`  // experts that a step asks one layer for, on average
	Sigma   float64     `json:"sigma"` // of the lognormal popularity that is as uneven as the trace's
	Rates   [][]float64 `json:"rates"` // hit rates, one row for each of Shares, one value for each of Replayed
}
