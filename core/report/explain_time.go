package report

import (
	"fmt"
	"strings"

	"moecost/core/serving"
)

func timedExplanations() (out []explanation) {
	for _, s := range timedSteps {
		out = append(out, stepExplanations(s)...)
	}
	return out
}

// stepExplanations are those of a step and its parts.
func stepExplanations(s timedStep) []explanation {
	out := []explanation{{s.step, func(r *Report, d *Derivation) {
		var formula sum
		for o, seconds := range s.of(&r.in.clock).Parts {
			if seconds > 0 {
				symbol := fmt.Sprintf("t%d", o+1)
				d.figure(r, symbol, s.parts+serving.Operator(o).Name())
				formula.add("%s", symbol)
			}
		}
		d.say("step = sum over operators", formula.String())
	}}}
	for o := range serving.OperatorCount {
		out = append(out, explanation{s.parts + o.Name(), func(r *Report, d *Derivation) {
			c := &r.in.clock
			formula := d.operator(r, s.work(c), o)
			d.say(operatorFormula(o), d.calibrate(r, formula, s.calibrated, c.factor.Decode))
			d.Note = "The range is that of whole steps: measurements do not divide a step."
		}})
	}
	return out
}

// operatorFormula is the formula of an operator in words.
func operatorFormula(o serving.Operator) string {
	switch o {
	case serving.Dispatch, serving.Combine, serving.AllReduce, serving.PipelineTransfer:
		return "time = layers × (latency + bytes / rate)"
	case serving.Permute:
		return "time = layers × (bytes moved / bandwidth) + launches"
	case serving.AttentionCore, serving.RecurrentState:
		return "time = layers × max(bytes of the cache / bandwidth, FLOPs / rate)"
	case serving.DraftPasses:
		return "time = first pass, over all tokens of the step + (passes − 1) × further pass, one token for every sequence"
	case serving.ExpertWait:
		return "wait = layers × missing experts × bytes / rate, of the host link or the CPU, as far as the GPU has nothing to do meanwhile"
	case serving.HeadAndSampling:
		return "time = max(bytes / bandwidth, FLOPs / rate) of the head + what a step costs beside its layers + waiting for the host"
	}
	return "time = layers × max(bytes / bandwidth, FLOPs / rate) + activations between the matrices + launches"
}

// account adds the terms of an operator and returns its formula.
func (d *Derivation) account(r *Report, a serving.Account) string {
	for _, t := range a.Terms {
		d.term(t.Symbol, t.Name, t.Value, Unit(t.Unit), r.origin(t))
	}
	return a.Formula
}

// calibrate multiplies a formula by what was measured over what is predicted.
func (d *Derivation) calibrate(r *Report, formula string, calibrated bool, factor float64) string {
	if !calibrated || factor == 0 {
		return formula
	}
	d.term("cal", "measured over predicted, of this scenario", factor, Ratio, "the scenario: measured_tpot, measured_ttft or seen")
	if strings.ContainsAny(formula, "+-") {
		formula = "(" + formula + ")"
	}
	return "cal*" + formula
}

// origin is the source of a term of the step model.
func (r *Report) origin(t serving.AccountTerm) string {
	switch t.Origin {
	case serving.FromModel:
		return r.in.source
	case serving.FromLoad:
		return "the scenario: batch, in, out, chunk over the attention replicas and stages"
	case serving.FromLayout:
		return r.layoutSource()
	case serving.FromGPU:
		sources := r.in.gpu.Sources.Peaks
		if t.Unit == "bytes/s" {
			sources = r.in.gpu.Sources.Bandwidth
		}
		for _, s := range sources {
			return s.Address
		}
		return "as the link describes the accelerator"
	case serving.FromTraces:
		return "counted in execution traces and model code of vLLM and SGLang: core/serving, kernels.go"
	case serving.FromRouting:
		return "expected value at this popularity and placement: core/routing"
	case serving.FromTransfer:
		return "measured collectives: assets/measurements/alltoall.csv"
	case serving.FromStep:
		return "the sum of the other parts of this step"
	case serving.FromPass:
		return "timed as the same operator of the model's own layers is, with the tensors of the drafting module"
	}
	if r.in.clock.ideal {
		return "the ideal profile: nothing is lost"
	}
	return fitted
}

// fitted is the source of every constant that scripts/accuracy finds.
const fitted = "fitted on measured steps, assets/measurements/serving.csv, or held: docs/accuracy.md"

func (r *Report) layoutSource() string {
	if r.Scenario.Chosen.Layout {
		return "chosen: " + r.in.layout.String()
	}
	return "the scenario"
}
