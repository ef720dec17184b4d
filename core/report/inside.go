package report

import (
	"math"

	"moecost/core/arch"
	"moecost/core/hardware"
	"moecost/core/quantity"
	"moecost/core/routing"
)

// Architecture is the model as it is loaded, after any conversion of its
// weights. It is shared and must not be changed.
func (r *Report) Architecture() *arch.Model { return r.in.arch }

// GPU is the accelerator of the scenario.
func (r *Report) GPU() hardware.Accelerator { return r.in.gpu }

// PopularityName is how popular experts are, in a word: "σ 1.0", "α 1.2", "your counts".
func (r *Report) PopularityName() string {
	skew := r.in.popular.Skew
	text := quantity.Significant(skew, 3)
	if skew == math.Trunc(skew*10)/10 {
		text = quantity.Fixed(skew, 1)
	}
	switch {
	case r.Counted():
		return "your counts"
	case r.in.popular.Law == routing.Power:
		return "α " + text
	}
	return "σ " + text
}

// Units are the units of bytes that the scenario asks for.
func (r *Report) Units() quantity.Units {
	if r.Scenario.Units == "gib" {
		return quantity.Binary
	}
	return quantity.Decimal
}

// Counted tells whether counts of a router drive the report, in place of a law.
func (r *Report) Counted() bool { return r.in.popular.Counts != nil }
