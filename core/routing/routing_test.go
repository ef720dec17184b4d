package routing

import (
	"math"
	"slices"
	"testing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

func TestInclusion(t *testing.T) {
	for _, c := range []struct {
		experts, topK int
		sigma         float64
	}{{8, 2, 0}, {8, 2, 1}, {128, 8, 1}, {256, 8, 1.05}, {16, 1, 3}, {8, 6, 3}, {512, 10, 2.5}, {4, 4, 1}, {2, 3, 1}} {
		pi := Inclusion(c.experts, c.topK, c.sigma)
		sum := 0.0
		for i, p := range pi {
			sum += p
			if p < 0 || p > 1 || (i > 0 && p > pi[i-1]) {
				t.Errorf("for %v, pi[%d] = %g: want 0 to 1, hottest first", c, i, p)
			}
		}
		near(t, "sum of pi", sum, float64(min(c.topK, c.experts)), 1e-12)
	}
}

// Published routing statistics and the sigma that was fitted to them elsewhere;
// the lognormal law must reproduce both figures of a row with that one sigma.
func TestLognormalAnchors(t *testing.T) {
	// DeepSeek-R1, machine translation, EP32 (TensorRT-LLM tech blog 4, table 1):
	// hottest expert 11.95 x the mean; busiest rank 2.564 x the mean. 3 % for the
	// expert; 8 % for the rank: the table is one placement, this is the mean over placements, which
	// differ by about 12 % (one standard deviation).
	pi := Inclusion(256, 8, 1.05)
	near(t, "R1 hottest expert", MaxOverMean(pi), 11.95, 0.03)
	ranks := NewRanks(NewCoverage(pi, 8), 32)
	near(t, "R1 busiest rank", ranks.Imbalance(32*256), 2.564, 0.08)

	// Gini of measured popularity: Qwen3.5-35B-A3B 0.491 at sigma 0.93, Qwen3.5-397B-A17B 0.534
	// at 1.03; erf(sigma/2) is exact for infinitely many experts, 2 % for hundreds.
	near(t, "Gini 0.93", Gini(Inclusion(256, 8, 0.93)), 0.491, 0.02)
	near(t, "Gini 1.03", Gini(Inclusion(512, 10, 1.03)), 0.534, 0.02)
}

func TestPowerLaw(t *testing.T) {
	// aiconfigurator, docs/POWER_LAW_DISTRIBUTION.md: alpha 0, u 0.5 on [1, 100] is 50.5.
	near(t, "quantile", boundedPowerLaw(0.5, 1, 100, 0), 50.5, 1e-12)
	// alpha 1 is the limit of its neighbours.
	near(t, "alpha 1", boundedPowerLaw(0.3, 1, 100, 1), boundedPowerLaw(0.3, 1, 100, 1+1e-6), 1e-4)
	sum := 0.0
	for _, p := range PowerLaw(128, 8, 1.2) {
		sum += p
	}
	near(t, "sum", sum, 8, 1e-12)
}

func TestExpectedMaxNormal(t *testing.T) {
	// Tabulated expected maxima of n normals (Harter 1961): 1.4236, 2.0697, 2.3510 for 8, 32, 70.
	near(t, "8", ExpectedMaxNormal(8), 1.4236, 0.01)
	near(t, "32", ExpectedMaxNormal(32), 2.0697, 0.01)
	near(t, "2", ExpectedMaxNormal(2), 0.5642, 0.05)
}

// LongCat-Flash routes each token to 12 of 512 experts and 256 without weights
// (its report: 8 with weights on average). Whatever the skew, as many are reached; 1 % is the
// grid of quantiles at its steepest.
func TestInclusionAmong(t *testing.T) {
	for _, sigma := range []float64{0, 0.5, 1, 1.5} {
		near(t, "experts of a token", ExpectedDistinct(InclusionAmong(512, 256, 12, sigma), 1), 8, 0.01)
	}
	if got, want := InclusionAmong(128, 0, 8, 1), Inclusion(128, 8, 1); !slices.Equal(got, want) {
		t.Errorf("without experts that have no weights, got %v, want %v", got[:3], want[:3])
	}
}
