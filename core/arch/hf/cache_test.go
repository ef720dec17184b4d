package hf

import (
	"math"
	"os"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

// Published KV cache figures: the rows of kv_cache.csv whose model is at hand.
// Sources stand in that file; ai-dynamo/aiconfigurator and DeepSeek-V3's ISCA paper (arXiv
// 2505.09343, table 1) for the first rows, FlashMLA and the V3.2 notes of InferenceX for the FP8 ones.
func TestPublishedCaches(t *testing.T) {
	for _, c := range []struct {
		id    string
		kv    format.Format
		bytes float64 // per token, all layers
		index int64   // bytes of index keys per token, all layers
	}{
		{"deepseek-ai__DeepSeek-V3", format.BF16, 70272, 0},
		{"meta-llama__Meta-Llama-3.1-405B", format.BF16, 516096, 0},
		{"meta-llama__Meta-Llama-3.1-70B", format.BF16, 327680, 0},
		{"meta-llama__Meta-Llama-3.1-8B", format.BF16, 131072, 0},
		{"deepseek-ai__DeepSeek-V2-Lite", format.BF16, 31104, 0},
		{"deepseek-ai__DeepSeek-V3.2", fp8Tensor(4), 656 * 61, 132 * 61},
		{"deepseek-ai__DeepSeek-V3.2", format.BF16, 70272, 132 * 61}, // engines keep index keys in FP8 whatever the cache
		{"deepseek-ai__DeepSeek-V3", fp8Tensor(4), 576 * 61, 0},      // plain MLA has no scales per token
		{"moonshotai__Kimi-Linear-48B-A3B-Instruct", format.BF16, 1152 * 7, 0},
		// V4-Pro in FP8: 584 bytes per entry and 132 per index key; 30 layers of 4 tokens per entry, 31 of 128
		{"deepseek-ai__DeepSeek-V4-Pro", fp8Tensor(4), 30*(584.+132)/4 + 31*584./128, 0},
		// GLM-5.2: 21 of 78 layers have an index of their own
		{"zai-org__GLM-5.2", format.BF16, 1152 * 78, 132 * 21},
		{"zai-org__GLM-5", format.BF16, 1152 * 78, 132 * 78},
		// MiniMax-M3: 4 KV heads of 128 in 60 layers, an index in BF16 in 57
		{"MiniMaxAI__MiniMax-M3", format.BF16, 60 * 2 * 4 * 128 * 2, 256 * 57},
	} {
		m := readConfig(t, c.id).Model
		if got := m.KVBytesPerToken(c.kv); got != c.bytes {
			t.Errorf("%s in %s: got %g bytes per token, want %g", c.id, c.kv.ID, got, c.bytes)
		}
		if got := m.IndexBytesPerToken(); got != c.index {
			t.Errorf("%s: got %d bytes of index keys, want %d", c.id, got, c.index)
		}
		// 132 bytes are 128 elements and an FP32 scale, 256 are as many in BF16
		if got, want := m.IndexElementsPerToken(), c.index/132*128; got != want && got != c.index/2 {
			t.Errorf("%s: got %d index elements, want %d", c.id, got, want)
		}
	}
}

// DeepSeek-V4-Pro holds about 8 GB per sequence at a million tokens, a tenth of
// V3.2's 70 GB and more (kv_cache.csv, last rows but one: FP16).
func TestMillionTokens(t *testing.T) {
	const million = 1 << 20
	v4 := readConfig(t, "deepseek-ai__DeepSeek-V4-Pro").Model.KVBytesPerSequence(million, format.FP16)
	v32 := readConfig(t, "deepseek-ai__DeepSeek-V3.2").Model.KVBytesPerSequence(million, format.FP16)
	// "about 8" and "about 70" are one digit: the figure counts the FP8 cache in parts
	if gb := float64(v4) / 1e9; gb < 7.5 || gb > 10.5 {
		t.Errorf("V4-Pro: got %.1f GB", gb)
	}
	if gb := float64(v32) / 1e9; gb < 65 || gb > 85 {
		t.Errorf("V3.2: got %.1f GB", gb)
	}
}

// A layer's cache never shrinks with the context, grows by at most one entry per
// token, and the sum over a sequence agrees with the growth per token far from windows.
func TestCacheGrowth(t *testing.T) {
	for _, id := range presetIDs(t) {
		m := readConfig(t, id).Model
		before := int64(0)
		for _, context := range []int64{0, 1, 2, 127, 128, 129, 4096, 8192, 8193, 1 << 17, 1 << 17 << 3} {
			n := m.KVBytesPerSequence(context, format.BF16)
			if n < before {
				t.Errorf("%s: %d bytes at %d tokens, fewer than before", id, n, context)
			}
			before = n
		}
		const far, step = 1 << 20, 1 << 16 // windows and chunks are full, compression divides both
		got := float64(m.KVBytesPerSequence(far+step, format.BF16)-m.KVBytesPerSequence(far, format.BF16)) / step
		want := m.KVBytesPerTokenUnbounded(format.BF16) + float64(m.IndexBytesPerToken())
		// DeepSeek-V4's index keys are part of the first figure
		if math.Abs(got-want) > 1e-9*want {
			t.Errorf("%s: grows by %g bytes per token, want %g", id, got, want)
		}
	}
}

// Active parameters in FLOPs: two per parameter that is multiplied, so with no
// context the total lies just below twice the active count without input embedding. LongCat falls
// below it, because a third of its choices are experts without weights.
func TestFLOPsAgreeWithActive(t *testing.T) {
	for _, id := range presetIDs(t) {
		m := readConfig(t, id).Model
		f := m.FLOPsPerToken(0)
		matrices := f.Total() - f.Core
		active := 2 * float64(m.ActiveParams(arch.WithoutInputEmbedding))
		// vectors, convolutions and tables are not multiplied: 1 % at most of any preset
		if low := 0.99; matrices > active || matrices < low*active && !strings.Contains(id, "LongCat") {
			t.Errorf("%s: %.4g FLOPs in matrices, twice the active parameters are %.4g", id, matrices, active)
		}
		if m.FLOPsPerToken(4096).Core < f.Core {
			t.Errorf("%s: attention costs less with context", id)
		}
	}
}

// The parts of a model add up: roles to the total, bytes too.
func TestPartsAddUp(t *testing.T) {
	for _, id := range presetIDs(t) {
		m := readConfig(t, id).Model
		params, bytes := int64(0), int64(0)
		for role := range arch.RoleCount {
			params += m.ParamsByRole()[role]
			bytes += m.WeightBytesByRole()[role].Bytes()
		}
		if params != m.TotalParams() || bytes != m.WeightBytes().Bytes() {
			t.Errorf("%s: roles give %d parameters and %d bytes, the model %d and %d", id, params, bytes, m.TotalParams(), m.WeightBytes().Bytes())
		}
		for _, b := range m.Blocks {
			if b.Prefix == "" {
				t.Errorf("%s: a block without prefix", id)
				break
			}
		}
	}
}

// presetIDs are the names of all configs among the presets.
func presetIDs(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir(configs)
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range entries {
		if id, ok := strings.CutSuffix(e.Name(), ".json"); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		t.Fatal("no configs")
	}
	return ids
}
