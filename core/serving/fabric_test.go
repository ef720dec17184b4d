package serving

import (
	"testing"

	"moecost/core/arch"
)

// TestFabric compares copies of a token on 32 ranks of 4 nodes with the numbers of a
// table worked out by hand for 256 experts, top-8 and uniform routing: 7.27 distinct ranks, 3.61 of 4 nodes.
// The table rounds to 0.01.
func TestFabric(t *testing.T) {
	k := links{ranks: 32, nodes: 4, local: linkHopper}
	for _, c := range []struct {
		fabric        Fabric
		large         bool
		limit         float64
		local, remote float64
	}{
		{Unicast, false, 4, 8, 8},
		{Unicast, true, 0, 7.27, 3.61},
		{PerNode, false, 0, 7.27, 3.61},
		{PerNode, false, 2, 7.27, 2},
		{PerNode, false, 4, 7.27, 3.61},   // of 4 nodes fewer are reached than are allowed
		{Multicast, false, 0, 7.27, 7.27}, // a copy per rank arrives, whatever the sender saves
		{Multicast, true, 0, 7.27, 3.61},
	} {
		local, remote := k.copies(&transfer{experts: 256, topK: 8, limit: c.limit, fabric: c.fabric, large: c.large})
		near(t, "copies inside a domain", local, c.local*31/32, 0.001)
		near(t, "copies between domains", remote, c.remote*3/4, 0.002)
	}
	alone := links{ranks: 8, nodes: 1, local: linkHopper}
	near(t, "latency of a copy that is fanned out", far(&k, PerNode)-far(&k, Unicast), linkHopper.exchange, 1e-9)
	if local, _ := alone.latencies(&transfer{fabric: PerNode}); local != linkHopper.exchange {
		t.Errorf("inside one domain a fanned-out copy takes %g s, want %g", local, linkHopper.exchange)
	}
}

func far(k *links, f Fabric) float64 {
	_, remote := k.latencies(&transfer{fabric: f})
	return remote
}

// TestFabricOfStep: what saves copies saves time where bytes count, and only
// dispatch and combine change. Multicast leaves combine alone.
func TestFabricOfStep(t *testing.T) {
	d := deploy(t, "deepseek-v3", "h200", "sglang", wide32)
	w := Work{Decode: 4096, Context: 3000}
	unicast := NewTiming(d, Assumptions{Skew: 1}).Step(w)
	for f, want := range map[Fabric][2]float64{PerNode: {0.46, 0.72}, Multicast: {0.9, 1}} {
		s := NewTiming(d, Assumptions{Skew: 1, Fabric: f}).Step(w)
		for o, seconds := range s.Parts {
			if Operator(o) != Dispatch && Operator(o) != Combine && seconds != unicast.Parts[o] {
				t.Errorf("fabric %d: %s takes %g s, was %g", f, Operator(o).Name(), seconds, unicast.Parts[o])
			}
		}
		if ratio := s.Parts[Dispatch] / unicast.Parts[Dispatch]; ratio < want[0] || ratio > want[1] {
			t.Errorf("fabric %d: dispatch takes %.3f of unicast, want %g to %g", f, ratio, want[0], want[1])
		}
		if f == Multicast && s.Parts[Combine] != unicast.Parts[Combine] {
			t.Errorf("multicast changed combine")
		}
	}
}

// TestNodeLimit: DeepSeek-V3's tokens keep to 4 of 8 groups of experts, Qwen3's to none.
func TestNodeLimit(t *testing.T) {
	for _, c := range []struct {
		groups, top   int64
		nodes, wanted float64
	}{{8, 4, 8, 4}, {8, 4, 2, 4}, {8, 4, 16, 8}, {1, 1, 8, 0}, {0, 0, 8, 0}} {
		if got := nodeLimit(&arch.MoE{Groups: c.groups, TopGroups: c.top}, c.nodes); got != c.wanted {
			t.Errorf("%+v: got %g", c, got)
		}
	}
}
