package format

// ggufSource is where the block structs are declared.
const ggufSource = "llama.cpp, ggml/src/ggml-common.h"

// gguf describes a block type of GGUF: so many elements of a row, so many
// bytes, of which the elements themselves take bits each and the rest is
// scales, minimums and codebook indices' sign bits.
func gguf(id, name string, elements, bytes, bits int) Format {
	return Format{
		ID: id, Name: name, Bits: bits,
		BlockRows: 1, BlockCols: elements, BlockBytes: bytes - elements*bits/8,
		Arithmetic: ArithmeticBF16, Source: ggufSource,
	}
}

// The block types of GGUF files. The bytes are those that the file format
// fixes; how they divide into payload and scales is a convention here.
var (
	Q8_0    = gguf("q8_0", "Q8_0", 32, 34, 8)
	Q6_K    = gguf("q6_k", "Q6_K", 256, 210, 6)
	Q5_K    = gguf("q5_k", "Q5_K", 256, 176, 5)
	Q5_0    = gguf("q5_0", "Q5_0", 32, 22, 5)
	Q5_1    = gguf("q5_1", "Q5_1", 32, 24, 5)
	Q4_K    = gguf("q4_k", "Q4_K", 256, 144, 4)
	Q4_0    = gguf("q4_0", "Q4_0", 32, 18, 4)
	Q4_1    = gguf("q4_1", "Q4_1", 32, 20, 4)
	Q3_K    = gguf("q3_k", "Q3_K", 256, 110, 3)
	Q2_K    = gguf("q2_k", "Q2_K", 256, 84, 2)
	IQ4_NL  = gguf("iq4_nl", "IQ4_NL", 32, 18, 4)
	IQ4_XS  = gguf("iq4_xs", "IQ4_XS", 256, 136, 4)
	IQ3_S   = gguf("iq3_s", "IQ3_S", 256, 110, 3)
	IQ3_XXS = gguf("iq3_xxs", "IQ3_XXS", 256, 98, 3)
	IQ2_S   = gguf("iq2_s", "IQ2_S", 256, 82, 2)
	IQ2_XS  = gguf("iq2_xs", "IQ2_XS", 256, 74, 2)
	IQ2_XXS = gguf("iq2_xxs", "IQ2_XXS", 256, 66, 2)
	IQ1_M   = gguf("iq1_m", "IQ1_M", 256, 56, 1)
	IQ1_S   = gguf("iq1_s", "IQ1_S", 256, 50, 1)
	TQ2_0   = gguf("tq2_0", "TQ2_0", 256, 66, 2)
	TQ1_0   = gguf("tq1_0", "TQ1_0", 256, 54, 1)
	Q2_0    = gguf("q2_0", "Q2_0", 64, 18, 2)
	Q1_0    = gguf("q1_0", "Q1_0", 128, 18, 1)

	// GGUF's MXFP4 has the blocks of the specification; its NVFP4 keeps four
	// scales beside 64 elements, and no constant per tensor.
	MXFP4GGUF = gguf("mxfp4-gguf", "MXFP4 (GGUF)", 32, 17, 4)
	NVFP4GGUF = gguf("nvfp4-gguf", "NVFP4 (GGUF)", 64, 36, 4)

	int8Plain  = Format{ID: "i8", Name: "8-bit integers", Bits: 8, Arithmetic: ArithmeticBF16, Source: ggufSource}
	int16Plain = Format{ID: "i16", Name: "16-bit integers", Bits: 16, Arithmetic: ArithmeticBF16, Source: ggufSource}
	int32Plain = Format{ID: "i32", Name: "32-bit integers", Bits: 32, Arithmetic: ArithmeticBF16, Source: ggufSource}
	int64Plain = Format{ID: "i64", Name: "64-bit integers", Bits: 64, Arithmetic: ArithmeticBF16, Source: ggufSource}
	fp64Plain  = Format{ID: "fp64", Name: "FP64", Bits: 64, Arithmetic: ArithmeticBF16, Source: "IEEE 754 binary64"}
)

// ggmlTypes gives each number of enum ggml_type its format. The numbers are
// those of llama.cpp, ggml/include/ggml.h; missing ones were never stored in
// files or have been withdrawn.
var ggmlTypes = map[uint32]*Format{
	0: &FP32, 1: &FP16, 2: &Q4_0, 3: &Q4_1, 6: &Q5_0, 7: &Q5_1, 8: &Q8_0,
	10: &Q2_K, 11: &Q3_K, 12: &Q4_K, 13: &Q5_K, 14: &Q6_K,
	16: &IQ2_XXS, 17: &IQ2_XS, 18: &IQ3_XXS, 19: &IQ1_S, 20: &IQ4_NL, 21: &IQ3_S, 22: &IQ2_S, 23: &IQ4_XS,
	24: &int8Plain, 25: &int16Plain, 26: &int32Plain, 27: &int64Plain, 28: &fp64Plain, 29: &IQ1_M, 30: &BF16,
	34: &TQ1_0, 35: &TQ2_0, 39: &MXFP4GGUF, 40: &NVFP4GGUF, 41: &Q1_0, 42: &Q2_0,
}

// ByGGMLType returns the format of a tensor type number in a GGUF file.
func ByGGMLType(number uint32) (Format, bool) {
	f, ok := ggmlTypes[number]
	if !ok {
		return Format{}, false
	}
	return *f, true
}
