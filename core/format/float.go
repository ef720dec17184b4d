package format

// The plain floating-point formats. Readers and tests name them directly.
var (
	BF16 = Format{ID: "bf16", Name: "BF16", Bits: 16, Arithmetic: ArithmeticBF16, Source: "IEEE 754 binary32 truncated to 16 bits"}
	FP16 = Format{ID: "fp16", Name: "FP16", Bits: 16, Arithmetic: ArithmeticBF16, Source: "IEEE 754 binary16"}
	FP32 = Format{ID: "fp32", Name: "FP32", Bits: 32, Arithmetic: ArithmeticBF16, Source: "IEEE 754 binary32"}
)
