package arch

import (
	"fmt"
	"strconv"

	"moecost/core/format"
	"moecost/core/json"
)

// A description is a Reading as JSON: what the programs that read configs hand
// to those that do not. Equal blocks are written once; number formats go by
// their id where the registry has them.
type description struct {
	Source  string       `json:"source,omitempty"`
	Family  string       `json:"family"`
	Known   bool         `json:"known"`
	KV      string       `json:"kv,omitempty"`
	Unread  []string     `json:"unread"`
	Assumed []Assumption `json:"assumed"`
	Notes   []string     `json:"notes"`
	Model   modelText    `json:"model"`
}

type modelText struct {
	Name         string          `json:"name,omitempty"`
	Organisation string          `json:"organisation,omitempty"`
	Family       string          `json:"family"`
	Hidden       int64           `json:"hidden"`
	Vocabulary   int64           `json:"vocabulary"`
	MaxContext   int64           `json:"max_context"`
	Tied         bool            `json:"tied"`
	Base         string          `json:"base"`
	Formats      []format.Format `json:"formats,omitempty"` // those that no registry has; "#0" is the first
	Embedding    []tensorText    `json:"embedding"`
	Head         []tensorText    `json:"head"`
	Vision       []tensorText    `json:"vision"`
	Layers       []layerText     `json:"layers"` // sublayers, each once
	Kinds        [][]int         `json:"kinds"`  // of blocks: their sublayers
	Blocks       *stackText      `json:"blocks"`
	MTP          mtpText         `json:"mtp"`
}

type mtpText struct {
	Depth   int          `json:"depth"`
	Tensors []tensorText `json:"tensors"`
	Blocks  *stackText   `json:"blocks"`
}

// stackText is a stack of blocks: a kind, how many of it, the next kind and so on. A
// block's prefix is that of the one before with its last number one higher,
// unless Prefixes says otherwise.
type stackText struct {
	Order    []int        `json:"order"`
	Prefixes []prefixText `json:"prefixes"`
}

type prefixText struct {
	At int    `json:"at"`
	Is string `json:"is"`
}

type layerText struct {
	Attention *Attention     `json:"attention,omitempty"`
	Recurrent *recurrentText `json:"recurrent,omitempty"`
	Dense     *Dense         `json:"dense,omitempty"`
	MoE       *MoE           `json:"moe,omitempty"`
	Tensors   []tensorText   `json:"tensors"`
}

type recurrentText struct {
	Recurrent
	StateFormat string // instead of the format itself
}

type tensorText struct {
	Name   string  `json:"name"`
	Shape  []int64 `json:"shape"`
	Copies *int64  `json:"copies,omitempty"` // 1 if absent
	Role   string  `json:"role"`
	Use    string  `json:"use,omitempty"`   // multiplied if absent
	Split  string  `json:"split,omitempty"` // replicated if absent
	Stored string  `json:"stored"`
}

// The words of a description for Role, Use and Split.
var (
	roleWords  = [RoleCount]string{"routed experts", "shared experts", "dense", "attention", "embedding", "router"}
	useWords   = [...]string{Multiplied: "", LookedUp: "looked up", Applied: "applied", Consulted: "consulted"}
	splitWords = [...]string{Replicated: "", SplitTP: "tp", SplitKVHeads: "kv heads", SplitVocabulary: "vocabulary", SplitExperts: "experts"}
)

// maxDescription bounds a description, in bytes. That of the largest preset has
// 20,000; a checkpoint of which every block is different may have a million.
const maxDescription = 8 << 20

