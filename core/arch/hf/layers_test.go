package hf

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

// layout writes a model's layers as one letter each, a mixer and what it feeds:
// A attention, W within a window, C within a chunk, S with another layer's
// cache, R recurrent; d dense, m mixture, - nothing. Upper and lower case alternate.
func layout(m *arch.Model) string {
	var s strings.Builder
	for _, b := range m.Blocks {
		for _, sub := range b.Sublayers {
			switch a := sub.Attention; {
			case a != nil && a.SharesKV:
				s.WriteByte('S')
			case a != nil && a.Window > 0:
				s.WriteByte('W')
			case a != nil && a.Chunk > 0:
				s.WriteByte('C')
			case a != nil:
				s.WriteByte('A')
			case sub.Recurrent != nil:
				s.WriteByte('R')
			case sub.MoE != nil:
				s.WriteByte('m')
			case sub.Dense != nil:
				s.WriteByte('d')
			}
		}
	}
	return s.String()
}

// The order of layers as papers and model cards tell it.
func TestLayerOrder(t *testing.T) {
	rows := []struct{ id, want, source string }{
		{"meta-llama__Llama-4-Scout-17B-16E-Instruct", strings.Repeat("CmCmCmAm", 12), "model card: every fourth layer without rotary positions, all layers mixtures"},
		{"meta-llama__Llama-4-Maverick-17B-128E-Instruct", strings.Repeat("CdCmCdAm", 12), "model card: dense and mixture layers in turn"},
		{"openai__gpt-oss-120b", strings.Repeat("WmAm", 18), "model card: alternating banded window and dense attention"},
		{"google__gemma-3-27b-it", strings.Repeat(strings.Repeat("Wd", 5)+"Ad", 10) + "WdWd", "report, section 2: five local layers to one global, the first is local"},
		{"google__gemma-4-26B-A4B", strings.Repeat(strings.Repeat("Wm", 5)+"Am", 5), "model card: five to one, the last is global"},
		{"Qwen__Qwen3-Next-80B-A3B-Instruct", strings.Repeat("RmRmRmAm", 12), "model card: 12 x (3 x DeltaNet -> MoE, 1 x attention -> MoE)"},
		{"Qwen__Qwen3.5-397B-A17B", strings.Repeat("RmRmRmAm", 15), "model card: 15 x (3 + 1)"},
		{"Qwen__Qwen3.5-27B", strings.Repeat("RdRdRdAd", 16), "model card: 16 x (3 + 1)"},
		{"ai21labs__Jamba-v0.1", strings.Repeat("RdRmRdRmAdRmRdRm", 4), "paper, figure 1: attention fifth of eight, MoE every other layer"},
		{"baidu__ERNIE-4.5-300B-A47B-PT", strings.Repeat("Ad", 3) + strings.Repeat("Am", 51), "config: moe_layer_start_index 3"},
		{"tencent__Tencent-Hunyuan-Large", strings.Repeat("AmSm", 32), "report: two adjacent layers share one cache"},
		{"Snowflake__snowflake-arctic-instruct", strings.Repeat("Adm", 35), "README: a dense residual beside the experts of every layer"},
		{"xai-org__grok-2", strings.Repeat("Amd", 64), "config: residual_moe"},
		{"nvidia__NVIDIA-Nemotron-3-Nano-30B-A3B-BF16",
			strings.NewReplacer("M", "R", "E", "m", "*", "A").Replace("MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME"), "hybrid_override_pattern"},
	}
	for _, row := range rows {
		t.Run(row.id, func(t *testing.T) {
			if got := layout(readConfig(t, row.id).Model); got != row.want {
				t.Errorf("got  %s\nwant %s (%s)", got, row.want, row.source)
			}
		})
	}
}

// What a window, a chunk or a shared cache saves at 100,000 tokens, by hand.
func TestCacheAtLongContext(t *testing.T) {
	const context = 100_000
	rows := []struct {
		id   string
		want int64 // bytes of one sequence in BF16
	}{
		{"meta-llama__Llama-4-Scout-17B-16E-Instruct", (12*context + 36*8192) * 2 * 8 * 128 * 2},
		{"openai__gpt-oss-120b", (18*context + 18*128) * 2 * 8 * 64 * 2},
		{"google__gemma-3-27b-it", (10*context + 52*1024) * 2 * 16 * 128 * 2},
		{"google__gemma-4-26B-A4B", 5*context*2*2*512*2 + 25*1024*2*8*256*2},
		{"tencent__Tencent-Hunyuan-Large", 32 * context * 2 * 8 * 80 * 2},
		{"nvidia__NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", 6 * context * 2 * 2 * 128 * 2},
	}
	for _, row := range rows {
		if got := readConfig(t, row.id).Model.KVBytesPerSequence(context, format.BF16); got != row.want {
			t.Errorf("%s: got %d, want %d", row.id, got, row.want)
		}
	}
}

