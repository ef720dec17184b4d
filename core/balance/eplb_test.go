package balance

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
)

// vectors is the format of eplb_vectors.json, whose note says where its cases come from.
type vectors struct {
	Cases []struct {
		Seed   *int        `json:"seed"`
		Kind   string      `json:"kind"`
		Weight [][]float32 `json:"weight"`
		Args   struct {
			Replicas int `json:"num_replicas"`
			Groups   int `json:"num_groups"`
			Nodes    int `json:"num_nodes"`
			GPUs     int `json:"num_gpus"`
		} `json:"args"`
		Policy string `json:"policy"`
		Expect struct {
			PhyToLog [][]int32   `json:"phy2log"`
			LogToPhy [][][]int32 `json:"log2phy"`
			LogCnt   [][]int32   `json:"logcnt"`
		} `json:"expect"`
		Balancedness []float64 `json:"balancedness_per_layer"`
	} `json:"cases"`
}

func readVectors(t testing.TB) vectors {
	data, err := os.ReadFile("testdata/eplb_vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVectors(t *testing.T) {
	v := readVectors(t)
	if len(v.Cases) < 16 {
		t.Fatalf("got %d cases, want 16", len(v.Cases))
	}
	for i, c := range v.Cases {
		plan, err := Rebalance(c.Weight, c.Args.Replicas, c.Args.Groups, c.Args.Nodes, c.Args.GPUs)
		if err != nil {
			t.Fatalf("for case %d, %v", i, err)
		}
		if plan.Hierarchical != (c.Policy == "hierarchical") {
			t.Errorf("for case %d, got hierarchical %v, want %s", i, plan.Hierarchical, c.Policy)
		}
		for _, part := range []struct {
			name      string
			got, want any
		}{{"phy2log", plan.PhyToLog, c.Expect.PhyToLog}, {"log2phy", plan.LogToPhy, c.Expect.LogToPhy}, {"logcnt", plan.LogCnt, c.Expect.LogCnt}} {
			if !reflect.DeepEqual(part.got, part.want) {
				t.Errorf("for case %d (%s), %s differs", i, c.Kind, part.name)
			}
		}
		for layer, want := range c.Balancedness { // mean over max, nine digits printed
			p := plan.Placement(layer)
			near(t, "balancedness", 1/MaxOverMean(p.Loads(nil, wide(c.Weight[layer]))), want, 1e-8)
		}
	}
}

func wide(row []float32) []float64 {
	out := make([]float64, len(row))
	for i, w := range row {
		out[i] = float64(w)
	}
	return out
}

func rebalance(t *testing.T, weights [][]float32, slots, groups, nodes, ranks int) Plan {
	t.Helper()
	plan, err := Rebalance(weights, slots, groups, nodes, ranks)
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.PhyToLog) != len(weights) || len(plan.PhyToLog[0]) != slots || len(plan.LogToPhy) != len(weights) {
		t.Fatalf("a plan of %d layers × %d slots, want %d × %d", len(plan.PhyToLog), len(plan.PhyToLog[0]), len(weights), slots)
	}
	for layer := range weights {
		checkLayer(t, &plan, layer, len(weights[0]))
	}
	return plan
}

// checkLayer: every expert is held, and the three tables say the same.
func checkLayer(t *testing.T, plan *Plan, layer, experts int) {
	t.Helper()
	held, most := make([]int32, experts), int32(0)
	for _, counts := range plan.LogCnt {
		for _, n := range counts {
			most = max(most, n)
		}
	}
	for slot, e := range plan.PhyToLog[layer] {
		found := false
		for _, s := range plan.LogToPhy[layer][e] {
			found = found || s == int32(slot)
		}
		if !found {
			t.Fatalf("layer %d: log2phy of expert %d lacks slot %d", layer, e, slot)
		}
		held[e]++
	}
	for e, n := range held {
		if n < 1 || n != plan.LogCnt[layer][e] {
			t.Fatalf("layer %d: expert %d is held %d times, logcnt says %d", layer, e, n, plan.LogCnt[layer][e])
		}
		row := plan.LogToPhy[layer][e]
		if len(row) != int(most) {
			t.Fatalf("layer %d: a row of %d in log2phy, want %d", layer, len(row), most)
		}
		for i, s := range row {
			if (s >= 0) != (i < int(n)) {
				t.Fatalf("layer %d: log2phy of expert %d is %v with %d replicas", layer, e, row, n)
			}
		}
	}
}

