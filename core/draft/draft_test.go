package draft

import (
	"math"
	"math/rand/v2"
	"testing"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

// The geometric sum, and the process itself: drafts are accepted one after the
// other until the first that is not.
func TestAccepted(t *testing.T) {
	for _, accept := range []float64{0.1, 0.6, 0.85, 0.99} {
		for k := range 9 {
			near(t, "the geometric sum", Accepted(k, accept), (1-math.Pow(accept, float64(k+1)))/(1-accept), 1e-12)
		}
	}
	random := rand.New(rand.NewPCG(5, 7))
	const steps, drafts, accept = 400_000, 3, 0.7
	made := 0
	for range steps {
		made++ // the step's own token
		for k := 0; k < drafts && random.Float64() < accept; k++ {
			made++
		}
	}
	near(t, "the process", Accepted(drafts, accept), float64(made)/steps, 0.005) // six standard errors
}

func TestAcceptedEnds(t *testing.T) {
	for k := range 17 {
		near(t, "nothing accepted", Accepted(k, 0), 1, 0)
		near(t, "all accepted", Accepted(k, 1), float64(k+1), 0)
	}
	near(t, "nothing drafted", Accepted(0, 0.85), 1, 0)
}

// Lengths as SGLang reports them for DeepSeek-V3 (specdec.csv): 2.18 of 3 tokens, 2.44 of 4.
func TestAcceptance(t *testing.T) {
	for _, c := range []struct {
		drafts  int
		perStep float64
	}{{2, 2.18}, {3, 2.44}, {1, 1.74}, {16, 5}} {
		near(t, "the inverse", Accepted(c.drafts, Acceptance(c.drafts, c.perStep)), c.perStep, 1e-9)
	}
	near(t, "one drafted token", Acceptance(1, 1.85), 0.85, 1e-9)
	for _, c := range []struct {
		drafts        int
		perStep, want float64
	}{{0, 2, 0}, {2, 1, 0}, {2, 0, 0}, {2, math.NaN(), 0}, {2, 3, 1}, {2, 9, 1}} {
		if got := Acceptance(c.drafts, c.perStep); got != c.want {
			t.Errorf("Acceptance(%d, %g) = %g, want %g", c.drafts, c.perStep, got, c.want)
		}
	}
}
