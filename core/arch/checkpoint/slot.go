package checkpoint

import (
	"strconv"
	"strings"
)

// zone is the part of a checkpoint that a name belongs to.
type zone uint8

const (
	mainZone   zone = iota // the text model
	mtpZone                // multi-token prediction under names of its own
	visionZone             // towers and projectors
)

// slot is where one weight stands, whatever its checkpoint puts in front of the
// block's number and however its format spreads it over tensors.
type slot struct {
	zone  zone
	block int    // -1 outside blocks
	name  string // inside the block; "{e}" stands for the expert
}

// holding is what a checkpoint stores for one slot.
type holding struct {
	weights []*Entry // the weight itself, one per expert
	scales  int64    // bytes of the tensors that belong to it
	full    string   // name of the first, for messages
	joined  bool     // put together from several slots: shapes say nothing
}

// packed are the names under which formats keep a weight in packed form.
var packed = []struct{ suffix, weight string }{
	{".weight_packed", ".weight"}, // compressed-tensors
	{".qweight", ".weight"},       // GPTQ, AWQ
	{"_blocks", ""},               // gpt-oss
}

// companions are the names of scales, zero points and shapes beside a weight.
var companions = []struct{ suffix, weight string }{
	{".weight_scale_inv", ".weight"},                             // DeepSeek FP8
	{".scale", ".weight"},                                        // DeepSeek-V4
	{".weight_scale", ".weight"}, {".weight_scale_2", ".weight"}, // compressed-tensors, ModelOpt
	{".input_scale", ".weight"}, {".weight_zero_point", ".weight"}, // both
	{".weight_shape", ".weight"}, {".weight_g_idx", ".weight"}, // compressed-tensors
	{".weight_global_scale", ".weight"}, {".input_global_scale", ".weight"}, // compressed-tensors NVFP4
	{".scales", ".weight"}, {".qzeros", ".weight"}, {".g_idx", ".weight"}, // GPTQ, AWQ, MLX
	{".biases", ".weight"},                             // MLX
	{".SCB", ".weight"}, {".weight_format", ".weight"}, // bitsandbytes INT8
	{".weight.absmax", ".weight"}, {".weight.nested_absmax", ".weight"}, // bitsandbytes 4 bit
	{".weight.quant_map", ".weight"}, {".weight.nested_quant_map", ".weight"},
	{".weight.quant_state.bitsandbytes__nf4", ".weight"}, {".weight.quant_state.bitsandbytes__fp4", ".weight"},
	{"_scales", ""}, {"_scale_inv", ""}, {"_scale", ""}, {"_scale_2", ""}, {"_input_scale", ""}, // stacked experts
}

// outer are the words that checkpoints put in front of names outside blocks.
var outer = []string{"model.", "language_model.", "text_model.", "transformer.", "backbone.", "decoder."}

// slotOf places a checkpoint name.
func slotOf(full string) slot {
	if part, ok := firstOf(beside, strings.ToLower(full)); ok && part == Vision {
		return slot{visionZone, -1, fold(full, "{i}", layerNumber)}
	}
	p := placeOf(full)
	s := slot{mainZone, p.block, fold(p.name, "{e}", expertNumber)}
	if strings.Contains(full, "mtp") {
		s.zone = mtpZone
	}
	if p.block < 0 {
		s.name = trimOuter(s.name)
	}
	return s
}

func trimOuter(name string) string {
	for _, w := range outer {
		if rest, ok := strings.CutPrefix(name, w); ok {
			return trimOuter(rest)
		}
	}
	return name
}

// fold replaces the numbers between dots that count equal tensors by a
// placeholder.
func fold(name, placeholder string, counts func(words []string, i int) bool) string {
	if !strings.ContainsAny(name, "0123456789") {
		return name
	}
	words := strings.Split(name, ".")
	for i := 1; i < len(words); i++ {
		if _, err := strconv.Atoi(words[i]); err == nil && counts(words, i) {
			words[i] = placeholder
		}
	}
	return strings.Join(words, ".")
}

// expertNumber tells an expert's number by the word in front of it.
func expertNumber(words []string, i int) bool { return strings.Contains(words[i-1], "expert") }

// layerNumber tells a tower's layer from a step of a projector, which nothing
// but "weight" or "bias" follows: "merger.mlp.2.weight".
func layerNumber(words []string, i int) bool { return i < len(words)-2 }

// holdings groups the tensors of an inventory by slot.
func (v *Inventory) holdings() map[slot]*holding {
	held := map[slot]*holding{}
	var rest []*Entry
	for i := range v.Tensors {
		e := &v.Tensors[i]
		s := slotOf(e.Name)
		if _, is := cutAny(s.name, companions); is {
			rest = append(rest, e)
			continue
		}
		if name, is := cutAny(s.name, packed); is {
			s.name = name
		}
		held[s] = held[s].with(e)
	}
	for _, e := range rest {
		s := slotOf(e.Name)
		owner := s
		owner.name, _ = cutAny(s.name, companions)
		if h := held[owner]; h != nil {
			h.scales += e.Bytes
			continue
		}
		held[s] = held[s].with(e) // a weight of its own after all: the router.scale of Gemma 4
	}
	return held
}

func (h *holding) with(e *Entry) *holding {
	if h == nil {
		h = &holding{full: e.Name}
	}
	h.weights = append(h.weights, e)
	return h
}

func cutAny(name string, table []struct{ suffix, weight string }) (string, bool) {
	for _, t := range table {
		if stem, ok := strings.CutSuffix(name, t.suffix); ok {
			return stem + t.weight, true
		}
	}
	return name, false
}
