package plan

import "testing"

// BenchmarkSearch looks at every deployment of DeepSeek-V3 on two accelerators; it reports deployments per second.
func BenchmarkSearch(b *testing.B) {
	tried := 0
	for b.Loop() {
		s := ask(b, usual("deepseek-v3", "h800,h200"))
		for s.Phase() == "search" {
			s.Advance(10)
		}
		tried += s.tried
	}
	b.ReportMetric(float64(tried)/b.Elapsed().Seconds(), "deployments/s")
}

// BenchmarkWhole goes on to the end: simulations and what would change the plan.
func BenchmarkWhole(b *testing.B) {
	for b.Loop() {
		finish(ask(b, usual("deepseek-v3", "h800,h200")))
	}
}

// BenchmarkResult is what a worker asks for between two slices.
func BenchmarkResult(b *testing.B) {
	s := ask(b, usual("deepseek-v3", "h800,h200"))
	for s.Phase() == "search" {
		s.Advance(10)
	}
	for b.Loop() {
		s.Result()
	}
}
