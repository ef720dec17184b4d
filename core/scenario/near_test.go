package scenario

import "testing"

// slips is the distance by its definition, without a table.
func slips(a, b string) int {
	switch {
	case a == "":
		return len(b)
	case b == "":
		return len(a)
	}
	m, n := len(a), len(b)
	best := min(slips(a[1:], b)+1, slips(a, b[1:])+1)
	replace := slips(a[1:], b[1:])
	if a[0] != b[0] {
		replace++
	}
	best = min(best, replace)
	if m > 1 && n > 1 && a[0] == b[1] && a[1] == b[0] {
		best = min(best, slips(a[2:], b[2:])+1)
	}
	return best
}

func TestDistance(t *testing.T) {
	var words []string
	var grow func(word string, more int)
	grow = func(word string, more int) {
		words = append(words, word)
		if more > 0 {
			for _, r := range "abc" {
				grow(word+string(r), more-1)
			}
		}
	}
	grow("", 4)
	for _, a := range words {
		for _, b := range words {
			if got, want := distance(a, b), slips(a, b); got != want {
				t.Fatalf("for %q and %q, got %d, want %d", a, b, got, want)
			}
		}
	}
}

func TestNearestChoice(t *testing.T) {
	c := catalogue()
	for _, test := range []struct{ key, text, want string }{
		{"gpu", "h100sxm", "h100-sxm"},
		{"gpu", "h100_sxm", "h100-sxm"},
		{"gpu", "H100 SXM", "h100-sxm"},
		{"gpu", "h100sx", "h100-sxm"},
		{"gpu", "rtx-4090", "rtx4090"},
		{"gpu", "rtx490", "rtx4090"},
		{"gpu", "mi300", "mi300x"},
		{"gpu", "h20", "h200"},
		{"gpu", "4090", "rtx4090"},
		{"gpu", "tpu", ""},
		{"gpu", "16", ""},
		{"gpu", "", ""},
		{"model", "deepseek", "deepseek-v3"},
		{"model", "deepseek-ai/DeepSeek-V3", "deepseek-v3"},
		{"model", "deepseekv3.2", "deepseek-v3.2"},
		{"model", "depseek-v3", "deepseek-v3"},
		{"model", "Mixtral-8x7B-v0.1", ""}, // another release, not a slip of the pen
		{"model", "kimi", "kimi-k2"},
		{"model", "claude", ""},
		{"weights", "q4km", "q4_k_m"},
		{"engine", "vlm", "vllm"},
		{"engine", "tensorrt-llm", "trtllm"},
		{"engine", "sgl", "sglang"},
		{"eplb", "statik", "static"},
		{"units", "gi", ""},
		{"units", "GiB ", "gib"},
	} {
		f := find(test.key)
		if got := nearestChoice(test.text, f.choices(&c)); got != test.want {
			t.Errorf("for %s=%s, got the proposal %q, want %q", test.key, test.text, got, test.want)
		}
	}
}

func TestNearestKey(t *testing.T) {
	for text, want := range map[string]string{
		"modle": "model", "wieghts": "weights", "gpuss": "gpus", "tensor_parallel_size": "tp",
		"tensor-parallel": "tp", "batchsize": "batch", "isl": "in", "osl": "out", "context": "in",
		"measured-tpot": "measured_tpot", "sku": "", "np": "", "x": "", "q": "", "theme": "",
		"prefech": "prefetch", "num_redundant_experts": "spare", "mtp": "draft", "max_num_batched_tokens": "chunk",
	} {
		if got := nearestKey(text); got != want {
			t.Errorf("for the key %q, got the proposal %q, want %q", text, got, want)
		}
	}
}
