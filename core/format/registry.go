package format

// Weight-only integers without zero points, as compressed-tensors publishes them.
var (
	int4Groups128 = IntGroups(4, 128, false)
	int4Groups32  = IntGroups(4, 32, false)
)

var registered = [...]*Format{
	&FP32, &BF16, &FP16,
	&FP8, &FP8ByteScale, &FP8Tensor, &FP8Channel, &MXFP8, &INT8,
	&INT4, &int4Groups128, &int4Groups32, &NF4, &MXFP4, &NVFP4,
	&Q8_0, &Q6_K, &Q5_K, &Q5_1, &Q5_0, &Q4_K, &Q4_1, &Q4_0, &Q3_K, &Q2_K,
	&IQ4_NL, &IQ4_XS, &IQ3_S, &IQ3_XXS, &IQ2_S, &IQ2_XS, &IQ2_XXS, &IQ1_M, &IQ1_S,
	&TQ2_0, &TQ1_0, &Q2_0, &Q1_0, &MXFP4GGUF, &NVFP4GGUF,
}

// All returns every registered format: plain, block-scaled, GGUF. Formats that
// FP8Blocks and IntGroups make for other block sizes are not among them.
func All() []Format {
	all := make([]Format, len(registered))
	for i, f := range registered {
		all[i] = *f
	}
	return all
}

// ByID finds a registered format.
func ByID(id string) (Format, bool) {
	for _, f := range registered {
		if f.ID == id {
			return *f, true
		}
	}
	return Format{}, false
}
