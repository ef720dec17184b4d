package hf

import (
	"fmt"

	"moecost/core/format"
)

// wholeRow is a block as wide as any row: a scale per output channel.
const wholeRow = 1 << 30

// fp8Block is FP8 with one scale of the given bytes per rows x cols block
// (deepseek-ai/DeepSeek-V3 README_WEIGHTS.md: weight_scale_inv, FP32, 128 x 128).
func fp8Block(rows, cols, scaleBytes int) format.Format {
	return format.Format{
		ID: "fp8", Name: fmt.Sprintf("FP8 (%d × %d blocks)", rows, cols), Bits: 8,
		BlockRows: rows, BlockCols: cols, BlockBytes: scaleBytes,
		Arithmetic: format.ArithmeticFP8, Source: "deepseek-ai/DeepSeek-V3 README_WEIGHTS.md",
	}
}

// fp8Tensor is FP8 with scales per tensor: the weight's, and the input's where
// activations are scaled statically.
func fp8Tensor(tensorBytes int) format.Format {
	return format.Format{
		ID: "fp8-tensor", Name: "FP8 (per tensor)", Bits: 8, TensorBytes: tensorBytes,
		Arithmetic: format.ArithmeticFP8, Source: "vLLM docs, FP8 W8A8: weight_scale and input_scale per tensor",
	}
}

// fp8Channel is FP8 with a scale per output channel.
func fp8Channel(scaleBytes int) format.Format {
	return format.Format{
		ID: "fp8-channel", Name: "FP8 (per channel)", Bits: 8,
		BlockRows: 1, BlockCols: wholeRow, BlockBytes: scaleBytes,
		Arithmetic: format.ArithmeticFP8, Source: "compressed-tensors: strategy channel",
	}
}

// int8Channel is INT8 with a scale per output channel.
func int8Channel(scaleBytes int) format.Format {
	return format.Format{
		ID: "int8", Name: "INT8 (per channel)", Bits: 8,
		BlockRows: 1, BlockCols: wholeRow, BlockBytes: scaleBytes,
		Arithmetic: format.ArithmeticINT8, Source: "compressed-tensors: int-quantized, strategy channel",
	}
}

// groupInt is an integer format with a 16-bit scale per group of columns and,
// where asymmetric, a zero point as wide as an element. A negative group is a whole row.
func groupInt(bits, group int, zeroPoint bool, source string) format.Format {
	f := format.Format{
		ID: fmt.Sprintf("int%d", bits), Name: fmt.Sprintf("INT%d (groups of %d)", bits, group), Bits: bits,
		BlockRows: 8, BlockCols: group, BlockBytes: 16, // eight rows at once: their zero points fill whole bytes
		Arithmetic: format.ArithmeticBF16, Source: source,
	}
	if group <= 0 {
		f.BlockCols, f.Name = wholeRow, fmt.Sprintf("INT%d (per channel)", bits)
	}
	if zeroPoint {
		f.BlockBytes += bits
	}
	return f
}

// mxfp4 has a power-of-two scale byte per 32 elements (OCP Microscaling Formats v1.0).
func mxfp4() format.Format {
	return format.Format{
		ID: "mxfp4", Name: "MXFP4", Bits: 4, BlockRows: 1, BlockCols: 32, BlockBytes: 1,
		Arithmetic: format.ArithmeticFP4, Source: "OCP Microscaling Formats v1.0",
	}
}

// mxfp8 has a power-of-two scale byte per 32 elements (OCP Microscaling Formats v1.0).
func mxfp8() format.Format {
	return format.Format{
		ID: "mxfp8", Name: "MXFP8", Bits: 8, BlockRows: 1, BlockCols: 32, BlockBytes: 1,
		Arithmetic: format.ArithmeticFP8, Source: "OCP Microscaling Formats v1.0",
	}
}

// nvfp4 has an FP8 scale per 16 elements and FP32 scales per tensor: the
// weight's, and the input's where activations are FP4 too.
func nvfp4(tensorBytes int) format.Format {
	return format.Format{
		ID: "nvfp4", Name: "NVFP4", Bits: 4, BlockRows: 1, BlockCols: 16, BlockBytes: 1, TensorBytes: tensorBytes,
		Arithmetic: format.ArithmeticFP4, Source: "NVIDIA ModelOpt: weight_scale (FP8 per 16), weight_scale_2 and input_scale (FP32)",
	}
}

// nf4 is the 4-bit format of bitsandbytes: an absmax per 64 elements, FP32 or,
// doubly quantised, 8 bits (QLoRA, arXiv 2305.14314, section 3). The FP32 that 256
// of those share is left out: 0.002 bits per element.
func nf4(double bool) format.Format {
	f := format.Format{
		ID: "nf4", Name: "NF4 (bitsandbytes)", Bits: 4, BlockRows: 1, BlockCols: 64, BlockBytes: 4,
		Arithmetic: format.ArithmeticBF16, Source: "QLoRA, arXiv 2305.14314, section 3",
	}
	if double {
		f.BlockBytes = 1
	}
	return f
}
