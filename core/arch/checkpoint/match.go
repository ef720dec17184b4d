package checkpoint

import (
	"fmt"
	"slices"
	"sort"
	"strings"

	"moecost/core/arch"
)

// Agreement says how far a checkpoint holds what a config describes.
type Agreement struct {
	Model   *arch.Model // the description with the checkpoint's own formats, where shapes agree
	Found   int         // tensors of the description that the checkpoint holds; experts of one layer count as one
	Missing []string    // tensors of the description that it does not hold
	Extra   []string    // tensors that it holds beyond the description
	Differ  []string    // "name: described …, stored …"
	Sized   bool        // headers were read, so that formats and bytes are the checkpoint's
	Notes   []string    // what a user should know of it, as sentences
}

// Agrees reports whether description and checkpoint hold the same tensors.
func (a *Agreement) Agrees() bool {
	return len(a.Missing)+len(a.Extra)+len(a.Differ) == 0
}

// Match compares a description with an inventory of safetensors files or their
// index. The model given is not changed. A GGUF file has other names and other
// tensors than the config's; it describes itself: see Inventory.Model.
func Match(m *arch.Model, v *Inventory) (*Agreement, error) {
	if v.Container == GGUF {
		return nil, fmt.Errorf("%s: a GGUF file cannot be compared with a config: its tensors are named and merged otherwise; use its own description", first(v.Files))
	}
	x := &matcher{held: v.holdings(), used: map[slot]bool{}, a: &Agreement{Sized: v.Exact()}}
	out := *m
	out.Embedding = x.tensors(m.Embedding, x.outside)
	out.Head = x.tensors(m.Head, x.outside)
	out.Blocks = x.blocks(m.Blocks, mainZone)
	found, missing := x.a.Found, len(x.a.Missing)
	out.MTP.Blocks = x.blocks(m.MTP.Blocks, mtpZone)
	out.MTP.Tensors = x.tensors(m.MTP.Tensors, func(name string) []slot {
		s := slotOf(name)
		return []slot{s, {mtpZone, s.block, s.name}, {mtpZone, -1, "mtp." + s.name}}
	})
	if x.a.Found == found && len(x.a.Missing) > missing {
		out.MTP, x.a.Missing = arch.MTP{}, x.a.Missing[:missing]
		x.a.Notes = append(x.a.Notes, "The checkpoint holds no multi-token-prediction module, though its config names one: none is counted.")
	}
	x.tails = tailsOf(x.held)
	found, missing = x.a.Found, len(x.a.Missing)
	out.Vision = x.tensors(m.Vision, x.vision)
	if x.a.Found == found && len(x.a.Missing) > missing {
		out.Vision, x.a.Missing = nil, x.a.Missing[:missing]
		x.a.Notes = append(x.a.Notes, "The checkpoint holds no vision tower, though its config names one: none is counted.")
	}
	for s, h := range x.held {
		if !x.used[s] {
			x.a.Extra = append(x.a.Extra, h.full)
		}
	}
	sort.Strings(x.a.Extra)
	x.a.Model = &out
	x.a.remark(x.a.Missing, "that the config describes are not in the checkpoint", "")
	x.a.remark(x.a.Extra, "of the checkpoint are not described by the config and not counted", "")
	x.a.remark(x.a.Differ, "have other shapes than the config says", "; they are counted as described")
	return x.a, nil
}

// remark adds a sentence about tensors, if there are any: what is with them, and what follows.
func (a *Agreement) remark(list []string, what, follows string) {
	if len(list) > 0 {
		a.Notes = append(a.Notes, fmt.Sprintf("%d tensors %s, among them %s%s.", len(list), what, list[0], follows))
	}
}

// matcher carries the state of one comparison.
type matcher struct {
	held  map[slot]*holding
	used  map[slot]bool
	tails map[string][]slot // of vision names, by every ending
	a     *Agreement
}

func (x *matcher) outside(name string) []slot {
	s := slotOf(name)
	s.zone = mainZone
	return []slot{s}
}

// vision finds a tower's tensor by the end of its name: towers stand under
// many prefixes.
func (x *matcher) vision(name string) []slot {
	return append([]slot{{visionZone, -1, name}}, x.tails[name]...)
}

