package hf

import (
	"fmt"
	"slices"
	"strings"

	"moecost/core/arch"
)

// readUnknown reads a family that no reader knows by the keys that most decoders
// share: as a Llama with grouped-query or latent attention and a gated
// feed-forward network or experts. The Reading says that this is a guess.
func readUnknown(b *builder) {
	what := "The config has no model_type."
	if names := modelTypes(b.root, b.c); len(names) > 0 {
		what = "The model type " + show(names[0]) + " is not known here."
	}
	b.note("%s It is read as a Llama-like decoder by its common keys, so its counts are an estimate: compare them with what the publisher states.", what)

	c := b.c
	hidden := c.dim("hidden_size", "n_embd", "d_model", "dim", "model_dim")
	vocab := c.dim("vocab_size", "n_vocab", "padded_vocab_size")
	if !c.has("tie_word_embeddings") {
		c.assume(c.path+"tie_word_embeddings", false)
	}
	b.embedding(vocab, hidden, c.boolOr(false, "tie_word_embeddings"), "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight")
	b.m.MaxContext = c.dimIf("max_position_embeddings", "n_positions", "max_seq_len", "seq_length")
	layers := b.layers()
	mixer := b.unknownAttention(hidden)
	feedForward := b.unknownFeedForward(hidden, layers)
	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		return []arch.Sublayer{mixer(i), feedForward(i)}
	})
	if depth := c.dimIf("num_nextn_predict_layers", "mtp_num_hidden_layers"); depth > 0 {
		b.note("The config names %d modules for multi-token prediction: they are not counted.", depth)
	}
}

func (b *builder) unknownAttention(hidden int64) func(int) arch.Sublayer {
	const role = arch.AttentionWeights
	bias := b.c.boolOr(false, "attention_bias", "qkv_bias", "use_qkv_bias", "add_qkv_bias")
	if b.c.has("kv_lora_rank") {
		l := b.latentAttention(deepSeekLatent)
		return func(int) arch.Sublayer {
			return attend(l.attention(), b.norm("input_layernorm", hidden, false, role), l.tensors(b, "self_attn."))
		}
	}
	a := b.heads()
	window := b.c.dimIf("sliding_window")
	types := b.c.textList("layer_types")
	b.c.ignore("use_sliding_window")
	if window > 0 && len(types) == 0 {
		b.note("sliding_window is %d, but not for which layers: the KV cache is counted for the whole context.", window)
	}
	strange := map[string]bool{}
	for _, t := range types {
		if t != "full_attention" && t != "sliding_attention" {
			strange[t] = true
		}
	}
	for t := range strange {
		b.note("layer_types names layers of the kind %s: they are counted as full attention, which can be far off in weights and cache.", show(t))
		break
	}
	return func(i int) arch.Sublayer {
		a := a
		if i < len(types) && types[i] == "sliding_attention" {
			a.Window = window
		}
		return attend(a, b.norm("input_layernorm", hidden, false, role), b.projections("self_attn.", a, bias, false))
	}
}

func (b *builder) unknownFeedForward(hidden int64, layers int) func(int) arch.Sublayer {
	c := b.c
	experts := c.dimIf("num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts", "num_routed_experts", "n_experts")
	inner := c.dimIf("intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim", "d_ff", "moe_intermediate_size")
	if inner == 0 {
		inner = product(4, hidden)
		c.assume(c.path+"intermediate_size", inner)
	}
	if experts == 0 {
		return func(int) arch.Sublayer {
			return feed(inner, b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), b.gated("mlp.", hidden, inner, false, arch.DenseLayers))
		}
	}
	f := fineExperts{dense: inner, shared: "mlp.shared_experts."}
	f.moe = arch.MoE{
		Experts: experts, Hidden: hidden,
		TopK:   c.dimOr(2, "num_experts_per_tok", "num_experts_per_token", "moe_topk", "moe_top_k", "num_selected_experts", "top_k_experts", "moe_k"),
		Inner:  c.dimIf("moe_intermediate_size", "expert_ffn_hidden_size", "moe_ffn_hidden_size", "expert_dim"),
		Shared: c.dimIf("n_shared_experts", "num_shared_experts", "num_shared_expert", "moe_num_shared_experts"),
		Groups: c.dimIf("n_group"), TopGroups: c.dimIf("topk_group"),
	}
	if f.moe.Inner == 0 {
		f.moe.Inner = inner
		c.assume(c.path+"moe_intermediate_size", inner)
	}
	f.moe.SharedInner = product(f.moe.Shared, f.moe.Inner)
	if width := c.dimIf("shared_expert_intermediate_size", "shared_intermediate_size", "share_expert_dim", "moe_shared_expert_intermediate_size"); width > 0 {
		f.moe.Shared, f.moe.SharedInner = max(f.moe.Shared, 1), width
	}
	f.sparse = b.sparseLayers(layers, 0)
	for _, n := range c.intList("mlp_only_layers") {
		if n >= 0 && n < int64(len(f.sparse)) {
			f.sparse[n] = false
		}
	}
	return func(i int) arch.Sublayer { return f.layer(b, i) }
}

// otherKinds are model types that are no decoders, with what they are.
var otherKinds = map[string]string{
	"bert": "an encoder", "roberta": "an encoder", "xlm-roberta": "an encoder", "deberta-v2": "an encoder", "modernbert": "an encoder",
	"nomic_bert": "an encoder", "distilbert": "an encoder", "electra": "an encoder", "albert": "an encoder",
	"t5": "an encoder-decoder", "mt5": "an encoder-decoder", "umt5": "an encoder-decoder", "bart": "an encoder-decoder", "mbart": "an encoder-decoder",
	"switch_transformers": "an encoder-decoder", "nllb-moe": "an encoder-decoder", "m2m_100": "an encoder-decoder", "marian": "an encoder-decoder",
	"pegasus": "an encoder-decoder", "whisper": "a speech recogniser", "wav2vec2": "a speech encoder",
	"clip": "an image and text encoder", "siglip": "an image and text encoder", "siglip2": "an image and text encoder",
	"clip_vision_model": "a vision encoder", "siglip_vision_model": "a vision encoder", "vit": "a vision encoder", "dinov2": "a vision encoder",
	"swin": "a vision encoder", "convnext": "a vision encoder",
}

// refuse gives the error for a config that describes no decoder.
func refuse(root, text *config) error {
	const way = "moecost prices decoders, the models that generate text token by token"
	for _, c := range []*config{root, text} {
		kind := c.ownText("model_type")
		if what, ok := otherKinds[strings.ToLower(kind)]; ok {
			return fmt.Errorf("config.json: %smodel_type: %q is %s: %s", c.path, kind, what, way)
		}
		if yes, _ := c.values["is_encoder_decoder"].(bool); yes {
			return fmt.Errorf("config.json: %sis_encoder_decoder is true: %s", c.path, way)
		}
	}
	if class := root.ownText("_class_name"); class != "" {
		return fmt.Errorf("config.json: _class_name %s: this is a part of an image generator: %s", show(class), way)
	}
	if root.ownText("peft_type") != "" || root.ownText("base_model_name_or_path") != "" && !text.has("hidden_size") {
		return fmt.Errorf("config.json: peft_type: this is an adapter: paste the config.json of its base model")
	}
	isVision := !text.has("vocab_size") && (text.has("patch_size") || text.has("image_size"))
	if isVision && !slices.ContainsFunc([]string{"vocab_size", "n_vocab"}, func(k string) bool { return root.has(k) }) {
		return fmt.Errorf("config.json: no vocab_size, but patch_size or image_size: this describes a vision model: %s", way)
	}
	return nil
}
