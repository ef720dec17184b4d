package report_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"moecost/core/report"
)

// TestContract wants every key that the contract of the report names. Sections
// that are not built are not in it.
func TestContract(t *testing.T) {
	r := build(t, "model=deepseek-v3&gpu=h100-sxm")
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(`
		scenario.query scenario.gpus scenario.tp scenario.pp scenario.ep scenario.dp warnings
		model.total_params model.mtp_params model.vision_params model.active_params model.expert_params model.kv_bytes_per_token
		model.kv_bytes_per_token_unbounded model.state_bytes_per_sequence model.moe_layers model.routed_experts model.shared_experts model.top_k
		memory.fits memory.min_gpus memory.weights_bytes
		memory.per_gpu.attention_bytes memory.per_gpu.routed_experts_bytes memory.per_gpu.shared_experts_bytes memory.per_gpu.dense_bytes
		memory.per_gpu.embedding_bytes memory.per_gpu.router_bytes memory.per_gpu.kv_bytes memory.per_gpu.activation_bytes
		memory.per_gpu.comm_bytes memory.per_gpu.runtime_bytes memory.per_gpu.free_bytes
		memory.kv_capacity_tokens memory.dense_twin_bytes memory.ratio_to_dense_twin
		decode.distinct_experts decode.touched_bytes decode.step_s decode.tpot_s decode.tpot_low_s decode.tpot_high_s decode.tokens_per_s
		decode.tokens_per_s_per_gpu decode.parts.routed_experts decode.bound prefill.ttft_s prefill.ttft_low_s prefill.ttft_high_s
		prefill.tokens_per_s prefill.tokens_per_s_per_gpu prefill.parts.routed_experts routing.gate_s routing.dispatch_s routing.combine_s routing.share
		cost.usd_per_hour cost.usd_per_m_input cost.usd_per_m_output`) {
		var at any = tree
		for key := range strings.SplitSeq(path, ".") {
			object, _ := at.(map[string]any)
			at = object[key]
		}
		if at == nil {
			t.Errorf("the report has no %s", path)
		}
	}
}

