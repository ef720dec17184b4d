package report_test

import (
	"fmt"
	"math"
	"reflect"

	"moecost/core/report"
)

// inconsistent lists what in a report cannot be true together, whatever the scenario. 1e-9 is left to rounding.
func inconsistent(r *report.Report) (faults []string) {
	const rounding = 1 + 1e-9
	atMost := func(what string, small, large float64) {
		if !(small <= large*rounding+1e-300) {
			faults = append(faults, fmt.Sprintf("%s: %g is above %g", what, small, large))
		}
	}
	for _, section := range []any{r.Memory, r.Decode, r.Prefill, r.Routing, r.Balance, r.Offload, r.Draft, r.Cost} {
		faults = append(faults, notFinite(reflect.ValueOf(section))...)
	}
	if o := r.Offload; o != nil {
		times := map[string]float64{"on_demand": o.OnDemand, "cached": o.Cached, "prefetch": o.Prefetch, "cpu": o.CPU, "hybrid": o.Hybrid}
		atMost("cached over on demand", o.Cached, o.OnDemand)
		atMost("resident over cached", o.Resident, o.Cached)
		atMost("resident over prefetched", o.Resident, o.Prefetch)
		if o.Hybrid > 0 && r.Scenario.Engine != "llamacpp" { // llama.cpp's whole layers are no division of each
			atMost("hybrid over the CPU alone", o.Hybrid, o.CPU)
			atMost("hybrid over cached", o.Hybrid, o.Cached)
		}
		atMost("saving over its ceiling", o.Saving, math.Max(o.Ceiling, 0)+1e-9)
		atMost("hit rate", o.HitRate, 1)
		if r.Memory.Fits && r.Decode.Step > 0 {
			atMost("step over that of the chosen policy", r.Decode.Step, times[o.Chosen])
			atMost("chosen policy over the step", times[o.Chosen], r.Decode.Step)
		}
	}
	if d := r.Draft; d != nil && d.TokensPerStep > 0 {
		if r.Offload == nil {
			atMost("speedup over tokens of a step", d.Speedup, d.TokensPerStep)
			atMost("penalty below 1", 1, d.Penalty)
		}
		if r.Scenario.Draft <= 8 {
			atMost("speedup over the best", d.Speedup, d.BestSpeedup)
		}
	}
	if b := r.Balance; b != nil && b.MeanDistinct > 0 {
		atMost("mean rank over the busiest", b.MeanDistinct, b.BusiestDistinct)
		atMost("stall over the step", b.SyncStall, r.Decode.Step)
		atMost("mean over busiest", 1, b.MaxOverMean)
	}
	if d := r.Decode; d != nil && d.TPOT > 0 {
		atMost("low end of the range", d.TPOTLow, d.TPOT)
		atMost("high end of the range", d.TPOT, d.TPOTHigh)
		sum := 0.0
		for _, s := range d.Parts {
			sum += s
		}
		atMost("step over its parts", d.Step, sum*1.001)
	}
	return faults
}

// notFinite lists fields that are no number.
func notFinite(v reflect.Value) (faults []string) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return notFinite(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			for _, f := range notFinite(v.Field(i)) {
				faults = append(faults, v.Type().Field(i).Name+" "+f)
			}
		}
	case reflect.Float64:
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			return []string{fmt.Sprint("is ", x)}
		}
	}
	return faults
}
