package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"moecost/core/arch"
)

// block describes layer i from its tensors.
func (d *described) block(i int, entries []Entry) (arch.Block, error) {
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(entries, func(e Entry) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(e.Name, p) })
		})
	}
	recurrent := has("ssm_", "shortconv.")
	moe := has("ffn_gate_exps", "ffn_up_exps", "ffn_down_exps", "ffn_gate_up_exps") || has("ffn_down.0.", "ffn_up.0.")
	dense := has("ffn_up.weight", "ffn_down.weight")
	attention := has("attn_q.", "attn_q_a.", "attn_q_b.", "attn_k.", "attn_kv_a_mqa.", "attn_kv_b.") ||
		has("attn_qkv.") && !recurrent
	if kv, given := d.perLayer("attention.head_count_kv", i); recurrent && (has("ssm_f_a") || given && kv == 0) {
		attention = false // the q, k and v of a delta rule
	}
	if !recurrent && !attention && !moe && !dense {
		// A header made by hand, or a shard that is not there: the metadata say the rest.
		d.note("Some layers hold no tensors that are known: they are taken as attention layers of which no weight is counted.")
		attention = true
	}
	lists := map[arch.Role][]arch.Tensor{}
	for _, e := range fuseExperts(entries) {
		t, err := d.inBlock(e, moe)
		if err != nil {
			return arch.Block{}, err
		}
		lists[t.Role] = append(lists[t.Role], t)
	}
	var b arch.Block
	add := func(s arch.Sublayer, roles ...arch.Role) {
		for _, r := range roles {
			s.Tensors = append(s.Tensors, lists[r]...)
			delete(lists, r)
		}
		b.Sublayers = append(b.Sublayers, s)
	}
	if recurrent {
		r, err := d.recurrent(entries)
		if err != nil {
			return b, err
		}
		add(arch.Sublayer{Recurrent: r}, arch.AttentionWeights)
	}
	if attention {
		a, err := d.attention(i, entries)
		if err != nil {
			return b, err
		}
		add(arch.Sublayer{Attention: a}, arch.AttentionWeights)
	}
	if dense {
		add(arch.Sublayer{Dense: &arch.Dense{Inner: inputOf(lists[arch.DenseLayers], "ffn_down.weight")}}, arch.DenseLayers)
	}
	if moe {
		m, err := d.moe(i, lists)
		if err != nil {
			return b, err
		}
		add(arch.Sublayer{MoE: m}, arch.RoutedExperts, arch.SharedExperts, arch.Router)
	}
	if len(b.Sublayers) > 0 { // whatever is left: norms beside a layer of another kind
		last := &b.Sublayers[len(b.Sublayers)-1]
		for r := range arch.RoleCount {
			last.Tensors = append(last.Tensors, lists[r]...)
		}
	}
	return b, nil
}

// blockRules give the role and the split of a tensor in a block by the start of
// its name, first match first. Names: llama.cpp, gguf-py/gguf/constants.py, TENSOR_NAMES.
var blockRules = []struct {
	prefix string
	role   arch.Role
	split  arch.Split
}{
	{"attn_k.", arch.AttentionWeights, arch.SplitKVHeads},
	{"attn_v.", arch.AttentionWeights, arch.SplitKVHeads},
	{"attn_q.", arch.AttentionWeights, arch.SplitTP},
	{"attn_q_b.", arch.AttentionWeights, arch.SplitTP},
	{"attn_qkv.", arch.AttentionWeights, arch.SplitTP},
	{"attn_kv_b.", arch.AttentionWeights, arch.SplitTP},
	{"attn_k_b.", arch.AttentionWeights, arch.SplitTP},
	{"attn_v_b.", arch.AttentionWeights, arch.SplitTP},
	{"attn_gate.", arch.AttentionWeights, arch.SplitTP},
	{"attn_output", arch.AttentionWeights, arch.SplitTP},
	{"attn_o_", arch.AttentionWeights, arch.SplitTP},
	{"attn_sinks", arch.AttentionWeights, arch.SplitTP},
	{"ssm_", arch.AttentionWeights, arch.SplitTP},
	{"shortconv.", arch.AttentionWeights, arch.SplitTP},
	{"attn_", arch.AttentionWeights, arch.Replicated},
	{"indexer", arch.AttentionWeights, arch.Replicated},
	{"ffn_gate_tid2eid", arch.Router, arch.Replicated},
	{"ffn_gate_inp_shexp", arch.SharedExperts, arch.Replicated},
	{"ffn_gate_inp", arch.Router, arch.Replicated},
	{"exp_probs_b", arch.Router, arch.Replicated},
	{"ffn_latent", arch.RoutedExperts, arch.Replicated}, // in and out of a latent expert space
}

