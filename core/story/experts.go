package story

import (
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"
)

// experts is the fourth section: how unevenly experts are used, and what the GPUs
// wait for one another.
func (v *voice) experts() Section {
	return Section{
		ID: "hot", Number: 4, Name: "Hot experts",
		Finding: v.expertsFinding(), Prose: v.expertsProse(),
		Frames: []Frame{v.ranksFrame(), v.placedFrame(), v.imbalanceFrame(), v.spareFrame()},
	}
}

// spread is the balance of experts over ranks; nil where there is none to speak of.
func (v *voice) spread() *report.Balance {
	if b := v.r.Balance; b != nil && b.MaxOverMean > 0 {
		return b
	}
	return nil
}

// fold is a ratio as prose says it: "1.85 times".
func (v *voice) fold(id string) Span {
	return v.as(id, quantity.Fixed(v.value(id), 2)+" times")
}

// little is the imbalance below which there is nothing to even out.
const little = 1.05

// expertsFinding is the first of these that is true.
func (v *voice) expertsFinding() Text {
	b, s := v.spread(), &v.r.Scenario
	switch {
	case !v.moe():
		return say(s.ModelName + " has no experts: no GPU is busier than another.")
	case b == nil && s.GPUs == 1:
		return say("One GPU holds all experts: there is none to wait for.")
	case b == nil && s.EP <= 1:
		return say("Every GPU holds a part of each expert, so hot ones keep all of them equally busy.")
	case b == nil:
		return say("The hottest expert gets ", v.as("balance.hottest_expert", quantity.Times(v.value("balance.hottest_expert"))), " the tokens of the mean one.")
	case b.MaxOverMean < little:
		return say("The busiest GPU gets ", v.fold("balance.max_over_mean"), " its share: there is little to even out.")
	}
	with := "EPLB"
	if b.EPLBSpare > 0 {
		with = spares(b.EPLBSpare)
	}
	first := say("The busiest GPU gets ", v.fold("balance.max_over_mean"), " its share, and ",
		v.as("balance.max_over_mean_eplb", quantity.Fixed(b.MaxOverMeanEPLB, 2)), " with "+with)
	switch change := b.GainEPLB - 1; {
	case b.GainEPLB == 0:
		return append(first, words("."))
	case change <= -0.005:
		return append(first, say(", but a step takes ", v.as("balance.eplb_gain", percentOf(1/b.GainEPLB-1)), " longer.")...)
	case change < 0.005:
		return append(first, words("; a step takes as long."))
	default:
		return append(first, say("; a step is ", v.as("balance.eplb_gain", percentOf(change)), " faster.")...)
	}
}

// percentOf writes a small share with the digits that it deserves.
func percentOf(share float64) string { return quantity.Share.Text(quantity.Decimal, share) }

func spares(n int64) string { return count(n, "spare expert") }

func (v *voice) expertsProse() Text {
	if !v.moe() {
		return say("Dense layers are cut alike for every GPU. Experts are not alike: some are popular, and whoever holds them is waited for.")
	}
	t := say("The hottest expert here gets ", v.as("balance.hottest_expert", quantity.Times(v.value("balance.hottest_expert"))), " the tokens of the mean one. ")
	b := v.spread()
	if b == nil {
		return append(t, say("Whole experts on GPUs of their own would make some GPUs busier than others, and all wait for the busiest.")...)
	}
	t = append(t, words("All GPUs wait for the busiest at the end of every layer"))
	if b.SyncStall > 0 {
		t = append(t, say(": ", v.predicted("balance.sync_stall_s", quantity.Seconds), ", ", v.figure("balance.sync_stall_share", quantity.Share), " of a step")...)
	}
	t = append(t, words(". EPLB gives popular experts copies and spreads them"))
	if b.EPLBSpareBytes > 0 {
		take := "would take"
		if v.r.Scenario.EPLB != "off" {
			take = "take"
		}
		t = append(t, say(": "+spares(b.EPLBSpare)+" "+take+" ", v.figure("balance.eplb_spare_bytes", quantity.Bytes), " on each GPU")...)
	}
	t = append(t, words(". "))
	t = append(t, v.whatIsLeft(b)...)
	if b.Rebalance > 0 {
		t = append(t, say("Online, decoding waits ", v.figure("balance.rebalance_s", quantity.Seconds), " for every rebalancing, ",
			v.figure("balance.rebalance_share", quantity.Share), " of the time. ")...)
	} else if b.MovedBytes > 0 {
		t = append(t, say("Online, every rebalancing moves ", v.figure("balance.moved_bytes", quantity.Bytes), " to a GPU, layer by layer beside the steps. ")...)
	}
	return t
}

// whatIsLeft says why a placement by load does not make all equal, or does not help.
func (v *voice) whatIsLeft(b *report.Balance) Text {
	switch {
	case b.GainEPLB > 0 && b.GainEPLB < 1.005 && b.BusiestDistinctEPLB > 0:
		return say("But at this batch a step waits for weights, not for multiplications: the busiest GPU reads ", v.as("balance.busiest_distinct", quantity.Significant(b.BusiestDistinct, 3)),
			" experts of a layer in order, ", v.as("balance.busiest_distinct_eplb", quantity.Significant(b.BusiestDistinctEPLB, 3)), " with EPLB: a copy is one more expert to read. ")
	case b.MaxOverMeanEPLB > 1.2:
		return say("What is left is mostly chance: a step has too few tokens for every GPU to get its share. ")
	}
	return say("What is left is drift: the traffic is never quite the traffic that the plan was made for. ")
}

// unspread is why no GPU is busier than another, and the nearest scenario in which
// some are.
func (v *voice) unspread() Text {
	s := &v.r.Scenario
	switch {
	case !v.moe():
		return v.nothingRouted()
	case s.EP > 1 && !v.r.Memory.Fits:
		return v.untimed()
	case s.EP > 1:
		return say("The time of a step is not known here, so what GPUs wait for one another is not either.")
	}
	gpus, pairs := s.GPUs, ""
	if gpus == 1 {
		gpus = 8
		pairs = "gpus=8&"
	}
	stage := gpus / max(s.PP, 1)
	ep := stage
	for ep > 1 && (stage%ep != 0 || int64(ep) > v.r.Model.RoutedExperts) {
		ep--
	}
	if ep <= 1 {
		return say("One GPU holds all experts: there is none to wait for.")
	}
	if s.GPUs == 1 {
		return Text{words("Nothing to even out. "), {Text: "Spread them over 8", Apply: applied(v.ask, "tp=&pp=&dp=&"+pairs+"ep="+strconv.Itoa(ep))}, words(".")}
	}
	return say("Every expert is cut over all GPUs, so all get the same share. ", Span{Text: "Put whole experts on " + strconv.Itoa(ep) + " ranks", Apply: applied(v.ask, "ep="+strconv.Itoa(ep))}, ".")
}
