package report

var balanceEntries = []entry{
	{"balance.gini", "Gini coefficient of the experts' popularity", Ratio, ofBalance(func(b *Balance) float64 { return b.Gini })},
	{"balance.cv", "standard deviation of the experts' popularity over the mean", Ratio, ofBalance(func(b *Balance) float64 { return b.CV })},
	{"balance.hottest_expert", "tokens of the hottest expert over those of the mean expert", Ratio, ofBalance(func(b *Balance) float64 { return b.Hottest })},
	{"balance.max_over_mean", "token copies of the busiest rank over the mean in a decode step, experts in order", Ratio, ofBalance(func(b *Balance) float64 { return b.MaxOverMean })},
	{"balance.max_over_mean_eplb", "token copies of the busiest rank over the mean in a decode step, placed by EPLB", Ratio, ofBalance(func(b *Balance) float64 { return b.MaxOverMeanEPLB })},
	{"balance.eplb_spare", "spare slots that the figures of EPLB are with", Experts, ofBalance(func(b *Balance) float64 { return float64(b.EPLBSpare) })},
	{"balance.eplb_spare_bytes", "memory that the spare slots of EPLB take on each GPU", Bytes, ofBalance(func(b *Balance) float64 { return float64(b.EPLBSpareBytes) })},
	{"balance.spare_bytes", "memory that the scenario's spare slots take on each GPU", Bytes, ofBalance(func(b *Balance) float64 { return float64(b.SpareBytes) })},
	{"balance.mean_distinct", "distinct experts that a rank reads in a layer, mean", Experts, ofBalance(func(b *Balance) float64 { return b.MeanDistinct })},
	busiestEntry("balance.busiest_distinct", "in order", func(b *Balance) float64 { return b.BusiestDistinct }),
	busiestEntry("balance.busiest_distinct_eplb", "placed by EPLB", func(b *Balance) float64 { return b.BusiestDistinctEPLB }),
	otherStepEntry("balance.step_off_s", "with the experts in order", func(b *Balance) float64 { return b.StepOff }),
	otherStepEntry("balance.step_eplb_s", "with EPLB", func(b *Balance) float64 { return b.StepEPLB }),
	{"balance.eplb_gain", "decode step with the experts in order over the step with EPLB", Ratio, ofBalance(func(b *Balance) float64 { return b.GainEPLB })},
	otherStepEntry("balance.even_step_s", "if all ranks had the same share", func(b *Balance) float64 { return b.EvenStep }),
	{"balance.sync_stall_s", "what ranks wait for the busiest in a decode step", Seconds, ofBalance(func(b *Balance) float64 { return b.SyncStall })},
	{"balance.sync_stall_share", "what ranks wait for the busiest, in a decode step", Share, ofBalance(func(b *Balance) float64 { return b.SyncStallShare })},
	{"balance.moved_bytes", "weights that one rebalancing moves to the GPU that gets the most", Bytes, ofBalance(func(b *Balance) float64 { return b.MovedBytes })},
	{"balance.rebalance_s", "time that decoding waits for one rebalancing", Seconds, ofBalance(func(b *Balance) float64 { return b.Rebalance })},
	{"balance.rebalance_share", "share of all time that decoding waits for rebalancing", Share, ofBalance(func(b *Balance) float64 { return b.RebalanceShare })},
	{"balance.best_spare", "spare slots that pay off", Experts, func(r *Report) (float64, bool) {
		if r.Balance == nil || r.Balance.BestSpare == nil {
			return 0, false
		}
		return float64(*r.Balance.BestSpare), true
	}},
}

func ofBalance(get func(*Balance) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Balance == nil {
			return 0, false
		}
		v := get(r.Balance)
		return v, v > 0
	}
}

func busiestEntry(id, how string, get func(*Balance) float64) entry {
	return entry{id, "distinct experts that the busiest rank reads in a layer, " + how, Experts, ofBalance(get)}
}

// otherStepEntry is a decode step with experts placed otherwise, as the sum of its operators.
func otherStepEntry(id, how string, get func(*Balance) float64) entry {
	return entry{id, "time of a decode step " + how, Seconds, ofBalance(get)}
}
