package report

import (
	"fmt"
	"strconv"

	"moecost/core/arch"
	"moecost/core/format"
)

// cacheKind is attention layers that cache alike.
type cacheKind struct {
	layers      int64
	elements    int64 // of an entry
	entry, key  int64 // bytes of an entry and of an index key
	entries     int64 // of a sequence at full length
	keys        int64
	compression int64
}

func (r *Report) cacheKinds(keep func(*arch.Attention) bool) []cacheKind {
	length := r.in.load.ReservedTokens()
	var kinds []cacheKind
	for i := range r.in.arch.Blocks {
	sublayers:
		for _, s := range r.in.arch.Blocks[i].Sublayers {
			a := s.Attention
			if a == nil || !keep(a) {
				continue
			}
			k := cacheKind{
				layers: 1, elements: a.EntryElements(), entry: a.EntryBytes(r.in.kv), key: a.IndexEntryBytes(r.in.kv),
				entries: a.Entries(length), compression: max(a.Compression, 1),
			}
			if k.key > 0 {
				k.keys = length / k.compression
			}
			for j, old := range kinds {
				old.layers = k.layers
				if old == k {
					kinds[j].layers++
					continue sublayers
				}
			}
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// entryTerms adds the bytes of an entry: elements × bytes where the format is
// plain, and the whole where scales or a mixed layout make it more. It returns the factor.
func (r *Report) entryTerms(d *Derivation, n string, k cacheKind) string {
	if k.entry*8 == k.elements*int64(r.in.kv.Bits) {
		d.term("w"+n, "elements of an entry", float64(k.elements), Elements, r.in.source)
		d.term("b"+n, "bits per element in "+r.in.kv.Name, float64(r.in.kv.Bits), Count, formatSource(r.in.kv))
		return fmt.Sprintf("w%s*b%s/8", n, n)
	}
	d.term("e"+n, fmt.Sprintf("bytes of an entry of %d elements, scales included", k.elements), float64(k.entry), Bytes, formatSource(r.in.kv))
	return "e" + n
}

func formatSource(f format.Format) string { return f.Name + ": " + f.Source }

func explainKVPerToken(keep func(*arch.Attention) bool) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		var formula sum
		for i, k := range r.cacheKinds(keep) {
			n := strconv.Itoa(i + 1)
			d.term("n"+n, "attention layers", float64(k.layers), Layers, r.in.source)
			each := r.entryTerms(d, n, k)
			if k.compression > 1 {
				d.term("c"+n, "tokens per entry", float64(k.compression), Tokens, r.in.source)
				d.term("x"+n, "bytes of a compressed index key", float64(k.key), Bytes, formatSource(r.in.kv))
				each = fmt.Sprintf("(%s + x%s)/c%s", each, n, n)
			}
			formula.add("n%s*%s", n, each)
		}
		d.say("bytes per token = layers × width of an entry × bytes per element", formula.String())
		d.Note = "Summed over the model, before any copies that tensor parallelism makes. Layers with a window stop growing when it is full."
	}
}

func explainIndex(r *Report, d *Derivation) {
	var formula sum
	for i, k := range r.cacheKinds(func(a *arch.Attention) bool { return a.Compression <= 1 && a.IndexEntryBytes(r.in.kv) > 0 }) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "layers with an index of their own", float64(k.layers), Layers, r.in.source)
		d.term("x"+n, "bytes of an index key, FP8 with an FP32 scale per 128", float64(k.key), Bytes, "vLLM, vllm/model_executor/models/deepseek_v2.py, DeepseekV32IndexerCache")
		formula.add("n%s*x%s", n, n)
	}
	d.say("bytes per token = layers × index key", formula.String())
}

func explainKVPerSequence(r *Report, d *Derivation) {
	var formula sum
	whole := false
	for i, k := range r.cacheKinds(func(*arch.Attention) bool { return true }) {
		n := strconv.Itoa(i + 1)
		d.term("n"+n, "attention layers", float64(k.layers), Layers, r.in.source)
		entries := "t"
		if k.entries == r.in.load.ReservedTokens() {
			whole = true
		} else {
			d.term("m"+n, "entries that a sequence keeps: window, chunk or compression", float64(k.entries), Tokens, r.in.source)
			entries = "m" + n
		}
		each := fmt.Sprintf("%s*%s", entries, r.entryTerms(d, n, k))
		if k.keys > 0 {
			d.term("k"+n, "index keys", float64(k.keys), Tokens, r.in.source)
			d.term("x"+n, "bytes of an index key", float64(k.key), Bytes, "vLLM, vllm/model_executor/models/deepseek_v2.py, DeepseekV32IndexerCache")
			each = fmt.Sprintf("(%s + k%s*x%s)", each, n, n)
		}
		formula.add("n%s*%s", n, each)
	}
	if whole {
		r.lengthTerm(d)
	}
	d.say("cache = layers × entries × bytes of an entry", formula.String())
	d.Note = "At full length, prompt and output: a batch that fits never has to be preempted."
}

// lengthTerm adds t, the full length of a sequence.
func (r *Report) lengthTerm(d *Derivation) {
	d.term("t", "tokens of a sequence, prompt and output", float64(r.in.load.ReservedTokens()), Tokens, "the scenario: in + out")
}

func explainState(inBytes bool) func(*Report, *Derivation) {
	return func(r *Report, d *Derivation) {
		type kind struct {
			state, convolution int64
			format             string
		}
		counts := map[kind]int64{}
		formats := map[kind]format.Format{}
		var order []kind
		for i := range r.in.arch.Blocks {
			for _, s := range r.in.arch.Blocks[i].Sublayers {
				if s.Recurrent == nil {
					continue
				}
				k := kind{s.Recurrent.State, s.Recurrent.Convolution, s.Recurrent.StateFormat.ID}
				if counts[k] == 0 {
					order = append(order, k)
					formats[k] = s.Recurrent.StateFormat
				}
				counts[k]++
			}
		}
		var formula sum
		for i, k := range order {
			n := strconv.Itoa(i + 1)
			d.term("n"+n, "recurrent layers", float64(counts[k]), Layers, r.in.source)
			d.term("s"+n, "elements of a layer's state", float64(k.state), Elements, r.in.source)
			d.term("c"+n, "elements of its short convolution", float64(k.convolution), Elements, r.in.source)
			if !inBytes {
				formula.add("n%s*(s%s + c%s)", n, n, n)
				continue
			}
			d.term("b"+n, "bits per element of the state", float64(formats[k].Bits), Count, formatSource(formats[k]))
			d.term("d"+n, "bits per element of the convolution", float64(r.in.arch.Base.Bits), Count, formatSource(r.in.arch.Base))
			formula.add("n%s*(s%s*b%s/8 + c%s*d%s/8)", n, n, n, n, n)
		}
		words := "state = layers × (state + convolution)"
		if inBytes {
			words += ", each in its format"
		}
		d.say(words, formula.String())
	}
}
