package tail

import (
	"math"
	"testing"
)

// The grid points that are chosen around a mix of domains have it as their mean; beyond the edge, the edge.
func TestNearby(t *testing.T) {
	const draws = 1000
	for _, z := range []float64{-9, -levelEdge, -1.3, -0.01, 0, 0.77, 2, levelEdge, 9} {
		sum := 0.0
		for i := range draws {
			at := nearby(z, (float64(i)+0.5)/draws)
			if at < 0 || at >= levelCount {
				t.Fatalf("for %g, got point %d of %d", z, at, levelCount)
			}
			sum += float64(at)*levelStep - levelEdge
		}
		// A step of u is a thousandth of the distance of two points.
		if got, want := sum/draws, min(max(z, -levelEdge), levelEdge); math.Abs(got-want) > levelStep/draws {
			t.Errorf("for %g, the mean of the points is %g, want %g", z, got, want)
		}
	}
}
