package balance

import (
	"math/rand/v2"
	"reflect"
	"sort"
	"testing"
)

// A second implementation, as the description of EPLB reads and without a care
// for speed: lists of replicas are built, sorted and dealt out. It shares nothing with Rebalance.

type replica struct{ expert, number int }

// dealt puts loads into so many packs of equal number; out[p] lists the items of pack p.
func dealt(loads []float32, packs int) [][]int {
	out := make([][]int, packs)
	if len(loads) == packs {
		for i := range out {
			out[i] = []int{i}
		}
		return out
	}
	items := make([]int, len(loads))
	for i := range items {
		items[i] = i
	}
	sort.SliceStable(items, func(a, b int) bool { return loads[items[a]] > loads[items[b]] })
	totals := make([]float32, packs)
	for _, item := range items {
		var open []int
		for p := range packs {
			if len(out[p]) < len(loads)/packs {
				open = append(open, p)
			}
		}
		sort.SliceStable(open, func(a, b int) bool { return totals[open[a]] < totals[open[b]] })
		out[open[0]] = append(out[open[0]], item)
		totals[open[0]] += loads[item]
	}
	return out
}

func oracleLayer(weight []float32, slots, groups, nodes, ranks int) []replica {
	size := len(weight) / groups
	groupLoads := make([]float32, groups)
	for e, w := range weight {
		groupLoads[e/size] += w
	}
	var out []replica
	for _, mine := range dealt(groupLoads, nodes) {
		var experts []int
		for _, g := range mine {
			for e := g * size; e < (g+1)*size; e++ {
				experts = append(experts, e)
			}
		}
		times := map[int]int{}
		var replicas []replica
		for _, e := range experts {
			replicas = append(replicas, replica{expert: e})
			times[e] = 1
		}
		for len(replicas) < slots/nodes {
			best := experts[0]
			for _, e := range experts {
				if weight[e]/float32(times[e]) > weight[best]/float32(times[best]) {
					best = e
				}
			}
			replicas = append(replicas, replica{expert: best, number: times[best]})
			times[best]++
		}
		loads := make([]float32, len(replicas))
		for i, r := range replicas {
			loads[i] = weight[r.expert] / float32(times[r.expert])
		}
		for _, rank := range dealt(loads, ranks/nodes) {
			for _, i := range rank {
				out = append(out, replicas[i])
			}
		}
	}
	return out
}

func TestAgainstSecondImplementation(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 2))
	pick := func(values ...int) int { return values[random.IntN(len(values))] }
	hierarchical := 0
	for n := range 400 {
		nodes := pick(1, 1, 2, 3, 4)
		ranks := nodes * pick(1, 2, 4, 8)
		groups := pick(1, 2, 3, 4, 6, 8)
		experts := groups * pick(1, 2, 5, 8, 16)
		slots := (experts+ranks-1)/ranks*ranks + ranks*random.IntN(4)
		layers := 1 + random.IntN(3)
		weights := make([][]float32, layers)
		for i := range weights {
			weights[i] = popular(random, experts, 1)
			switch n % 4 {
			case 1: // many ties
				for e := range weights[i] {
					weights[i][e] = float32(random.IntN(4))
				}
			case 2: // mostly idle
				for e := range weights[i] {
					if random.IntN(4) > 0 {
						weights[i][e] = 0
					}
				}
			}
		}
		plan := rebalance(t, weights, slots, groups, nodes, ranks)
		if plan.Hierarchical {
			hierarchical++
		} else {
			groups, nodes = 1, 1
		}
		for layer, w := range weights {
			for slot, want := range oracleLayer(w, slots, groups, nodes, ranks) {
				e := plan.PhyToLog[layer][slot]
				if int(e) != want.expert || plan.LogToPhy[layer][e][want.number] != int32(slot) {
					t.Fatalf("instance %d (%d experts, %d slots, %d groups, %d nodes, %d ranks), layer %d: slot %d holds %d, want %+v",
						n, experts, slots, groups, nodes, ranks, layer, slot, e, want)
				}
			}
		}
	}
	if hierarchical < 100 || hierarchical > 380 {
		t.Errorf("%d of 400 instances are hierarchical: want both policies", hierarchical)
	}
}

// Another order of the experts changes nothing but their ids, where no tie
// decides: loads per rank are the same, to the rounding of float32.
func TestPermutedExperts(t *testing.T) {
	random := rand.New(rand.NewPCG(8, 8))
	for range 50 {
		w := popular(random, 64, 1)
		order := random.Perm(64)
		moved := make([]float32, 64)
		for i, o := range order {
			moved[o] = w[i]
		}
		a, b := rebalance(t, [][]float32{w}, 80, 1, 1, 8), rebalance(t, [][]float32{moved}, 80, 1, 1, 8)
		for slot, e := range a.PhyToLog[0] {
			if b.PhyToLog[0][slot] != int32(order[e]) {
				t.Fatalf("slot %d holds %d, want %d", slot, b.PhyToLog[0][slot], order[e])
			}
		}
	}
}

func TestInvariants(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 9))
	for range 60 {
		w := popular(random, 128, 1.05)
		last := 128.0
		for _, spare := range []int{0, 16, 32, 64, 128} {
			plan := rebalance(t, [][]float32{w}, 128+spare, 4, 2, 16)
			p := plan.Placement(0)
			loads := p.Loads(nil, wide(w))
			near(t, "sum of loads", sum(loads), sum(wide(w)), 1e-9)
			// Spare slots are dealt greedily, so a few more can be a little worse: 5 %.
			top := MaxOverMean(loads)
			if top > last*1.05 {
				t.Errorf("%d spare slots give max over mean %.3f, fewer gave %.3f", spare, top, last)
			}
			last = min(last, top)
		}
		contiguous := Contiguous(128, 16)
		if before := MaxOverMean(contiguous.Loads(nil, wide(w))); last > before {
			t.Errorf("128 spare slots leave max over mean %.3f, contiguous has %.3f", last, before)
		}
	}
	even := rebalance(t, [][]float32{make([]float32, 64), repeat(64, 7)}, 64, 4, 2, 8)
	for layer := range 2 {
		p := even.Placement(layer)
		near(t, "uniform routing", MaxOverMean(p.Loads(nil, wide(repeat(64, 7)))), 1, 0)
	}
	negative := float32(0)
	zero := rebalance(t, [][]float32{{0, 0, 0, 0}}, 4, 1, 1, 2)
	minus := rebalance(t, [][]float32{{-negative, 0, -negative, 0}}, 4, 1, 1, 2)
	if !reflect.DeepEqual(zero, minus) {
		t.Error("minus zero is not taken for zero")
	}
}

func repeat(n int, x float32) []float32 {
	row := make([]float32, n)
	for i := range row {
		row[i] = x
	}
	return row
}
