package story

import (
	"strconv"
	"strings"

	"moecost/core/plan"
	"moecost/core/quantity"
)

// run says how much was searched, under each figure.
func (p planned) run() string {
	return quantity.Integer(int64(p.r.Looked)) + " of " + quantity.Integer(int64(p.r.Shapes)) + " layouts looked at."
}

// choiceFrame is the deployment itself, as a table.
func (p planned) choiceFrame() Frame {
	f := Frame{
		Chart: PlanID, Derivation: planKey + "best.usd_per_hour", Title: "The cheapest deployment", Unit: "That keeps the objectives", TableOnly: true, Run: p.run(),
		Name: "The plan, line by line", Source: say("Prices and their dates: assets/hardware.csv, or yours"),
		Table: Table{Columns: []Column{{Name: "Deployment"}, {Name: "Plan", Numeric: true}}},
	}
	row := func(head, cell string) {
		f.Table.Rows = append(f.Table.Rows, Row{Head: head, Cells: []string{cell}})
	}
	best := p.r.Best
	if best == nil {
		best = &plan.Plan{}
		for _, head := range []string{"GPUs", "Weights", "Cache", "Copies", "Prefill tokens in a step", "Sequences at once", "Drafted tokens", "Spare experts", "One token, P" + objective(p.ask.Pct), "First token, P" + objective(p.ask.Pct), "A million output tokens", "A million tokens in and out"} {
			row(head, quantity.Unknown)
		}
		f.Table.Rows = append(f.Table.Rows, Row{Kind: RowTotal, Head: "An hour", Cells: []string{quantity.Unknown}})
		return f
	}
	row("GPUs", quantity.Integer(int64(best.GPUs))+" × "+best.GPUName+" at "+dollars(best.Price))
	weights := "as published"
	if best.Weights != "" {
		weights = best.Weights
	}
	row("Weights", weights)
	row("Cache", best.KV)
	main := &best.Main
	if best.Prefill != nil {
		row("Copies that prefill", copies(best.Prefill))
		row("Copies that decode", copies(main))
		row("Prefill tokens in a step", quantity.Integer(best.Prefill.Chunk))
	} else {
		row("Copies", copies(main))
		row("Prefill tokens in a step", quantity.Integer(main.Chunk))
	}
	row("Sequences at once, of a copy", quantity.Integer(main.Batch))
	row("Drafted tokens", quantity.Integer(main.Draft))
	row("Spare experts in a layer", quantity.Integer(main.Spare))
	if p.ask.Out > 1 {
		row("One token, P"+objective(p.ask.Pct), p.time(best.TPOT))
	}
	row("First token, P"+objective(p.ask.Pct), p.time(best.TTFT))
	row("A million output tokens", dollars(best.Output))
	row("A million tokens in and out", dollars(best.Tokens))
	f.Table.Rows = append(f.Table.Rows, Row{Kind: RowTotal, Head: "An hour", Cells: []string{dollars(best.PerHour)}})
	return f
}

// frontFrame is cost against speed: of the deployments on it none is both faster and cheaper.
func (p planned) frontFrame() Frame {
	f := Frame{
		Chart: "pareto", Derivation: planKey + "best.usd_per_m_output", Title: "What speed costs", Unit: "Dollars for a million output tokens against tokens per second of one user", Run: p.run(),
		Source: say("The cheapest of everything tried, at each speed, its copies full; the plan stands above where they are not"),
		Table: Table{Columns: []Column{{Name: "Tokens/s of one user", Numeric: true}, {Name: "USD per M output", Numeric: true}, {Name: "GPUs of a copy"}, {Name: "Layout"}, {Name: "Formats"},
			{Name: "Drafts", Numeric: true}, {Name: "Keeps the objectives"}}},
	}
	if len(p.r.Front) == 0 {
		f.Empty = say("No deployment has been found yet.")
		return f
	}
	for _, x := range p.r.Front {
		kept := "no"
		if x.InsideTPOT {
			kept = "yes"
		}
		layout := x.Layout
		if x.Split {
			layout += ", prefill apart"
		}
		f.Table.Rows = append(f.Table.Rows, Row{Head: quantity.Significant(x.TokensPerS, 3), Cells: []string{
			quantity.Significant(x.USDPerM, 3), strconv.Itoa(x.GPUs) + " × " + x.GPU, layout, formats(x.Weights, x.KV), quantity.Integer(x.Draft), kept}})
	}
	fast, cheap := p.r.Front[0], p.r.Front[len(p.r.Front)-1]
	f.Title = "A user can have " + quantity.Significant(fast.TokensPerS, 2) + " tokens a second, for " + dollars(fast.USDPerM) + " a million; at " + quantity.Significant(cheap.TokensPerS, 2) + " it is " + dollars(cheap.USDPerM)
	f.Name = "Cost of a million output tokens against the speed of one user, from " + quantity.Significant(cheap.TokensPerS, 2) + " to " + quantity.Significant(fast.TokensPerS, 2) + " tokens per second: from " +
		dollars(cheap.USDPerM) + " to " + dollars(fast.USDPerM)
	return f
}

