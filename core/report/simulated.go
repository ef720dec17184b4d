package report

import "moecost/core/tail"

// Simulable tells whether the report has a tail to simulate: TailCase has a case.
func (r *Report) Simulable() bool { return r.simulable() }

// Simulation is the result that Simulated put in; false before that.
func (r *Report) Simulation() (tail.Result, bool) {
	if r.Tail == nil {
		return tail.Result{}, false
	}
	return *r.simulated, true
}

// TailPercentiles are the percentiles of a step and of requests, seconds: P50, P90, P99 and
// P99.9. A percentile that was not simulated is 0.
type TailPercentiles struct {
	Name    string
	Seconds [4]float64
}

// TailPercentiles lists them; nil before Simulated.
func (r *Report) TailPercentiles() []TailPercentiles {
	if r.Tail == nil {
		return nil
	}
	s := r.simulated
	decode, first := r.tailFactors()
	out := []TailPercentiles{{Name: "A decode step"}, {Name: "A token of a request"}, {Name: "The first token"}}
	for i, q := range []struct {
		factor    float64
		quantiles *tail.Quantiles
	}{{decode, &s.Step}, {decode, &s.TPOT}, {first, &s.TTFT}} {
		for j, p := range []tail.Quantile{q.quantiles.P50, q.quantiles.P90, q.quantiles.P99, q.quantiles.P999} {
			out[i].Seconds[j] = q.factor * p.Value
		}
	}
	return out
}
