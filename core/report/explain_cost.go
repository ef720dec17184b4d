package report

func costExplanations() []explanation {
	return []explanation{
		{"cost.usd_per_hour", func(r *Report, d *Derivation) {
			source := "the scenario: price"
			if basis := r.in.gpu.Price.Basis; r.Scenario.Price == r.in.gpu.Price.USDPerHour {
				for _, s := range r.in.gpu.Sources.Price {
					source = basis + ": " + s.Address
					break
				}
			}
			d.term("P", "dollars per GPU-hour", r.Scenario.Price, Dollars, source)
			d.term("G", "GPUs", float64(r.in.layout.GPUs), GPUs, r.layoutSource())
			d.say("price = GPUs × price of one", "G*P")
		}},
		{"cost.usd_per_m_output", func(r *Report, d *Derivation) {
			d.figure(r, "H", "cost.usd_per_hour")
			d.figure(r, "S", "decode.step_s")
			d.batch(r)
			formula := "10^6*H/3600*S/B"
			if r.in.load.Draft > 0 {
				d.figure(r, "a", "decode.tokens_per_step")
				formula += "/a"
			}
			d.say("price = price per second × time of a decode step / tokens that it makes", formula)
			d.Note = "Decode steps alone; prompts are priced apart, by the time of their prefill steps. Both together are all the time of a full deployment."
		}},
		{"cost.usd_per_m_input", func(r *Report, d *Derivation) {
			d.figure(r, "H", "cost.usd_per_hour")
			d.figure(r, "R", "prefill.tokens_per_s")
			d.say("price = price per second / prompt tokens per second", "10^6*H/3600/R")
			d.Note = "Prefill steps alone, chunks full."
		}},
	}
}
