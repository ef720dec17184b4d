package checkpoint

import (
	"strconv"
	"strings"

	"moecost/core/arch"
)

// Part is the component that a tensor belongs to, told from its name: the roles
// of arch, and what stands beside the text model.
type Part uint8

// The parts. The first are the roles of arch, with the same numbers.
const (
	RoutedExperts = Part(arch.RoutedExperts)
	SharedExperts = Part(arch.SharedExperts)
	Dense         = Part(arch.DenseLayers)
	Attention     = Part(arch.AttentionWeights) // every mixer, with the norm in front of it
	Embedding     = Part(arch.EmbeddingAndHead)
	Router        = Part(arch.Router)

	MTP       = Part(arch.RoleCount)
	Vision    = MTP + 1 // towers and projectors, of any modality
	Unknown   = MTP + 2 // the name says nothing
	PartCount = int(Unknown) + 1
)

// Role is the part's role in the text model; ok is false beside it.
func (p Part) Role() (r arch.Role, ok bool) { return arch.Role(p), p < Part(arch.RoleCount) }

// place is where a tensor stands: in a block, or outside all of them.
type place struct {
	stack string // what comes before the number: "model.layers."
	block int    // -1 outside blocks
	name  string // inside the block: "self_attn.q_proj.weight"
}

// stacks are the words in front of a block's number.
var stacks = []string{"layers", "layer", "blocks", "block", "blk", "h", "decoder_layer"}

// placeOf divides a full name at its block number.
func placeOf(full string) place {
	for i := 0; i < len(full); {
		word, rest, more := strings.Cut(full[i:], ".")
		if !more {
			break
		}
		i += len(word) + 1
		number, inner, more := strings.Cut(rest, ".")
		if !more || !oneOf(word, stacks) {
			continue
		}
		if n, err := strconv.Atoi(number); err == nil && n >= 0 && n < maxTensors {
			return place{full[:i], n, inner}
		}
	}
	return place{block: -1, name: full}
}

func oneOf(word string, words []string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

// rule says which part a name belongs to that contains any of the words.
type rule struct {
	part  Part
	words []string
}

// beside are words of tensors outside the text model, wherever they stand.
var beside = []rule{
	{Vision, []string{"vision", "visual", "projector", "vit.", "image", "patch_embed", "audio", "mm.", "v.blk", "a.blk"}},
	{MTP, []string{"mtp.", "mtp_", "nextn"}},
}

// inBlock are words of tensors inside a block, in order: "shared_experts.gate_proj"
// is no router and "mlp.gate.weight" no dense layer.
var inBlock = []rule{
	{Router, []string{"shared_expert_gate", "gate_inp", "exp_probs_b", "router", "e_score_correction_bias", "expert_bias", "moe_statics", "mlp.gate.", "block_sparse_moe.gate.", "moe_block.gate.", "mixer.gate.", "moe.gate.", "feed_forward.gate.", "ffn.gate.", "tid2eid"}},
	{SharedExperts, []string{"shared_expert", "share_expert", "shared_mlp", "shexp", "shared_head"}},
	{RoutedExperts, []string{"experts", "_exps", "switch_mlp", "moe_layer", "moe."}},
	{Dense, []string{"residual_mlp", "mixer.up_proj", "mixer.down_proj"}},
	{Attention, []string{"attn", "attention", "mixer", "mamba", "ssm", "indexer", "conv", "input_layernorm", "norm_1", "linear_attn", "operator_norm", "layer_scalar"}},
	{Dense, []string{"mlp", "ffn", "feed_forward", "ff."}},
}

// outside are words of tensors outside blocks.
var outside = []rule{
	{Embedding, []string{"embed", "embd", "wte", "wpe", "lm_head", "output", "norm", "head", "ln_f", "rope_freqs"}},
}

// partOf classifies one tensor. moe says whether its block has experts, which
// decides whose norm an unnamed norm is.
func partOf(full string, p place, moe bool) Part {
	name := strings.ToLower(full)
	if part, ok := firstOf(beside, name); ok {
		return part
	}
	if p.block < 0 {
		part, _ := firstOf(outside, name)
		return part
	}
	inner := strings.ToLower(p.name)
	norm := strings.Contains(inner, "norm") && !strings.ContainsAny(strings.TrimSuffix(strings.TrimSuffix(inner, ".weight"), ".bias"), ".")
	feedNorm := norm && (strings.HasPrefix(inner, "post_attention") || strings.HasPrefix(inner, "pre_f") || strings.HasPrefix(inner, "post_f") || strings.HasPrefix(inner, "pre_mlp") || strings.HasPrefix(inner, "ffn") || strings.HasPrefix(inner, "norm_2"))
	switch {
	case feedNorm && moe:
		return Router
	case feedNorm:
		return Dense
	}
	if part, ok := firstOf(inBlock, inner); ok {
		return part
	}
	switch {
	case norm && moe:
		return Router
	case norm:
		return Attention
	}
	return Unknown
}

func firstOf(rules []rule, name string) (Part, bool) {
	for _, r := range rules {
		for _, w := range r.words {
			if strings.Contains(name, w) {
				return r.part, true
			}
		}
	}
	return Unknown, false
}

// Parts classifies the tensors of an inventory, in their order.
func (v *Inventory) Parts() []Part {
	type key struct {
		stack string
		block int
	}
	moe, mtp := map[key]bool{}, map[key]bool{}
	places := make([]place, len(v.Tensors))
	for i, e := range v.Tensors {
		p := placeOf(e.Name)
		places[i] = p
		if p.block < 0 {
			continue
		}
		k := key{p.stack, p.block}
		switch {
		case strings.Contains(p.name, "experts.") || strings.Contains(p.name, "_exps"):
			moe[k] = true
		case strings.Contains(p.name, "eh_proj") || strings.Contains(p.name, "enorm"):
			mtp[k] = true // only a module for multi-token prediction joins embedding and hidden state
		}
	}
	parts := make([]Part, len(v.Tensors))
	for i, e := range v.Tensors {
		k := key{places[i].stack, places[i].block}
		parts[i] = partOf(e.Name, places[i], moe[k])
		if mtp[k] && parts[i] != Vision {
			parts[i] = MTP
		}
	}
	return parts
}

// BytesByPart sums the bytes of each part.
func (v *Inventory) BytesByPart() [PartCount]int64 {
	var sum [PartCount]int64
	for i, part := range v.Parts() {
		sum[part] += v.Tensors[i].Bytes
	}
	return sum
}
