package routing

import "math"

// normalQuantile is the inverse of the standard normal distribution function.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// ExpectedMaxNormal approximates the expected maximum of n independent standard
// normal variables (Blom 1958, within 1 % for n of 2 and more): 1.42 for 8, 2.07
// for 32, 2.36 for 72. 0 for one variable.
func ExpectedMaxNormal(n int) float64 {
	if n < 2 {
		return 0
	}
	return normalQuantile((float64(n) - 0.375) / (float64(n) + 0.25))
}
