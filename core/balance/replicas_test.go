package balance

import (
	"reflect"
	"slices"
	"testing"
)

// vLLM's case of slots that hold nothing (tests/distributed/test_eplb_algo.py): slots with
// -1 count for no expert.
func TestUnusedSlots(t *testing.T) {
	for _, c := range []struct {
		expert []int32
		want   [][]int32
	}{
		{[]int32{0, 1, -1, 2, 3, -1}, [][]int32{{0}, {1}, {3}, {4}}},
		{[]int32{3, -1, 2, 1, 0, -1}, [][]int32{{4}, {3}, {2}, {0}}},
	} {
		p := Placement{Ranks: 2, Expert: c.expert, Copies: []int32{1, 1, 1, 1}}
		if got := p.Replicas(); !reflect.DeepEqual(got, c.want) {
			t.Errorf("for %v, got %v, want %v", c.expert, got, c.want)
		}
		near(t, "sum of loads", sum(p.Loads(nil, []float64{1, 2, 3, 4})), 10, 0)
		near(t, "sum of reads", sum(p.Distinct(nil, []float64{1, 1, 1, 1}, 5)), 4, 0)
	}
}

// SGLang's case (test/srt/test_expert_location.py): 4 ranks with 3 slots each, expert 0 on
// all of them, the others once. Each rank uses its own replica.
func TestNearest(t *testing.T) {
	p := Placement{Ranks: 4, Expert: []int32{0, 1, 2, 0, 3, 4, 0, 5, 6, 0, 7, Empty}, Copies: []int32{4, 1, 1, 1, 1, 1, 1, 1}}
	for rank, own := range []int32{0, 3, 6, 9} {
		if got, want := p.Nearest(rank), []int32{own, 1, 2, 4, 5, 7, 8, 10}; !slices.Equal(got, want) {
			t.Errorf("for rank %d, got %v, want %v", rank, got, want)
		}
	}
	// Two replicas for four ranks: those that have none of their own take turns.
	two := Placement{Ranks: 4, Expert: []int32{0, 0, 1, 2}, Copies: []int32{2, 1, 1, 0}}
	for rank, want := range []int32{0, 1, 0, 1} {
		if got := two.Nearest(rank); got[0] != want || got[3] != Empty {
			t.Errorf("for rank %d, got %v, want slot %d", rank, got, want)
		}
	}
}

// Balancedness as vLLM prints it is mean over max, as SGLang with 1e-5 added to both.
func TestBalancedness(t *testing.T) {
	loads := []float64{100, 0, 0, 0}
	near(t, "vLLM: mean 50 of two layers over 200", (25+25)/(100+100.0), 1/MaxOverMean(loads), 0)
	near(t, "SGLang", (25+1e-5)/(100+1e-5), 1/MaxOverMean(loads), 1e-6)
}
