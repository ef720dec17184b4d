package tail

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"moecost/core/routing"
	"moecost/core/serving"
)

// stackOf is a stack on which a test draws.
func stackOf(t testing.TB, model string, l serving.Layout, a serving.Assumptions, batch int64) *stack {
	c := Case{Timing: timed(t, model, "h200", "sglang", l, a), Load: serving.Load{Batch: batch, Prompt: 1000, Output: 100}, Seed: 3, PerStep: 1}
	return newStack(&c)
}

// sample is the busiest rank's copies, its distinct experts, and all
// distinct experts, in many draws of one layer.
type sample [3][]float64

func (x *sample) add(copies, reads []float64) {
	all := 0.0
	for _, n := range reads {
		all += n
	}
	x[0] = append(x[0], slices.Max(copies))
	x[1] = append(x[1], slices.Max(reads))
	x[2] = append(x[2], all)
}

// bruteForce draws every token on its own with routing.Sampler.
func bruteForce(s *stack, layer, draws int) (out sample) {
	l := &s.layers[layer]
	pi := slices.Clone(l.pi)
	for range l.kind.Zero {
		pi = append(pi, l.zero/float64(l.kind.Zero))
	}
	sampler := routing.NewSampler(pi, 5)
	r := streamOf(9, rounding, 0)
	var token []int
	copies, reads, hits := make([]float64, s.ranks), make([]float64, s.ranks), make([]int, len(l.held))
	for range draws {
		clear(hits)
		for range int(s.nominal.covering) {
			token = sampler.Token(token[:0])
			for _, e := range token {
				if e < len(l.pi) {
					hits[l.slotOf(int32(e), &r)]++
				}
			}
		}
		for rank := range copies {
			copies[rank], reads[rank] = 0, 0
			for _, n := range hits[l.start[rank]:l.start[rank+1]] {
				copies[rank] += float64(n)
				reads[rank] += float64(min(n, 1))
			}
		}
		out.add(copies, reads)
	}
	return out
}

func drawn(s *stack, layer, draws int) (out sample) {
	v := s.levelOf(levelCount / 2)
	for i := range draws {
		r := streamOf(7, stream(Routing), i)
		if s.tables != nil {
			s.countsOf(v, layer, &r)
		} else {
			s.tokensOf(v, layer, &r)
		}
		out.add(s.copies, s.reads)
	}
	return out
}

func moments(x []float64) (mean, deviation float64) {
	for _, v := range x {
		mean += v
	}
	mean /= float64(len(x))
	for _, v := range x {
		deviation += (v - mean) * (v - mean)
	}
	return mean, math.Sqrt(deviation / float64(len(x)))
}

// distance is the two-sample statistic of Kolmogorov and Smirnov.
func distance(a, b []float64) float64 {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	most, i, j := 0.0, 0, 0
	for i < len(a) && j < len(b) {
		x := min(a[i], b[j])
		for i < len(a) && a[i] <= x {
			i++
		}
		for j < len(b) && b[j] <= x {
			j++
		}
		most = max(most, math.Abs(float64(i)/float64(len(a))-float64(j)/float64(len(b))))
	}
	return most
}

// spreadOut adds a uniform variable one wide: counts drawn token by token are whole, and
// those corrected for their sum are not.
func spreadOut(x []float64, seed uint64) []float64 {
	r := streamOf(seed, rounding, 1)
	out := make([]float64, len(x))
	for i := range x {
		out[i] = x[i] + r.uniform() - 0.5
	}
	return out
}

// What is drawn by counts and by rejection has the distribution of what is drawn token
// by token, by another scheme with the same inclusion probabilities. Two samples of 2,000 from one
// distribution are further apart than 0.062 once in a thousand; 0.02 more is granted to counts, whose covariances
// are right to the order of 1/experts. Means within 1.5 %, deviations within 10 % or a twentieth of an expert.
func TestAgainstTokens(t *testing.T) {
	for _, c := range []struct {
		model string
		l     serving.Layout
		skew  float64
		batch int64
	}{
		{"deepseek-r1", wide32, 1, 1}, {"deepseek-r1", wide32, 1, 8}, {"deepseek-r1", wide32, 1, 9}, {"deepseek-r1", wide32, 1, 32}, {"deepseek-r1", wide32, 0, 32},
		{"deepseek-r1", wide32, 1, 256}, {"qwen3-235b-a22b", wide8, 1, 16}, {"qwen3-235b-a22b", wide8, 1, 128}, {"mixtral-8x7b", wide8, 0.5, 16},
		{"mixtral-8x7b", wide8, 0.5, 64}, {"mixtral-8x7b", wide8, 0.5, 256}, {"longcat-flash", wide32, 1, 32}, {"gpt-oss-120b", tp8, 1, 64},
	} {
		s := stackOf(t, c.model, c.l, serving.Assumptions{Skew: c.skew}, c.batch)
		const draws = 2000
		a, b := drawn(s, 0, draws), bruteForce(s, 0, draws)
		for i, what := range []string{"busiest copies", "busiest distinct", "distinct"} {
			what = fmt.Sprintf("%s, skew %g, batch %d, %s", c.model, c.skew, c.batch, what)
			meanA, deviationA := moments(a[i])
			meanB, deviationB := moments(b[i])
			near(t, what+", mean", meanA, meanB, 0.015)
			if math.Abs(deviationA-deviationB) > max(0.1*deviationB, 0.05) {
				t.Errorf("for %s, deviation %v, token by token %v", what, deviationA, deviationB)
			}
			if d := distance(spreadOut(a[i], 1), spreadOut(b[i], 2)); d > 0.082 {
				t.Errorf("for %s, the distributions are %v apart", what, d)
			}
		}
	}
}

