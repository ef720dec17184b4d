package serving

import (
	"fmt"
	"strings"

	"moecost/core/arch"
)

// Layout divides a deployment over its GPUs.
//
// A pipeline stage is TP x DP GPUs: DP attention replicas of TP ranks each,
// every replica with its own sequences. Routed experts are spread over all GPUs of
// a stage: EP ranks hold whole experts, and TP x DP / EP GPUs share each of
// them. EP 1 therefore cuts every expert over the whole stage.
type Layout struct {
	GPUs int // TP x DP x PP
	TP   int // tensor-parallel ranks of attention, dense layers and vocabulary
	PP   int // pipeline stages
	EP   int // expert-parallel ranks of a stage; 1 for dense models
	DP   int // attention replicas
}

// StageGPUs is the number of GPUs that hold one copy of a stage's experts.
func (l Layout) StageGPUs() int { return l.TP * l.DP }

// ExpertSplit is the number of GPUs that share one expert.
func (l Layout) ExpertSplit() int { return l.TP * l.DP / l.EP }

// ExpertsPerRank is the number of experts of one layer on the fullest
// expert-parallel rank, when experts experts are stored.
func (l Layout) ExpertsPerRank(experts int64) int64 { return ceilDiv(experts, int64(l.EP)) }

// SequencesPerReplica is the share of a batch that the fullest attention
// replica decodes.
func (l Layout) SequencesPerReplica(batch int64) int64 { return ceilDiv(batch, int64(l.DP)) }

// Dispatches tells whether tokens travel to the GPUs of their experts and
// back. With one attention replica every rank has all tokens already, and the
// all-reduce behind the experts does the work.
func (l Layout) Dispatches() bool { return l.EP > 1 && l.DP > 1 }

// String names the parts above one, as people write them: "TP 8, DP 2, EP 16".
func (l Layout) String() string {
	var parts []string
	for _, p := range []struct {
		name string
		n    int
	}{{"TP", l.TP}, {"DP", l.DP}, {"PP", l.PP}, {"EP", l.EP}} {
		if p.n > 1 {
			parts = append(parts, fmt.Sprintf("%s %d", p.name, p.n))
		}
	}
	if parts == nil {
		return "one GPU"
	}
	return strings.Join(parts, ", ")
}

// Check refuses what engines refuse: parts that do not multiply to the number
// of GPUs, heads and widths that TP does not divide, more stages than layers, more
// expert ranks than experts. The error names the part and what would do.
func (l Layout) Check(m *arch.Model) error {
	if l.GPUs < 1 || l.TP < 1 || l.PP < 1 || l.EP < 1 || l.DP < 1 {
		return fmt.Errorf("layout: gpus %d, tp %d, pp %d, ep %d, dp %d: each must be at least 1", l.GPUs, l.TP, l.PP, l.EP, l.DP)
	}
	if l.TP*l.DP*l.PP != l.GPUs {
		return fmt.Errorf("layout: gpus: tp %d x dp %d x pp %d is %d GPUs, not %d: leave one of them out and it is chosen", l.TP, l.DP, l.PP, l.TP*l.DP*l.PP, l.GPUs)
	}
	if experts, some := fewestExperts(m); some && int64(l.EP) > experts {
		return fmt.Errorf("layout: ep: %d ranks for %d experts: at most %d would do", l.EP, experts, experts)
	} else if !some && l.EP > 1 {
		return fmt.Errorf("layout: ep: %d, but the model has no routed experts: ep=1 would do", l.EP)
	}
	if l.StageGPUs()%l.EP != 0 {
		return fmt.Errorf("layout: ep: %d does not divide the %d GPUs of a stage (tp x dp): a divisor of %d would do", l.EP, l.StageGPUs(), l.StageGPUs())
	}
	if l.PP > len(m.Blocks) {
		return fmt.Errorf("layout: pp: %d stages for %d layers: at most %d would do", l.PP, len(m.Blocks), len(m.Blocks))
	}
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			if what, n := l.refused(&m.Blocks[i].Sublayers[j]); what != "" {
				return fmt.Errorf("layout: %s in layer %d: it does not divide %d: %s", what, i, n, "a smaller power of two usually does")
			}
		}
	}
	return nil
}

// refused names the first dimension of a sublayer that the layout cannot cut,
// and its size; "" if there is none.
func (l Layout) refused(s *arch.Sublayer) (what string, size int64) {
	tp := int64(l.TP)
	switch {
	case s.Attention != nil:
		a := s.Attention
		if a.Heads%tp != 0 {
			return fmt.Sprintf("tp %d, attention heads", tp), a.Heads
		}
		// Fewer KV heads than ranks are copied, but only whole times.
		if a.Latent == 0 && a.KVHeads > 0 && a.KVHeads%tp != 0 && tp%a.KVHeads != 0 {
			return fmt.Sprintf("tp %d, KV heads", tp), a.KVHeads
		}
	case s.Recurrent != nil:
		if s.Recurrent.Heads%tp != 0 {
			return fmt.Sprintf("tp %d, heads of the recurrent mixer", tp), s.Recurrent.Heads
		}
	case s.Dense != nil:
		if s.Dense.Inner%tp != 0 {
			return fmt.Sprintf("tp %d, feed-forward width", tp), s.Dense.Inner
		}
	case s.MoE != nil:
		if s.MoE.SharedInner%tp != 0 {
			return fmt.Sprintf("tp %d, shared expert width", tp), s.MoE.SharedInner
		}
		if split := int64(l.ExpertSplit()); s.MoE.Inner%split != 0 {
			return fmt.Sprintf("tp x dp / ep %d, expert width", split), s.MoE.Inner
		}
	}
	return "", 0
}

// fewestExperts is the smallest number of routed experts in a layer that has
// any; false for a dense model.
func fewestExperts(m *arch.Model) (int64, bool) {
	least := int64(0)
	for i := range m.Blocks {
		for j := range m.Blocks[i].Sublayers {
			if moe := m.Blocks[i].Sublayers[j].MoE; moe != nil && moe.Experts > 0 && (least == 0 || moe.Experts < least) {
				least = moe.Experts
			}
		}
	}
	return least, least > 0
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }
