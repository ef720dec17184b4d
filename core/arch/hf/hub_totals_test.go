package hf

import (
	"strings"
	"testing"
)

// Totals of the safetensors headers as the Hub shows them, for sizes and
// families beside those of param_counts.csv. Source of totals and config fields, where
// none is given: debaditc/kvfit@bd4ccabf src/kvfit/data/models.json.
var hubTotals = []struct {
	id     string
	total  int64 // parameters of the whole checkpoint
	beside int64 // of which are none of the text model's and MTP's, and why
	why    string
	bytes  int64  // of all tensors, where published
	config string // the file's text, or its name among the presets
}{
	// Totals of the next seven: GitHub text index 69468411049 (a table of the Hub's
	// totals) and, with bytes, jamesyc/MoEspeedcalc models/<name>.json.
	{"mistral-community/Mixtral-8x22B-v0.1", 140620634112, 0, "", 0, "mistralai__Mixtral-8x22B-v0.1"},
	{"Qwen/Qwen3-Coder-480B-A35B-Instruct", 480154875392, 0, "", 0, "Qwen__Qwen3-Coder-480B-A35B-Instruct"},
	{"Qwen/Qwen3.5-122B-A10B", 125086497008, 0, "", 250173007840, "Qwen__Qwen3.5-122B-A10B"},
	{"Qwen/Qwen3.5-27B", 27781427952, 0, "", 55562872800, "Qwen__Qwen3.5-27B"},
	// Totals: GitHub text index 71571056092 (two), 57091266702, 12439498600; widths as the model cards give them.
	{"HuggingFaceTB/SmolLM3-3B-Base", 3075098624, 0, "", 0,
		`{"model_type": "smollm3", "hidden_size": 2048, "intermediate_size": 11008, "num_attention_heads": 16, "num_hidden_layers": 36, "num_key_value_heads": 4, "vocab_size": 128256}`},
	{"allenai/OLMo-2-1124-7B", 7298617344, 0, "", 0,
		`{"model_type": "olmo2", "hidden_size": 4096, "intermediate_size": 11008, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "vocab_size": 100352, "tie_word_embeddings": false}`},
	{"ByteDance-Seed/Seed-OSS-36B-Instruct", 36151104512, 0, "", 0,
		`{"model_type": "seed_oss", "hidden_size": 5120, "intermediate_size": 27648, "num_attention_heads": 80, "num_hidden_layers": 64, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 155136, "tie_word_embeddings": false, "attention_bias": true, "attention_out_bias": false}`},
	{"CohereLabs/aya-expanse-8b", 8028033024, 0, "", 0,
		`{"model_type": "cohere", "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "vocab_size": 256000, "use_qk_norm": false}`},
	{"openai/gpt-oss-20b", 20914757184, 0, "", 13761264768, "openai__gpt-oss-20b"},
	{"nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-BF16", 123611012096, -41 * 512, "the Hub's BF16 count leaves out the FP32 router biases of 40 layers and the MTP layer", 0,
		"nvidia__NVIDIA-Nemotron-3-Super-120B-A12B-BF16"},
	{"meta-llama/Llama-3.1-405B", 405853388800, 0, "", 0, "meta-llama__Meta-Llama-3.1-405B"}, // GitHub text index 71571056092
	// Total and bytes of the checkpoint's index file: GitHub text index 67132731920.
	{"google/gemma-4-26B-A4B-it", 25805933872, -30 - 2*1152, "buffers, which the index counts as bytes but not as parameters: 30 layer scalars, bias and scale of the tower", 51611872412,
		"google__gemma-4-26B-A4B"},
	{"meta-llama/Llama-2-7b-hf", 6738417664, 32 * 64, "rotary_emb.inv_freq in 32 layers, which later checkpoints do not store", 0,
		`{"hidden_size": 4096, "intermediate_size": 11008, "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "tie_word_embeddings": false, "vocab_size": 32000}`},
	{"meta-llama/Llama-2-13b-hf", 13015866880, 40 * 64, "rotary_emb.inv_freq in 40 layers", 0,
		`{"hidden_size": 5120, "intermediate_size": 13824, "model_type": "llama", "num_attention_heads": 40, "num_hidden_layers": 40, "num_key_value_heads": 40, "tie_word_embeddings": false, "vocab_size": 32000}`},
	{"meta-llama/Llama-3.2-3B-Instruct", 3212749824, 0, "", 0,
		`{"head_dim": 128, "hidden_size": 3072, "intermediate_size": 8192, "model_type": "llama", "num_attention_heads": 24, "num_hidden_layers": 28, "num_key_value_heads": 8, "tie_word_embeddings": true, "vocab_size": 128256}`},
	{"meta-llama/Llama-3.2-11B-Vision-Instruct", 10670220835, 0, "", 0, // total: GitHub text index 12439498600
		`{"model_type": "mllama", "text_config": {"cross_attention_layers": [3, 8, 13, 18, 23, 28, 33, 38], "hidden_size": 4096, "intermediate_size": 14336, "model_type": "mllama_text_model", "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8, "vocab_size": 128256, "tie_word_embeddings": false},
		  "vision_config": {"hidden_size": 1280, "num_hidden_layers": 32, "num_global_layers": 8, "intermediate_size": 5120, "image_size": 560, "patch_size": 14, "max_num_tiles": 4, "vision_output_dim": 7680}}`},
	{"mistralai/Mistral-7B-Instruct-v0.3", 7248023552, 0, "", 0,
		`{"hidden_size": 4096, "intermediate_size": 14336, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "tie_word_embeddings": false, "vocab_size": 32768}`},
	{"mistralai/Mistral-Nemo-Instruct-2407", 12247782400, 0, "", 0,
		`{"head_dim": 128, "hidden_size": 5120, "intermediate_size": 14336, "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8, "tie_word_embeddings": false, "vocab_size": 131072}`},
	{"Qwen/Qwen2.5-7B-Instruct", 7615616512, 0, "", 0,
		`{"hidden_size": 3584, "intermediate_size": 18944, "model_type": "qwen2", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "sliding_window": 131072, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 152064}`},
	{"Qwen/Qwen2.5-72B-Instruct", 72706203648, 0, "", 0,
		`{"hidden_size": 8192, "intermediate_size": 29568, "model_type": "qwen2", "num_attention_heads": 64, "num_hidden_layers": 80, "num_key_value_heads": 8, "sliding_window": 131072, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 152064}`},
	{"internlm/internlm2_5-7b-chat", 7737708544, 0, "", 0,
		`{"model_type": "internlm2", "hidden_size": 4096, "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8, "vocab_size": 92544, "tie_word_embeddings": false, "bias": false}`},
	{"Qwen/Qwen2.5-32B-Instruct", 32763876352, 0, "", 0,
		`{"model_type": "qwen2", "hidden_size": 5120, "intermediate_size": 27648, "num_attention_heads": 40, "num_hidden_layers": 64, "num_key_value_heads": 8, "vocab_size": 152064, "tie_word_embeddings": false}`},
	{"Qwen/Qwen2.5-1.5B-Instruct", 1543714304, 0, "", 0,
		`{"model_type": "qwen2", "hidden_size": 1536, "intermediate_size": 8960, "num_attention_heads": 12, "num_hidden_layers": 28, "num_key_value_heads": 2, "vocab_size": 151936, "tie_word_embeddings": true}`},
	// Totals, also of the three above: GitHub text index 66958499806 and 12439498600.
	{"Qwen/Qwen2.5-VL-7B-Instruct", 8292166656, 0, "", 0,
		`{"hidden_size": 3584, "intermediate_size": 18944, "model_type": "qwen2_5_vl", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 152064,
		  "vision_config": {"depth": 32, "hidden_size": 1280, "intermediate_size": 3420, "num_heads": 16, "in_chans": 3, "out_hidden_size": 3584, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}}`},
	{"Qwen/Qwen2-VL-7B-Instruct", 8291375616, 0, "", 0,
		`{"hidden_size": 3584, "intermediate_size": 18944, "model_type": "qwen2_vl", "num_attention_heads": 28, "num_hidden_layers": 28, "num_key_value_heads": 4, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 152064,
		  "vision_config": {"depth": 32, "embed_dim": 1280, "mlp_ratio": 4, "num_heads": 16, "in_chans": 3, "hidden_size": 3584, "patch_size": 14, "spatial_merge_size": 2, "temporal_patch_size": 2}}`},
	{"Qwen/Qwen3-8B", 8190735360, 0, "", 0,
		`{"head_dim": 128, "hidden_size": 4096, "intermediate_size": 12288, "model_type": "qwen3", "num_attention_heads": 32, "num_hidden_layers": 36, "num_key_value_heads": 8, "tie_word_embeddings": false, "use_sliding_window": false, "vocab_size": 151936}`},
	{"google/gemma-2-9b-it", 9241705984, 0, "", 0,
		`{"head_dim": 256, "hidden_size": 3584, "intermediate_size": 14336, "model_type": "gemma2", "num_attention_heads": 16, "num_hidden_layers": 42, "num_key_value_heads": 8, "sliding_window": 4096, "vocab_size": 256000}`},
	{"google/gemma-2-27b-it", 27227128320, 0, "", 0,
		`{"head_dim": 128, "hidden_size": 4608, "intermediate_size": 36864, "model_type": "gemma2", "num_attention_heads": 32, "num_hidden_layers": 46, "num_key_value_heads": 16, "sliding_window": 4096, "vocab_size": 256000}`},
	{"google/gemma-3-4b-it", 4300079472, 0, "", 0, // as published: heads, vocabulary and most of the tower are the class's defaults
		`{"model_type": "gemma3", "text_config": {"hidden_size": 2560, "intermediate_size": 10240, "model_type": "gemma3_text", "num_hidden_layers": 34, "sliding_window": 1024},
		  "vision_config": {"hidden_size": 1152, "image_size": 896, "intermediate_size": 4304, "num_attention_heads": 16, "num_hidden_layers": 27, "patch_size": 14}}`},
	{"google/gemma-3-12b-it", 12187325040, 0, "", 0,
		`{"model_type": "gemma3", "text_config": {"hidden_size": 3840, "intermediate_size": 15360, "model_type": "gemma3_text", "num_attention_heads": 16, "num_hidden_layers": 48, "num_key_value_heads": 8, "sliding_window": 1024},
		  "vision_config": {"hidden_size": 1152, "image_size": 896, "intermediate_size": 4304, "num_attention_heads": 16, "num_hidden_layers": 27, "patch_size": 14}}`},
	// Totals: GitHub text index 71471451638 (E2B; parameters alone, without the layers' scalars and the bounds
	// of the towers' matrices) and 61938983991; layout of the text model: Gemma4TextConfig in mlx-lm's gemma4_text.py, which has the E2B's figures as defaults.
	{"google/gemma-4-E2B-it", 5104297504, -35 - 4*(7*16+10*12), "buffers: 35 layer scalars, four bounds for each of 7 matrices in 16 and 10 in 12 layers", 0,
		`{"model_type": "gemma4", "text_config": {"model_type": "gemma4_text", "head_dim": 256, "global_head_dim": 512, "hidden_size": 1536, "hidden_size_per_layer_input": 256, "intermediate_size": 6144, "num_attention_heads": 8, "num_hidden_layers": 35, "num_key_value_heads": 1, "num_kv_shared_layers": 20, "sliding_window": 512, "use_double_wide_mlp": true, "vocab_size": 262144, "vocab_size_per_layer_input": 262144, "sliding_window_pattern": 5},
		  "vision_config": {"hidden_size": 768, "num_hidden_layers": 16, "use_clipped_linears": true}, "audio_config": {"hidden_size": 1024}}`},
	{"Qwen/Qwen3-VL-30B-A3B-Instruct", 31070754032, 0, "", 0,
		`{"model_type": "qwen3_vl_moe", "text_config": {"model_type": "qwen3_vl_moe_text", "head_dim": 128, "hidden_size": 2048, "intermediate_size": 6144, "moe_intermediate_size": 768, "num_attention_heads": 32, "num_experts": 128, "num_experts_per_tok": 8, "num_hidden_layers": 48, "num_key_value_heads": 4, "vocab_size": 151936},
		  "vision_config": {"deepstack_visual_indexes": [8, 16, 24], "depth": 27, "hidden_size": 1152, "in_channels": 3, "intermediate_size": 4304, "num_heads": 16, "num_position_embeddings": 2304, "out_hidden_size": 2048, "patch_size": 16, "spatial_merge_size": 2, "temporal_patch_size": 2}, "tie_word_embeddings": false}`},
	{"mistralai/Mistral-Small-3.2-24B-Instruct-2506", 24011361280, 0, "", 0, // the tower as in transformers' PixtralVisionConfig, patches of 14
		`{"model_type": "mistral3", "text_config": {"model_type": "mistral", "head_dim": 128, "hidden_size": 5120, "intermediate_size": 32768, "num_attention_heads": 32, "num_hidden_layers": 40, "num_key_value_heads": 8, "vocab_size": 131072},
		  "vision_config": {"model_type": "pixtral", "patch_size": 14}}`},
	{"microsoft/Phi-3-mini-4k-instruct", 3821079552, 0, "", 0,
		`{"hidden_size": 3072, "intermediate_size": 8192, "max_position_embeddings": 4096, "model_type": "phi3", "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32, "sliding_window": 2047, "tie_word_embeddings": false, "vocab_size": 32064}`},
	{"microsoft/phi-4", 14659507200, 0, "", 0,
		`{"hidden_size": 5120, "intermediate_size": 17920, "model_type": "phi3", "num_attention_heads": 40, "num_hidden_layers": 40, "num_key_value_heads": 10, "tie_word_embeddings": false, "vocab_size": 100352}`},
	{"microsoft/Phi-4-mini-instruct", 3836021760, 0, "", 0,
		`{"hidden_size": 3072, "intermediate_size": 8192, "model_type": "phi3", "num_attention_heads": 24, "num_hidden_layers": 32, "num_key_value_heads": 8, "sliding_window": 262144, "max_position_embeddings": 131072, "tie_word_embeddings": true, "vocab_size": 200064}`},
	{"nvidia/NVIDIA-Nemotron-Nano-9B-v2", 8888227328, 0, "", 0,
		`{"conv_kernel": 4, "head_dim": 128, "hidden_size": 4480, "hybrid_override_pattern": "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-", "intermediate_size": 15680, "mamba_head_dim": 80, "mamba_num_heads": 128, "model_type": "nemotron_h", "n_groups": 8, "num_attention_heads": 40, "num_hidden_layers": 56, "num_key_value_heads": 8, "ssm_state_size": 128, "tie_word_embeddings": false, "vocab_size": 131072}`},
	// Config: GitHub text index 55746397193; total: 69468411049.
	{"tencent/Hy3", 298786155776, 0, "", 0,
		`{"model_type": "hy_v3", "num_hidden_layers": 80, "num_nextn_predict_layers": 1, "hidden_size": 4096, "num_attention_heads": 64, "num_key_value_heads": 8, "head_dim": 128, "qk_norm": true, "vocab_size": 120832, "intermediate_size": 13312, "first_k_dense_replace": 1, "num_experts": 192, "num_experts_per_tok": 8, "num_shared_experts": 1, "expert_hidden_dim": 1536, "moe_intermediate_size": 1536, "router_scaling_factor": 2.826, "tie_word_embeddings": false}`},
	// Total: GitHub text index 71492492758; widths of the text model as in ERNIE-4.5-300B-A47B.
	{"baidu/ERNIE-4.5-VL-424B-A47B-PT", 423526285184, 0, "", 0,
		`{"model_type": "ernie4_5_moe_vl", "hidden_size": 8192, "intermediate_size": 28672, "num_attention_heads": 64, "num_key_value_heads": 8, "num_hidden_layers": 54, "vocab_size": 103424, "moe_num_experts": [64, 64], "moe_num_shared_experts": 0, "moe_layer_start_index": [3, 3], "moe_layer_end_index": [53, 53], "moe_intermediate_size": [3584, 1536], "moe_k": 8, "moe_layer_interval": 1, "tie_word_embeddings": false, "spatial_conv_size": 2, "temporal_conv_size": 2,
		  "vision_config": {"depth": 32, "embed_dim": 1280, "hidden_size": 1280, "in_channels": 3, "mlp_ratio": 4, "patch_size": 14, "spatial_merge_size": 2}}`},
	// Configs: GitHub text index 71463455676 and 55464194736; totals: 68688959620 (Granite Guardian 3.2, the same layout) and 70311894077.
	{"ibm-granite/granite-3.1-3b-a800m-instruct", 3298793472, 0, "", 0,
		`{"model_type": "granitemoe", "hidden_size": 1536, "intermediate_size": 512, "num_attention_heads": 24, "num_experts_per_tok": 8, "num_hidden_layers": 32, "num_key_value_heads": 8, "num_local_experts": 40, "tie_word_embeddings": true, "vocab_size": 49155}`},
	{"ibm-granite/granite-3.1-1b-a400m-instruct", 1334628352, 0, "", 0,
		`{"model_type": "granitemoe", "hidden_size": 1024, "intermediate_size": 512, "num_attention_heads": 16, "num_experts_per_tok": 8, "num_hidden_layers": 24, "num_key_value_heads": 8, "num_local_experts": 32, "tie_word_embeddings": true, "vocab_size": 49155}`},
	// Configs: GitHub text index 61253251750; totals: 71059031264 and 59751318079.
	{"LiquidAI/LFM2-350M", 354483968, 0, "", 0,
		`{"model_type": "lfm2", "vocab_size": 65536, "hidden_size": 1024, "num_hidden_layers": 16, "num_attention_heads": 16, "num_key_value_heads": 8, "conv_bias": false, "conv_L_cache": 3, "full_attn_idxs": [2, 5, 8, 10, 12, 14], "block_dim": 1024, "block_ff_dim": 6656}`},
	{"LiquidAI/LFM2-8B-A1B", 8339929856 + 704, 0, "", 0,
		`{"model_type": "lfm2_moe", "vocab_size": 65536, "hidden_size": 2048, "intermediate_size": 7168, "moe_intermediate_size": 1792, "num_hidden_layers": 24, "num_attention_heads": 32, "num_key_value_heads": 8, "conv_bias": false, "conv_L_cache": 3, "num_dense_layers": 2, "num_experts": 32, "num_experts_per_tok": 4, "use_expert_bias": true, "full_attn_idxs": [2, 6, 10, 14, 18, 21]}`},
	// Total: GitHub text index 69468411049; widths as the model card gives them.
	{"arcee-ai/Trinity-Large-Preview", 398635286016, 0, "", 0,
		`{"model_type": "afmoe", "hidden_size": 3072, "num_hidden_layers": 60, "num_attention_heads": 48, "num_key_value_heads": 8, "head_dim": 128, "intermediate_size": 12288, "moe_intermediate_size": 3072, "num_experts": 256, "num_experts_per_tok": 4, "num_shared_experts": 1, "num_dense_layers": 6, "sliding_window": 4096, "vocab_size": 200192, "tie_word_embeddings": false}`},
	{"ibm-granite/granite-4.0-h-small", 32207337984, 0, "", 0,
		`{"hidden_size": 4096, "intermediate_size": 768, "layer_types": [` + granite4Small + `], "mamba_d_conv": 4, "mamba_d_head": 64, "mamba_d_state": 128, "mamba_expand": 2, "mamba_n_groups": 1, "mamba_n_heads": 128, "model_type": "granitemoehybrid", "num_attention_heads": 32, "num_experts_per_tok": 10, "num_hidden_layers": 40, "num_key_value_heads": 8, "num_local_experts": 72, "shared_intermediate_size": 1536, "tie_word_embeddings": true, "vocab_size": 100352}`},
}

