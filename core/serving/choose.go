package serving

import "moecost/core/arch"

// hostGPUs is how many accelerators share a host in the machines that are sold
// and rented: NVIDIA HGX and DGX, AMD MI300X platforms, PCIe servers.
const hostGPUs = 8

// Choose completes a layout: parts that are 0 are chosen, the others are kept. The rule is
// what engines' own recipes do: tensor parallelism over as much of a host as the heads
// divide over, attention replicas beyond it, whole experts on as many GPUs as
// there are. fits decides between the candidates in that order; the first
// that fits is taken, and the first at all if none does.
func Choose(m *arch.Model, pinned Layout, fits func(Layout) bool) (Layout, error) {
	var first Layout
	var refusal error
	for _, l := range candidates(m, pinned) {
		if err := l.Check(m); err != nil {
			if refusal == nil {
				refusal = err
			}
			continue
		}
		if fits(l) {
			return l, nil
		}
		if first.GPUs == 0 {
			first = l
		}
	}
	if first.GPUs == 0 {
		return Layout{}, refusal
	}
	return first, nil
}

// candidates lists the layouts that agree with the pinned parts, preferred ones first.
func candidates(m *arch.Model, pinned Layout) []Layout {
	experts, _ := fewestExperts(m)
	var out []Layout
	for _, pp := range options(pinned.PP, pinned.GPUs, pinned.GPUs, true) {
		stage := pinned.GPUs / pp
		for _, tp := range options(pinned.TP, stage, hostGPUs, false) {
			if pinned.DP > 0 && tp*pinned.DP != stage {
				continue
			}
			l := Layout{GPUs: pinned.GPUs, TP: tp, PP: pp, DP: stage / tp, EP: pinned.EP}
			if l.EP == 0 {
				l.EP = largestDivisor(stage, max(experts, 1))
			}
			out = append(out, l)
		}
	}
	if out == nil { // the pinned parts contradict each other: let Check say how
		l := pinned
		l.TP, l.PP, l.EP = max(l.TP, 1), max(l.PP, 1), max(l.EP, 1)
		l.DP = max(l.DP, 1)
		out = append(out, l)
	}
	return out
}

// options lists the divisors of n up to limit, or the pinned one if it divides.
func options(pinned, n, limit int, ascending bool) []int {
	if pinned > 0 {
		if n%pinned == 0 {
			return []int{pinned}
		}
		return nil
	}
	var out []int
	for d := 1; d <= min(n, limit); d++ {
		if n%d == 0 {
			out = append(out, d)
		}
	}
	if !ascending {
		for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
			out[i], out[j] = out[j], out[i]
		}
	}
	return out
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
