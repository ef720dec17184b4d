package hf

import (
	"fmt"
	"slices"

	"moecost/core/arch"
)

// fineExperts is the feed-forward part that DeepSeek-MoE began (arXiv
// 2401.06066) and many families took over: leading dense layers, then many
// small routed experts beside always-on shared ones. Layout: deepseek-ai/DeepSeek-V3
// modeling_deepseek.py, DeepseekV3MoE.
type fineExperts struct {
	dense      int64 // width of the dense layers
	moe        arch.MoE
	correction bool   // e_score_correction_bias: balancing without an auxiliary loss
	sparse     []bool // which layers are mixtures
	shared     string // module of the shared experts, with a dot
}

// fineDefaults are the config class's defaults of a family.
type fineDefaults struct {
	experts, topK, shared, inner int64
	firstDense                   int64
	correction                   bool
}

func (b *builder) fineExperts(layers int, def fineDefaults) fineExperts {
	if b.c.boolOr(false, "mlp_bias") {
		b.note("mlp_bias is true: no published model of this family has these biases, and they are not counted.")
	}
	f := fineExperts{
		dense:      b.c.dim("intermediate_size"),
		correction: b.c.textOr(map[bool]string{true: "noaux_tc"}[def.correction], "topk_method") == "noaux_tc",
		shared:     "mlp.shared_experts.",
	}
	if !b.c.has("n_routed_experts", "num_routed_experts", "num_experts", "num_local_experts") && b.c.isNull("n_routed_experts") {
		f.sparse = make([]bool, max(layers, 0))
		return f
	}
	f.moe = arch.MoE{
		Experts:   b.c.dimOr(def.experts, "n_routed_experts", "num_routed_experts", "num_experts", "num_local_experts"),
		TopK:      b.c.dimOr(def.topK, "num_experts_per_tok", "num_experts_per_token"),
		Hidden:    b.m.Hidden,
		Inner:     b.c.dimOr(def.inner, "moe_intermediate_size"),
		Groups:    b.c.dimIf("n_group", "num_expert_group"),
		TopGroups: b.c.dimIf("topk_group"),
	}
	if !b.c.isNull("n_shared_experts") {
		f.moe.Shared = b.c.dimOr(def.shared, "n_shared_experts", "num_shared_experts")
	}
	f.moe.SharedInner = f.moe.Shared * f.moe.Inner
	f.sparse = b.sparseLayers(layers, def.firstDense)
	return f
}

func (b *builder) firstDense(def int64) int64 {
	if b.c.isNull("first_k_dense_replace") {
		return 0
	}
	return b.c.dimOr(def, "first_k_dense_replace")
}

// sparseLayers says which layers are mixtures: those that mlp_layer_types or a
// list moe_layer_freq names, else every moe_layer_freq-th after the leading dense
// ones, whose number has the family's default.
func (b *builder) sparseLayers(layers int, firstDefault int64) []bool {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	sparse := make([]bool, layers)
	b.c.ignore("first_k_dense_replace", "moe_layer_freq")
	if types := b.c.textList("mlp_layer_types"); len(types) > 0 {
		b.sameLength("mlp_layer_types", len(types), layers)
		for i := range min(len(types), layers) {
			sparse[i] = types[i] != "dense"
		}
		return sparse
	}
	if _, value, ok := b.c.lookup([]string{"moe_layer_freq"}); ok {
		if _, isList := value.([]any); isList {
			for i, n := range b.perLayer("moe_layer_freq", layers) {
				sparse[i] = n != 0
			}
			return sparse
		}
	}
	firstDense := b.firstDense(firstDefault)
	every := int64(1)
	if b.c.has("moe_layer_freq") {
		every = b.c.dim("moe_layer_freq")
	}
	for i := range sparse {
		sparse[i] = int64(i) >= firstDense && int64(i)%every == 0
	}
	return sparse
}