// granite4Small is attention in layers 5, 15, 25 and 35.
var granite4Small = strings.TrimSuffix(strings.Repeat(
	strings.Repeat(`"mamba",`, 5)+`"attention",`+strings.Repeat(`"mamba",`, 4), 4), ",")

func TestHubTotals(t *testing.T) {
	for _, row := range hubTotals {
		t.Run(row.id, func(t *testing.T) {
			r := readText(t, row.config)
			if !r.Known || len(r.Unread) > 0 {
				t.Errorf("known %t, keys not understood: %v", r.Known, r.Unread)
			}
			got := r.Model.TotalParams() + r.Model.MTPParams() + r.Model.VisionParams()
			if got != row.total-row.beside {
				t.Errorf("got %d, want %d less %d (%s): %+d", got, row.total, row.beside, row.why, got-row.total+row.beside)
			}
			if bytes := r.Model.CheckpointBytes().Bytes(); row.bytes != 0 && bytes != row.bytes {
				t.Errorf("got %d bytes, want %d: %+d", bytes, row.bytes, bytes-row.bytes)
			}
		})
	}
}

// readText reads a config given as text or as the name of a preset's file.
func readText(t *testing.T, config string) *Reading {
	t.Helper()
	if !strings.HasPrefix(config, "{") {
		return readConfig(t, config)
	}
	r, err := Read([]byte(config))
	if err != nil {
		t.Fatal(err)
	}
	described(t, r)
	return r
}
