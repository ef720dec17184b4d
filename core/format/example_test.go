package format_test

import (
	"fmt"

	"moecost/core/format"
)

func ExampleFormat_SizeOf() {
	size := format.FP8.SizeOf([]int64{2048, 7168}) // one gate_proj of DeepSeek-V3
	fmt.Println(size.Payload, size.Scales)
	// Output: 14680064 3584
}

func ExampleScheme_FormatOf() {
	scheme, _ := format.SchemeByID("q4_k_m")
	down := format.Place{Kind: format.RoutedExpert, Part: format.PartOf("mlp.experts.{e}.down_proj.weight"), Layer: 3, Layers: 61, Experts: 256, Columns: 2048}
	f, converted := scheme.FormatOf(down)
	fmt.Println(f.Name, f.BitsPerElement(), converted)
	// Output: Q6_K 6.5625 true
}
