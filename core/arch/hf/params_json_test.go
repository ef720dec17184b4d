package hf

import (
	"strings"
	"testing"
)

// Mistral's params.json describes the same models as config.json.
func TestParamsJSON(t *testing.T) {
	for _, c := range []struct {
		text  string
		total int64
		as    string
	}{
		// Mistral 7B v0.1 and Mixtral 8x7B: totals of param_counts.csv
		{`{"dim": 4096, "n_layers": 32, "head_dim": 128, "hidden_dim": 14336, "n_heads": 32, "n_kv_heads": 8, "norm_eps": 1e-05, "vocab_size": 32000, "sliding_window": 4096}`, 7241732096, "mistral"},
		{`{"dim": 4096, "n_layers": 32, "head_dim": 128, "hidden_dim": 14336, "n_heads": 32, "n_kv_heads": 8, "norm_eps": 1e-05, "vocab_size": 32000,
			"moe": {"num_experts_per_tok": 2, "num_experts": 8}}`, 46702792704, "mixtral"},
	} {
		r := readText(t, c.text)
		if r.Model.TotalParams() != c.total || r.Family != c.as && !strings.Contains(r.Family, c.as) || len(r.Unread) > 0 {
			t.Errorf("got %s with %d parameters, not understood %v; want %s with %d", r.Family, r.Model.TotalParams(), r.Unread, c.as, c.total)
		}
	}
}

// Mistral Large 3 is DeepSeek-V3 with half the experts, twice as wide, of which
// four compute: 673B in the language model, 39B of them active (model card;
// S. Raschka on the architecture, as models.csv quotes him). The width of its
// three dense layers does not show at this precision.
const mistralLarge3 = `{"dim": 7168, "n_layers": 61, "head_dim": 192, "hidden_dim": 16384, "n_heads": 128, "n_kv_heads": 128, "norm_eps": 1e-06, "vocab_size": 131072,
	"tied_embeddings": false, "max_position_embeddings": 262144, "q_lora_rank": 1536, "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "kv_lora_rank": 512, "v_head_dim": 128,
	"quantization": {"qformat_weight": "fp8_e4m3", "qscheme_act": "TENSOR"},
	"moe": {"expert_parallel": 1, "expert_model_parallel": 1, "route_every_n": 1, "first_k_dense_replace": 3, "num_experts": 128, "num_experts_per_tok": 4,
		"num_expert_groups": 1, "num_expert_groups_per_tok": 1, "routed_scale": 1.0, "expert_hidden_dim": 4096, "num_shared_experts": 1}}`

func TestMistralLarge3(t *testing.T) {
	r := readText(t, mistralLarge3)
	m := r.Model
	if len(r.Unread) > 0 {
		t.Errorf("keys not understood: %v", r.Unread)
	}
	if b := float64(m.TotalParams()) / 1e9; b < 672.5 || b >= 673.5 {
		t.Errorf("got %.1f B parameters, want 673", b)
	}
	// "39B": without the embedding, as the card counts the language model
	if b := float64(m.ActiveParams(1)) / 1e9; b < 38 || b > 40 {
		t.Errorf("got %.1f B active, want 39", b)
	}
	// one byte per element of every matrix of the blocks: 673 GB and the BF16 rest
	if gb := float64(m.WeightBytes().Bytes()) / 1e9; gb < 673 || gb > 680 {
		t.Errorf("got %.1f GB", gb)
	}
}
