package report

import "moecost/core/serving"

// AccuracyRow is one measurement and what is predicted for it by constants that
// were not fitted on its configuration.
type AccuracyRow struct {
	Class, Model, GPU, Engine string
	GPUs                      int
	Measured, Predicted       float64 // seconds, or tokens/s where Rate
	Rate                      bool
	Source                    string // address
}

// AccuracyClass is the errors of one class of predictions.
type AccuracyClass struct {
	Name                  string
	Rows, Configurations  int
	Median, P80           float64 // absolute error as a share
	Bias                  float64 // median of predicted over measured time
	Inside                float64 // share of rows in the 80 % range
	Low, High             float64 // the range, measured over predicted time
	NearbyLow, NearbyHigh float64 // after one measurement of the same configuration
}

// Accuracy lists the measurements and the errors by class. The slices are shared.
func Accuracy() ([]AccuracyRow, []AccuracyClass) { return nil, nil }

// measuredIn is the errors of one class.
func measuredIn(class serving.Class) AccuracyClass {
	_, classes := Accuracy()
	for _, c := range classes {
		if c.Name == class.String() {
			return c
		}
	}
	return AccuracyClass{}
}
