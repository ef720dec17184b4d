package checkpoint

import (
	"fmt"
	"slices"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// maxBlocks bounds the layers of a model; the deepest published one has 126.
const maxBlocks = 4096

// Model describes the model in a GGUF file (merge the files of a split one
// first). Weights are the file's own tensors in their own formats, so counts
// and bytes are exact; attention, experts and recurrent state come from the
// metadata keys of its architecture. An architecture that is not known is read by the
// same keys and marked as such.
func (v *Inventory) Model() (*arch.Reading, error) {
	name := strings.Join(v.Files, ", ")
	if v.Container != GGUF {
		return nil, fmt.Errorf("%s: only a GGUF file describes its architecture: give the config.json of these weights", name)
	}
	d := &described{v: v, family: v.Metadata.Text("general.architecture"), name: name, asked: map[string]bool{}}
	switch kind := v.Metadata.Text("general.type"); {
	case d.family == "":
		return nil, fmt.Errorf("%s: general.architecture: missing: a GGUF model names its architecture; the first file of a split model has it", name)
	case d.family == "clip" || kind == "mmproj":
		return nil, fmt.Errorf("%s: general.architecture: %q is a vision tower alone: give the language model's file", name, d.family)
	case kind == "adapter":
		return nil, fmt.Errorf("%s: general.type: an adapter holds differences to a model: give the model's file", name)
	case len(v.Tensors) == 0:
		return nil, fmt.Errorf("%s: no tensors: the weights stand in the other files of the split model; give all of them", name)
	}
	return d.read()
}

// described is the state of one description.
type described struct {
	v      *Inventory
	name   string
	family string
	traits traits
	r      *arch.Reading
	m      *arch.Model
	layers int
	asked  map[string]bool // metadata keys that were read
}

func (d *described) read() (*arch.Reading, error) {
	d.m = &arch.Model{
		Name: d.v.Metadata.Text("general.name"), Organisation: d.v.Metadata.Text("general.organization"),
		Family: d.family, Base: format.FP16,
	}
	d.r = &arch.Reading{Model: d.m, Family: d.family, Source: d.v.source(), Notes: slices.Clone(d.v.Notes)}
	d.traits, d.r.Known = architectures[d.family]
	if !d.r.Known {
		d.note("The architecture %q is not known here. Its weights are exact; its attention was read from the usual keys, every layer as unbounded.", d.family)
	}
	for _, missing := range d.v.Missing {
		d.note("Not given: %s. Its tensors are missing from all counts.", missing)
	}
	blocks, err := d.sortTensors()
	if err != nil {
		return nil, err
	}
	layers := d.number("block_count")
	if layers < int64(len(blocks)) {
		layers = int64(len(blocks))
	}
	nextn := min(max(d.number("nextn_predict_layers"), 0), layers)
	switch {
	case layers == 0 || layers > maxBlocks:
		return nil, fmt.Errorf("%s: %s.block_count: %d layers: 1 to %d would do", d.name, d.family, layers, maxBlocks)
	case d.m.Hidden <= 0 || d.m.Vocabulary <= 0:
		return nil, fmt.Errorf("%s: token_embd.weight: missing: a language model has an embedding", d.name)
	}
	d.layers = int(layers - nextn)
	d.m.MaxContext = max(d.number("context_length"), 0)
	all := make([]arch.Block, layers)
	for i := range all {
		var ts []Entry
		if i < len(blocks) {
			ts = blocks[i]
		}
		if all[i], err = d.block(i, ts); err != nil {
			return nil, err
		}
		all[i].Prefix = fmt.Sprintf("blk.%d.", i)
	}
	d.m.Blocks, d.m.MTP.Blocks, d.m.MTP.Depth = all[:d.layers], all[d.layers:], int(nextn)
	if len(d.m.Blocks) == 0 {
		return nil, fmt.Errorf("%s: %s.block_count: no layers are left beside those for multi-token prediction", d.name, d.family)
	}
	if !d.r.Known {
		d.r.Unread = d.unread()
	}
	return d.r, nil
}

// sortTensors puts every tensor in its place outside the blocks or returns it
// with its block.
func (d *described) sortTensors() ([][]Entry, error) {
	var blocks [][]Entry
	for _, e := range d.v.Tensors {
		p := placeOf(e.Name)
		if p.block >= 0 && p.stack == "blk." {
			if p.block >= maxBlocks {
				return nil, fmt.Errorf("%s: %q: block %d: at most %d would do", d.name, e.Name, p.block, maxBlocks-1)
			}
			for len(blocks) <= p.block {
				blocks = append(blocks, nil)
			}
			e.Name = p.name
			blocks[p.block] = append(blocks[p.block], e)
			continue
		}
		d.outside(e)
	}
	d.m.Tied = !slices.ContainsFunc(d.m.Head, func(t arch.Tensor) bool { return t.Name == "output.weight" })
	return blocks, nil
}

// outside adds a tensor that belongs to no block.
func (d *described) outside(e Entry) {
	t := d.tensor(e, arch.EmbeddingAndHead)
	switch {
	case strings.HasPrefix(e.Name, "token_embd.") && len(e.Shape) == 2:
		t.Use, t.Split = arch.LookedUp, arch.SplitVocabulary
		d.m.Vocabulary, d.m.Hidden = e.Shape[0], e.Shape[1]
		d.m.Embedding = append(d.m.Embedding, t)
	case strings.HasPrefix(e.Name, "per_layer_token_embd."):
		t.Use, t.Split = arch.LookedUp, arch.SplitVocabulary
		d.m.Embedding = append(d.m.Embedding, t)
	case strings.HasPrefix(e.Name, "v.") || strings.HasPrefix(e.Name, "mm.") || strings.HasPrefix(e.Name, "a."):
		d.m.Vision = append(d.m.Vision, t)
	case strings.HasPrefix(e.Name, "output.") && len(e.Shape) == 2:
		t.Split = arch.SplitVocabulary
		d.m.Head = append(d.m.Head, t)
	default:
		d.m.Head = append(d.m.Head, t)
	}
}

// tensor is the description of one entry.
func (d *described) tensor(e Entry, role arch.Role) arch.Tensor {
	stored, _ := e.Format()
	t := arch.Tensor{Name: e.Name, Shape: e.Shape, Copies: 1, Role: role, Stored: stored}
	if len(e.Shape) < 2 || strings.Contains(e.Name, "conv1d") || strings.HasSuffix(e.Name, "compressor_ape.weight") || strings.HasSuffix(e.Name, "compressor.ape.weight") || strings.HasPrefix(e.Name, "ssm_a") || strings.HasPrefix(e.Name, "ssm_d") {
		t.Use = arch.Applied
	}
	if strings.HasPrefix(stored.ID, "i") && strings.Contains(e.Name, "tid2eid") {
		t.Use = arch.Consulted
	}
	return t
}

// list reads a metadata key of the architecture and remembers that it was read.
func (d *described) list(key string) []int64 {
	d.asked[d.family+"."+key] = true
	return d.v.Metadata.Ints(d.family + "." + key)
}

// plainKeys are words in keys that never change a count.
var plainKeys = []string{
	"rope.", "norm", "eps", "scal", "softcap", "gating_func", "expert_weights", "vocab_size", "embedding_length",
	"feed_forward_length", "expert_count", "causal", "clamp", "alibi", "temperature", "dense_block_count", "use_parallel_residual",
}

// unread lists the architecture's keys that were not read and might matter.
func (d *described) unread() []string {
	var out []string
	for key := range d.v.Metadata {
		if strings.HasPrefix(key, d.family+".") && !d.asked[key] && !slices.ContainsFunc(plainKeys, func(w string) bool { return strings.Contains(key, w) }) {
			out = append(out, key)
		}
	}
	slices.Sort(out)
	return out
}

// number reads a metadata key of the architecture; 0 if it is missing.
func (d *described) number(key string) int64 {
	list := d.list(key)
	if len(list) == 0 {
		return 0
	}
	return clamp(list[0])
}

// perLayer reads a key that holds one number for all layers or one for each.
func (d *described) perLayer(key string, layer int) (int64, bool) {
	list := d.list(key)
	switch {
	case len(list) == 1:
		return clamp(list[0]), true
	case layer < len(list):
		return clamp(list[layer]), true
	}
	return 0, false
}

// clamp keeps products of two metadata values within int64; what is out of
// range stays out of range.
func clamp(n int64) int64 { return min(max(n, -1), 1<<31) }

func (d *described) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(d.r.Notes, text) {
		d.r.Notes = append(d.r.Notes, text)
	}
}
