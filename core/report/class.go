package report

import "moecost/core/serving"

// Class is the class of predictions that a figure belongs to, whose errors make its range; false for
// what is counted, and for the ideal profile, which is a bound.
func (r *Report) Class(id string) (serving.Class, bool) {
	class, _, _, ok := r.predicted(id)
	return class, ok
}
