package main

import (
	"slices"
	"strings"

	"moecost/core/card"
	"moecost/core/report"
	"moecost/core/scenario"
)

// sharing is what templates ask of the share dialog.
var sharing = map[string]any{
	"edgeCharts":    func() string { return strings.Join(card.ChartNames(), " ") },
	"embedControls": embedControls,
	"embeds":        embeds,
}

// embedControls names the control of each embed, for the share dialog: "batch: ledger account; skew: ranks".
func embedControls() string {
	var all []string
	for _, e := range embedOwns {
		all = append(all, strings.ToLower(e.label)+": "+e.figures)
	}
	return strings.Join(all, "; ")
}

// embeds tells whether a figure can be embedded.
func embeds(figure string) bool {
	named := func(c scenario.Choice) bool { return c.ID == figure }
	return slices.ContainsFunc(report.Charts, named) || slices.ContainsFunc(report.Tables, named)
}
