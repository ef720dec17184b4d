package serving

// Start returns the round values from which a fit starts: read off single
// measurements before any fit.
func Start() Constants {
	return Constants{
		Memory:  [familyCount]float64{0.67, 0.66, 0.77, 0.62, 0.80, 0.95, 0.90, 0.78, 0.7},
		Compute: [familyCount]float64{0.50, 0.47, 0.57, 0.42, 0.16, 0.45, 0.39, 0.23, 0.4},
		Slow:    [familyCount]float64{1, 1, 1, 1.8, 1, 1, 1, 2.2, 1},

		CacheRead: 0.8, ExpertRead: 0.95, LatentPeak: 0.55, AttendPeak: 0.46, AttendLocal: 1.0, FP8Peak: 0.7, FP4Peak: 0.56,
		Depth: 300, Ramp: 200, Kernel: 4e-6, Older: 1.2, AMDBlocks: 0.8, Step: 0.5e-3, Network: 1.05, Sequence: 3e-6, Between: 1, Together: 0.3, Wave: 0.57, WaveExponent: 0.66, Spread: 0.4,
		Request: [engineCount]float64{0, 18e-3, 19e-3, 28e-3, 20e-3},
		Host:    [engineCount]float64{0, 20e-6, 65e-6, 45e-6, 1e-6},
	}
}
