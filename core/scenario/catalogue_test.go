package scenario

import (
	"errors"
	"strings"
	"testing"
)

// catalogue is a small one with the ids that the tests use. The real lists belong
// to other packages; the tests must not change when those grow.
func catalogue() Catalogue {
	return Catalogue{
		Models: []Choice{
			{ID: "deepseek-v3", Name: "DeepSeek-V3", Aliases: []string{"deepseek-v3-0324"}},
			{ID: "deepseek-v3.2", Name: "DeepSeek-V3.2"},
			{ID: "kimi-k2", Name: "Kimi K2", Aliases: []string{"kimi-k2-base"}},
			{ID: "qwen3-235b-a22b", Name: "Qwen3-235B-A22B"},
			{ID: "mixtral-8x7b", Name: "Mixtral 8x7B"},
			{ID: "grok-1", Name: "Grok-1"},
			{ID: "llama-4-scout", Name: "Llama 4 Scout"},
			{ID: "gpt-oss-120b", Name: "gpt-oss-120b"},
			{ID: "llama-3.1-70b", Name: "Llama 3.1 70B"},
			{ID: "gemini-1.5", Name: "Gemini 1.5"},
		},
		GPUs: []Choice{
			{ID: "h100-sxm", Name: "H100 SXM", Aliases: []string{"h100"}},
			{ID: "h100-pcie", Name: "H100 PCIe"},
			{ID: "h200", Name: "H200"},
			{ID: "b200", Name: "B200"},
			{ID: "rtx4090", Name: "RTX 4090"},
			{ID: "mi300x", Name: "MI300X"},
		},
		Weights: []Choice{
			{ID: "bf16", Name: "BF16"},
			{ID: "fp8", Name: "FP8"},
			{ID: "int4", Name: "INT4"},
			{ID: "mxfp4", Name: "MXFP4"},
			{ID: "q4_k_m", Name: "Q4_K_M"},
		},
		KVs: []Choice{
			{ID: "bf16", Name: "BF16"},
			{ID: "fp8", Name: "FP8"},
		},
		Engines: []Choice{
			{ID: "ideal", Name: "Ideal"},
			{ID: "vllm", Name: "vLLM"},
			{ID: "sglang", Name: "SGLang"},
			{ID: "trtllm", Name: "TensorRT-LLM"},
			{ID: "llamacpp", Name: "llama.cpp"},
		},
		Charts:    []Choice{{ID: "ledger", Name: "Ledger"}, {ID: "batch", Name: "Batch"}},
		CustomGPU: customGPU,
	}
}

// customGPU stands in for the package that owns accelerators: parts behind "~",
// each key:value, "mem" needed; keys are written in lower case.
func customGPU(text string) (string, error) {
	parts := strings.Split(text, "~")
	for i, part := range parts[1:] {
		key, value, ok := strings.Cut(part, ":")
		if !ok || value == "" {
			return "", errors.New("gpu=custom: " + part + ": no colon: write key:number")
		}
		parts[i+1] = strings.ToLower(key) + ":" + value
	}
	if text = strings.Join(parts, "~"); !strings.Contains(text, "~mem:") {
		return "", errors.New("gpu=custom: mem: missing: give the memory")
	}
	return text, nil
}

func TestCatalogueCheck(t *testing.T) {
	if err := catalogue().Check(); err != nil {
		t.Fatalf("the test catalogue: %v", err)
	}
	tests := []struct {
		name string
		hurt func(*Catalogue)
		want string
	}{
		{"an id twice", func(c *Catalogue) { c.Models = append(c.Models, Choice{ID: "grok-1", Name: "x"}) }, "grok-1: stands for two things"},
		{"an alias that is an id", func(c *Catalogue) { c.GPUs = append(c.GPUs, Choice{ID: "a100", Name: "x", Aliases: []string{"h200"}}) }, "h200: stands for two things"},
		{"upper case", func(c *Catalogue) { c.KVs = append(c.KVs, Choice{ID: "FP4", Name: "x"}) }, "FP4: an id is made of"},
		{"a space", func(c *Catalogue) { c.KVs = append(c.KVs, Choice{ID: "fp 4", Name: "x"}) }, "fp 4: an id is made of"},
		{"a final point", func(c *Catalogue) { c.KVs = append(c.KVs, Choice{ID: "fp4.", Name: "x"}) }, "fp4.: an id is made of"},
		{"a reserved model", func(c *Catalogue) { c.Models = append(c.Models, Choice{ID: "custom", Name: "x"}) }, "reserved"},
		{"a reserved accelerator", func(c *Catalogue) { c.GPUs = append(c.GPUs, Choice{ID: "custom-a", Name: "x"}) }, "reserved"},
		{"no name", func(c *Catalogue) { c.Charts = append(c.Charts, Choice{ID: "x"}) }, "x: has no name"},
		{"no default", func(c *Catalogue) { c.Engines = c.Engines[:1] }, "vllm: is the default"},
	}
	for _, test := range tests {
		c := catalogue()
		test.hurt(&c)
		err := c.Check()
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("for %s, got error %v, want one with %q", test.name, err, test.want)
		}
	}
}
