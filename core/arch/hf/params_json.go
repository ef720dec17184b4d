package hf

import "maps"

// Mistral publishes its own params.json beside, or instead of, config.json. Its
// keys are renamed here to those of config.json, and the reader follows from
// what it describes. Names: vllm transformers_utils/configs/mistral.py.
var mistralNames = map[string]string{
	"dim": "hidden_size", "n_layers": "num_hidden_layers", "n_heads": "num_attention_heads", "n_kv_heads": "num_key_value_heads",
	"hidden_dim": "intermediate_size", "norm_eps": "rms_norm_eps", "tied_embeddings": "tie_word_embeddings",
	"max_seq_len": "max_position_embeddings", "vision_encoder": "vision_config", "yarn": "rope_scaling", "llama_4_scaling": "rope_parameters",
	"sliding_window": "sliding_window",
}

// mistralExperts are the names inside its "moe" object.
var mistralExperts = map[string]string{
	"num_experts": "n_routed_experts", "num_experts_per_tok": "num_experts_per_tok", "num_shared_experts": "n_shared_experts",
	"expert_hidden_dim": "moe_intermediate_size", "first_k_dense_replace": "first_k_dense_replace", "route_every_n": "moe_layer_freq",
	"num_expert_groups": "n_group", "num_expert_groups_per_tok": "topk_group", "routed_scale": "routed_scaling_factor",
	"expert_parallel": "ep_size", "expert_model_parallel": "ep_size",
}

// renamed returns the config under the names of config.json if it is a params.json.
func renamed(root *config) *config {
	if root.has("model_type") || !root.has("dim") || !root.has("n_layers") || !root.has("n_heads") {
		return root
	}
	values := map[string]any{"model_type": "mistral", "tie_word_embeddings": false}
	for key, value := range root.values {
		if name, ok := mistralNames[key]; ok {
			key = name
		}
		values[key] = value
	}
	if moe, ok := values["moe"].(map[string]any); ok {
		delete(values, "moe")
		values["model_type"] = "mixtral"
		for key, value := range moe {
			if name, ok := mistralExperts[key]; ok {
				key = name
			}
			values[key] = value
		}
	}
	switch _, latent := values["kv_lora_rank"]; {
	case latent:
		values["model_type"] = "mistral_large_3"
	case values["model_type"] == "mixtral":
		values["num_local_experts"] = values["n_routed_experts"]
		delete(values, "n_routed_experts")
	}
	maps.DeleteFunc(values, func(_ string, v any) bool { return v == nil })
	return &config{values: values, log: root.log}
}
