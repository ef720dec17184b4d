package tail

import "math"

// urn draws the experts of one token without replacement, with exactly the inclusion
// probabilities of a layer: by rejection (Sampford 1967), the first expert in proportion to pi, the others to
// pi/(1-pi), all anew until all differ; where that would be rejected too often, by systematic sampling
// in a random order (Madow 1949). Experts of probability 1 are taken beforehand. Experts without
// weights stand behind those with.
type urn struct {
	pi      []float64
	sure    []int32
	others  []int32 // indices into pi
	k       int     // to draw among others
	first   []float64
	further []float64 // cumulated
	guide   [2][]int32
	madow   bool
}

// Above maxPairs expected pairs of equal experts Sampford's method rejects more than
// nine draws in ten.
const maxPairs = 2.3

// newUrn prepares a layer's draws; zero is the probability of its experts without
// weights, together, of which there are so many.
func newUrn(pi []float64, zero float64, zeros int) urn {
	u := urn{pi: append([]float64(nil), pi...)}
	for range zeros {
		u.pi = append(u.pi, zero/float64(zeros))
	}
	total := 0.0
	for i, p := range u.pi {
		switch {
		case p >= 1-1e-9:
			u.sure = append(u.sure, int32(i))
		case p > 0:
			u.others = append(u.others, int32(i))
			total += p
		}
	}
	u.k = int(math.Round(total))
	sum, square := 0.0, 0.0
	a, b := 0.0, 0.0
	for _, i := range u.others {
		p := u.pi[i]
		a += p
		b += p / (1 - p)
		u.first, u.further = append(u.first, a), append(u.further, b)
		sum += p / (1 - p)
		square += p / (1 - p) * p / (1 - p)
	}
	u.madow = u.k < 1 || float64(u.k*(u.k-1))/2*square/(sum*sum) > maxPairs
	if !u.madow {
		u.guide = [2][]int32{guideOf(u.first), guideOf(u.further)}
	}
	return u
}

// guideOf says, for equal parts of a cumulated row, where to begin to look.
func guideOf(cumulated []float64) []int32 {
	n := len(cumulated)
	out := make([]int32, n)
	at := 0
	for i := range out {
		for cumulated[at] < cumulated[n-1]*float64(i)/float64(n) {
			at++
		}
		out[i] = int32(at)
	}
	return out
}

func find(cumulated []float64, guide []int32, u float64) int {
	n := len(cumulated)
	at := int(guide[int(u*float64(n))])
	for x := u * cumulated[n-1]; cumulated[at] < x; {
		at++
	}
	return at
}

// token appends the experts of one token to dst. seen is scratch as long as the urn's
// experts, all zero; it is left so.
func (u *urn) token(dst []int32, seen []int32, r *stream) []int32 {
	dst = append(dst, u.sure...)
	if u.k < 1 {
		return dst
	}
	start := len(dst)
	if u.madow {
		for i := len(u.others) - 1; i > 0; i-- {
			j := r.below(i + 1)
			u.others[i], u.others[j] = u.others[j], u.others[i]
		}
		next, sum := r.uniform(), 0.0
		for _, i := range u.others {
			if sum += u.pi[i]; sum > next {
				dst = append(dst, i)
				next++
			}
		}
		return dst
	}
	for {
		dst = append(dst[:start], u.others[find(u.first, u.guide[0], r.uniform())])
		equal := false
		seen[dst[start]] = 1
		for range u.k - 1 {
			e := u.others[find(u.further, u.guide[1], r.uniform())]
			if seen[e] != 0 {
				equal = true
				break
			}
			seen[e] = 1
			dst = append(dst, e)
		}
		for _, e := range dst[start:] {
			seen[e] = 0
		}
		if !equal {
			return dst
		}
	}
}
