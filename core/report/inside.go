package report

import (
	"moecost/core/arch"
	"moecost/core/hardware"
)

// Architecture is the model as it is loaded, after any conversion of its
// weights. It is shared and must not be changed.
func (r *Report) Architecture() *arch.Model { return r.in.arch }

// GPU is the accelerator of the scenario.
func (r *Report) GPU() hardware.Accelerator { return r.in.gpu }
