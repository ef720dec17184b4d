package tail

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSelection: a selection agrees with sorting, whatever the order, the ties and
// the quantiles asked for before.
func TestSelection(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for n := 1; n < 400; n++ {
		row := make([]float32, n)
		for i := range row {
			row[i] = float32(random.IntN(1 + n/(1+n%5)))
		}
		if n%7 == 0 {
			slices.Sort(row)
		}
		sorted := slices.Clone(row)
		slices.Sort(sorted)
		s := selection(row)
		for range 6 {
			p := random.Float64() * 1.1
			x := min(max(p*float64(n)-0.5, 0), float64(n-1))
			i := int(x)
			want := float64(sorted[i])
			if i+1 < n {
				want += (x - float64(i)) * float64(sorted[i+1]-sorted[i])
			}
			if got := s.at(p); got != want {
				t.Fatalf("quantile %v of %v: got %v, want %v", p, sorted, got, want)
			}
		}
	}
}