// inBlock describes one tensor of a block.
func (d *described) inBlock(e Entry, moe bool) (arch.Tensor, error) {
	t := d.tensor(e, arch.AttentionWeights)
	for _, r := range blockRules {
		if strings.HasPrefix(e.Name, r.prefix) {
			t.Role, t.Split = r.role, r.split
			return t, nil
		}
	}
	feed := strings.HasPrefix(e.Name, "ffn_") || strings.HasPrefix(e.Name, "post_ffw") || strings.HasPrefix(e.Name, "pre_ffw") || strings.HasPrefix(e.Name, "layer_output_norm")
	norm := strings.Contains(e.Name, "norm")
	switch {
	case strings.Contains(e.Name, "_exps") && !norm:
		return stacked(d.name, t)
	case strings.Contains(e.Name, "_shexp"):
		t.Role, t.Split = arch.SharedExperts, arch.SplitTP
	case feed && norm && moe:
		t.Role = arch.Router
	case feed && norm:
		t.Role = arch.DenseLayers
	case feed:
		t.Role, t.Split = arch.DenseLayers, arch.SplitTP
	}
	return t, nil
}

// stacked divides the experts' tensor into one per expert.
func stacked(file string, t arch.Tensor) (arch.Tensor, error) {
	if len(t.Shape) < 2 && !strings.HasSuffix(t.Name, ".scale") {
		return t, fmt.Errorf("%s: %q: shape %v: the experts of a layer stand in one tensor of three dimensions", file, t.Name, t.Shape)
	}
	t.Copies, t.Shape = t.Shape[0], t.Shape[1:]
	if t.Stored.Bits == 0 && t.Copies > 0 { // a type that is not known: its bytes are per tensor
		t.Stored.TensorBytes /= int(t.Copies)
	}
	t.Role, t.Split = arch.RoutedExperts, arch.SplitExperts
	if len(t.Shape) < 2 {
		t.Use = arch.Applied
	}
	return t, nil
}

// fuseExperts joins the experts that old files keep apart ("ffn_up.3.weight")
// into the stacked form of today's.
func fuseExperts(entries []Entry) []Entry {
	out := make([]Entry, 0, len(entries))
	at := map[string]int{}
	for _, e := range entries {
		words := strings.Split(e.Name, ".")
		if len(words) != 3 || !strings.HasPrefix(words[0], "ffn_") || strings.Trim(words[1], "0123456789") != "" {
			out = append(out, e)
			continue
		}
		name := words[0] + "_exps." + words[2]
		i, seen := at[name]
		if seen && out[i].Type == e.Type && slices.Equal(out[i].Shape[1:], e.Shape) {
			out[i].Shape[0]++
			out[i].Bytes += e.Bytes
			continue
		}
		at[name] = len(out)
		e.Name, e.Shape = name, append([]int64{1}, e.Shape...)
		out = append(out, e)
	}
	return out
}

// moe describes the experts of layer i.
func (d *described) moe(i int, lists map[arch.Role][]arch.Tensor) (*arch.MoE, error) {
	var m arch.MoE
	for _, t := range lists[arch.RoutedExperts] {
		if t.Split == arch.SplitExperts {
			if m.Experts > 0 && t.Copies != m.Experts {
				return nil, fmt.Errorf("%s: blk.%d.%s: %d experts, but %d in the layer's other tensors", d.name, i, t.Name, t.Copies, m.Experts)
			}
			m.Experts = t.Copies
		}
		if strings.HasPrefix(t.Name, "ffn_down_exps") && len(t.Shape) == 2 {
			m.Hidden, m.Inner = t.Shape[0], t.Shape[1]
		}
	}
	m.TopK, _ = d.perLayer("expert_used_count", i)
	if m.TopK < 1 || m.TopK > m.Experts {
		return nil, fmt.Errorf("%s: %s.expert_used_count: %d of %d experts: 1 to %d would do", d.name, d.family, m.TopK, m.Experts, m.Experts)
	}
	if m.Inner == 0 {
		return nil, fmt.Errorf("%s: blk.%d.ffn_down_exps.weight: missing: a layer with experts has it", d.name, i)
	}
	if shared := lists[arch.SharedExperts]; len(shared) > 0 {
		m.SharedInner = inputOf(shared, "ffn_down_shexp.weight")
		m.Shared = max(d.number("expert_shared_count"), 1)
	}
	m.Groups, m.TopGroups = max(d.number("expert_group_count"), 0), max(d.number("expert_group_used_count"), 0)
	return &m, nil
}

// inputOf is the input width of the named matrix, 0 if it is not there.
func inputOf(ts []arch.Tensor, name string) int64 {
	for _, t := range ts {
		if t.Name == name && len(t.Shape) == 2 {
			return t.Shape[1]
		}
	}
	return 0
}
