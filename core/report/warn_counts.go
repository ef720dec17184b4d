package report

import (
	"fmt"

	"moecost/core/quantity"
)

// warnCounts says where counts of a router do not match the model that they are to
// drive.
func (r *Report) warnCounts() {
	in := &r.in
	if in.counted == nil {
		return
	}
	spread := in.counted.Spread()
	var used, missing, layers float64
	for i := range in.kinds {
		l := &in.kinds[i]
		layers += l.layers
		used += float64(len(l.counted))
		missing += max(l.layers-float64(len(l.counted)), 0)
	}
	w := Warning{ID: "counts", At: "model"}
	switch {
	case layers == 0:
		w.Text = "The counts are not used: " + r.Scenario.ModelName + " has no routed experts."
		w.WayOut = "Choose the model that they were counted on."
	case used == 0:
		w.Text = fmt.Sprintf("The counts are not used: they have %d experts in a layer, and %s has %d.", spread.Experts, r.Scenario.ModelName, r.Model.RoutedExperts)
		w.WayOut = "Choose the model that they were counted on."
	case missing > 0:
		w.Text = fmt.Sprintf("The counts have %s of the %s MoE layers of %s: their mean stands for the others.",
			quantity.Integer(int64(used)), quantity.Integer(int64(layers)), r.Scenario.ModelName)
	case used > layers:
		w.Text = fmt.Sprintf("The counts have %s layers, and %s has %s with experts: the mean of all is used.",
			quantity.Integer(int64(used)), r.Scenario.ModelName, quantity.Integer(int64(layers)))
	default:
		return
	}
	r.add(w)
}
