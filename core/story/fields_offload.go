package story

import (
	"moecost/core/quantity"
	"moecost/core/scenario"
)

// offloadFields are the controls of the sixth section.
func (v *voice) offloadFields(fields map[string]Field) {
	if !v.moe() {
		return
	}
	ask, s := &v.ask, &v.r.Scenario
	host, cached := s.Host, s.Cache
	if o := v.r.Offload; o != nil && v.r.HostChosen() {
		host, cached = o.HostShare, o.CacheFits
	}
	link, cpu, drive := v.r.HostRates()
	rate := func(asked, known float64) Field {
		f := Field{Auto: asked == 0}
		if asked > 0 {
			f.Value = objective(asked)
		} else if known > 0 {
			f.Value = quantity.Significant(known/1e9, 3)
		}
		return f
	}
	fields["host"] = Field{Value: quantity.Significant(host, 3), Auto: v.r.HostChosen()}
	fields["cache"] = Field{Value: quantity.Significant(cached, 3), Auto: v.r.HostChosen()}
	fields["ram"] = Field{Value: objective(ask.RAM)}
	fields["link"] = rate(ask.Link, link)
	fields["cpu"] = rate(ask.CPU, cpu)
	fields["nvme"] = rate(ask.NVMe, drive)
	fields["recall"] = Field{Value: quantity.Fixed(s.Recall, 2)}
	fields["experts"] = Field{Chosen: ask.Experts, Options: append([]Option{{"", "The fastest"}}, choicesOf("experts")...)}
	fields["evict"] = Field{Chosen: s.Evict, Options: choicesOf("evict")}
	fields["prefetch"] = Field{Chosen: s.Prefetch, Options: choicesOf("prefetch")}
	refetch := "0"
	if s.Refetch {
		refetch = "1"
	}
	fields["refetch"] = Field{Chosen: refetch, Options: []Option{{"1", "Copied after all"}, {"0", "Guess executed"}}}
}

// choicesOf are the choices of a key of the link.
func choicesOf(key string) []Option {
	for _, f := range scenario.Fields() {
		if f.Key == key {
			return choices(f.Choices)
		}
	}
	return nil
}
