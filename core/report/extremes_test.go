package report_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
	"moecost/core/scenario"
)

// TestExtremes draws every field from all that a link may hold, corners first,
// and wants an answer that adds up: no panic, no overflow, no endless search.
func TestExtremes(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	models := preset.All()
	catalogue := report.Catalogue()
	for i := range 400 / every {
		query := "model=" + models[random.IntN(len(models))].ID
		for _, f := range scenario.Fields() {
			if f.Key == "v" || f.Key == "model" || random.IntN(3) == 0 {
				continue
			}
			query += "&" + f.Key + "=" + draw(random, f, catalogue)
		}
		s, _ := catalogue.Decode(query)
		r, err := report.Build(report.Question{Scenario: s})
		if err != nil {
			if s.Model != "gemini-1.5" {
				t.Errorf("%d: %s: %v", i, query, err)
			}
			continue
		}
		g := r.Memory.PerGPU
		sum := g.RoutedExperts + g.SharedExperts + g.Dense + g.Attention + g.Embedding + g.Router + g.Padding + g.MTP + g.Vision +
			g.KV + g.Activation + g.Comm + g.Runtime + g.Free
		if sum != r.Memory.GPUBytes {
			t.Errorf("%d: %s: lines add up to %d of %d", i, query, sum, r.Memory.GPUBytes)
		}
		for _, n := range []int64{g.RoutedExperts, g.SharedExperts, g.Dense, g.Attention, g.Embedding, g.Router, g.MTP, g.Vision, g.KV,
			g.Activation, g.Comm, g.Runtime, r.Memory.KVBytes, r.Memory.KVDeployedBytes, r.Memory.WeightsDeployedBytes, r.Memory.MaxBatch, r.Memory.KVCapacityTokens} {
			if n < 0 {
				t.Errorf("%d: %s: a count below zero: %+v", i, query, r.Memory)
				break
			}
		}
		for _, fault := range inconsistent(r) {
			t.Errorf("%d: %s: %s", i, query, fault)
		}
		for _, id := range r.Figures() {
			if d, err := r.Explain(id); err != nil {
				t.Errorf("%d: %s: %s: %v", i, query, id, err)
			} else if got, err := evaluate(d); err != nil || !near(got, d.Figure.Value) {
				t.Errorf("%d: %s: %s: %s gives %v (%v), the report says %v", i, query, id, d.Formula, got, err, d.Figure.Value)
			}
		}
	}
}

// near allows for the order of additions, and for whole numbers beyond 2^53.
func near(a, b float64) bool {
	d := a - b
	return d*d <= 1e-18*b*b
}

// draw picks a value of a field: a corner of its domain or something inside.
func draw(random *rand.Rand, f scenario.Field, c scenario.Catalogue) string {
	switch f.Kind {
	case scenario.KindCount:
		return fmt.Sprint(int64(pick(random, f)))
	case scenario.KindNumber:
		return fmt.Sprintf("%.3f", pick(random, f))
	case scenario.KindFlag:
		return fmt.Sprint(random.IntN(2))
	case scenario.KindPoints:
		return []string{"1:0.01", "1000000x1x1:1e7:0.01", "16:20.5~64x4096x1024:31.5:900"}[random.IntN(3)]
	}
	choices := f.Choices
	switch f.Key {
	case "gpu":
		choices = c.GPUs
	case "weights":
		choices = c.Weights
	case "kv":
		choices = c.KVs
	case "engine":
		choices = c.Engines
	}
	if len(choices) == 0 {
		return ""
	}
	return choices[random.IntN(len(choices))].ID
}

func pick(random *rand.Rand, f scenario.Field) float64 {
	switch random.IntN(4) {
	case 0:
		return f.Min
	case 1:
		return f.Max
	case 2:
		return f.Min + (f.Max-f.Min)*random.Float64()
	}
	return min(max(f.Min, float64(int(1)<<random.IntN(12))), f.Max)
}
