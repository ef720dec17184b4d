package checkpoint

import "fmt"

// The tensors of two published checkpoints, written down from their own documents.

// deepSeekV3 lists the tensors of the DeepSeek-V3 checkpoint as its
// README_WEIGHTS.md and model.safetensors.index.json name them, with the sizes
// of its technical report (arXiv 2412.19437, section 4.2). It knows nothing of core/arch.
func deepSeekV3() []stored {
	const (
		hidden, vocabulary         = 7168, 129280
		heads, nope, rope, value   = 128, 128, 64, 128
		queryRank, latent          = 1536, 512
		dense, expert, experts     = 18432, 2048, 256
		layers, leadingDense, next = 61, 3, 1
	)
	var ts []stored
	fp8 := func(name string, out, in int64) {
		ts = append(ts, stored{name: name + ".weight", dtype: "F8_E4M3", shape: []int64{out, in}},
			stored{name: name + ".weight_scale_inv", dtype: "F32", shape: []int64{(out + 127) / 128, (in + 127) / 128}})
	}
	plain := func(name, dtype string, shape ...int64) {
		ts = append(ts, stored{name: name, dtype: dtype, shape: shape})
	}
	mlp := func(stem string, inner int64) {
		fp8(stem+"gate_proj", inner, hidden)
		fp8(stem+"up_proj", inner, hidden)
		fp8(stem+"down_proj", hidden, inner)
	}
	plain("model.embed_tokens.weight", "BF16", vocabulary, hidden)
	plain("model.norm.weight", "BF16", hidden)
	plain("lm_head.weight", "BF16", vocabulary, hidden)
	for l := range layers + next {
		block := fmt.Sprintf("model.layers.%d.", l)
		plain(block+"input_layernorm.weight", "BF16", hidden)
		plain(block+"post_attention_layernorm.weight", "BF16", hidden)
		plain(block+"self_attn.q_a_layernorm.weight", "BF16", queryRank)
		plain(block+"self_attn.kv_a_layernorm.weight", "BF16", latent)
		fp8(block+"self_attn.q_a_proj", queryRank, hidden)
		fp8(block+"self_attn.q_b_proj", heads*(nope+rope), queryRank)
		fp8(block+"self_attn.kv_a_proj_with_mqa", latent+rope, hidden)
		fp8(block+"self_attn.kv_b_proj", heads*(nope+value), latent)
		fp8(block+"self_attn.o_proj", hidden, heads*value)
		if l < leadingDense {
			mlp(block+"mlp.", dense)
		} else {
			plain(block+"mlp.gate.weight", "BF16", experts, hidden)
			plain(block+"mlp.gate.e_score_correction_bias", "F32", experts)
			mlp(block+"mlp.shared_experts.", expert)
			for e := range experts {
				mlp(fmt.Sprintf("%smlp.experts.%d.", block, e), expert)
			}
		}
		if l >= layers {
			plain(block+"embed_tokens.weight", "BF16", vocabulary, hidden)
			plain(block+"enorm.weight", "BF16", hidden)
			plain(block+"hnorm.weight", "BF16", hidden)
			plain(block+"eh_proj.weight", "BF16", hidden, 2*hidden)
			plain(block+"shared_head.norm.weight", "BF16", hidden)
			plain(block+"shared_head.head.weight", "BF16", vocabulary, hidden)
		}
	}
	return ts
}

// gptOSS lists the tensors of gpt-oss-120b by the names and shapes of its index
// (huggingface.co/openai/gpt-oss-120b; shapes: transformers modeling_gpt_oss.py
// and the MXFP4 packing of two values a byte in groups of 32).
func gptOSS() []stored {
	const (
		hidden, vocabulary, heads, kv, dim = 2880, 201088, 64, 8, 64
		inner, experts, layers             = 2880, 128, 36
	)
	var ts []stored
	add := func(name, dtype string, shape ...int64) {
		ts = append(ts, stored{name: name, dtype: dtype, shape: shape})
	}
	add("model.embed_tokens.weight", "BF16", vocabulary, hidden)
	add("model.norm.weight", "BF16", hidden)
	add("lm_head.weight", "BF16", vocabulary, hidden)
	for l := range layers {
		block := fmt.Sprintf("model.layers.%d.", l)
		add(block+"input_layernorm.weight", "BF16", hidden)
		add(block+"post_attention_layernorm.weight", "BF16", hidden)
		add(block+"self_attn.sinks", "BF16", heads)
		for name, out := range map[string]int64{"q_proj": heads * dim, "k_proj": kv * dim, "v_proj": kv * dim} {
			add(block+"self_attn."+name+".weight", "BF16", out, hidden)
			add(block+"self_attn."+name+".bias", "BF16", out)
		}
		add(block+"self_attn.o_proj.weight", "BF16", hidden, heads*dim)
		add(block+"self_attn.o_proj.bias", "BF16", hidden)
		add(block+"mlp.router.weight", "BF16", experts, hidden)
		add(block+"mlp.router.bias", "BF16", experts)
		for name, out := range map[string]int64{"gate_up_proj": 2 * inner, "down_proj": hidden} {
			add(block+"mlp.experts."+name+"_blocks", "U8", experts, out, hidden/32, 16)
			add(block+"mlp.experts."+name+"_scales", "U8", experts, out, hidden/32)
			add(block+"mlp.experts."+name+"_bias", "BF16", experts, out)
		}
	}
	return ts
}
