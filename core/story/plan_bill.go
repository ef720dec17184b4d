package story

import (
	"math"

	"moecost/core/plan"
	"moecost/core/quantity"
)

// billFrame is what a day of the plan costs.
func (p planned) billFrame() Frame {
	f := Frame{
		Chart: "bill", Derivation: planKey + "day.bill.usd_per_day", Title: "A day", Unit: "Of the traffic planned for at the busiest hour", TableOnly: true, Run: p.run(),
		Name: "What a day costs", Source: say("USD = GPU-hours × price + kWh × price of one; prices and rated power: assets/hardware.csv, or yours"),
		Table: Table{Columns: []Column{{Name: "A day"}, {Name: "Amount", Numeric: true}, {Name: "How it comes about"}}},
	}
	best, day := p.r.Best, p.r.Day
	if best == nil || day == nil {
		for _, head := range []string{"GPU-hours", "Utilisation", "Input tokens", "Output tokens", "A million input tokens", "A million output tokens"} {
			f.Table.Rows = append(f.Table.Rows, Row{Head: head, Cells: []string{quantity.Unknown, ""}})
		}
		f.Table.Rows = append(f.Table.Rows, Row{Kind: RowTotal, Head: "Cost", Cells: []string{quantity.Unknown, ""}})
		return f
	}
	b := &day.Bill
	f.Title = "A day costs " + dollars(b.PerDay) + ", " + dollars(b.PerInput) + " a million input tokens and " + dollars(b.PerOutput) + " a million output tokens"
	row := func(head, cell, how string) {
		f.Table.Rows = append(f.Table.Rows, Row{Head: head, Cells: []string{cell, how}})
	}
	row("GPU-hours", quantity.Integer(int64(b.GPUHours+0.5)), gpusOfDay(day))
	row("Peak over mean", quantity.Fixed(day.Peak, 2), "traffic of the busiest hour, which the plan is for")
	row("Utilisation", quantity.Share.Text(quantity.Decimal, day.Utilised), "mean traffic over what the GPUs that run are planned for")
	if b.Energy > 0 {
		how := "GPU-hours × " + quantity.Fixed(best.Watts, 0) + " W rated × PUE " + objective(p.ask.PUE)
		if b.Power > 0 {
			how += "; " + dollars(b.Power) + " at " + dollars(p.ask.KWh)
		} else {
			how += "; the price of a GPU contains it"
		}
		row("Electricity", quantity.Integer(int64(b.Energy+0.5))+"\u00a0kWh", how)
		row("Tokens for a kWh", quantity.Significant(b.PerKWh, 3), "input and output")
	}
	row("Input tokens", tokensOfDay(b.Fresh+b.Cached), quantity.Share.Text(quantity.Decimal, b.Cached/(b.Fresh+b.Cached))+" of them cached")
	row("Output tokens", tokensOfDay(b.Output), "")
	row("A million input tokens", dollars(b.PerInput), quantity.Share.Text(quantity.Decimal, b.Share)+" of the cost, as of the GPU time")
	if b.Cached > 0 {
		row("A million of them prefilled", dollars(b.PerFresh), "cached tokens take no prefill; what keeping their cache costs is not in it")
	}
	row("A million output tokens", dollars(b.PerOutput), "the other "+quantity.Share.Text(quantity.Decimal, 1-b.Share))
	row("A million output tokens, all of the cost on them", dollars(b.AllOutput), "cost / output tokens")
	row("A million tokens, input and output", dollars(b.PerToken), "cost / all tokens")
	sum := quantity.Integer(int64(b.GPUHours+0.5)) + " GPU-hours × " + dollars(best.Price)
	if b.Power > 0 {
		sum += " + " + dollars(b.Power)
	}
	f.Table.Rows = append(f.Table.Rows, Row{Kind: RowTotal, Head: "Cost", Cells: []string{dollars(b.PerDay), sum}})
	if b.Compared {
		f.Table.Rows = append(f.Table.Rows, p.apiRows(b)...)
	}
	return f
}

// tokensOfDay is so many tokens in words that fit their number.
func tokensOfDay(n float64) string {
	switch {
	case n >= 1e8:
		return quantity.Significant(n/1e9, 3) + "\u00a0billion"
	case n >= 1e5:
		return quantity.Significant(n/1e6, 3) + "\u00a0million"
	}
	return quantity.Integer(int64(math.Round(n)))
}

// gpusOfDay says how many run.
func gpusOfDay(d *plan.Day) string {
	least, most := d.GPUs[0], d.GPUs[0]
	for _, n := range d.GPUs {
		least, most = min(least, n), max(most, n)
	}
	if least == most {
		return count(int64(most), "GPU") + " × 24 hours"
	}
	return quantity.Integer(int64(least)) + " to " + quantity.Integer(int64(most)) + " GPUs, hour by hour"
}

// apiRows compare with an API's prices.
func (p planned) apiRows(b *plan.Bill) []Row {
	rows := []Row{{Head: "The same tokens at the API", Cells: []string{dollars(b.API), "your prices for input, cached input and output"}}}
	if b.Saving >= 0 {
		rows = append(rows, Row{Kind: RowChosen, Head: "GPUs are cheaper by", Cells: []string{dollars(b.Saving), "the API costs " + quantity.Times(b.Ratio) + " as much; both cost the same at " + quantity.Share.Text(quantity.Decimal, b.BreakAt) + " of this traffic"}})
	} else {
		rows = append(rows, Row{Kind: RowChosen, Head: "The API is cheaper by", Cells: []string{dollars(-b.Saving), "it costs " + quantity.Share.Text(quantity.Decimal, b.Ratio) + " of what the GPUs do"}})
	}
	return rows
}
