package routing

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"
)

// The closed form against the law it stands for: every sequence's own chance of an
// expert is beta distributed around the common one, and its tokens are independent given that
// chance. Summed over experts and sequences without any approximation.
func TestEffectiveTokensAgainstBeta(t *testing.T) {
	const rho = DefaultCorrelation
	f := (1 - rho) / rho
	for _, c := range []struct {
		experts, topK int
		tolerance     float64
	}{{8, 2, 0.04}, {128, 8, 0.015}, {256, 8, 0.015}, {512, 10, 0.01}} {
		pi := Inclusion(c.experts, c.topK, 1)
		for _, n := range []int{1, 2, 3, 4, 5, 9, 17} {
			for _, sequences := range []float64{1, 4, 64} {
				exact := 0.0
				for _, p := range pi {
					miss := 1.0
					for j := range n {
						miss *= (f*(1-p) + float64(j)) / (f + float64(j))
					}
					exact += 1 - math.Pow(miss, sequences)
				}
				near(t, "effective tokens", ExpectedDistinct(pi, sequences*EffectiveTokens(float64(n), rho)), exact, c.tolerance)
			}
		}
	}
}

func TestEffectiveTokensEnds(t *testing.T) {
	for _, n := range []float64{0, 0.5, 1} {
		near(t, "one token or less", EffectiveTokens(n, 0.3), n, 0)
	}
	near(t, "independent tokens", EffectiveTokens(7, 0), 7, 0)
	near(t, "the second token", EffectiveTokens(2, 0.3), 1.7, 1e-12)
	before := 1.0
	for n := 1.25; n < 4000; n *= 1.05 { // past the end of the sum too
		now := EffectiveTokens(n, 0.25)
		if !(now > before && now < n) {
			t.Fatalf("%g tokens count as %g after %g: want growth, and fewer than there are", n, now, before)
		}
		before = now
	}
	sum := 0.0
	for j := range 1000 {
		sum += 3 / (3 + float64(j))
	}
	near(t, "a long draft", EffectiveTokens(1000, 0.25), sum, 1e-5)
}

// Measured unions of consecutive tokens, of one sequence and of batches of drafts under
// verification, at the default skew: nothing here was fitted but DefaultCorrelation.
func TestEffectiveTokensMeasured(t *testing.T) {
	file, err := os.Open("../../assets/measurements/activation.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := func(cell string) float64 {
		x, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatalf("%q: %v", cell, err)
		}
		return x
	}
	sum, counted, worst := 0.0, 0.0, 0.0
	for _, r := range rows[1:] {
		relation := r[8]
		if !strings.Contains(relation, "consecutive tokens of one sequence") || strings.Contains(r[2], "sliding") {
			continue
		}
		tokens, measured, pi := number(r[1]), number(r[3]), Inclusion(int(number(r[6])), int(number(r[7])), 1)
		if strings.HasPrefix(relation, "groups") {
			// "request batch 8 x 4 draft tokens": the only measurement of many drafts at once. Its 32
			// greedy prompts were short and alike: more so, the more of them, which no law of one token's routing knows.
			sequences := number(strings.Fields(r[2][strings.Index(r[2], "batch ")+len("batch "):])[0])
			got := ExpectedDistinct(pi, sequences*EffectiveTokens(tokens/sequences, DefaultCorrelation))
			plain := ExpectedDistinct(pi, tokens)
			if !(got < plain) || got < measured || got > 1.6*measured {
				t.Errorf("for %s: %.1f distinct experts, measured %.1f, %.1f if all tokens were independent", r[2], got, measured, plain)
			}
			if sequences <= 8 {
				near(t, r[2], got, measured, 0.1)
			}
			continue
		}
		if tokens < 2 || tokens > 8 {
			continue
		}
		got := ExpectedDistinct(pi, EffectiveTokens(tokens, DefaultCorrelation))
		miss := math.Abs(got/measured - 1)
		sum, counted, worst = sum+miss, counted+1, max(worst, miss)
		if uniform := number(r[9]); math.Abs(got-measured) >= math.Abs(uniform-measured) {
			t.Errorf("for %s, %g tokens: %.2f is no better than uniform %.2f (measured %.2f)", r[0], tokens, got, uniform, measured)
		}
	}
	if counted != 10 || sum/counted > 0.06 || worst > 0.13 {
		t.Errorf("%g unions missed by %.1f %% on average, %.1f %% at most: want 10, 6 and 13 %%", counted, 100*sum/counted, 100*worst)
	}
}
