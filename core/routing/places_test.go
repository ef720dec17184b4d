package routing

import (
	"math"
	"testing"
)

func TestDistinctPlaces(t *testing.T) {
	for _, c := range []struct{ experts, topK, places, want float64 }{
		// Computed independently, three digits.
		{256, 8, 4, 3.61}, {256, 8, 8, 5.30}, {256, 8, 16, 6.52}, {256, 8, 32, 7.27},
		{128, 8, 4, 3.63}, {128, 8, 8, 5.34}, {128, 8, 16, 6.60},
		{256, 8, 256, 8}, {256, 8, 1, 1}, {8, 8, 4, 4},
	} {
		if got := DistinctPlaces(c.experts, c.topK, c.places); math.Abs(got-c.want) > 0.006 {
			t.Errorf("for %v, got %.3f, want %.2f", c, got, c.want)
		}
	}
}

// DeepSeek-V3 on 8 nodes: 5.30 nodes expected, at most 4 by node-limited routing.
func TestCopiesPerToken(t *testing.T) {
	c := CopiesPerToken(256, 8, 64, 8, 4)
	near(t, "per expert", c.PerExpert, 8, 0)
	near(t, "per node", c.PerNode, 4, 0)
	if !(c.Multicast < c.PerNode && c.PerNode < c.PerRank && c.PerRank < c.PerExpert) {
		t.Errorf("got %+v: want multicast < node < rank < expert", c)
	}
}