// othersFrame lists the best of each other kind, and why it is not the plan.
func (p planned) othersFrame() Frame {
	f := Frame{
		Chart: "others", Title: "Runners-up", Unit: "The best of each other kind, and why it lost", TableOnly: true, Run: p.run(),
		Name: "Deployments of other kinds", Source: say("A kind is an accelerator, its formats and how experts and prompts are laid out"),
		Table: Table{Columns: []Column{{Name: "Kind"}, {Name: "GPUs", Numeric: true}, {Name: "USD an hour", Numeric: true}, {Name: "USD per M output", Numeric: true}, {Name: "Why not"}}},
	}
	for i := range p.r.Others {
		o := &p.r.Others[i]
		gpus, hour, output := "", "", ""
		if o.Plan != nil {
			gpus, hour, output = quantity.Integer(int64(o.Plan.GPUs)), quantity.Fixed(o.Plan.PerHour, 2), quantity.Fixed(o.Plan.Output, 2)
		}
		f.Table.Rows = append(f.Table.Rows, Row{Head: kindOf(o), Cells: []string{gpus, hour, output, o.Why}})
	}
	return f
}

// changesFrame is what would change the answer.
func (p planned) changesFrame() Frame {
	f := Frame{
		Chart: "tornado", Title: "What would change the answer", Unit: "Cost of the best deployment then, over that of the plan", Run: p.run(),
		Source: say("Each planned anew, by the closed form on both sides"),
		Table:  Table{Columns: []Column{{Name: "If it were"}, {Name: "Cost, times", Numeric: true}, {Name: "USD an hour", Numeric: true}, {Name: "Deployment"}}},
	}
	if len(p.r.Changes) == 0 {
		f.Empty = say("What would change the answer is worked out last.")
		if p.r.Done {
			f.Empty = say("There is no plan that something could change.")
		}
		return f
	}
	if p.r.Best == nil && p.r.Done {
		f.Unit = "Cost of the best deployment then, over that of the cheapest, which is beyond the budget"
	}
	var most, least plan.Change
	for _, c := range p.r.Changes {
		shape, ratio, hour := "the same", quantity.Fixed(c.Ratio, 2), quantity.Fixed(c.PerHour, 2)
		switch {
		case c.PerHour == 0:
			shape, ratio, hour = "none keeps the objectives", "", ""
		case c.Shape && c.Plan != nil:
			shape = cards(c.Plan.GPUs, c.Plan.GPUName) + strings.TrimSuffix(divided(c.Plan), ",")
		case c.Shape:
			shape = "another one"
		}
		f.Table.Rows = append(f.Table.Rows, Row{Head: capital(c.Name), Cells: []string{ratio, hour, shape}})
		if strings.HasPrefix(c.ID, "price") {
			continue // what everybody knows
		}
		if c.Ratio > most.Ratio {
			most = c
		}
		if c.Ratio > 0 && (c.Ratio < least.Ratio || least.Ratio == 0) {
			least = c
		}
	}
	f.Name = "Cost over that of the plan:"
	for _, c := range p.r.Changes {
		f.Name += " " + c.Name + " " + quantity.Fixed(c.Ratio, 2) + ";"
	}
	if most.Ratio > 1.005 {
		f.Title = capital(most.Name) + " would cost " + quantity.Times(most.Ratio) + " as much"
	} else if least.Ratio > 0 && least.Ratio < 0.995 {
		f.Title = capital(least.Name) + " would cost " + quantity.Times(least.Ratio) + " as much"
	}
	return f
}