// tailsOf indexes the vision names by what follows each dot, shortest names first.
func tailsOf(held map[slot]*holding) map[string][]slot {
	tails := map[string][]slot{}
	for s := range held {
		if s.zone != visionZone {
			continue
		}
		for i := range len(s.name) {
			if s.name[i] == '.' {
				tails[s.name[i+1:]] = append(tails[s.name[i+1:]], s)
			}
		}
	}
	for _, list := range tails {
		slices.SortFunc(list, func(a, b slot) int {
			if len(a.name) != len(b.name) {
				return len(a.name) - len(b.name)
			}
			return strings.Compare(a.name, b.name)
		})
	}
	return tails
}

// blocks matches by the block's full names; a description without them counts
// its blocks from 0.
func (x *matcher) blocks(blocks []arch.Block, z zone) []arch.Block {
	out := slices.Clone(blocks)
	for i := range out {
		prefix := out[i].Prefix
		out[i].Sublayers = slices.Clone(out[i].Sublayers)
		for j := range out[i].Sublayers {
			s := &out[i].Sublayers[j]
			s.Tensors = x.tensors(s.Tensors, func(name string) []slot {
				if prefix == "" {
					return []slot{{z, i, name}}
				}
				return []slot{slotOf(prefix + name)}
			})
		}
	}
	return out
}

// tensors matches a list and returns it with the real formats. Tensors of one
// name are parts of one: q, k and v in one matrix.
func (x *matcher) tensors(ts []arch.Tensor, places func(string) []slot) []arch.Tensor {
	out := slices.Clone(ts)
	done := map[string]bool{}
	for i := range out {
		if out[i].Elements() == 0 || done[out[i].Name] {
			continue
		}
		done[out[i].Name] = true
		var parts []*arch.Tensor
		for j := i; j < len(out); j++ {
			if out[j].Name == out[i].Name {
				parts = append(parts, &out[j])
			}
		}
		x.match(parts, places)
	}
	return out
}

// match finds one weight, which the description may hold in parts.
func (x *matcher) match(parts []*arch.Tensor, places func(string) []slot) {
	name, _ := cutAny(parts[0].Name, packed)
	candidates := places(name)
	at := slices.IndexFunc(candidates, func(s slot) bool { return x.held[s] != nil && !x.used[s] })
	s, h := candidates[0], x.apart(candidates[0])
	if at >= 0 {
		s = candidates[at]
		x.used[s] = true
		h = x.held[s]
	}
	if h == nil {
		x.a.Missing = append(x.a.Missing, fullName(s))
		return
	}
	x.a.Found++
	if h.weights[0].Type == "" {
		return // an index knows no shapes
	}
	whole := *parts[0]
	whole.Shape = slices.Clone(whole.Shape)
	for _, p := range parts[1:] {
		whole.Shape[0] += p.Shape[0]
	}
	if problem := h.adopt(&whole); problem != "" {
		x.a.Differ = append(x.a.Differ, fullName(s)+": "+problem)
		return
	}
	for i, p := range parts {
		p.Stored = whole.Stored
		if i > 0 {
			p.Stored.TensorBytes = 0 // once for all parts
		}
	}
}

// apart finds the experts one by one where the description has them stacked:
// quantised checkpoints of such models divide them.
func (x *matcher) apart(s slot) *holding {
	stem, name, ok := strings.Cut(s.name, "experts.")
	if !ok {
		return nil
	}
	joined := &holding{joined: true}
	for _, part := range map[string][]string{"gate_up_proj": {"gate_proj", "up_proj"}, "down_proj": {"down_proj"}}[name] {
		s.name = stem + "experts.{e}." + part + ".weight"
		h := x.held[s]
		if h == nil || x.used[s] {
			return nil
		}
		x.used[s] = true
		joined.full = h.full
		joined.weights = append(joined.weights, h.weights...)
		joined.scales += h.scales
	}
	if len(joined.weights) == 0 {
		return nil
	}
	return joined
}

func fullName(s slot) string {
	if s.block < 0 {
		return s.name
	}
	return fmt.Sprintf("layers.%d.%s", s.block, s.name)
}