// The example of EPLB's README, asserted in vLLM's tests too, and the same weights
// through the global policy. Loads were added up apart.
func TestReadme(t *testing.T) {
	weights := [][]float32{
		{90, 132, 40, 61, 104, 165, 39, 4, 73, 56, 183, 86},
		{20, 107, 104, 64, 19, 197, 187, 157, 172, 86, 16, 27},
	}
	for _, c := range []struct {
		groups      int
		phy         [][]int32
		loads       []float64
		maxOverMean []float64
	}{
		{4, [][]int32{{5, 6, 5, 7, 8, 4, 3, 4, 10, 9, 10, 2, 0, 1, 11, 1}, {7, 10, 6, 8, 6, 11, 8, 9, 2, 4, 5, 1, 5, 0, 3, 1}},
			[]float64{121.5, 86.5, 125, 113, 147.5, 131.5, 156, 152}, []float64{1.2081, 1.2422}},
		{3, [][]int32{{10, 6, 10, 7, 0, 2, 11, 4, 5, 9, 5, 4, 8, 3, 1, 1}, {1, 10, 2, 4, 5, 11, 5, 0, 6, 7, 6, 3, 8, 8, 9, 7}},
			[]float64{130.5, 95.5, 130, 138, 138.5, 134.5, 134, 132}, []float64{1.0726, 1.1903}},
	} {
		plan := rebalance(t, weights, 16, c.groups, 2, 8)
		if !reflect.DeepEqual(plan.PhyToLog, c.phy) {
			t.Errorf("for %d groups, got %v, want %v", c.groups, plan.PhyToLog, c.phy)
		}
		p := plan.Placement(0)
		if got := p.Loads(nil, wide(weights[0])); !reflect.DeepEqual(got, c.loads) {
			t.Errorf("for %d groups, loads %v, want %v", c.groups, got, c.loads)
		}
		for layer, want := range c.maxOverMean {
			p := plan.Placement(layer)
			near(t, "max over mean", MaxOverMean(p.Loads(nil, wide(weights[layer]))), want, 1e-4)
		}
	}
	if got, want := rebalance(t, weights, 16, 4, 2, 8).LogCnt, [][]int32{{1, 2, 1, 1, 2, 2, 1, 1, 1, 1, 2, 1}, {1, 2, 1, 1, 1, 2, 2, 1, 2, 1, 1, 1}}; !reflect.DeepEqual(got, want) {
		t.Errorf("got counts %v, want %v", got, want)
	}
}

// What vLLM asserts (tests/distributed/test_eplb_algo.py); counts and loads where no tie decides, worked out apart.
func TestAssertionsOfVLLM(t *testing.T) {
	for _, c := range []struct {
		name                        string
		weights                     [][]float32
		slots, groups, nodes, ranks int
		hierarchical                bool
		hottest, least              int // in layer 0: an expert, and the fewest replicas it has
		phy, counts                 []int32
		loads                       []float64
	}{
		{name: "single GPU", weights: [][]float32{{10, 20, 30, 40}}, slots: 4, groups: 1, nodes: 1, ranks: 1, hierarchical: true, least: 1},
		{name: "equal", weights: [][]float32{{50, 50, 50, 50, 50, 50, 50, 50}}, slots: 8, groups: 2, nodes: 2, ranks: 4, hierarchical: true, least: 1, counts: []int32{1, 1, 1, 1, 1, 1, 1, 1}},
		{name: "extreme", weights: [][]float32{{1000, 1, 1, 1, 1, 1, 1, 1}}, slots: 12, groups: 2, nodes: 2, ranks: 4, hierarchical: true, hottest: 0, least: 2},
		{name: "three layers", weights: [][]float32{{10, 20, 30, 40, 50, 60}, {60, 50, 40, 30, 20, 10}, {25, 25, 25, 25, 25, 25}}, slots: 8, groups: 2, nodes: 2, ranks: 4, hierarchical: true, hottest: 5, least: 1},
		{name: "groups that nodes do not divide", weights: [][]float32{{10, 20, 30, 40}}, slots: 8, groups: 3, nodes: 2, ranks: 4, least: 1},
		{name: "small hierarchical", weights: [][]float32{{100, 50, 200, 75, 150, 25, 300, 80}}, slots: 12, groups: 4, nodes: 2, ranks: 4, hierarchical: true, hottest: 6, least: 2,
			phy: []int32{6, 6, 7, 0, 6, 1, 2, 3, 4, 2, 4, 5}, counts: []int32{1, 1, 2, 1, 2, 1, 3, 1}, loads: []float64{280, 250, 250, 200}},
		{name: "global", weights: [][]float32{{10, 20, 30, 40, 50, 60}}, slots: 8, groups: 3, nodes: 2, ranks: 4, hottest: 5, least: 2,
			phy: []int32{3, 0, 2, 4, 5, 4, 5, 1}, counts: []int32{1, 1, 1, 1, 2, 2}, loads: []float64{50, 55, 55, 50}},
		{name: "device", weights: [][]float32{{10, 20, 30, 40}}, slots: 6, groups: 2, nodes: 1, ranks: 2, hierarchical: true, hottest: 3, least: 2, counts: []int32{1, 1, 2, 2}, loads: []float64{50, 50}},
		{name: "larger", weights: [][]float32{{50, 100, 75, 120, 90, 60, 80, 110, 40, 70, 95, 85, 65, 55, 45, 35}}, slots: 24, groups: 8, nodes: 4, ranks: 8, hierarchical: true, hottest: 3, least: 2},
		{name: "decreasing and increasing", weights: [][]float32{{200, 150, 100, 50, 25, 12}, {12, 25, 50, 100, 150, 200}}, slots: 10, groups: 3, nodes: 1, ranks: 2, hierarchical: true, hottest: 0, least: 2},
	} {
		plan := rebalance(t, c.weights, c.slots, c.groups, c.nodes, c.ranks)
		if plan.Hierarchical != c.hierarchical {
			t.Errorf("for %s, got hierarchical %v", c.name, plan.Hierarchical)
		}
		if got := plan.LogCnt[0][c.hottest]; int(got) < c.least {
			t.Errorf("for %s, the hottest expert has %d replicas, want %d at least", c.name, got, c.least)
		}
		if c.phy != nil && !reflect.DeepEqual(plan.PhyToLog[0], c.phy) {
			t.Errorf("for %s, got %v, want %v", c.name, plan.PhyToLog[0], c.phy)
		}
		if c.counts != nil && !reflect.DeepEqual(plan.LogCnt[0], c.counts) {
			t.Errorf("for %s, got counts %v, want %v", c.name, plan.LogCnt[0], c.counts)
		}
		p := plan.Placement(0)
		if got := p.Loads(nil, wide(c.weights[0])); c.loads != nil && !reflect.DeepEqual(got, c.loads) {
			t.Errorf("for %s, got loads %v, want %v", c.name, got, c.loads)
		}
	}
}

