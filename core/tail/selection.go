package tail

import "slices"

// selection gives quantiles of a row, which it reorders. It sorts no more than it
// must: a result is wanted ten times a second.
type selection []float32

// at is the p quantile, between its two neighbours; 0 of an empty row.
func (s selection) at(p float64) float64 {
	if len(s) == 0 {
		return 0
	}
	x := min(max(p*float64(len(s))-0.5, 0), float64(len(s)-1))
	i := int(x)
	s.order(i)
	if i+1 >= len(s) {
		return float64(s[i])
	}
	next := slices.Min(s[i+1:])
	return float64(s[i]) + (x-float64(i))*float64(next-s[i])
}

// order puts in place k what would stand there if the row were sorted, with nothing
// larger before it and nothing smaller behind it (Hoare's selection).
func (s selection) order(k int) {
	low, high := 0, len(s)-1
	for low < high {
		middle := low + (high-low)/2
		a, b, c := s[low], s[middle], s[high]
		pivot := max(min(a, b), min(max(a, b), c))
		i, j := low, high
		for i <= j {
			for s[i] < pivot {
				i++
			}
			for s[j] > pivot {
				j--
			}
			if i <= j {
				s[i], s[j] = s[j], s[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return
		}
	}
}
