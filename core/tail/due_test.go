package tail

import "testing"

// Prompts are held back as the prefill coalescer does that filled, patience and stalled are taken from: two
// replicas with chunks of 1,000 tokens that decode, of which the first holds one prompt since step 100.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		what          string
		replicas      int
		steps, latest int
		pending       float64
		decoding      int
		want          bool
	}{
		{"one prompt, another came just now", 2, 110, 110, 1399, 8, false},
		{"70 % of the chunks", 2, 110, 110, 1400, 8, true},
		{"none came for two steps", 2, 110, 108, 100, 8, false},
		{"none came for three", 2, 110, 107, 100, 8, true},
		{"the oldest waits for 29 steps", 2, 129, 129, 100, 8, false},
		{"for 30", 2, 130, 130, 100, 8, true},
		{"nothing decodes", 2, 110, 110, 100, 0, true},
		{"a single replica", 1, 110, 110, 100, 8, true},
	} {
		line := timeline{replicas: make([]replica, c.replicas), chunk: 1000, steps: c.steps, latest: c.latest, pending: c.pending, decoding: c.decoding}
		line.replicas[0] = replica{waiting: 1, oldest: 100}
		if got := line.due(); got != c.want {
			t.Errorf("for %s, got %t, want %t", c.what, got, c.want)
		}
	}
}
