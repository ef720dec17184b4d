package checkpoint

import (
	"fmt"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// implied writes the tensors that a description stands for, in the packings of
// the formats' publishers.
func implied(m *arch.Model) []stored {
	var ts []stored
	add := func(prefix string, t arch.Tensor) {
		name := prefix + t.Name
		placeholder := "{e}"
		if strings.Contains(name, "{i}") {
			placeholder = "{i}"
		}
		if t.Copies == 1 || !strings.Contains(name, placeholder) {
			shape := t.Shape
			if t.Copies > 1 {
				shape = append([]int64{t.Copies}, shape...)
			}
			ts = append(ts, inFormat(name, shape, t.Stored)...)
			return
		}
		for i := range t.Copies {
			ts = append(ts, inFormat(strings.Replace(name, placeholder, fmt.Sprint(i), 1), t.Shape, t.Stored)...)
		}
	}
	list := func(prefix string, l []arch.Tensor) {
		fused := map[string]int64{} // q, k and v in one matrix: its rows
		for _, t := range l {
			if len(t.Shape) > 0 {
				fused[t.Name] += t.Shape[0]
			}
		}
		for _, t := range l {
			if rows := fused[t.Name]; rows > 0 {
				t.Shape = append([]int64{rows}, t.Shape[1:]...)
				delete(fused, t.Name)
			} else if len(t.Shape) > 0 {
				continue
			}
			add(prefix, t)
		}
	}
	blocks := func(bs []arch.Block) {
		for _, b := range bs {
			for _, s := range b.Sublayers {
				list(b.Prefix, s.Tensors)
			}
		}
	}
	list("", m.Embedding)
	list("", m.Head)
	blocks(m.Blocks)
	blocks(m.MTP.Blocks)
	for _, t := range m.MTP.Tensors {
		prefix := ""
		if !strings.Contains(t.Name, "layers.") && !strings.Contains(t.Name, "mtp") {
			prefix = "mtp."
		}
		add(prefix, t)
	}
	list("model.visual.", m.Vision)
	return ts
}

func inFormat(name string, shape []int64, f format.Format) []stored {
	size := f.SizeOf(shape)
	if dtype := map[string]string{"bf16": "BF16", "fp16": "F16", "fp32": "F32"}[f.ID]; dtype != "" {
		return []stored{{name: name, dtype: dtype, shape: shape}}
	}
	if f.Bits == 64 {
		return []stored{{name: name, dtype: "I64", shape: shape}}
	}
	weight := stored{name: name, dtype: "U8", shape: []int64{size.Payload}}
	if f.Bits == 8 {
		weight = stored{name: name, dtype: "F8_E4M3", shape: shape}
	}
	if size.Scales == 0 {
		return []stored{weight}
	}
	scale := name + "_scale"
	if stem, ok := strings.CutSuffix(name, ".weight"); ok {
		scale = stem + ".weight_scale"
	}
	return []stored{weight, {name: scale, dtype: "U8", shape: []int64{size.Scales}}}
}