// Sampford's method and Madow's give every expert its inclusion probability: chi-squared
// of the counts, whose mean is below the degrees of freedom because a token's experts differ. Beyond 5
// deviations by chance once in a million.
func TestUrn(t *testing.T) {
	for _, c := range []struct {
		pi    []float64
		madow bool
	}{
		{routing.Inclusion(256, 8, 1), false}, {routing.Inclusion(128, 8, 0), false}, {routing.Inclusion(16, 8, 1), true},
		{routing.Inclusion(8, 2, 0.5), false}, {routing.Inclusion(8, 2, 3), false}, {[]float64{0.5, 0.5, 1, 0, 1}, false},
	} {
		u := newUrn(c.pi, 0, 0)
		if u.madow != c.madow {
			t.Errorf("for %d experts, systematic is %v", len(c.pi), u.madow)
		}
		const tokens = 100_000
		r := streamOf(1, rounding, 2)
		seen, counts := make([]int32, len(c.pi)), make([]float64, len(c.pi))
		var token []int32
		wanted := 0.0
		for _, p := range c.pi {
			wanted += p
		}
		for range tokens {
			token = u.token(token[:0], seen, &r)
			if len(token) != int(math.Round(wanted)) {
				t.Fatalf("for %d experts, a token chose %d", len(c.pi), len(token))
			}
			for _, e := range token {
				counts[e]++
			}
		}
		square, free := 0.0, 0.0
		for i, p := range c.pi {
			switch variance := tokens * p * (1 - p); {
			case variance > 1e-6:
				square += (counts[i] - tokens*p) * (counts[i] - tokens*p) / variance
				free++
			case math.Abs(counts[i]-tokens*p) > 1e-3:
				t.Errorf("for probability %v, %v of %v tokens", p, counts[i], tokens)
			}
		}
		if square > free+5*math.Sqrt(2*free) {
			t.Errorf("for %d experts, chi-squared %v of %v", len(c.pi), square, free)
		}
	}
}

// The alias tables hold the binomials that they were made of.
func TestBinomials(t *testing.T) {
	b := newBinomials(100)
	r := streamOf(1, rounding, 3)
	for _, mean := range []float64{0.004, 0.3, 2, 17, 39.9, 60, 99.95} {
		p := mean / b.tokens
		var sum, square, none float64
		const draws = 400
		for range draws { // over the rounding between two tables, too
			d := b.of(mean, b.tokens*p*(1-p), &r)
			if d.table < 0 {
				m, v, s := float64(d.scale), float64(d.spread), float64(d.bow)
				sum += m
				square += m*m + v*v + 2*s*s
				continue
			}
			var mass [columns]float64
			for col, e := range b.alias[d.table : d.table+columns] {
				threshold := float64(e>>16) / thresholdOne
				mass[col] += threshold / columns
				mass[e&(columns-1)] += (1 - threshold) / columns
			}
			none += mass[0]
			for n, m := range mass {
				x := float64(n) * float64(d.scale)
				sum += m * x
				square += m * x * x
			}
		}
		// Thresholds are of 16 bits: 1.5e-5 of a column.
		near(t, fmt.Sprintf("mean %v", mean), sum/draws, mean, 2e-3)
		near(t, fmt.Sprintf("variance at mean %v", mean), square/draws-sum/draws*sum/draws, mean*(1-p), 0.06)
		if mean < 3 {
			near(t, fmt.Sprintf("no token at mean %v", mean), none/draws, math.Pow(1-p, b.tokens), 0.01)
		}
	}
}
