package balance

import (
	"math"
	"slices"
	"testing"

	"moecost/core/routing"
)

func TestMovesBetween(t *testing.T) {
	before := Placement{Ranks: 2, Expert: []int32{0, 1, 2, 0}, Copies: []int32{2, 1, 1}}
	for _, c := range []struct {
		expert []int32
		want   Moves
	}{
		{[]int32{0, 1, 2, 0}, Moves{}},
		{[]int32{1, 0, 0, 2}, Moves{}},                         // on the same rank
		{[]int32{2, 1, 2, 0}, Moves{Slots: 1, Busiest: 1}},     // one replaced
		{[]int32{2, 2, 1, Empty}, Moves{Slots: 2, Busiest: 1}}, // a second copy is made there
		{[]int32{0, 1, 1, 1}, Moves{Slots: 1, Busiest: 1}},
	} {
		after := Placement{Ranks: 2, Expert: c.expert}
		if got := MovesBetween(&before, &after); got != c.want {
			t.Errorf("to %v, got %+v, want %+v", c.expert, got, c.want)
		}
	}
}

// An interval that counts without end and traffic that stays move nothing; real ones
// move much, but never more than the slots there are.
func TestMoved(t *testing.T) {
	c := routing.NewCoverage(routing.Inclusion(256, 8, 1.05), 8)
	s := Setup{Policy: Online, Ranks: 32, Nodes: 4, Groups: 8, Spare: 32, Tokens: 4096, Interval: 3000, Drift: 0.12}
	m := s.Moved(c)
	if !(m.Slots > 0.3*288 && m.Slots <= 288 && m.Busiest <= 9 && m.Busiest >= m.Slots/32) {
		t.Errorf("got %+v of 288 slots", m)
	}
	still := s
	still.Drift, still.Interval, still.Tokens = 0, 1<<40, 1<<20
	if m := still.Moved(c); m != (Moves{}) {
		t.Errorf("with the same traffic and perfect counts, got %+v", m)
	}
	still.Policy = Static
	if m := still.Moved(c); m != (Moves{}) {
		t.Errorf("a static placement moves %+v", m)
	}
}

// What was measured; sources stand at Blocking and in assets/measurements/imbalance.csv.
func TestBlocking(t *testing.T) {
	for _, c := range []struct {
		name             string
		layers           int
		bytes, bandwidth float64
		low, high        float64
	}{
		{"DeepSeek-R1 NVFP4, 32 GB200", 58, 58 * 9 * 24 << 20, 900e9, 0.65, 1.70},
		{"Qwen3-235B, 8 H20", 94, 94 * 18 * 18.9e6, 450e9, 0.5, 4.4},
		{"TensorRT-LLM's estimate", 58, 58 * 9 * 24 << 20, 900e9, 0.5, 1.0},
	} {
		got := Blocking(c.layers, c.bytes, c.bandwidth)
		if got < c.low || got > c.high {
			t.Errorf("for %s, got %.2f s, measured %g to %g", c.name, got, c.low, c.high)
		}
		if got*BlockingLow > c.high || got*BlockingHigh < c.low {
			t.Errorf("for %s, the range misses what was measured", c.name)
		}
	}
	if got := Blocking(58, 0, 1e9); got != 0 {
		t.Errorf("nothing moved takes %g s", got)
	}
}

func TestSpareChoices(t *testing.T) {
	for _, c := range []struct {
		experts, ranks int
		want           []int
	}{
		{256, 32, []int{0, 32, 64, 96, 128, 192}}, {256, 144, []int{0, 32, 176}}, {128, 128, []int{0, 128}}, {8, 3, []int{0, 1, 4, 7}}, {64, 0, []int{0, 1, 2, 3, 4, 6, 9, 13, 19, 28}},
	} {
		if got := SpareChoices(c.experts, c.ranks); !slices.Equal(got, c.want) {
			t.Errorf("for %d experts on %d ranks, got %v, want %v", c.experts, c.ranks, got, c.want)
		}
	}
}

func TestBestSpare(t *testing.T) {
	c := routing.NewCoverage(routing.Inclusion(128, 8, 1), 8)
	s := Setup{Policy: Static, Ranks: 32, Drift: 0.12}
	// With many tokens what counts is the busiest rank's share: the first slot per rank does
	// most, where the hottest expert alone is more than a rank's share.
	many := func(_ int, r *routing.Ranks) float64 { return r.Imbalance(1e6) }
	if got := s.BestSpare(c, many); got == 0 {
		t.Error("with many tokens no spare expert is best")
	}
	// With few it is the weights read.
	few := func(_ int, r *routing.Ranks) float64 { return r.Distinct(64) }
	if got := s.BestSpare(c, few); got != 0 {
		t.Errorf("with few tokens %d spare experts are best", got)
	}
	if got := s.BestSpare(c, func(spare int, _ *routing.Ranks) float64 {
		if spare != 64 {
			return math.Inf(1)
		}
		return 1
	}); got != 64 {
		t.Errorf("where only 64 fit, got %d", got)
	}
}

// Uniform routing needs no balance; static placement lies between order and perfect
// knowledge; online knows more.
func TestPolicies(t *testing.T) {
	const many = 1e9 // tokens: no sampling noise
	even := routing.NewCoverage(routing.Inclusion(256, 8, 0), 8)
	near(t, "uniform", Setup{Policy: Static, Ranks: 32}.Busiest(even).Imbalance(many), 1, 1e-3)
	c := routing.NewCoverage(routing.Inclusion(256, 8, 1.05), 8)
	of := func(p Policy, drift float64) float64 {
		return Setup{Policy: p, Ranks: 32, Spare: 32, Drift: drift, Tokens: 4096, Interval: 3000}.Busiest(c).Imbalance(many)
	}
	off, known, static, online := of(Off, 0), of(Static, 0), of(Static, 0.12), of(Online, 0.12)
	if !(1 <= known && known < 1.02 && online < 1.02 && online < static && static < 1.2 && off > 2) {
		t.Errorf("off %.3f, static %.3f, online %.3f, known %.3f", off, static, online, known)
	}
	// A hot expert without a replica is more than its rank's share.
	if one := (Setup{Policy: Static, Ranks: 128}).Busiest(c).Imbalance(many); one < 5 {
		t.Errorf("two experts per rank, none spare: %.2f", one)
	}
}
