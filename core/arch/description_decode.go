package arch

import (
	"fmt"
	"strconv"
	"strings"

	"moecost/core/format"
	"moecost/core/json"
)

// DecodeReading reads a description. It trusts nothing: counts are whole, none is
// negative, and sums stay where no figure of this package overflows. Errors read
// description: field: what: why.
//
// Blocks of one kind share their sublayers, so that the result must not be changed in place.
func DecodeReading(text []byte) (*Reading, error) {
	if len(text) > maxDescription {
		return nil, fmt.Errorf("description: %d bytes: at most %d would do", len(text), maxDescription)
	}
	var d description
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("description: not the JSON of a description: %w", err)
	}
	x := decoder{formats: d.Model.Formats}
	t := d.Model
	for i, f := range t.Formats {
		x.checkFormat("formats "+strconv.Itoa(i), f)
	}
	m := &Model{
		Name: t.Name, Organisation: t.Organisation, Family: t.Family,
		Hidden: x.within("hidden", t.Hidden, 1, maxWidth), Vocabulary: x.within("vocabulary", t.Vocabulary, 1, maxWidth),
		MaxContext: x.within("max_context", t.MaxContext, 0, maxTokens), Tied: t.Tied,
		Base:      x.format("base", t.Base),
		Embedding: x.tensors("embedding", t.Embedding), Head: x.tensors("head", t.Head), Vision: x.tensors("vision", t.Vision),
	}
	x.total.add(sumOf(m.Embedding), 1)
	x.total.add(sumOf(m.Head), 1)
	x.total.add(sumOf(m.Vision), 1)
	for i, text := range t.Layers {
		x.layer("layers "+strconv.Itoa(i), text)
	}
	for i, layers := range t.Kinds {
		x.kind("kinds "+strconv.Itoa(i), layers)
	}
	m.Blocks = x.stack("blocks", t.Blocks)
	m.MTP.Depth = int(x.within("mtp.depth", int64(t.MTP.Depth), 0, maxBlocks))
	m.MTP.Blocks = x.stack("mtp.blocks", t.MTP.Blocks)
	m.MTP.Tensors = x.tensors("mtp.tensors", t.MTP.Tensors)
	x.total.add(sumOf(m.MTP.Tensors), 1)
	if len(m.Blocks) == 0 {
		x.fail("blocks", "none", "a language model has some")
	}
	if !(x.total.elements <= maxSize && x.total.bytes <= maxBytes) {
		x.fail("tensors", fmt.Sprintf("%.3g weights", x.total.elements), "the largest published model has 3e12")
	}
	if x.err != nil {
		return nil, x.err
	}
	return &Reading{Model: m, Source: d.Source, Family: d.Family, Known: d.Known, Unread: d.Unread, Assumed: d.Assumed, Notes: d.Notes, KV: d.KV}, nil
}

// decoder keeps what later parts refer to. The first error stays.
type decoder struct {
	formats     []format.Format
	layers      []Sublayer
	kinds       []kindOfBlock
	total       sum
	blockCount  int // so far
	tensorCount int // of these blocks, each counted
	err         error
}

type kindOfBlock struct {
	sublayers []Sublayer
	tensors   int
	sum       sum
}

func (x *decoder) fail(field, what, why string) {
	if x.err == nil {
		x.err = fmt.Errorf("description: %s: %s: %s", field, what, why)
	}
}

// format finds a number format by its id, or by "#" and its place in the
// description.
func (x *decoder) format(field, id string) format.Format {
	if len(id) > 1 && id[0] == '#' {
		if i, err := strconv.Atoi(id[1:]); err == nil && i >= 0 && i < len(x.formats) {
			return x.formats[i]
		}
	} else if f, ok := format.ByID(id); ok {
		return f
	}
	x.fail(field, strconv.Quote(id), "not a number format that is known or described")
	return format.Format{}
}

