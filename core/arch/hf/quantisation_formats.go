package hf

import "moecost/core/format"

// Checkpoints vary what the registered formats keep beside the elements: the
// width of scales, and how many constants there are per tensor.

// scales is a format whose blocks have scales of so many bytes.
func scales(f format.Format, bytes int) format.Format {
	f.BlockBytes = bytes
	return f
}

// constants is a format with so many bytes per tensor.
func constants(f format.Format, bytes int) format.Format {
	f.TensorBytes = bytes
	return f
}

// fp8Tensor is FP8 with scales per tensor: the weight's, and the input's where
// activations are scaled statically.
func fp8Tensor(bytes int) format.Format { return constants(format.FP8Tensor, bytes) }

// fp8Channel is FP8 with a scale per output channel.
func fp8Channel(scaleBytes int) format.Format { return scales(format.FP8Channel, scaleBytes) }

// int8Channel is INT8 with a scale per output channel.
func int8Channel(scaleBytes int) format.Format { return scales(format.INT8, scaleBytes) }

// nvfp4 has FP32 constants per tensor: the weight's, and the input's where
// activations are FP4 too.
func nvfp4(bytes int) format.Format { return constants(format.NVFP4, bytes) }

// modelOptINT4 has a 16-bit scale per group of columns and nothing else.
func modelOptINT4(group int) format.Format {
	f := constants(format.IntGroups(4, group, false), 0)
	f.Source = "NVIDIA ModelOpt: weight_scale per group"
	return f
}

// packed is compressed-tensors' pack-quantized: the shape of a matrix, two
// 64-bit integers, is stored with and without zero points.
func packed(bits, group int, zeros bool) format.Format {
	f := constants(format.IntGroups(bits, group, zeros), 16)
	f.Source = "compressed-tensors: pack-quantized"
	return f
}

// mlxAffine has a 16-bit scale and a 16-bit bias per group.
func mlxAffine(bits, group int) format.Format {
	f := constants(scales(format.IntGroups(bits, group, false), 4), 0)
	f.Source = "MLX: quantize, mode affine (scales and biases per group)"
	return f
}

// doubleNF4 is NF4 whose absmax values are themselves in 8 bits (QLoRA, arXiv
// 2305.14314, section 3). The FP32 that 256 of those share is left out: 0.002 bits per element.
func doubleNF4() format.Format {
	f := scales(format.NF4, 1)
	f.Name, f.Source = "NF4 (bitsandbytes, double quantisation)", "QLoRA, arXiv 2305.14314, section 3"
	return f
}
