package sweep

import (
	"math"
	"math/rand/v2"
	"testing"

	"moecost/core/report"
	"moecost/core/serving"
)

func plan(t *testing.T, query string) ([]Run, *report.Report) {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	q := report.Question{Scenario: s}
	r, err := report.Build(q)
	if err != nil {
		t.Fatal(err)
	}
	return Plan(q, r), r
}

// The width after n measurements against drawn errors: a configuration's own error and each load's, of which n are
// seen and shrunk as least squares have it.
func TestWidthAgainstDrawnErrors(t *testing.T) {
	const draws = 200_000
	r := rand.New(rand.NewPCG(1, 1))
	for _, class := range []serving.Class{serving.NodeMany, serving.OneGPUFew, serving.LoadedFirst} {
		both, own := width(class, 0, false), inside(serving.RangeOf(class))
		shared := math.Sqrt(both*both - own*own)
		for _, n := range []int{0, 1, 3} {
			sum := 0.0
			for range draws {
				scale, seen := shared*r.NormFloat64(), 0.0
				for range n {
					seen += scale + own*r.NormFloat64()
				}
				if n > 0 {
					seen *= shared * shared / (float64(n)*shared*shared + own*own)
				}
				e := scale + own*r.NormFloat64() - seen
				sum += e * e
			}
			// The standard error of a standard deviation from so many draws is 0.16 %.
			if got, want := math.Sqrt(sum/draws), width(class, n, false); math.Abs(got/want-1) > 0.01 {
				t.Errorf("%s after %d measurements: drawn errors have width %.4f, width says %.4f", class, n, got, want)
			}
		}
	}
}

func TestPlan(t *testing.T) {
	runs, r := plan(t, "model=deepseek-v3&gpu=h200&gpus=8&batch=64")
	if len(runs) != Most {
		t.Fatalf("got %d runs, want %d", len(runs), Most)
	}
	kinds := map[Kind]bool{}
	for i, run := range runs {
		if kinds[run.Kind] {
			t.Errorf("run %d: made before", i)
		}
		kinds[run.Kind] = true
		if len(run.Pins) == 0 || !run.Pins[0].Measured {
			t.Errorf("run %d pins nothing: %+v", i, run)
		}
		for _, p := range run.Pins {
			if p.After >= p.Before || p.After < repeats-1e-9 {
				t.Errorf("run %d, %s at %d users: from %.2f to %.2f", i, p.Figure, p.Users, p.Before, p.After)
			}
		}
		if run.Users < 1 || run.Users > r.Memory.MaxBatch {
			t.Errorf("run %d: %d users, %d fit", i, run.Users, r.Memory.MaxBatch)
		}
	}
	for _, want := range []Kind{Own, One, Prompts} {
		if !kinds[want] {
			t.Errorf("no run of kind %d: TPOT and TTFT under the own load, one user and prefill are each in a class that nothing else measures", want)
		}
	}
}

// No other order of the same runs has shrunk more after the first of them: the first is the best single run.
func TestTheFirstRunIsTheBest(t *testing.T) {
	for _, query := range []string{"model=deepseek-v3&gpu=h200&gpus=8&batch=64", "model=mixtral-8x7b&gpu=h100-sxm&gpus=2&batch=4", "model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&weights=int4&batch=1&in=2048"} {
		runs, _ := plan(t, query)
		total := func(run Run) (sum float64) {
			for _, p := range run.Pins {
				sum += math.Log(p.Before / p.After)
			}
			return sum
		}
		for i := 1; i < len(runs); i++ {
			if total(runs[i]) > total(runs[i-1])+0.01*float64(len(runs[i].Pins)+len(runs[i-1].Pins)) { // pins that gain less than a hundredth are left out
				t.Errorf("%s: run %d shrinks %.3f, the one before it %.3f", query, i, total(runs[i]), total(runs[i-1]))
			}
		}
	}
}

func TestWhatIsMeasuredIsNotMeasuredAgain(t *testing.T) {
	runs, _ := plan(t, "model=deepseek-v3&gpu=h200&gpus=8&batch=64&measured_tpot=30&measured_ttft=2000")
	for _, run := range runs {
		if run.Kind == Own {
			t.Error("asks for the load that was measured")
		}
	}
}

func TestNothingToMeasure(t *testing.T) {
	for _, query := range []string{"model=deepseek-v3&gpu=rtx4090&gpus=1", "model=mixtral-8x7b&gpu=h100-sxm&gpus=2&engine=ideal"} {
		if runs, _ := plan(t, query); len(runs) > 0 {
			t.Errorf("%s: got %d runs, want none: nothing is predicted", query, len(runs))
		}
	}
}
