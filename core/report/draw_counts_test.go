package report

import (
	"math"
	"testing"
)

// TestBinomialQuantile compares with the law summed up term by term: exact below the
// normal law's range, within two counts of a deviation of 10 and more above.
func TestBinomialQuantile(t *testing.T) {
	for _, c := range []struct{ n, p, slack float64 }{{1, 0.3, 0}, {64, 1.0 / 32, 0}, {64, 0.9, 0}, {300, 0.2, 0}, {1000, 0.3, 2}, {4000, 0.97, 2}} {
		cumulated, k := 0.0, -1.0
		for u := 0.005; u < 1; u += 0.01 {
			for cumulated < u {
				k++
				a, _ := math.Lgamma(c.n + 1)
				b, _ := math.Lgamma(k + 1)
				d, _ := math.Lgamma(c.n - k + 1)
				cumulated += math.Exp(a - b - d + k*math.Log(c.p) + (c.n-k)*math.Log1p(-c.p))
			}
			if got := binomialQuantile(c.n, c.p, u); math.Abs(got-k) > c.slack {
				t.Errorf("quantile %g of %g draws at %g: got %g, want %g", u, c.n, c.p, got, k)
			}
		}
	}
	for _, c := range []struct{ n, p, want float64 }{{0, 0.5, 0}, {9, 0, 0}, {9, 1, 9}} {
		if got := binomialQuantile(c.n, c.p, 0.5); got != c.want {
			t.Errorf("%g draws at %g: got %g, want %g", c.n, c.p, got, c.want)
		}
	}
}
