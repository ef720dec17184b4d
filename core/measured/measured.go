// Package measured takes what a user has measured on a deployment, at several loads, and says by how much its
// predictions should be scaled, and how sure they are then.
//
// The error of a prediction, as a logarithm, has a part that all loads of one configuration share and a part that is each
// load's own; core/serving knows the spread of both from published sweeps. So a measurement is not believed
// outright: the scale is the mean of the errors, shrunk towards what is usual where few points speak,
//
//	scale = (Σ d / own² + usual / shared²) / (Σ 1 / own² + 1 / shared²)
//
// with d the logarithm of measured over predicted. What is left of the range is that of the class inside a
// configuration, which was found by scaling sweeps by one of their loads: more points make the scale surer and the
// range no narrower, because in measured sweeps loads differ from each other by as much as that. Points of different
// classes speak of one engine on one machine, so they share a scale, each with the own part of its class.
package measured

import (
	"math"

	"moecost/core/serving"
)

// Sample is one measurement with what is predicted for it, both seconds.
type Sample struct {
	Class               serving.Class
	Measured, Predicted float64
}

// Fit is what samples say of a class of predictions.
type Fit struct {
	Factor    float64 // that predicted times are multiplied by; 1 without samples
	Low, High float64 // 80 % range of measured over predicted times: Factor lies between
	Samples   int
}

// z80 is the standard normal quantile of 0.9: eight in ten lie within it on both sides.
const z80 = 1.2815515655446004

// spread is the errors of a class as normal in logarithms.
type spread struct {
	usual       float64 // middle of the range
	shared, own float64 // variances: of configurations, and of loads inside one
}

// of splits a class's range. Its range inside a configuration is that of one load's error against another's, which
// is twice the own variance. A class whose inside is not known counts as having no shared part.
func of(class serving.Class) spread {
	r := serving.RangeOf(class)
	all := math.Pow(math.Log(r.High/r.Low)/(2*z80), 2)
	s := spread{usual: math.Log(r.High*r.Low) / 2, own: all}
	if r.NearbyLow > 0 && r.NearbyHigh > r.NearbyLow {
		s.own = min(math.Pow(math.Log(r.NearbyHigh/r.NearbyLow)/(2*z80), 2)/2, all)
	}
	s.shared = all - s.own
	return s
}

// Refit says how predictions of a class change with samples of the same configuration. Samples that are
// not positive, or not finite, say nothing.
func Refit(class serving.Class, samples []Sample) Fit {
	s := of(class)
	weight, sum, n := 0.0, 0.0, 0
	if s.shared > 0 {
		weight, sum = 1/s.shared, s.usual/s.shared
	}
	for _, x := range samples {
		d := math.Log(x.Measured / x.Predicted)
		if math.IsNaN(d) || math.IsInf(d, 0) || s.shared == 0 {
			continue
		}
		own := of(x.Class).own
		weight += 1 / own
		sum += d / own
		n++
	}
	if n == 0 {
		r := serving.RangeOf(class)
		return Fit{Factor: 1, Low: r.Low, High: r.High}
	}
	factor, r := math.Exp(sum/weight), serving.RangeOf(class)
	return Fit{Factor: factor, Low: factor * r.NearbyLow, High: factor * r.NearbyHigh, Samples: n}
}
