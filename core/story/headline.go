package story

import (
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// Headline is what a figure says where it stands alone, as in an embed: a sentence with its own numbers. It is the figure's title
// where that is such a sentence already, or where there is nothing to draw.
func Headline(ask scenario.Scenario, r *report.Report, f *Frame) Text {
	if say, ok := headlines[f.Chart]; ok && !f.Pending && f.Empty == nil && !f.Absent {
		if t := say(newVoice(ask, r)); t != nil {
			return t
		}
	}
	return say(f.Title)
}

// headlines are the sentences of figures whose title only names what they show, by the name of their
// chart. nil is for a report in which the title says more.
var headlines = map[string]func(*voice) Text{
	"ledger":     (*voice).heldHeadline,
	"account":    (*voice).heldHeadline,
	"routing":    (*voice).routingFinding,
	"traffic":    (*voice).trafficHeadline,
	"boards":     (*voice).coverageHeadline,
	"coverage":   (*voice).coverageHeadline,
	"bytes":      (*voice).bytesHeadline,
	"tpot":       (*voice).tpotHeadline,
	"batch":      (*voice).stepHeadline,
	"throughput": (*voice).throughputHeadline,
	"ranks":      func(v *voice) Text { return v.busiestHeadline("", &v.r.LoadedLayer().Before) },
	"placed":     func(v *voice) Text { return v.busiestHeadline("With EPLB, ", &v.r.LoadedLayer().After) },
	"imbalance":  (*voice).imbalanceHeadline,
}

func (v *voice) heldHeadline() Text {
	s, mem := &v.r.Scenario, &v.r.Memory
	each := " on each of "
	if s.GPUs == 1 {
		each = " on "
	}
	where := each + cards(s.GPUs, s.GPUName)
	if !mem.Fits {
		return say(s.ModelName+" lacks ", v.as("memory.per_gpu.free_bytes", quantity.Bytes.Text(v.units, float64(-mem.PerGPU.Free))), where)
	}
	return say(s.ModelName+" leaves ", v.figure("memory.per_gpu.free_bytes", quantity.Bytes), " of ", v.figure("memory.gpu_bytes", quantity.Bytes), " free", where)
}

func (v *voice) trafficHeadline() Text {
	q := v.r.Routing
	of := func(bytes float64) string { return quantity.Bytes.Text(v.units, bytes) }
	return say("A token sends " + of(q.PerExpert) + " in one layer with a copy for every expert, and " + of(q.PerRank) + " with one for every GPU that holds some")
}

// step is what reads, as findings name it: "A step for 64 sequences".
func (v *voice) step() string { return "A step for " + count(v.r.Scenario.Batch, "sequence") }

func (v *voice) coverageHeadline() Text {
	read := quantity.Significant(v.r.Decode.DistinctExperts, 3)
	return say(v.step()+" reads ", v.as("decode.distinct_experts", read), " of "+quantity.Integer(v.r.Model.RoutedExperts)+" experts")
}

func (v *voice) bytesHeadline() Text {
	each := quantity.Bytes.Text(v.units, v.r.Decode.TouchedBytes/float64(v.r.Scenario.Batch))
	return say(v.step()+" reads ", v.figure("decode.touched_bytes", quantity.Bytes), " of weights, "+each+" for each of them")
}

func (v *voice) tpotHeadline() Text {
	if v.r.Scenario.TPOT > 0 {
		return nil // how far the objective holds
	}
	return say("At batch "+quantity.Integer(v.r.Scenario.Batch)+", each user waits ", v.predicted("decode.tpot_s", quantity.Seconds), " for a token")
}

func (v *voice) stepHeadline() Text {
	return say(v.step()+" takes ", v.predicted("decode.step_s", quantity.Seconds))
}

func (v *voice) throughputHeadline() Text {
	return say(count(v.r.Scenario.Batch, "user")+" get ", v.predicted("decode.tokens_per_s", quantity.TokensPerSecond), ", each of them ",
		v.predicted("decode.tokens_per_s_per_user", quantity.TokensPerSecond))
}

func (v *voice) busiestHeadline(how string, side *report.RankLoads) Text {
	one := "GPU"
	if v.r.LoadedLayer().Shared {
		one = "rank"
	}
	the := "The"
	if how != "" {
		the = "the"
	}
	return say(how + the + " busiest of " + count(int64(len(side.Ranks)), one) + " gets " + quantity.Fixed(side.MaxOverMean, 2) + " times its share")
}

func (v *voice) imbalanceHeadline() Text {
	b := v.r.Balance
	return say("On "+count(int64(v.r.Scenario.EP), "rank")+", the busiest gets ", v.as("balance.max_over_mean", quantity.Fixed(b.MaxOverMean, 2)), " times its share, with EPLB ",
		v.as("balance.max_over_mean_eplb", quantity.Fixed(b.MaxOverMeanEPLB, 2)))
}

// Plain is a sentence without its buttons, for those who take only text.
func (t Text) Plain() string { return t.plain() }