// perLayer reads a list of whole numbers with one entry per layer.
func (b *builder) perLayer(key string, layers int) []int64 {
	list := b.c.intList(key)
	b.sameLength(key, len(list), layers)
	out := make([]int64, layers)
	copy(out, list)
	return out
}

// layer is the feed-forward sublayer of layer i; MTP layers are mixtures.
func (f fineExperts) layer(b *builder, i int) arch.Sublayer {
	if i < len(f.sparse) && !f.sparse[i] || f.moe.Experts == 0 {
		return feed(f.dense,
			b.norm("post_attention_layernorm", b.m.Hidden, false, arch.DenseLayers),
			b.gated("mlp.", b.m.Hidden, f.dense, false, arch.DenseLayers))
	}
	return route(f.moe, b.norm("post_attention_layernorm", b.m.Hidden, false, arch.Router), f.mixture(b))
}

// mixture lists the tensors of a mixture: router, routed and shared experts.
func (f fineExperts) mixture(b *builder) []arch.Tensor {
	gate := b.router("mlp.gate.weight", f.moe)
	if f.correction {
		gate = append(gate, fp32(b.vector("mlp.gate.e_score_correction_bias", f.moe.Experts, arch.Router)))
	}
	ts := slices.Concat(gate, b.gatedExperts(f.moe,
		"mlp.experts.{e}.gate_proj.weight", "mlp.experts.{e}.up_proj.weight", "mlp.experts.{e}.down_proj.weight"))
	if f.moe.SharedInner > 0 {
		ts = append(ts, b.gated(f.shared, b.m.Hidden, f.moe.SharedInner, false, arch.SharedExperts)...)
	}
	return ts
}

// nextTokens appends the multi-token-prediction modules in DeepSeek-V3's layout
// (arXiv 2412.19437, section 2.2): a layer like the last one, numbered on from the main
// stack, a projection of hidden state and embedding, and copies of embedding
// and head where copies says so.
func (b *builder) nextTokens(depth int64, stem string, layers int, copies bool, block func(i int) []arch.Sublayer) {
	if depth == 0 || len(b.c.log.errs) > 0 {
		return
	}
	if depth > maxMTP {
		b.c.fail(b.c.path+"num_nextn_predict_layers", "%d is out of range: 0 to %d would do", depth, maxMTP)
		return
	}
	b.m.MTP.Depth = int(depth)
	for d := range int(depth) {
		i := layers + d
		b.prefix = fmt.Sprintf("%s%d.", stem, i)
		b.m.MTP.Blocks = append(b.m.MTP.Blocks, arch.Block{Prefix: b.prefix, Sublayers: block(i)})
		b.m.MTP.Tensors = append(b.m.MTP.Tensors, b.named(slices.Concat(
			b.norm("enorm", b.m.Hidden, false, arch.DenseLayers),
			b.norm("hnorm", b.m.Hidden, false, arch.DenseLayers),
			[]arch.Tensor{b.unconverted(b.matrix("eh_proj.weight", b.m.Hidden, 2*b.m.Hidden, arch.DenseLayers, arch.Replicated))},
			b.norm("shared_head.norm", b.m.Hidden, false, arch.EmbeddingAndHead)))...)
		if copies {
			embed := b.matrix("embed_tokens.weight", b.m.Vocabulary, b.m.Hidden, arch.EmbeddingAndHead, arch.SplitVocabulary)
			embed.Use = arch.LookedUp
			head := b.matrix("shared_head.head.weight", b.m.Vocabulary, b.m.Hidden, arch.EmbeddingAndHead, arch.SplitVocabulary)
			b.m.MTP.Tensors = append(b.m.MTP.Tensors, b.named([]arch.Tensor{embed, head})...)
		}
	}
	b.prefix = ""
}

// maxMTP bounds the modules; published models have up to seven.
const maxMTP = 16

// named puts the prefix in front of the names, for tensors outside a block.
func (b *builder) named(ts []arch.Tensor) []arch.Tensor {
	for i := range ts {
		ts[i].Name = b.prefix + ts[i].Name
	}
	return ts
}
