package hf

import (
	"slices"

	"moecost/core/arch"
)

// Granite's mixtures: 3.x (granitemoe, granitemoeshared) and 4.0 with Mamba-2
// layers (granitemoehybrid), whose small models are dense. Layouts and
// defaults: transformers models/<type>/{configuration,modeling}_<type>.py.
func readGranite(b *builder) {
	hidden := b.decoder("model.", "", false)
	a := b.heads()
	bias := b.c.boolOr(false, "attention_bias")
	layers := b.layers()
	moe := arch.MoE{Hidden: hidden, Experts: b.graniteExperts()}
	moe.SharedInner = b.graniteShared()
	if moe.SharedInner > 0 {
		moe.Shared = 1
	}
	if moe.Experts > 0 {
		moe.TopK = b.c.dimOr(2, "num_experts_per_tok")
		moe.Inner = b.c.dim("intermediate_size")
	}
	mamba, recurrent := b.graniteMamba(layers)
	b.c.ignore("mamba_chunk_size", "normalization_function", "mamba_n_heads", "mamba_d_head", "mamba_d_state", "mamba_d_conv",
		"mamba_n_groups", "mamba_expand", "mamba_conv_bias", "mamba_proj_bias", "shared_intermediate_size", "num_experts_per_tok", "intermediate_size", "layer_types")

	b.stack("model.layers.", layers, func(i int) []arch.Sublayer {
		mixer := attend(a, b.norm("input_layernorm", hidden, false, arch.AttentionWeights), b.projections("self_attn.", a, bias, bias))
		if recurrent[i] {
			mixer = mamba.layer(b, "input_layernorm", "mamba.")
		}
		const norm = "post_attention_layernorm"
		if moe.Experts == 0 {
			return []arch.Sublayer{mixer, feed(moe.SharedInner,
				b.norm(norm, hidden, false, arch.DenseLayers), b.graniteMLP(moe, arch.DenseLayers))}
		}
		return []arch.Sublayer{mixer, route(moe,
			b.norm(norm, hidden, false, arch.Router),
			b.router("block_sparse_moe.router.layer.weight", moe),
			b.fusedExperts("block_sparse_moe.input_linear.weight", "block_sparse_moe.output_linear.weight", moe),
			b.graniteMLP(moe, arch.SharedExperts))}
	})
}

// graniteExperts is 0 for the dense models of the hybrid line, which say so.
func (b *builder) graniteExperts() int64 {
	experts := b.c.dimOr(8, "num_local_experts")
	if experts > maxExperts {
		b.c.fail(b.c.path+"num_local_experts", "%d is out of range: at most %d would do", experts, maxExperts)
	}
	return experts
}

// graniteShared is the width of the shared network, which granitemoe does not have.
func (b *builder) graniteShared() int64 {
	switch b.m.Family {
	case "granitemoeshared":
		return b.c.dimIf("shared_intermediate_size")
	case "granitemoehybrid":
		return b.c.dimOr(1024, "shared_intermediate_size")
	}
	return 0
}

// graniteMLP is the network beside the experts, gate and up in one matrix.
func (b *builder) graniteMLP(m arch.MoE, role arch.Role) []arch.Tensor {
	if m.SharedInner == 0 {
		return nil
	}
	return slices.Concat(
		b.linear("shared_mlp.input_linear", 2*m.SharedInner, m.Hidden, false, role, arch.SplitTP),
		b.rowLinear("shared_mlp.output_linear", m.Hidden, m.SharedInner, false, role))
}

// graniteMamba reads the Mamba-2 layers and says which they are: those that
// layer_types names, all of them in a hybrid model without it.
func (b *builder) graniteMamba(layers int) (mamba2, []bool) {
	recurrent := make([]bool, layers)
	if b.m.Family != "granitemoehybrid" {
		return mamba2{}, recurrent
	}
	types := b.c.textList("layer_types", "layers_block_type")
	if len(types) > 0 {
		b.sameLength("layer_types", len(types), layers)
	}
	for i := range recurrent {
		recurrent[i] = i >= len(types) || types[i] == "mamba" || types[i] == "linear_attention"
	}
	if !slices.Contains(recurrent, true) {
		return mamba2{}, recurrent
	}
	m := mamba2{
		heads:  b.c.dimOr(128, "mamba_n_heads"),
		groups: b.c.dimOr(1, "mamba_n_groups"), state: b.c.dimOr(256, "mamba_d_state"),
		kernel: b.c.dimOr(4, "mamba_d_conv"), convBias: b.c.boolOr(true, "mamba_conv_bias"),
		bias: b.c.boolOr(false, "mamba_proj_bias"), format: b.stateFormat(b.quant.base, "mamba_ssm_cache_dtype"),
	}
	m.headDim = b.m.Hidden * b.c.dimOr(2, "mamba_expand") / max(1, m.heads) // "auto", the class's default
	if _, width, found := b.c.lookup([]string{"mamba_d_head"}); found && width != "auto" {
		m.headDim = b.c.dim("mamba_d_head")
	}
	return m, recurrent
}