// Two ways to say the same must give the same model.
func TestOtherSpellings(t *testing.T) {
	rows := []struct {
		name, id string
		change   func(c map[string]any) map[string]any
	}{
		{"Nemotron: words for letters", "nvidia__NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", func(c map[string]any) map[string]any {
			var words []any
			for _, letter := range c["hybrid_override_pattern"].(string) {
				words = append(words, map[rune]string{'M': "linear_attention", 'E': "moe", '*': "full_attention"}[letter])
			}
			c["layers_block_type"] = words
			delete(c, "hybrid_override_pattern")
			delete(c, "num_hidden_layers")
			return c
		}},
		{"Qwen3.5: the interval for layer_types", "Qwen__Qwen3.5-35B-A3B", func(c map[string]any) map[string]any {
			delete(c["text_config"].(map[string]any), "layer_types")
			return c
		}},
		{"Gemma 3: layer_types for the pattern", "google__gemma-3-27b-it", func(c map[string]any) map[string]any {
			text := c["text_config"].(map[string]any)
			delete(text, "sliding_window_pattern")
			text["layer_types"] = every(62, 6, "sliding_attention", "full_attention")
			return c
		}},
		{"Gemma 3: the class's default pattern", "google__gemma-3-27b-it", func(c map[string]any) map[string]any {
			delete(c["text_config"].(map[string]any), "sliding_window_pattern")
			return c
		}},
		{"gpt-oss: the class's default order", "openai__gpt-oss-120b", func(c map[string]any) map[string]any {
			delete(c, "layer_types")
			return c
		}},
		{"Llama 4: lists for intervals", "meta-llama__Llama-4-Maverick-17B-128E-Instruct", func(c map[string]any) map[string]any {
			text := c["text_config"].(map[string]any)
			delete(text, "interleave_moe_layer_step")
			var mixtures []any
			for i := 1; i < 48; i += 2 {
				mixtures = append(mixtures, i)
			}
			text["moe_layers"], text["no_rope_layers"] = mixtures, every(48, 4, 1, 0)
			return c
		}},
		{"Llama 4: layer_types for no_rope_layers", "meta-llama__Llama-4-Scout-17B-16E-Instruct", func(c map[string]any) map[string]any {
			c["text_config"].(map[string]any)["layer_types"] = every(48, 4, "chunked_attention", "full_attention")
			return c
		}},
		{"Hunyuan: numbers for lists", "tencent__Hunyuan-A13B-Instruct", func(c map[string]any) map[string]any {
			c["moe_topk"], c["moe_intermediate_size"], c["num_shared_expert"] = 8, 3072, 1
			return c
		}},
		{"Mistral: head_dim said", "mistralai__Mistral-7B-v0.1", func(c map[string]any) map[string]any {
			c["head_dim"] = 128
			return c
		}},
		{"Jamba: the rank worked out", "ai21labs__Jamba-v0.1", func(c map[string]any) map[string]any {
			c["mamba_dt_rank"] = "auto"
			return c
		}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			data, err := os.ReadFile(configs + row.id + ".json")
			if err != nil {
				t.Fatal(err)
			}
			var c map[string]any
			if err := json.Unmarshal(data, &c); err != nil {
				t.Fatal(err)
			}
			text, err := json.Marshal(row.change(c))
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read(text)
			if err != nil {
				t.Fatal(err)
			}
			want := readConfig(t, row.id).Model
			if a, b := fmt.Sprintf("%+v", tensorsOf(got.Model)), fmt.Sprintf("%+v", tensorsOf(want)); a != b {
				t.Errorf("another model: %d parameters instead of %d", got.Model.TotalParams(), want.TotalParams())
			}
			if a, b := layout(got.Model), layout(want); a != b {
				t.Errorf("got  %s\nwant %s", a, b)
			}
		})
	}
}

func tensorsOf(m *arch.Model) []arch.Tensor {
	var out []arch.Tensor
	for t := range m.Tensors() {
		out = append(out, t)
	}
	return append(out, m.Vision...)
}

// every is n values, the last of each period being another one.
func every(n, period int, value, last any) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = value
		if (i+1)%period == 0 {
			out[i] = last
		}
	}
	return out
}

// A text model taken out of its multimodal wrapper is the same model.
func TestTextModelAlone(t *testing.T) {
	for _, id := range []string{"Qwen__Qwen3.5-35B-A3B", "google__gemma-4-26B-A4B", "google__gemma-3-27b-it", "meta-llama__Llama-4-Scout-17B-16E-Instruct"} {
		data, err := os.ReadFile(configs + id + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var c map[string]any
		if err := json.Unmarshal(data, &c); err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(c["text_config"])
		if err != nil {
			t.Fatal(err)
		}
		alone, err := Read(text)
		if err != nil {
			t.Fatalf("%s: %v", id, err)
		}
		whole := readConfig(t, id).Model
		if got, want := alone.Model.TotalParams(), whole.TotalParams(); got != want {
			t.Errorf("%s: got %d parameters, want %d", id, got, want)
		}
		if alone.Model.VisionParams() != 0 {
			t.Errorf("%s: a vision tower of %d parameters out of nowhere", id, alone.Model.VisionParams())
		}
	}
}