func (x *decoder) tensors(field string, texts []tensorText) []Tensor {
	if texts == nil {
		return nil
	}
	out := make([]Tensor, len(texts))
	for i, t := range texts {
		at := field + ": " + t.Name
		out[i] = Tensor{Name: t.Name, Shape: t.Shape, Copies: 1, Stored: x.format(at, t.Stored)}
		out[i].Role = Role(x.word(at+": role", t.Role, roleWords[:]))
		out[i].Use = Use(x.word(at+": use", t.Use, useWords[:]))
		out[i].Split = Split(x.word(at+": split", t.Split, splitWords[:]))
		if t.Copies != nil {
			out[i].Copies = x.within(at+": copies", *t.Copies, 0, maxExperts)
		}
		x.checkTensor(at, &out[i])
	}
	return out
}

// word finds the number that a word stands for.
func (x *decoder) word(field, word string, words []string) int {
	for i, w := range words {
		if w == word {
			return i
		}
	}
	x.fail(field, strconv.Quote(word), "one of "+strings.Join(words, ", ")+" would do")
	return 0
}

// layer reads a sublayer.
func (x *decoder) layer(field string, t layerText) {
	s := Sublayer{Attention: t.Attention, Dense: t.Dense, MoE: t.MoE, Tensors: x.tensors(field, t.Tensors)}
	if t.Recurrent != nil {
		r := t.Recurrent.Recurrent
		r.StateFormat = x.format(field+": recurrent", t.Recurrent.StateFormat)
		s.Recurrent = &r
	}
	x.checkSublayer(field, &s)
	x.layers = append(x.layers, s)
}

// kind reads what blocks have in common.
func (x *decoder) kind(field string, layers []int) {
	x.within(field+": layers", int64(len(layers)), 0, maxSublayers)
	k := kindOfBlock{}
	for _, n := range layers {
		if x.err != nil || n < 0 || n >= len(x.layers) {
			x.fail(field, "layer "+strconv.Itoa(n), strconv.Itoa(len(x.layers))+" are described")
			break
		}
		s := x.layers[n]
		k.sublayers = append(k.sublayers, s)
		k.tensors += len(s.Tensors)
		k.sum.add(sumOf(s.Tensors), 1)
	}
	x.kinds = append(x.kinds, k)
}

// stack lays out blocks in their order.
func (x *decoder) stack(field string, t *stackText) []Block {
	if t == nil {
		return nil
	}
	if len(t.Order)%2 != 0 {
		x.fail(field+".order", strconv.Itoa(len(t.Order))+" numbers", "they come in pairs of a kind and how many")
		return nil
	}
	blocks := []Block{}
	for i := 0; i < len(t.Order); i += 2 {
		n, times := t.Order[i], t.Order[i+1]
		if n < 0 || n >= len(x.kinds) {
			x.fail(field+".order", "kind "+strconv.Itoa(n), strconv.Itoa(len(x.kinds))+" kinds are described")
			return nil
		}
		k := &x.kinds[n]
		if times < 1 || times > maxBlocks-x.blockCount || times*k.tensors > maxTensors-x.tensorCount {
			x.fail(field+".order", strconv.Itoa(times)+" blocks of kind "+strconv.Itoa(n), fmt.Sprintf("1 or more would do, and %d blocks and %d tensors in all", maxBlocks, maxTensors))
			return nil
		}
		x.blockCount += times
		x.tensorCount += times * k.tensors
		x.total.add(k.sum, times)
		for range times {
			blocks = append(blocks, Block{Sublayers: k.sublayers})
		}
	}
	x.prefixes(field, t.Prefixes, blocks)
	return blocks
}

func (x *decoder) prefixes(field string, given []prefixText, blocks []Block) {
	before := ""
	for i := range blocks {
		before = successor(before)
		if len(given) > 0 && given[0].At == i {
			before = given[0].Is
			given = given[1:]
		}
		blocks[i].Prefix = before
	}
	if len(given) > 0 {
		x.fail(field+".prefixes", "at "+strconv.Itoa(given[0].At), "they follow the order of the blocks, one for each at most")
	}
}
