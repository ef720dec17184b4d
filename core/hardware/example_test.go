package hardware_test

import (
	"fmt"

	"moecost/core/format"
	"moecost/core/hardware"
)

func ExampleByID() {
	h100, _ := hardware.ByID("h100-sxm")
	fmt.Println(h100.MemorySold, h100.MemoryBytes)
	arithmetic, rate := h100.Peaks.Used(format.MXFP4.Arithmetic)
	fmt.Println(arithmetic, rate)
	// Output:
	// 80 GB 85520809984
	// bf16 9.89e+14
}

func ExampleParse() {
	a, err := hardware.Parse("custom~like:h100-sxm~mem:141g~bw:4.8t")
	fmt.Println(a.Name, a.MemoryBytes, err)
	_, err = hardware.Parse("custom~mem:80g~bw:3.35t")
	fmt.Println(err)
	// Output:
	// Custom, like H100 SXM 141000000000 <nil>
	// gpu=custom: bf16: missing: give the dense BF16 FLOP/s, or like:h100-sxm to start from a known accelerator
}
