package serving

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
)

// Kernel times of one MoE layer on one rank (vLLM 0.24 through aiconfigurator's
// collector), balanced routing: what the step model says for the same shapes. The
// model's constants are fitted on whole engines, not on these rows, so this is a check, not a fit.
func TestExpertKernelsMeasured(t *testing.T) {
	rows := measuredRows(t, "routing.csv")
	formats := map[string]format.Format{"bfloat16": format.BF16, "fp8": format.FP8Tensor, "fp8_block": format.FP8, "nvfp4": format.NVFP4, "w4a16_mxfp4": format.MXFP4}
	var few, many []float64
	for _, r := range rows {
		cell := func(name string) string { return r[name] }
		number := func(name string) int64 { v, _ := strconv.ParseInt(cell(name), 10, 64); return v }
		if !strings.HasPrefix(cell("id"), "aic-moe-") || cell("distribution") != "balanced" {
			continue
		}
		gpu, ok := hardware.ByID(map[string]string{"H100 SXM": "h100-sxm", "H200": "h200", "B200": "b200"}[cell("gpu")])
		f, known := formats[cell("dtype")]
		if !ok || !known {
			t.Fatalf("%s: %s or %s unknown", cell("id"), cell("gpu"), cell("dtype"))
		}
		if cell("dtype") == "w4a16_mxfp4" {
			f.Arithmetic = format.ArithmeticBF16
		}
		tp, ep := parallel(cell("parallelism"))
		if ep > 1 && number("num_tokens") > 256 {
			continue // the collector gives the rank every token, most of them for experts elsewhere
		}
		h, inner, experts, topK := number("hidden"), number("inter"), number("num_experts"), number("topk")
		matrix := func(name string, out, in int64) arch.Tensor {
			return arch.Tensor{Name: name, Shape: []int64{out, in}, Copies: experts, Role: arch.RoutedExperts, Use: arch.Multiplied, Split: arch.SplitExperts, Stored: f}
		}
		layer := arch.Sublayer{MoE: &arch.MoE{Experts: experts, TopK: topK, Hidden: h, Inner: inner / tp}, Tensors: []arch.Tensor{
			matrix("gate_proj", inner/tp, h), matrix("up_proj", inner/tp, h), matrix("down_proj", h, inner/tp)}}
		timing := NewTiming(Deployment{Model: &arch.Model{Hidden: h, Blocks: []arch.Block{{Sublayers: []arch.Sublayer{layer}}}},
			GPU: gpu, Layout: Layout{GPUs: int(ep), TP: 1, PP: 1, DP: int(ep), EP: int(ep)}, KV: format.BF16, Engine: Engine{ID: "vllm"}}, Assumptions{})
		s := timing.Step(Work{Decode: float64(number("num_tokens")), Context: 1})
		got := s.Parts[RoutedExpertMatrices] + s.Parts[Permute]
		measured, _ := strconv.ParseFloat(cell("value"), 64)
		ratio := got / (measured * 1e-6)
		if number("num_tokens") <= 256 {
			few = append(few, ratio)
		} else {
			many = append(many, ratio)
		}
		if testing.Verbose() {
			t.Logf("%-70s %8.1f us, measured %8.1f: %.2f", cell("id"), got*1e6, measured, ratio)
		}
	}
	for name, ratios := range map[string][]float64{"up to 256 tokens": few, "more tokens": many} {
		slices.Sort(ratios)
		median, spread := ratios[len(ratios)/2], ratios[len(ratios)*9/10]/ratios[len(ratios)/10]
		t.Logf("%s: %d rows, median ratio %.2f, 10 to 90 %%: %.2f to %.2f", name, len(ratios), median, ratios[len(ratios)/10], ratios[len(ratios)*9/10])
		// Within 35 % in the middle: a kernel alone, warm and with balanced tokens, is faster than
		// the same kernel in a step. A factor of 3.6 between the tenth and the ninetieth percentile, as kernels
		// themselves differ so (one FP8 kernel reaches half of another's bandwidth).
		if math.Abs(math.Log(median)) > math.Log(1.35) || spread > 3.6 {
			t.Errorf("for %s, a median ratio of %.2f and a spread of %.2f", name, median, spread)
		}
	}
}

// parallel reads "moe_tp4 moe_ep1 (…)".
func parallel(s string) (tp, ep int64) {
	for _, word := range strings.Fields(s) {
		if n, ok := strings.CutPrefix(word, "moe_tp"); ok {
			tp, _ = strconv.ParseInt(n, 10, 64)
		}
		if n, ok := strings.CutPrefix(word, "moe_ep"); ok {
			ep, _ = strconv.ParseInt(n, 10, 64)
		}
	}
	return tp, ep
}
