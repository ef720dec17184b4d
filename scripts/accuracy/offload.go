package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"moecost/core/serving"
)

// offloadParameters are what is fitted, each pulled towards its start.
var offloadParameters = []struct {
	name, unit, what string
	of               func(*offloadConstants) *float64
}{
	{"memory", "share", "of the host's memory bandwidth that KTransformers' CPU kernels reach", func(c *offloadConstants) *float64 { return &c.memory }},
	{"sync", "s", "hand-over between GPU and CPU in a MoE layer", func(c *offloadConstants) *float64 { return &c.model.Sync }},
	{"python", "s", "an expert in a Python loop (these rows alone)", func(c *offloadConstants) *float64 { return &c.python }},
}

// offloadHalves splits the rows by document: all rows of a source lie in one half, and every second
// source in the order of their names in the other.
func offloadHalves(rows []*offloadRow) map[string]int {
	var sources []string
	for _, r := range rows {
		if r.skipped == "" && !slices.Contains(sources, r.source) {
			sources = append(sources, r.source)
		}
	}
	sort.Strings(sources)
	out := map[string]int{}
	for i, s := range sources {
		out[s] = i % 2
	}
	return out
}

// fitOffload finds the constants on the rows that keep says: Huber (0.25) on the logarithms, the
// rows of a source sharing a softened vote, each constant pulled towards its start by ½ (ln c/c₀)².
func fitOffload(rows []*offloadRow, keep func(*offloadRow) bool) offloadConstants {
	count := map[string]float64{}
	for _, r := range rows {
		if r.skipped == "" && keep(r) {
			count[r.source]++
		}
	}
	start := startOffload()
	best := start
	loss := func(c offloadConstants) float64 {
		sum := 0.0
		for _, p := range offloadParameters {
			d := math.Log(*p.of(&c) / *p.of(&start))
			sum += d * d / 2
		}
		for _, r := range rows {
			if r.skipped == "" && keep(r) {
				sum += 10 * huberLoss(r.err(&c)) / math.Sqrt(count[r.source])
			}
		}
		return sum
	}
	least := loss(best)
	for step := 1.5; step > 1.005; step = math.Sqrt(step) {
		for better := true; better; {
			better = false
			for _, p := range offloadParameters {
				for _, factor := range []float64{step, 1 / step} {
					try := best
					*p.of(&try) *= factor
					if l := loss(try); l < least {
						best, least, better = try, l, true
					}
				}
			}
		}
	}
	return best
}

// offloadPredictions predicts every row by constants that were fitted on the other half.
func offloadPredictions(rows []*offloadRow) ([]float64, [2]offloadConstants) {
	half := offloadHalves(rows)
	var fits [2]offloadConstants
	for i := range fits {
		fits[i] = fitOffload(rows, func(r *offloadRow) bool { return half[r.source] != i })
	}
	out := make([]float64, len(rows))
	for i, r := range rows {
		if r.skipped == "" {
			out[i] = r.predict(&fits[half[r.source]])
		}
	}
	return out, fits
}

// offloadTables prints the errors by policy and by source, the curves, the constants and what is left out.
func offloadTables(w io.Writer, dir string) error {
	rows, err := readOffload(dir)
	if err != nil {
		return err
	}
	predicted, fits := offloadPredictions(rows)
	errorsBy(w, "experts elsewhere, by policy", rows, predicted, offloadWay)
	offloadRanges(w, rows, predicted)
	errorsBy(w, "by source", rows, predicted, func(r *offloadRow) string { return r.source })
	offloadCurves(w, rows, predicted)
	all := fitOffload(rows, func(*offloadRow) bool { return true })
	fmt.Fprintf(w, "| constant | one half | the other | all | unit | what |\n|---|--:|--:|--:|---|---|\n")
	for _, p := range offloadParameters {
		fmt.Fprintf(w, "| %s | %.3g | %.3g | %.3g | %s | %s |\n", p.name, *p.of(&fits[0]), *p.of(&fits[1]), *p.of(&all), p.unit, p.what)
	}
	fmt.Fprintln(w)
	left := map[string]int{}
	for _, r := range rows {
		if r.skipped != "" {
			reason, _, _ := strings.Cut(r.skipped, ": ")
			if strings.HasPrefix(r.skipped, "not a time") {
				left[reason]++
			} else {
				left[r.skipped]++
			}
		}
	}
	var reasons []string
	for s := range left {
		reasons = append(reasons, s)
	}
	sort.Strings(reasons)
	fmt.Fprintf(w, "| rows of offload.csv not predicted | why |\n|--:|---|\n")
	for _, s := range reasons {
		fmt.Fprintf(w, "| %d | %s |\n", left[s], s)
	}
	fmt.Fprintln(w)
	return nil
}

