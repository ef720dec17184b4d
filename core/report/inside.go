package report

import (
	"moecost/core/arch"
	"moecost/core/hardware"
	"moecost/core/quantity"
)

// Architecture is the model as it is loaded, after any conversion of its
// weights. It is shared and must not be changed.
func (r *Report) Architecture() *arch.Model { return r.in.arch }

// GPU is the accelerator of the scenario.
func (r *Report) GPU() hardware.Accelerator { return r.in.gpu }

// Units are the units of bytes that the scenario asks for.
func (r *Report) Units() quantity.Units {
	if r.Scenario.Units == "gib" {
		return quantity.Binary
	}
	return quantity.Decimal
}
