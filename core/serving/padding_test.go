package serving_test

import (
	"math"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

// ledgerOf prices a preset as published.
func ledgerOf(t *testing.T, model, gpu, engine string, l serving.Layout) serving.Ledger {
	t.Helper()
	p, ok := preset.ByID(model)
	if !ok {
		t.Fatalf("no preset %q", model)
	}
	r, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	g, _ := hardware.ByID(gpu)
	e, _ := serving.EngineByID(engine)
	return serving.Compile(r.Model, format.BF16).Ledger(&g, &e, l, serving.Load{Batch: 1, Prompt: 1000, Output: 100, Chunk: 8192})
}

// By vLLM's defaults gpt-oss-120b is out of memory on one H100, and its recipe says 0.95 (vllm-project/recipes,
// OpenAI/GPT-OSS.md, known limitations). There a start-up log has 3.33 GiB for the cache (vllm_memory.csv).
func TestFractionIsRaised(t *testing.T) {
	one := serving.Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}
	led := ledgerOf(t, "gpt-oss-120b", "h100-sxm", "vllm", one)
	if !led.Fits() || led.Fraction != 0.95 || math.Abs(float64(led.Pool)/gib-3.33) > 0.4 {
		t.Errorf("fits: %v, filling %g of the GPU, %.2f GiB for the cache, want 0.95 and 3.33", led.Fits(), led.Fraction, float64(led.Pool)/gib)
	}
	for _, c := range [][2]string{{"gpt-oss-120b", "h200"}, {"gpt-oss-20b", "h100-sxm"}, {"llama-3.1-70b", "h100-sxm"}} { // room enough; not padded
		if led := ledgerOf(t, c[0], c[1], "vllm", one); led.Fraction != 0.9 {
			t.Errorf("%s on %s fills %g", c[0], c[1], led.Fraction)
		}
	}
}

// 2,880 columns are held as 3,072; a rank's part of the inner width is rounded up by
// itself. The matrices of a layer are counted here from their shapes: 4 bits and a scale of 8 for every 32.
func TestPadding(t *testing.T) {
	const layers, experts, hidden, inner = 36, 128, 2880, 2880
	matrices := func(h, i int64) float64 { return float64(experts*(2*i*h+h*i)) * (4 + 8.0/32) / 8 }
	for _, c := range []struct {
		gpu, engine string
		tp          int
		held, rank  int64 // widths
		of          int64 // of a rank, as they are
	}{
		{"h100-sxm", "vllm", 1, 3072, 2880, 2880},
		{"h200", "vllm", 8, 3072, 384, 360},
		{"b200", "vllm", 1, 3072, 3072, 2880},
		{"b200", "sglang", 8, 3072, 512, 360},
		{"mi300x", "vllm", 1, 3072, 3072, 2880},
		{"h200", "trtllm", 1, 2880, 2880, 2880}, // nothing is known of it
	} {
		led := ledgerOf(t, "gpt-oss-120b", c.gpu, c.engine, serving.Layout{GPUs: c.tp, TP: c.tp, PP: 1, EP: 1, DP: 1})
		want := layers * (matrices(c.held, c.rank) - matrices(hidden, c.of))
		if math.Abs(float64(led.Padding)-want) > 1e-4*want+64*layers { // biases are not padded; bytes are rounded up by layer
			t.Errorf("on %d × %s with %s, %d bytes of padding, want %.0f", c.tp, c.gpu, c.engine, led.Padding, want)
		}
	}
	if led := ledgerOf(t, "deepseek-v3", "h200", "vllm", serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 1, DP: 1}); led.Padding != 0 {
		t.Errorf("%d bytes of padding for a model without MXFP4", led.Padding)
	}
}
