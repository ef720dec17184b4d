package checkpoint

import (
	"fmt"
	"slices"

	"moecost/core/arch"
	"moecost/core/format"
)

// adopt gives t the format in which the checkpoint stores it, if the number of
// weights agrees; else it says what does not.
func (h *holding) adopt(t *arch.Tensor) (problem string) {
	elements, payload, sameType := int64(0), int64(0), true
	for _, e := range h.weights {
		elements += e.Elements()
		payload += e.Bytes
		sameType = sameType && e.Type == h.weights[0].Type
	}
	described := t.Elements()
	shape := h.weights[0].Shape
	plain := elements == described
	switch {
	case described == 0:
		return ""
	case plain && !h.joined && !sameShape(t, h):
		return fmt.Sprintf("described %v × %d, stored %v × %d", t.Shape, t.Copies, shape, len(h.weights))
	case !plain && !packedBits(described, elements, payload):
		return fmt.Sprintf("described %v × %d = %d weights, stored %v × %d = %d", t.Shape, t.Copies, described, shape, len(h.weights), elements)
	}
	total := payload + h.scales
	if total%t.Copies != 0 {
		return fmt.Sprintf("%d experts share %d bytes unevenly", t.Copies, total)
	}
	own, _ := h.weights[0].Format()
	switch {
	case plain && sameType && h.scales == 0:
		t.Stored = own
	case t.Size().Bytes() == total && t.Stored.Bits == int(payload*8/described):
		// the config's format it is
	default:
		t.Stored = fitting(t, own, payload, total)
	}
	return ""
}

// fitting finds the registered format with these bytes, or makes one: the
// payload per weight, and all scales as one constant per tensor, which is exact.
func fitting(t *arch.Tensor, own format.Format, payload, total int64) format.Format {
	elements := t.Elements()
	bits := int(payload * 8 / elements)
	for _, f := range format.All() {
		if f.Bits == bits && (bits < 8 || f.Arithmetic == own.Arithmetic) && f.SizeOf(t.Shape).Bytes()*t.Copies == total {
			return f
		}
	}
	f := format.Format{
		ID: fmt.Sprintf("stored-%d", bits), Name: fmt.Sprintf("%s with its scales", own.Name),
		Bits: bits, Arithmetic: own.Arithmetic, Source: "the checkpoint's header",
	}
	if bits < 8 {
		f.Name, f.Arithmetic = fmt.Sprintf("%d bits with their scales", bits), t.Stored.Arithmetic
	}
	f.TensorBytes = int(total/t.Copies - f.SizeOf(t.Shape).Bytes())
	if f.TensorBytes < 0 { // weights of several widths under one name
		f.Bits, f.TensorBytes = 0, int(total/t.Copies)
	}
	return f
}

// packedBits reports whether the bytes are a whole number of bits per weight
// that formats pack.
func packedBits(described, elements, payload int64) bool {
	bits := payload * 8 / described
	return elements < described && payload*8%described == 0 && slices.Contains([]int64{1, 2, 3, 4, 6, 8}, bits)
}

// sameShape compares shapes without dimensions of one, with experts stacked or
// apart, and with the last two dimensions in either order: checkpoints store
// stacked experts with inputs first.
func sameShape(t *arch.Tensor, h *holding) bool {
	want := squeeze(t.Shape)
	if len(h.weights) == 1 && t.Copies > 1 {
		want = squeeze(append([]int64{t.Copies}, t.Shape...))
	} else if int64(len(h.weights)) != t.Copies {
		return false
	}
	for _, e := range h.weights {
		got := squeeze(e.Shape)
		if slices.Equal(got, want) {
			continue
		}
		if n := len(got); n >= 2 {
			got[n-1], got[n-2] = got[n-2], got[n-1]
		}
		if !slices.Equal(got, want) {
			return false
		}
	}
	return true
}

func squeeze(shape []int64) []int64 {
	out := make([]int64, 0, len(shape))
	for _, d := range shape {
		if d != 1 {
			out = append(out, d)
		}
	}
	return out
}
