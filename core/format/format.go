// Package format describes how numbers are stored: bits per element, and the
// scales that block formats add. Sizes are exact for a given shape, because
// "671 billion parameters in FP8" is not 671 GB: every 128 x 128 block carries
// a four-byte scale, and embedding, head and norms stay in BF16.
package format

// Format is one way to store a tensor.
//
// Payload bits are per element. A block is BlockRows x BlockCols elements of
// the trailing two dimensions that share BlockBytes of scales (and zero
// points, minimums: whatever the format keeps per block). Zero block sizes mean that nothing
// is shared per block. A partial block at an edge is stored as a whole block.
type Format struct {
	ID   string // as in the link: "bf16", "fp8", "mxfp4", "q4_k"
	Name string // as people write it: "BF16", "FP8 (128 x 128 blocks)"

	Bits       int // payload bits per element
	BlockRows  int // rows (output features) that share a scale; 1 for group formats
	BlockCols  int // columns (input features) that share a scale
	BlockBytes int // bytes of scales and zero points per block

	TensorBytes int // bytes per tensor on top, such as a global FP32 scale

	Arithmetic Arithmetic // what the tensor cores multiply in
	Source     string     // where the layout is specified
}

// Arithmetic is the number format of a matrix multiplication. Weight-only
// formats (INT4, GGUF, MXFP4 without native support) multiply in BF16.
type Arithmetic string

// The arithmetics that accelerators publish peaks for.
const (
	ArithmeticBF16 Arithmetic = "bf16"
	ArithmeticFP8  Arithmetic = "fp8"
	ArithmeticFP4  Arithmetic = "fp4"
	ArithmeticINT8 Arithmetic = "int8"
)

// Size is what a tensor takes, in bytes.
type Size struct {
	Payload int64 // the elements themselves
	Scales  int64 // scales, zero points and per-tensor constants
}

// Bytes is payload and scales together.
func (s Size) Bytes() int64 { return s.Payload + s.Scales }

// SizeOf returns the bytes of one tensor of the given shape. All but the last
// two dimensions count whole matrices; a vector is one row.
func (f Format) SizeOf(shape []int64) Size {
	matrices, rows, cols := int64(1), int64(1), int64(1)
	switch n := len(shape); {
	case n == 0:
	case n == 1:
		cols = shape[0]
	default:
		rows, cols = shape[n-2], shape[n-1]
		for _, d := range shape[:n-2] {
			matrices *= d
		}
	}
	size := Size{
		Payload: matrices * ceilDiv(rows*cols*int64(f.Bits), 8),
		Scales:  int64(f.TensorBytes),
	}
	if f.BlockRows > 0 && f.BlockCols > 0 {
		blocks := ceilDiv(rows, int64(f.BlockRows)) * ceilDiv(cols, int64(f.BlockCols))
		size.Scales += matrices * blocks * int64(f.BlockBytes)
	}
	return size
}

// BitsPerElement is the asymptotic cost of one element with its share of the
// block's scales, for large matrices.
func (f Format) BitsPerElement() float64 {
	bits := float64(f.Bits)
	if f.BlockRows > 0 && f.BlockCols > 0 {
		bits += 8 * float64(f.BlockBytes) / float64(f.BlockRows*f.BlockCols)
	}
	return bits
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
