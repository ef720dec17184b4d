package hf

import "moecost/core/arch"

// Arctic: a dense residual network as wide as the model beside the experts of every mixture
// layer. Layout: Snowflake/snowflake-arctic-instruct modeling_arctic.py (Hub).
func readArctic(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	inner := b.c.dim("intermediate_size")
	moe := arch.MoE{
		Experts: b.c.integer(maxExperts, "num_local_experts"), TopK: b.c.dimOr(1, "num_experts_per_tok"),
		Hidden: hidden, Inner: inner,
	}
	every := max(1, b.c.dimOr(2, "moe_layer_frequency"))
	residual := b.c.boolOr(true, "use_residual")
	b.c.ignore("parallel_attn_mlp_res", "enable_expert_tensor_parallelism", "moe_token_dropping",
		"moe_min_capacity", "moe_train_capacity_factor", "moe_eval_capacity_factor", "quantization")
	w := func(stem string, inner int64) []arch.Tensor {
		return []arch.Tensor{
			b.matrix(stem+"w1.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
			b.matrix(stem+"w3.weight", inner, hidden, arch.DenseLayers, arch.SplitTP),
			b.matrix(stem+"w2.weight", hidden, inner, arch.DenseLayers, arch.SplitTP),
		}
	}
	b.stack("model.layers.", b.layers(), func(i int) []arch.Sublayer {
		attention := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias))
		if int64(i+1)%every != 0 || moe.Experts == 1 {
			return []arch.Sublayer{attention, feed(inner,
				b.norm("post_attention_layernorm", hidden, false, arch.DenseLayers), w("block_sparse_moe.mlp.", inner))}
		}
		layer := []arch.Sublayer{attention}
		if residual {
			layer = append(layer, feed(hidden, b.norm("residual_layernorm", hidden, false, arch.DenseLayers), w("residual_mlp.", hidden)))
		}
		return append(layer, route(moe, b.norm("post_attention_layernorm", hidden, false, arch.Router),
			b.router("block_sparse_moe.gate.weight", moe), b.wExperts(moe)))
	})
}
