package format

import "strconv"

// wholeRow as BlockCols means one scale per row, however long it is.
const wholeRow = 1 << 30

// The formats of checkpoints on Hugging Face that scale weights by blocks,
// rows or tensors.
var (
	FP8 = Format{ID: "fp8", Name: "FP8 (128 × 128 blocks)", Bits: 8, BlockRows: 128, BlockCols: 128, BlockBytes: 4, Arithmetic: ArithmeticFP8,
		Source: "DeepSeek-V3, README_WEIGHTS.md: E4M3, weight_block_size 128 × 128, weight_scale_inv in FP32"}
	FP8ByteScale = Format{ID: "fp8-ue8m0", Name: "FP8 (128 × 128 blocks, one-byte scales)", Bits: 8, BlockRows: 128, BlockCols: 128, BlockBytes: 1, Arithmetic: ArithmeticFP8,
		Source: "scale_fmt ue8m0 stored as F8_E8M0. DeepSeek-V3.1 rounds its scales to such powers of two but stores them in FP32: that is fp8"}
	FP8Tensor = Format{ID: "fp8-tensor", Name: "FP8 (one scale per tensor)", Bits: 8, TensorBytes: 8, Arithmetic: ArithmeticFP8,
		Source: "ModelOpt and compressed-tensors, strategy tensor: weight_scale and input_scale, FP32 each"}
	FP8Channel = Format{ID: "fp8-channel", Name: "FP8 (one scale per output row)", Bits: 8, BlockRows: 1, BlockCols: wholeRow, BlockBytes: 4, Arithmetic: ArithmeticFP8,
		Source: "compressed-tensors, strategy channel: weight_scale of shape [rows, 1] in FP32; checkpoints that write it in BF16 are two bytes per row smaller"}
	INT8 = Format{ID: "int8", Name: "INT8 (one scale per output row)", Bits: 8, BlockRows: 1, BlockCols: wholeRow, BlockBytes: 4, Arithmetic: ArithmeticINT8,
		Source: "compressed-tensors W8A8 and bitsandbytes LLM.int8: one FP32 scale per output row"}
	INT4  = IntGroups(4, 128, true)
	MXFP8 = Format{ID: "mxfp8", Name: "MXFP8", Bits: 8, BlockRows: 1, BlockCols: 32, BlockBytes: 1, Arithmetic: ArithmeticFP8,
		Source: "OCP Microscaling Formats (MX) Specification 1.0: 32 elements share one E8M0 byte"}
	MXFP4 = Format{ID: "mxfp4", Name: "MXFP4", Bits: 4, BlockRows: 1, BlockCols: 32, BlockBytes: 1, Arithmetic: ArithmeticFP4,
		Source: "OCP Microscaling Formats (MX) Specification 1.0: 32 E2M1 elements share one E8M0 byte"}
	NVFP4 = Format{ID: "nvfp4", Name: "NVFP4", Bits: 4, BlockRows: 1, BlockCols: 16, BlockBytes: 1, TensorBytes: 8, Arithmetic: ArithmeticFP4,
		Source: "NVIDIA ModelOpt: 16 E2M1 elements share one E4M3 byte; weight_scale_2 and input_scale per tensor, FP32 each"}
	NF4 = Format{ID: "nf4", Name: "NF4 (bitsandbytes, blocks of 64)", Bits: 4, BlockRows: 1, BlockCols: 64, BlockBytes: 4, Arithmetic: ArithmeticBF16,
		Source: "bitsandbytes 4-bit without double quantisation: one FP32 absmax per 64 elements"}
)

// FP8Blocks is FP8 with one scale per rows × cols block, of scaleBytes bytes:
// 4 for FP32, 1 for E8M0.
func FP8Blocks(rows, cols, scaleBytes int) Format {
	for _, f := range [...]Format{FP8, FP8ByteScale} {
		if f.BlockRows == rows && f.BlockCols == cols && f.BlockBytes == scaleBytes {
			return f
		}
	}
	f := FP8
	f.BlockRows, f.BlockCols, f.BlockBytes = rows, cols, scaleBytes
	f.ID = "fp8-" + strconv.Itoa(rows) + "x" + strconv.Itoa(cols)
	f.Name = "FP8 (" + strconv.Itoa(rows) + " × " + strconv.Itoa(cols) + " blocks)"
	f.Source = "weight_block_size of the checkpoint"
	return f
}

// IntGroups is weight-only integers of 2 to 8 bits in groups along the
// input dimension that share a 16-bit scale and, with zeros, a zero point of
// the same width as the weights. Group 0 is one group per row.
//
// With zeros it is the layout of GPTQ and AWQ, whose zero points are packed into
// 32-bit words across output rows: hence the blocks of several rows. GPTQ's
// g_idx (four bytes per input column, about 0.3 % of an expert's matrix) is not counted.
// Without, it is compressed-tensors' pack-quantized, which also stores each
// matrix's shape as two 64-bit integers.
func IntGroups(bits, group int, zeros bool) Format {
	name := "INT" + strconv.Itoa(bits)
	f := Format{
		ID: "int" + strconv.Itoa(bits) + "-g" + strconv.Itoa(group), Name: name + " (groups of " + strconv.Itoa(group),
		Bits: bits, BlockRows: 1, BlockCols: group, BlockBytes: 2, TensorBytes: 16, Arithmetic: ArithmeticBF16,
		Source: "compressed-tensors pack-quantized: weight_packed, weight_scale in 16 bits, weight_shape",
	}
	if zeros {
		f.ID += "-zero"
		f.Name += ", zero points"
		f.BlockRows = 32 / gcd(32, bits) // rows whose zero points fill whole words
		f.BlockBytes = f.BlockRows*2 + f.BlockRows*bits/8
		f.TensorBytes = 0
		f.Source = "AutoGPTQ and AutoAWQ: qweight, scales in FP16, qzeros packed in 32-bit words"
	}
	f.Name += ")"
	if group <= 0 {
		f.ID = "int" + strconv.Itoa(bits) + "-row"
		f.Name = name + " (one scale per row)"
		f.BlockCols = wholeRow
	}
	return f
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
