package replay

import (
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"moecost/core/offload/cache"
)

func readTrace(t *testing.T, name string) *Trace {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name + ".csv")
	if err != nil {
		t.Fatal(err)
	}
	all, err := Read(string(text), 128)
	if err != nil {
		t.Fatal(err)
	}
	return all[0]
}

// The curves that BigMoeOnEdge publishes for its own traces, from a simulator that agrees with
// the hit rate of a phone to a tenth of a point: testdata/published.csv. A hundredth of a point is their rounding.
//
// That simulator never evicts what the step itself asked for. A cache over all layers hardly
// notices; a cache per layer keeps the whole prompt for a step, and a step's experts however little room there
// is, so that its published curve is flat below one cycle (38.3, 36.0 and 19.1 %). Run keeps to the room.
func TestPublishedCurves(t *testing.T) {
	file, err := os.Open("testdata/published.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	traces := map[string]*Trace{}
	number := func(s string) float64 {
		x, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatal(err)
		}
		return x
	}
	for _, row := range rows[1:] {
		trace := traces[row[0]]
		if trace == nil {
			trace = readTrace(t, row[0])
			traces[row[0]] = trace
		}
		policy, room, want := cache.Policy(row[2]), number(row[1])*(1<<20), number(row[3])
		got := 100 * run(trace, policy, int64(room), true).HitRate()
		if math.Abs(got-want) > 0.01 {
			t.Errorf("%s, %s MiB, %s: got %.3f, want %.3f", row[0], row[1], policy, got, want)
		}
	}
}

// What keeping to the room costs a cache per layer: less than a point where a cycle fits, and
// everything below it, down to nothing. At exactly one cycle's room the two agree but for the prompt.
func TestNoOverdraftBelowOneCycle(t *testing.T) {
	for name, flat := range map[string]float64{"qwen": 38.344, "gemma": 36.024, "gptoss": 19.054} {
		trace := readTrace(t, name)
		cycle := trace.Cycle() * float64(trace.Total())
		before := 101.0
		for _, share := range []float64{1.05, 0.9, 0.6, 0.3, 0.1} {
			got := 100 * Run(trace, cache.LRU, int64(share*cycle)).HitRate()
			if got > before {
				t.Errorf("%s: %.1f %% with %g of a cycle, %.1f %% with more", name, got, share, before)
			}
			if share > 1 && math.Abs(got-flat) > 4 {
				t.Errorf("%s: %.1f %% with a cycle's room, published %.1f", name, got, flat)
			}
			before = got
		}
		if before > 10 {
			t.Errorf("%s: %.1f %% with a tenth of a cycle's room: the cache keeps more than it has room for", name, before)
		}
	}
}