func offloadWay(r *offloadRow) string {
	switch {
	case r.prompt > 0:
		return "prompts (llama.cpp)"
	case r.setting.RAM > 0:
		return "with a drive below"
	case r.way == "executed":
		return "prefetch"
	case r.way == "on_demand":
		return "on demand"
	case r.way == "cpu" && r.setting.Mapped > 0:
		return "CPU, whole layers (llama.cpp)"
	case r.way == "cpu":
		return "CPU with experts on the GPU (KTransformers)"
	case r.way == "layer":
		return "whole layers, needed or not"
	}
	return r.way
}

// errorsBy prints the errors of groups of rows and of all.
func errorsBy(w io.Writer, title string, rows []*offloadRow, predicted []float64, group func(*offloadRow) string) {
	errs, ratios := map[string][]float64{}, map[string][]float64{}
	for i, r := range rows {
		if r.skipped != "" {
			continue
		}
		ratio := predicted[i] / r.measured
		for _, g := range []string{group(r), "all"} {
			errs[g] = append(errs[g], math.Abs(ratio-1))
			ratios[g] = append(ratios[g], ratio)
		}
	}
	var names []string
	for g := range errs {
		if g != "all" {
			names = append(names, g)
		}
	}
	sort.Strings(names)
	fmt.Fprintf(w, "| %s | rows, none fitted on | median error | p80 | bias |\n|---|--:|--:|--:|--:|\n", title)
	for _, g := range append(names, "all") {
		fmt.Fprintf(w, "| %s | %d | %s | %s | %.2f |\n", g, len(errs[g]), percent(quantile(errs[g], 0.5)), percent(quantile(errs[g], 0.8)), quantile(ratios[g], 0.5))
	}
	fmt.Fprintln(w)
}

// offloadRanges prints the 80 % ranges of measured over predicted, the rows of a source sharing a softened
// vote: of all rows without a drive, and of what is left inside a source.
func offloadRanges(w io.Writer, rows []*offloadRow, predicted []float64) {
	bySource := map[string][]float64{}
	for i, r := range rows {
		if r.skipped == "" && r.setting.RAM == 0 {
			bySource[r.source] = append(bySource[r.source], math.Log(r.measured/predicted[i]))
		}
	}
	var far, near []weighted
	for _, logs := range bySource {
		weight, middle := 1/math.Sqrt(float64(len(logs))), quantile(logs, 0.5)
		for _, x := range logs {
			far = append(far, weighted{x, weight})
			if len(logs) > 2 {
				near = append(near, weighted{x - middle, weight})
			}
		}
	}
	low, high := span(far)
	nearLow, nearHigh := span(near)
	fmt.Fprintf(w, "Measured over predicted time, 80 %% of the rows without a drive: %.2f to %.2f; after one measured point %.2f to %.2f.\n\n", low, high, nearLow, nearHigh)
}

// offloadCurves prints the three series row by row.
func offloadCurves(w io.Writer, rows []*offloadRow, predicted []float64) {
	fmt.Fprintf(w, "| curve | experts on the GPU | context | measured ms | predicted | error |\n|---|--:|--:|--:|--:|--:|\n")
	for _, system := range []string{"Speculating Experts", "KTransformers + SGLang", "FreeToken"} {
		for i, r := range rows {
			if r.skipped == "" && strings.HasPrefix(r.system, system) {
				name := strings.TrimPrefix(r.policy, "cpu-compute, GPU experts chosen: ")
				fmt.Fprintf(w, "| %s, %s | %.0f %% | %.0f | %.1f | %.1f | %+.0f %% |\n", system, name, 100*r.share, r.context, r.measured*1e3, predicted[i]*1e3, 100*(predicted[i]/r.measured-1))
			}
		}
	}
	fmt.Fprintln(w)
}

// offloadClasses are the lines of classes.csv for experts elsewhere: errors of rows that are not listed
// on the page, a source counting as a configuration.
func offloadClasses(dir string) ([][]string, error) {
	rows, err := readOffload(dir)
	if err != nil {
		return nil, err
	}
	predicted, _ := offloadPredictions(rows)
	var out [][]string
	for _, c := range []serving.Class{serving.Offloaded, serving.OnDrive} {
		var errs, ratios []float64
		sources, inside := map[string]bool{}, 0
		for i, r := range rows {
			if r.skipped != "" || (r.setting.RAM > 0) != (c == serving.OnDrive) {
				continue
			}
			ratio := predicted[i] / r.measured
			errs, ratios = append(errs, math.Abs(ratio-1)), append(ratios, ratio)
			sources[r.source] = true
			if span := serving.RangeOf(c); 1/ratio >= span.Low && 1/ratio <= span.High {
				inside++
			}
		}
		digits := func(x float64) string { return strconv.FormatFloat(x, 'f', 3, 64) }
		out = append(out, []string{c.String(), strconv.Itoa(len(errs)), strconv.Itoa(len(sources)), digits(quantile(errs, 0.5)), digits(quantile(errs, 0.8)),
			digits(quantile(ratios, 0.5)), digits(float64(inside) / float64(len(errs)))})
	}
	return out, nil
}
