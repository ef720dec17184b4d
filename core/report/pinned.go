package report

import "moecost/core/scenario"

// Pinned is ask with all that moecost chose for it written down, for a link that is published. With scenario.EncodePinned, which
// writes defaults as well, neither another default nor another choice changes later what a reader sees. chart is
// the one to show, by its name in Charts; empty for the whole page.
//
// Written down are the format of the cache, number and layout of the GPUs, their price, and the rates of the host where experts
// are in its memory. Left open is what follows the reader's own changes: a cache of experts as large as fits, and the
// fastest way to run experts off the GPU. Unknown keys are dropped.
func (r *Report) Pinned(ask scenario.Scenario, chart string) scenario.Scenario {
	now := &r.Scenario
	ask.Unknown, ask.Chart = "", chart
	ask.KV = now.KV
	ask.GPUs, ask.TP, ask.PP, ask.EP, ask.DP = now.GPUs, now.TP, now.PP, now.EP, now.DP
	if ask.Price == 0 {
		ask.Price = now.Price
	}
	if away := &r.in.away; away.plan != nil {
		for _, rate := range []struct {
			pin *float64 // GB/s
			now float64  // bytes/s; 0: not known
		}{{&ask.Link, away.host.link}, {&ask.CPU, away.host.cpu}, {&ask.NVMe, away.host.nvme}} {
			if *rate.pin == 0 {
				*rate.pin = rate.now / 1e9
			}
		}
	}
	return ask
}
