package report_test

import (
	"fmt"

	"moecost/core/report"
)

func Example() {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h200&gpus=8")
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%.1f GB of weights, %.1f times a dense model that computes as much\n",
		float64(r.Memory.WeightsBytes)/1e9, r.Memory.RatioToDenseTwin)
	fmt.Println("fits:", r.Memory.Fits)
	// Output:
	// 673.2 GB of weights, 17.9 times a dense model that computes as much
	// fits: true
}

func ExampleReport_Explain() {
	s, _ := report.Catalogue().Decode("model=mixtral-8x7b&gpu=h100-sxm&gpus=2")
	r, err := report.Build(report.Question{Scenario: s})
	if err != nil {
		fmt.Println(err)
		return
	}
	d, _ := r.Explain("memory.per_gpu.routed_experts_bytes")
	fmt.Println(d.Words)
	fmt.Println(d.Formula)
	for _, t := range d.Terms {
		fmt.Printf("%s = %.0f %s: %s\n", t.Symbol, t.Value, t.Unit, t.Name)
	}
	fmt.Printf("= %.0f\n", d.Figure.Value)
	// Output:
	// routed experts on one GPU = layers × bytes / GPUs that share them
	// n1*ceil(o1*ceil(e1/EP)/S)
	// n1 = 32 layers: layers of this content
	// o1 = 352321536 bytes: bytes of one expert
	// e1 = 8 experts: routed experts of a layer
	// EP = 1 : expert-parallel ranks
	// S = 2 : GPUs that share one expert
	// = 45097156608
}
