package balance_test

import (
	"fmt"

	"moecost/core/balance"
	"moecost/core/routing"
)

// The example of EPLB's own README: two layers of 12 experts, 4 spare slots, 8 GPUs in 2 nodes.
func ExampleRebalance() {
	plan, err := balance.Rebalance([][]float32{
		{90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86},
		{20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27},
	}, 16, 4, 2, 8)
	if err != nil {
		panic(err)
	}
	fmt.Println(plan.PhyToLog[0])
	fmt.Println(plan.LogCnt[0])
	// Output:
	// [5 6 5 7 8 4 3 4 10 9 10 2 0 1 11 1]
	// [1 2 1 1 2 2 1 1 1 1 2 1]
}

// DeepSeek-V3's experts on 32 ranks: what EPLB does to tokens, and to weights read.
func ExampleSetup_Busiest() {
	cover := routing.NewCoverage(routing.Inclusion(256, 8, 1.05), 8)
	order := balance.Setup{Ranks: 32}.Busiest(cover)
	eplb := balance.Setup{Policy: balance.Static, Ranks: 32, Spare: 32, Drift: 0.12}.Busiest(cover)
	fmt.Printf("4096 tokens: the busiest rank gets %.1f and %.1f times the mean\n", order.Imbalance(4096), eplb.Imbalance(4096))
	fmt.Printf("16 tokens: it reads %.1f and %.1f experts\n", order.Distinct(16), eplb.Distinct(16))
	// Output:
	// 4096 tokens: the busiest rank gets 2.4 and 1.1 times the mean
	// 16 tokens: it reads 5.4 and 5.6 experts
}
