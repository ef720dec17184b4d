package format

// The formats that only caches use. A scale covers one head's vector of one
// token; the block of 128 is the usual head, and MLA's latent of 512 is four.
var (
	FP8KV = Format{ID: "fp8", Name: "FP8", Bits: 8, Arithmetic: ArithmeticFP8,
		Source: "vLLM and TensorRT-LLM, kv_cache_dtype fp8: E4M3 with scales per layer, which do not count"}
	INT8KV = Format{ID: "int8", Name: "INT8", Bits: 8, BlockRows: 1, BlockCols: 128, BlockBytes: 4, Arithmetic: ArithmeticBF16,
		Source: "LMDeploy, KV cache quantisation: scale and zero point per head and token, FP16 each"}
	NVFP4KV = Format{ID: "nvfp4", Name: "NVFP4", Bits: 4, BlockRows: 1, BlockCols: 16, BlockBytes: 1, Arithmetic: ArithmeticFP8,
		Source: "TensorRT-LLM, NVFP4 KV cache: one E4M3 byte per 16 elements"}
)

// KVFormats returns the formats that kv= may name, best known first.
func KVFormats() []Format {
	return []Format{BF16, FP16, FP8KV, INT8KV, NVFP4KV, Q8_0, Q5_1, Q5_0, Q4_1, Q4_0, IQ4_NL}
}

// KVByID finds a format of KVFormats.
func KVByID(id string) (Format, bool) {
	for _, f := range KVFormats() {
		if f.ID == id {
			return f, true
		}
	}
	return Format{}, false
}
