package hf

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
)

// Totals of the safetensors headers as the Hub shows them (GitHub text index
// 69468411049), for sizes of the DeepSeek, Kimi, GLM, Ling and Step families
// beside those of param_counts.csv. The configs are those of the checkpoints, reduced to
// the keys that matter, or names among the presets.
var moeTotals = []struct {
	id     string
	total  int64
	beside int64 // of the total, what is no parameter of ours, and why
	why    string
	config string
}{
	{"deepseek-ai/DeepSeek-V2", 235741434880, 0, "", `{"model_type": "deepseek_v2", "hidden_size": 5120, "num_hidden_layers": 60, "num_attention_heads": 128,
		"q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "intermediate_size": 12288,
		"moe_intermediate_size": 1536, "n_routed_experts": 160, "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1,
		"topk_method": "group_limited_greedy", "n_group": 8, "topk_group": 3, "vocab_size": 102400, "tie_word_embeddings": false}`},
	{"moonshotai/Moonlight-16B-A3B", 15960111936, 27 * 64, "a vector per layer that no layer uses; Kimi K2 has such vectors too", `{"model_type": "deepseek_v3", "hidden_size": 2048, "num_hidden_layers": 27, "num_attention_heads": 16,
		"q_lora_rank": null, "kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "intermediate_size": 11264,
		"moe_intermediate_size": 1408, "n_routed_experts": 64, "n_shared_experts": 2, "num_experts_per_tok": 6, "first_k_dense_replace": 1,
		"topk_method": "noaux_tc", "num_nextn_predict_layers": 0, "vocab_size": 163840, "tie_word_embeddings": false}`},
	{"deepseek-ai/DeepSeek-V4-Flash", 290944616402, 3 * 129280 * 6, "the tables that route by token id", `{"model_type": "deepseek_v4", "expert_dtype": "fp4", "hc_mult": 4, "head_dim": 512,
		"hidden_size": 4096, "index_head_dim": 128, "index_n_heads": 64, "index_topk": 512, "moe_intermediate_size": 2048, "n_routed_experts": 256,
		"n_shared_experts": 1, "num_attention_heads": 64, "num_experts_per_tok": 6, "num_hidden_layers": 43, "num_hash_layers": 3, "num_nextn_predict_layers": 1,
		"o_groups": 8, "o_lora_rank": 1024, "q_lora_rank": 1024, "qk_rope_head_dim": 64, "sliding_window": 128, "vocab_size": 129280,
		"compress_ratios": [0, 0, ` + strings.Repeat("4, 128, ", 20) + `4, 0]}`},
	{"zai-org/GLM-5.2", 753329940480, 0, "", "zai-org__GLM-5.2"},
	{"MiniMaxAI/MiniMax-M1-80k", 456089655296, 0, "", "MiniMaxAI__MiniMax-M1-80k"},
	{"meituan-longcat/LongCat-Flash-Chat", 561862880256, 0, "", "meituan-longcat__LongCat-Flash-Chat"},
	{"inclusionAI/Ling-mini-2.0", 16255643392, 0, "", ling(2048, 20, 16, 4, 5120, 512, 1)},
	{"inclusionAI/Ling-flash-2.0", 102889705216, 0, "", ling(4096, 32, 32, 4, 9216, 1024, 1)},
	{"inclusionAI/Ling-1T", 999705328640, 0, "", ling(8192, 80, 64, 8, 18432, 2048, 4)},
	{"inclusionAI/Ling-3.0-flash", 127486405600, 0, "", `{"model_type": "bailing_hybrid", "num_hidden_layers": 42, "hidden_size": 2560, "vocab_size": 157184, "tie_word_embeddings": false,
		"first_k_dense_replace": 2, "intermediate_size": 6144, "num_attention_heads": 32, "num_key_value_heads": 32, "kv_lora_rank": 512, "q_lora_rank": null,
		"qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "head_dim": 128, "gated_attention_proj_granularity_type": "head_wise",
		"short_conv_kernel_size": 4, "no_kda_lora": true, "kda_safe_gate": true, "kda_lower_bound": -5.0, "num_experts": 512, "num_experts_per_tok": 8,
		"num_shared_experts": 1, "moe_intermediate_size": 768, "moe_shared_expert_intermediate_size": 768, "n_group": 8, "topk_group": 4, "layer_group_size": 6,
		"moe_router_enable_expert_bias": true, "num_nextn_predict_layers": 1}`},
	{"stepfun-ai/Step-3.5-Flash", 199384301376, 0, "", `{"model_type": "step3p5", "hidden_size": 4096, "num_hidden_layers": 45, "num_attention_heads": 64, "num_attention_groups": 8,
		"head_dim": 128, "vocab_size": 128896, "intermediate_size": 11264, "moe_num_experts": 288, "moe_top_k": 8, "moe_intermediate_size": 1280,
		"share_expert_dim": 1280, "use_moe_router_bias": true, "use_head_wise_attn_gate": true, "sliding_window": 512, "num_nextn_predict_layers": 3,
		"moe_layers_enum": "` + numbers(3, 44) + `", "attention_other_setting": {"attention_type": "sliding_attention", "num_attention_heads": 96, "num_attention_groups": 8, "head_dim": 128},
		"layer_types": [` + strings.Repeat(`"full_attention", "sliding_attention", "sliding_attention", "sliding_attention", `, 11) + `"full_attention", "sliding_attention", "sliding_attention", "sliding_attention"]}`},
}

func TestHubTotalsOfFineExperts(t *testing.T) {
	for _, c := range moeTotals {
		t.Run(c.id, func(t *testing.T) {
			r := readText(t, c.config)
			if !r.Known || len(r.Unread) > 0 {
				t.Errorf("known %t, keys not understood: %v", r.Known, r.Unread)
			}
			got := r.Model.TotalParams() + r.Model.MTPParams() + r.Model.VisionParams() + c.beside
			if got != c.total {
				t.Errorf("got %d, the Hub says %d: %+d", got, c.total, got-c.total)
			}
		})
	}
}

// ling is the config of a Ling 2.0 by its sizes.
func ling(hidden, layers, heads, groups, dense, inner, firstDense int) string {
	return fmt.Sprintf(`{"model_type": "bailing_moe", "hidden_size": %d, "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
		"head_dim": 128, "intermediate_size": %d, "moe_intermediate_size": %d, "first_k_dense_replace": %d, "num_experts": 256, "num_experts_per_tok": 8,
		"num_shared_experts": 1, "moe_router_enable_expert_bias": true, "use_qk_norm": true, "vocab_size": 157184, "tie_word_embeddings": false}`,
		hidden, layers, heads, groups, dense, inner, firstDense)
}

// numbers lists first to last with commas.
func numbers(first, last int) string {
	var s []string
	for i := first; i <= last; i++ {
		s = append(s, strconv.Itoa(i))
	}
	return strings.Join(s, ",")
}