// EncodeReading writes a reading as text that DecodeReading turns into an equal
// one. Equal readings give equal texts. It fails only for a reading that is too
// large to be meant.
func EncodeReading(r *Reading) ([]byte, error) {
	e := encoder{seen: map[string]int{}}
	m := r.Model
	d := description{
		Source: r.Source, Family: r.Family, Known: r.Known, KV: r.KV, Unread: r.Unread, Assumed: r.Assumed, Notes: r.Notes,
		Model: modelText{
			Name: m.Name, Organisation: m.Organisation, Family: m.Family,
			Hidden: m.Hidden, Vocabulary: m.Vocabulary, MaxContext: m.MaxContext, Tied: m.Tied,
			Base: e.format(m.Base), Embedding: e.tensors(m.Embedding), Head: e.tensors(m.Head), Vision: e.tensors(m.Vision),
			Blocks: e.stack(m.Blocks),
			MTP:    mtpText{Depth: m.MTP.Depth, Tensors: e.tensors(m.MTP.Tensors), Blocks: e.stack(m.MTP.Blocks)},
		},
	}
	d.Model.Formats, d.Model.Layers, d.Model.Kinds = e.formats, e.layers, e.kinds
	text, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("description: %w", err)
	}
	if len(text) > maxDescription {
		return nil, fmt.Errorf("description: %d bytes: at most %d would do", len(text), maxDescription)
	}
	return text, nil
}

// encoder collects what is written once.
type encoder struct {
	formats []format.Format
	layers  []layerText
	kinds   [][]int
	seen    map[string]int // layers and kinds by their text
}

// format names a number format.
func (e *encoder) format(f format.Format) string {
	if known, ok := format.ByID(f.ID); ok && known == f {
		return f.ID
	}
	for i, other := range e.formats {
		if other == f {
			return "#" + strconv.Itoa(i)
		}
	}
	e.formats = append(e.formats, f)
	return "#" + strconv.Itoa(len(e.formats)-1)
}

func (e *encoder) tensors(ts []Tensor) []tensorText {
	if ts == nil {
		return nil
	}
	out := make([]tensorText, len(ts))
	for i, t := range ts {
		out[i] = tensorText{Name: t.Name, Shape: t.Shape, Role: roleWords[t.Role], Use: useWords[t.Use], Split: splitWords[t.Split], Stored: e.format(t.Stored)}
		if t.Copies != 1 {
			out[i].Copies = &t.Copies
		}
	}
	return out
}

func (e *encoder) stack(blocks []Block) *stackText {
	if blocks == nil {
		return nil
	}
	s := &stackText{}
	before := ""
	for i, b := range blocks {
		kind := e.kind(b.Sublayers)
		if n := len(s.Order); n > 0 && s.Order[n-2] == kind {
			s.Order[n-1]++
		} else {
			s.Order = append(s.Order, kind, 1)
		}
		if b.Prefix != successor(before) {
			s.Prefixes = append(s.Prefixes, prefixText{i, b.Prefix})
		}
		before = b.Prefix
	}
	return s
}

// kind finds or adds what blocks of these sublayers have in common.
func (e *encoder) kind(sublayers []Sublayer) int {
	kind := make([]int, len(sublayers))
	for i, s := range sublayers {
		layer := layerText{Attention: s.Attention, Dense: s.Dense, MoE: s.MoE, Tensors: e.tensors(s.Tensors)}
		if s.Recurrent != nil {
			layer.Recurrent = &recurrentText{*s.Recurrent, e.format(s.Recurrent.StateFormat)}
		}
		kind[i] = once(e.seen, &e.layers, layer)
	}
	return once(e.seen, &e.kinds, kind)
}

// once is the place of a value in a list, to which it is added unless an equal one is there.
func once[T any](seen map[string]int, list *[]T, value T) int {
	text, _ := json.Marshal(value) // strings and whole numbers: it cannot fail
	n, ok := seen[string(text)]
	if !ok {
		n = len(*list)
		seen[string(text)] = n
		*list = append(*list, value)
	}
	return n
}

// successor is a prefix with its last number one higher: "model.layers.3." gives
// "model.layers.4.". One without a number stays.
func successor(prefix string) string {
	end := len(prefix)
	for end > 0 && (prefix[end-1] < '0' || prefix[end-1] > '9') {
		end--
	}
	start := end
	for start > 0 && prefix[start-1] >= '0' && prefix[start-1] <= '9' {
		start--
	}
	n, err := strconv.Atoi(prefix[start:end])
	if err != nil || n >= 1<<30 {
		return prefix
	}
	return prefix[:start] + strconv.Itoa(n+1) + prefix[end:]
}
