package plan

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"moecost/core/scenario"
)

// Questions from the corners of every key: a search ends, says nothing that is no number, and what it plans is finite and
// within its own limits. Only some shapes of each are looked at, to be quick.
func TestExtremes(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2))
	pick := func(values ...float64) float64 { return values[random.IntN(len(values))] }
	planned := 0
	for i := range 16 {
		s := scenario.Default()
		s.Model = []string{"qwen3-30b-a3b", "gpt-oss-120b", "llama-3.1-70b", "deepseek-v3"}[random.IntN(4)]
		s.Among = []string{"h100-sxm", "h200:3,gb200", "rtx4090", "mi300x"}[random.IntN(4)]
		s.Engine = []string{"ideal", "vllm", "sglang", "trtllm", "llamacpp"}[random.IntN(5)]
		if s.Engine == "trtllm" && s.Among == "mi300x" {
			s.Engine = "vllm"
		}
		s.Rate, s.Batch = pick(0, 0.001, 3, 300, 1e6), int(pick(1, 50, 2000, 1e6))
		s.In, s.Out = int(pick(1, 100, 4096, 4096, 200_000, 9_000_000)), int(pick(1, 2, 512, 512, 900_000))
		s.InCV, s.OutCV, s.Prefix = pick(0, 0.001, 1, 4), pick(0, 0.5, 4), pick(0, 0.5, 1)
		s.TPOT, s.TTFT, s.Pct = pick(0, 0.1, 300, 1e6, 1e6), pick(0, 0.1, 60_000, 1e7, 1e7), pick(50, 95, 99.9)
		s.Draft, s.Accept, s.Skew, s.Speed, s.Domain = random.IntN(3), pick(0, 0.85, 1), pick(0, 1, 4), pick(0, 2, 50), pick(0, 0.3, 4)
		s.Budget, s.Lossy = pick(0, 0, 50, 1e6), random.IntN(2) == 1
		s.Day, s.Peak, s.Autoscale = []string{"flat", "wave", "office"}[random.IntN(3)], pick(0, 1, 2.5, 24), random.IntN(2) == 1
		s.KWh, s.APIIn, s.APIOut = pick(0, 0.1), pick(0, 1), pick(0, 3)
		search := ask(t, s)
		var some []*shape
		for j, h := range search.shapes {
			if (i+j)%9 == 0 {
				some = append(some, h)
			}
		}
		search.shapes = some
		steps := 0
		for search.Phase() != "done" && steps < 100_000 {
			search.Advance(1)
			steps++
			if done, total := search.Done(); done > total {
				t.Fatalf("%+v: %d of %d done", s, done, total)
			}
		}
		r := search.Result()
		if _, err := json.Marshal(r); err != nil || !r.Done {
			t.Errorf("%s: done %v, %v", scenario.Encode(s), r.Done, err)
		}
		if p := r.Best; p != nil {
			planned++
			for what, x := range map[string]float64{"cost": p.PerHour, "TPOT": p.TPOT.Percentile, "TTFT": p.TTFT.Percentile, "output": p.Output, "bill": r.Day.Bill.PerDay} {
				if !(x > 0) || math.IsInf(x, 0) {
					t.Errorf("%s: %s %v", scenario.Encode(s), what, x)
				}
			}
			if s.Budget > 0 && p.PerHour > s.Budget || p.Main.Batch > p.Main.Seats || p.Main.Copies < 1 {
				t.Errorf("%s: %+v", scenario.Encode(s), p)
			}
		}
	}
	if planned < 4 {
		t.Error(fmt.Sprint("only ", planned, " of 16 questions have a plan"))
	}
}
