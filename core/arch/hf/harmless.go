package hf

import "strings"

// harmless keys never change a count, in any family: who wrote the file,
// training, tokens, generation, activations, scaling factors, positions, and how
// a framework is to run the model.
func harmless(key string) bool {
	if harmlessKeys[key] {
		return true
	}
	for _, end := range []string{"_token_id", "_token_ids", "_token_index", "_loss_coef", "_loss_alpha", "_initializer_range", "_dropout", "_eps", "_epsilon"} {
		if strings.HasSuffix(key, end) {
			return true
		}
	}
	return strings.HasPrefix(key, "_")
}

var harmlessKeys = set(`
	architectures model_type auto_map transformers_version library_name tokenizer_class model_name name_or_path
	license tags base_model unsloth_fixed unsloth_version processor_class task_specific_params id2label label2id
	torch_dtype dtype params_dtype moe_router_dtype router_dtype

	initializer_range init_method init_std initializer_factor pretraining_tp seq_aux aux_loss_alpha seq_length
	embd_pdrop resid_pdrop attn_pdrop dropout norm_topk_prob router_jitter_noise router_aux_loss_coef
	classifier_dropout layerdrop gradient_checkpointing problem_type

	bos_token_id eos_token_id pad_token_id unk_token_id sep_token_id cls_token_id mask_token_id decoder_start_token_id
	begin_suppress_tokens suppress_tokens forced_bos_token_id forced_eos_token_id bad_words_ids prefix
	bos_token eos_token pad_token unk_token im_start_token im_end_token im_patch_token video_token audio_token image_token image_token_id video_token_id audio_token_id image_token_index video_token_index ignore_index
	media_placeholder_token_id image_placeholder video_placeholder vision_start_token_id vision_end_token_id
	mm_tokens_per_image image_seq_length

	cache_implementation use_cache is_decoder is_encoder_decoder add_cross_attention cross_attention_hidden_size chunk_size_feed_forward
	return_dict return_dict_in_generate torchscript tf_legacy_loss tie_encoder_decoder use_bfloat16 pruned_heads
	remove_invalid_values finetuning_task bad_words_ids
	output_attentions output_hidden_states output_scores output_router_logits output_logits
	do_sample early_stopping max_length min_length max_new_tokens num_beams num_beam_groups num_return_sequences
	temperature top_k top_p typical_p repetition_penalty length_penalty diversity_penalty
	no_repeat_ngram_size encoder_no_repeat_ngram_size exponential_decay_length_penalty

	hidden_act hidden_activation activation_function act_fn mlp_hidden_act swiglu_limit swiglu_alpha swiglu_limits swiglu_limits_shared
	moe_router_activation_func scoring_func routed_scaling_factor moe_renormalize norm_expert_weight router_scaling_factor
	moe_router_scaling_factor normalize_expert_weights moe_normalize_expert_weights router_activation_func
	topk_method score_function use_grouped_topk hc_sinkhorn_iters
	rms_norm_eps layer_norm_eps layer_norm_epsilon layernorm_epsilon norm_eps norm_epsilon
	attention_dropout attn_dropout hidden_dropout hidden_dropout_prob attention_probs_dropout_prob
	attn_logit_softcapping final_logit_softcapping logits_scaling logit_scale embedding_multiplier residual_multiplier
	attention_multiplier query_pre_attn_scalar

	rotary_dim rotary_pct rotary_percentage rotary_emb_base partial_rotary_factor partial_rotary_factors
	rope_theta rope_scaling rope_parameters rope_interleave rope_type rope_ratio rope_mode rope_local_base_freq rope_base rope_init original_max_position_embeddings
	mscale yarn_factor use_rope indexer_rope_interleave swa_rope_theta compress_rope_theta
	max_seq_len max_sequence_length model_max_length max_model_len max_window_layers
	position_embedding_type use_alibi alibi rotary_base

	use_mrope use_dynamic_ntk use_logn_attn output_gate_type activation bf16 fp16 fp32 tokenizer_type
	attn_implementation use_flash_attn use_flash_attention use_kernel use_fused_rms_norm use_mem_eff_path
	ep_size tp_size moe_parallel_strategy enable_expert_parallel fuse_rms_norm sequence_parallel use_recompute
	tensor_parallel_output use_fused_rope
`)

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// ignore marks keys that this family's layout does not depend on, though another's might.
func (c *config) ignore(keys ...string) { c.lookup(keys) }
