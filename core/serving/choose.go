package serving

import "moecost/core/arch"

// hostGPUs is how many accelerators share a host in the machines that are sold
// and rented: NVIDIA HGX and DGX, AMD MI300X platforms, PCIe servers.
const hostGPUs = 8

// Choose completes a layout: parts that are 0 are chosen, the others are kept. The rule is
// what engines' own recipes do: tensor parallelism over as much of a host as the heads
// divide over, experts cut like everything else; attention replicas beyond it, and then whole experts on
// as many GPUs as there are. fits decides between the candidates in that order; the first
// that fits is taken, and the first at all if none does.
func Choose(m *arch.Model, pinned Layout, fits func(Layout) bool) (Layout, error) {
	experts, _ := fewestExperts(m)
	var first, found Layout
	var refusal error
	candidates(len(m.Blocks), experts, pinned, func(l Layout) bool {
		if err := l.Check(m); err != nil {
			if refusal == nil {
				refusal = err
			}
			return true
		}
		if first.GPUs == 0 {
			first = l
		}
		if fits(l) {
			found = l
		}
		return found.GPUs == 0
	})
	switch {
	case found.GPUs > 0:
		return found, nil
	case first.GPUs > 0:
		return first, nil
	case refusal == nil: // the pinned parts contradict each other: let Check say how
		l := pinned
		l.TP, l.PP, l.EP, l.DP = max(l.TP, 1), max(l.PP, 1), max(l.EP, 1), max(l.DP, 1)
		refusal = l.Check(m)
	}
	return Layout{}, refusal
}

// candidates visits the layouts that agree with the pinned parts, preferred
// ones first, until visit returns false.
func candidates(layers int, experts int64, pinned Layout, visit func(Layout) bool) {
	for pp := 1; pp <= min(pinned.GPUs, layers); pp++ {
		if pinned.GPUs%pp != 0 || pinned.PP > 0 && pp != pinned.PP {
			continue
		}
		stage := pinned.GPUs / pp
		most := min(stage, hostGPUs)
		if pinned.TP > 0 {
			most = min(stage, pinned.TP)
		}
		for tp := most; tp >= 1; tp-- {
			if stage%tp != 0 || pinned.TP > 0 && tp != pinned.TP || pinned.DP > 0 && tp*pinned.DP != stage {
				continue
			}
			l := Layout{GPUs: pinned.GPUs, TP: tp, PP: pp, DP: stage / tp, EP: pinned.EP}
			if l.EP > 0 {
				if !visit(l) {
					return
				}
				continue
			}
			// With one attention replica engines cut every expert over the tensor-parallel ranks
			// unless they are told otherwise; whole experts come next, for widths that cannot be cut.
			if l.DP == 1 {
				l.EP = 1
				if !visit(l) {
					return
				}
			}
			if whole := largestDivisor(stage, max(experts, 1)); whole != l.EP {
				l.EP = whole
				if !visit(l) {
					return
				}
			}
		}
	}
}

// largestDivisor is the largest divisor of n that is at most limit.
func largestDivisor(n int, limit int64) int {
	for d := int(min(int64(n), limit)); d > 1; d-- {
		if n%d == 0 {
			return d
		}
	}
	return 1
}