// DeepSeek's deployments (open-infra-index, day 6): 9 slots per GPU in prefill, 2 in decode.
func TestSlotsOfDeepSeek(t *testing.T) {
	for _, c := range [][3]int{{288, 32, 9}, {288, 144, 2}} {
		plan := rebalance(t, [][]float32{popular(rand.New(rand.NewPCG(1, 1)), 256, 1)}, c[0], 8, 4, c[1])
		p := plan.Placement(0)
		if first, end := p.Slots(c[1] - 1); end-first != c[2] || end != c[0] {
			t.Errorf("for %v, the last rank owns slots %d to %d", c, first, end)
		}
	}
}

func TestRefused(t *testing.T) {
	four := [][]float32{{10, 20, 30, 40}}
	for _, c := range []struct {
		weights                     [][]float32
		slots, groups, nodes, ranks int
		want                        string
	}{
		{four, 7, 2, 2, 4, "slots: 7 do not divide over 4 ranks: give 4 or 8"},
		{four, 3, 1, 1, 1, "slots: 3 do not hold 4 experts: give at least 4"},
		{four, 3, 1, 1, 3, "slots: 3 do not hold 4 experts: give at least 6"},
		{four, 8, 3, 1, 4, "groups: 4 experts do not divide into 3 groups"},
		{four, 6, 2, 2, 3, "nodes: 3 ranks do not divide over 2 nodes"},
		{four, 8, 0, 1, 4, "groups: 0: give at least 1"},
		{four, 8, 1, -1, 4, "nodes: -1: give at least 1"},
		{four, 8, 1, 1, 0, "ranks: 0: give at least 1"},
		{four, 1 << 40, 1, 1, 1, "too many"},
		{nil, 8, 1, 1, 4, "weight: no expert's load"},
		{[][]float32{{}}, 8, 1, 1, 4, "weight: no expert's load"},
		{[][]float32{{1, 2}, {1}}, 8, 1, 1, 4, "layer 1 has 1 experts, layer 0 has 2"},
		{[][]float32{{1, -2}}, 8, 1, 1, 4, "layer 0, expert 1: -2 is no load"},
		{[][]float32{{1, float32(math.NaN())}}, 8, 1, 1, 4, "expert 1: NaN is no load"},
		{[][]float32{{1, float32(math.Inf(1))}}, 8, 1, 1, 4, "expert 1: +Inf is no load"},
	} {
		_, err := Rebalance(c.weights, c.slots, c.groups, c.nodes, c.ranks)
		if err == nil || !strings.HasPrefix(err.Error(), "balance: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("for %v, got %v, want %s", c, err, c.want)
		}
	}
}

// popular draws loads of a lognormal popularity in random order.
func popular(random *rand.Rand, experts int, sigma float64) []float32 {
	row := make([]float32, experts)
	for i := range row {
		row[i] = float32(1000 * math.Exp(sigma*random.NormFloat64()))
	}
	return row
}

func BenchmarkRebalance(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	weights := make([][]float32, 58)
	for i := range weights {
		weights[i] = popular(random, 256, 1)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Rebalance(weights, 288, 8, 4, 32); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRebalanceGlobal(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 1))
	weights := make([][]float32, 58)
	for i := range weights {
		weights[i] = popular(random, 256, 1)
	}
	for b.Loop() {
		if _, err := Rebalance(weights, 288, 8, 9, 144); err != nil {
			b.Fatal(err)
		}
	}
}
