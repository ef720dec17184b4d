package report

import (
	"fmt"
	"iter"
	"strconv"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// sum builds a formula of numbered symbols joined by plus signs.
type sum struct {
	parts []string
}

func (s *sum) add(format string, args ...any) {
	s.parts = append(s.parts, fmt.Sprintf(format, args...))
}

func (s *sum) String() string {
	if len(s.parts) == 0 {
		return "0"
	}
	return strings.Join(s.parts, " + ")
}

// group is equal tensors of several layers.
type group struct {
	tensor arch.Tensor
	times  int64
}

// groupTensors joins tensors of the same name, shape and format, in order.
func groupTensors(tensors iter.Seq[arch.Tensor], keep func(arch.Tensor) bool) []group {
	index := map[string]int{}
	var groups []group
	for t := range tensors {
		if !keep(t) || t.Params() == 0 {
			continue
		}
		key := fmt.Sprint(t.Name, t.Shape, t.Copies, t.Stored.ID)
		if i, ok := index[key]; ok {
			groups[i].times++
			continue
		}
		index[key] = len(groups)
		groups = append(groups, group{t, 1})
	}
	return groups
}

func ofRole(role arch.Role) func(arch.Tensor) bool {
	return func(t arch.Tensor) bool { return t.Role == role }
}

func all(arch.Tensor) bool { return true }

// explainParams lists tensors with the factors of their size.
func explainParams(d *Derivation, tensors iter.Seq[arch.Tensor], keep func(arch.Tensor) bool, source, what string) {
	var formula sum
	for i, g := range groupTensors(tensors, keep) {
		symbol := "n" + strconv.Itoa(i+1)
		factors := append([]int64{g.times, g.tensor.Copies}, g.tensor.Shape...)
		d.Terms = append(d.Terms, Term{
			Symbol: symbol, Name: tensorName(g), Value: float64(g.times * g.tensor.Params()),
			Factors: factors, Unit: Params, Source: source,
		})
		formula.add("%s", symbol)
	}
	d.say(what+" = sum of layers × copies × shape over its tensors", formula.String())
	if len(d.Terms) == 0 {
		d.Note = "The model has none."
	}
}

func tensorName(g group) string {
	name := strings.ReplaceAll(g.tensor.Name, "{e}", "*")
	if g.times > 1 {
		return fmt.Sprintf("%s in %d layers", name, g.times)
	}
	return name
}

// stored is elements in one number format.
type stored struct {
	format   format.Format
	elements int64
	blocks   int64 // that share scales
	tensors  int64 // that have constants of their own
}

func storage(tensors iter.Seq[arch.Tensor], keep func(arch.Tensor) bool) []stored {
	index := map[string]int{}
	var out []stored
	for t := range tensors {
		if !keep(t) {
			continue
		}
		key := fmt.Sprint(t.Stored.ID, t.Stored.Bits, t.Stored.BlockRows, t.Stored.BlockCols, t.Stored.BlockBytes, t.Stored.TensorBytes)
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			out = append(out, stored{format: t.Stored})
		}
		out[i].elements += t.Elements()
		out[i].blocks += blocksOf(t)
		out[i].tensors += t.Copies
	}
	return out
}

// blocksOf counts the blocks of a tensor that share scales, partial ones whole.
func blocksOf(t arch.Tensor) int64 {
	f := t.Stored
	if f.BlockRows == 0 || f.BlockCols == 0 || len(t.Shape) == 0 {
		return 0
	}
	n := len(t.Shape)
	rows, cols, matrices := int64(1), t.Shape[n-1], t.Copies
	if n > 1 {
		rows = t.Shape[n-2]
		for _, d := range t.Shape[:n-2] {
			matrices *= d
		}
	}
	return matrices * ceilDiv(rows, int64(f.BlockRows)) * ceilDiv(cols, int64(f.BlockCols))
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// explainStorage says how many bytes tensors take, format by format: the
// payload, the scales, or both.
func explainStorage(d *Derivation, tensors iter.Seq[arch.Tensor], keep func(arch.Tensor) bool, source string, payload, scales bool) {
	var formula sum
	for i, s := range storage(tensors, keep) {
		k := strconv.Itoa(i + 1)
		from := s.format.Name + ": " + s.format.Source
		if payload {
			d.term("n"+k, "elements in "+s.format.Name, float64(s.elements), Elements, source)
			d.term("b"+k, "bits per element", float64(s.format.Bits), Count, from)
			formula.add("n%s*b%s/8", k, k)
		}
		if scales && s.blocks > 0 {
			d.term("q"+k, "blocks of "+s.format.Name+" that share scales", float64(s.blocks), Count, source)
			d.term("s"+k, "bytes of scales per block", float64(s.format.BlockBytes), Bytes, from)
			formula.add("q%s*s%s", k, k)
		}
		if scales && s.format.TensorBytes > 0 {
			d.term("t"+k, "tensors in "+s.format.Name, float64(s.tensors), Count, source)
			d.term("c"+k, "bytes per tensor on top", float64(s.format.TensorBytes), Bytes, from)
			formula.add("t%s*c%s", k, k)
		}
	}
	words := "bytes = elements × bits / 8, for each number format"
	switch {
	case payload && scales:
		words = "bytes = elements × bits / 8 + blocks × scale, for each number format"
	case scales:
		words = "bytes = blocks × scale, for each number format"
	}
	d.say(words, formula.String())
}
