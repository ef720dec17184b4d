package hf

import (
	"moecost/core/arch"
	"moecost/core/format"
)

// quantisation says how the checkpoint stores each tensor.
type quantisation struct {
	base   format.Format // of everything that is not converted: torch_dtype
	matrix func(fullName string, role arch.Role) format.Format
}

func readQuantisation(root, text *config) quantisation {
	base := format.BF16
	if name := text.textOr("", "torch_dtype", "dtype"); name == "float16" {
		base = format.FP16
	} else if name == "float32" {
		base = format.FP32
	}
	return quantisation{base: base, matrix: func(string, arch.Role) format.Format { return base }}
}