// TestFiguresAreKeys: every id is the path of a key with that very number.
func TestFiguresAreKeys(t *testing.T) {
	everyScenario(t, func(query string, r *report.Report) {
		if !strings.HasSuffix(query, "draft=1&eplb=static&spare=32") {
			return // one query per model is enough
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		var tree map[string]any
		if err := json.Unmarshal(text, &tree); err != nil {
			t.Fatal(err)
		}
		for _, id := range r.Figures() {
			f, _ := r.Figure(id)
			var at any = tree
			for key := range strings.SplitSeq(id, ".") {
				object, _ := at.(map[string]any)
				at = object[key]
			}
			if v, ok := at.(float64); !ok || v != f.Value {
				t.Errorf("%s: %s is %v, its key holds %v", query, id, f.Value, at)
			}
		}
	})
}

// TestLedgerInReport: the lines of per_gpu add up to the accelerator's memory,
// and the scenario's own numbers are consistent with one another.
func TestLedgerInReport(t *testing.T) {
	everyScenario(t, func(query string, r *report.Report) {
		g, m := r.Memory.PerGPU, r.Memory
		sum := g.RoutedExperts + g.SharedExperts + g.Dense + g.Attention + g.Embedding + g.Router + g.Padding + g.MTP + g.Vision +
			g.KV + g.Activation + g.Comm + g.Runtime + g.Free
		if sum != m.GPUBytes {
			t.Errorf("%s: lines add up to %d of %d", query, sum, m.GPUBytes)
		}
		if m.Fits != (g.Free >= 0) {
			t.Errorf("%s: fits %t with %d free", query, m.Fits, g.Free)
		}
		// A batch need not divide evenly over replicas, so the largest is compared per replica.
		fits := (r.Scenario.Batch+int64(r.Scenario.DP)-1)/int64(r.Scenario.DP) <= m.MaxBatch/int64(r.Scenario.DP)
		if m.PerGPUSequence > 0 && fits != m.Fits {
			t.Errorf("%s: fits %t, but %d sequences of at most %d", query, m.Fits, r.Scenario.Batch, m.MaxBatch)
		}
		if m.MinGPUs > m.MinGPUsEngine && m.MinGPUsEngine > 0 {
			t.Errorf("%s: %d GPUs fit, an engine takes %d", query, m.MinGPUs, m.MinGPUsEngine)
		}
		if s := r.Scenario; s.TP*s.PP*s.DP != s.GPUs {
			t.Errorf("%s: TP %d × PP %d × DP %d is not %d", query, s.TP, s.PP, s.DP, s.GPUs)
		}
		if m.WeightsDeployedBytes < m.WeightsBytes && r.Scenario.Host == 0 {
			t.Errorf("%s: %d bytes on all GPUs, the model has %d", query, m.WeightsDeployedBytes, m.WeightsBytes)
		}
		if d := r.Decode; d.TouchedBytes > float64(m.WeightsBytes) || d.DistinctExperts > float64(r.Model.RoutedExperts)+1e-9 {
			t.Errorf("%s: touches %g of %d bytes, %g of %d experts", query, d.TouchedBytes, m.WeightsBytes, d.DistinctExperts, r.Model.RoutedExperts)
		}
	})
}

// TestTouched compares DeepSeek-V3's weights per decode step with uniform
// routing against the closed form 256·(1 − (1 − 8/256)^B): published bytes in FP8 of one copy are
// 37.6, 164, 585 and 671 GB at batch 1, 8, 64 and 256. 1 % covers
// the scales, and embedding and head in BF16.
func TestTouched(t *testing.T) {
	r := build(t, "model=deepseek-v3&gpu=h200&skew=0")
	for i, p := range r.ByBatch([]int64{1, 8, 64, 256}) {
		want := []float64{37.6e9, 163.8e9, 585.3e9, 670.8e9}[i]
		if math.Abs(p.TouchedBytes/want-1) > 0.01 {
			t.Errorf("batch %d touches %g bytes, want %g", p.Batch, p.TouchedBytes, want)
		}
		if d := 256 * (1 - math.Pow(1-8.0/256, float64(p.Batch))); math.Abs(p.DistinctExperts-d) > 1e-9*d {
			t.Errorf("batch %d touches %g experts, want %g", p.Batch, p.DistinctExperts, d)
		}
	}
}

// TestTwins compares total to active with the published ratios (claims of model
// cards: total and active in billions). 4 % covers their rounding and the conventions.
func TestTwins(t *testing.T) {
	for model, want := range map[string]float64{
		"mixtral-8x7b": 46.7 / 12.9, "deepseek-v3": 671 / 37.55, "qwen3-235b-a22b": 235.0 / 22.2, "kimi-k2": 1026.4 / 32.9,
	} {
		r := build(t, "model="+model)
		if got := r.Memory.RatioToDenseTwin; math.Abs(got/want-1) > 0.04 {
			t.Errorf("%s: %g times its twin, published figures make %g", model, got, want)
		}
		if with := r.Memory.RatioToDenseTwinKV; with >= r.Memory.RatioToDenseTwin || with < 1 {
			t.Errorf("%s: %g times with cache, %g without", model, with, r.Memory.RatioToDenseTwin)
		}
	}
}

// TestRefusedLayout: a layout that engines refuse is replaced and named.
func TestRefusedLayout(t *testing.T) {
	for _, query := range []string{
		"model=qwen3-30b-a3b&gpus=6&tp=6",    // 32 heads
		"model=mixtral-8x7b&gpus=8&tp=3",     // does not divide 8
		"model=mixtral-8x7b&gpus=16&ep=16",   // 8 experts
		"model=llama-3.1-8b&gpus=8&ep=8",     // dense
		"model=llama-3.1-8b&gpus=64&pp=64",   // 32 layers
		"model=mixtral-8x7b&gpus=1009",       // prime
		"model=deepseek-v3&gpus=8&tp=8&dp=2", // 16 GPUs
	} {
		r := build2(t, query)
		named := false
		for _, w := range r.Warnings {
			named = named || w.ID == "layout" || w.ID == "link"
		}
		if !named {
			t.Errorf("%s: no warning; laid out as TP %d, DP %d, PP %d, EP %d", query, r.Scenario.TP, r.Scenario.DP, r.Scenario.PP, r.Scenario.EP)
		}
		if s := r.Scenario; s.TP*s.PP*s.DP != s.GPUs || s.GPUs == 0 {
			t.Errorf("%s: laid out as %+v", query, s)
		}
	}
}

// build2 answers a query that may have problems.
func build2(t *testing.T, query string) *report.Report {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return r
}

// TestWaysOut applies what a warning offers and wants it to work.
func TestWaysOut(t *testing.T) {
	offered := 0
	everyScenario(t, func(query string, r *report.Report) {
		for _, w := range r.Warnings {
			if w.ID != "memory.fits" {
				continue
			}
			if w.Apply == "" {
				if r.Memory.MinGPUsEngine > 0 || r.Memory.MaxBatch > 0 {
					t.Errorf("%s: nothing to apply in %+v", query, w)
				}
				continue
			}
			offered++
			s, _ := report.Catalogue().Decode(query + "&" + w.Apply)
			again, err := report.Build(report.Question{Scenario: s})
			if err != nil {
				t.Fatal(err)
			}
			if !again.Memory.Fits {
				t.Errorf("%s: %s does not make it fit: %s", query, w.Apply, w.WayOut)
			}
		}
	})
	if offered == 0 {
		t.Error("no scenario was short of memory")
	}
}

// TestCatalogue: the lists that links may name are sound.
func TestCatalogue(t *testing.T) {
	if err := report.Catalogue().Check(); err != nil {
		t.Error(err)
	}
}

func BenchmarkBuild(b *testing.B) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h100-sxm&gpus=16")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := report.Build(report.Question{Scenario: s}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplainAll(b *testing.B) {
	r := build(b, "model=deepseek-v3&gpu=h100-sxm&gpus=16")
	for b.Loop() {
		for _, id := range r.Figures() {
			if _, err := r.Explain(id); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkSlider is what a slider asks: another batch, the same model.
func BenchmarkSlider(b *testing.B) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h100-sxm")
	q := report.Question{Scenario: s}
	subject, err := report.Prepare(q)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		q.Scenario.Batch = q.Scenario.Batch%512 + 1
		if !subject.Same(q) {
			b.Fatal("another subject")
		}
		if _, err := subject.Build(q); err != nil {
			b.Fatal(err)
		}
	}
}
