package offload

import "moecost/core/serving"

// step is a decode step, layer by layer.
func (p *Plan) step(policy Policy, s *serving.Stack) Time {
	var t Time
	if policy >= CPU && !p.Computes() {
		return t
	}
	lacks := p.lacks(s, policy != OnDemand)
	compute := p.computing(policy, s, lacks)
	p.count(&t, s, lacks)
	var chances []outcomes
	if policy == Prefetch {
		chances = p.chances(lacks)
	}
	window, local, all := 0.0, 0.0, 0.0 // window: what the GPU does between the choice of a layer's experts and the next one's
	for i := range s.Layers {
		l := &s.Layers[i]
		n := &lacks[l.Kind]
		if n.missing > 0 {
			switch {
			case policy == Prefetch && i > 0:
				t.prefetched(n, &chances[l.Kind], &p.Setting, window+l.Before)
			case policy >= CPU:
				t.shared(&compute[l.Kind], l)
			default:
				t.waits(n.copy, n.drive)
				t.LinkBytes += n.linkBytes
				t.DriveBytes += n.driveBytes
			}
		}
		share := 1.0
		if policy >= CPU {
			share = compute[l.Kind].local
		}
		local += share * l.Experts
		all += l.Experts
		t.Compute += l.Before + l.Shared + share*l.Experts
		window = l.Shared + l.Experts
	}
	t.Compute += s.After
	t.Local = 1
	if all > 0 {
		t.Local = local / all
	}
	t.Seconds = t.Compute + t.Exposed + t.CPU + t.Drive
	return t
}

// Computes tells whether the CPU can compute experts.
func (p *Plan) Computes() bool { return p.Setting.CPU > 0 && !p.Setting.Unified }

// count fills in the mean hit rate.
func (p *Plan) count(t *Time, s *serving.Stack, lacks []needs) {
	layers := 0.0
	for i := range lacks {
		n := float64(lacks[i].kind.Layers)
		t.HitRate += n * lacks[i].hit
		layers += n
	}
	if layers > 0 {
		t.HitRate /= layers
	}
}

// waits adds a copy that the GPU does nothing beside. What is on the drive is
// read into host memory first.
func (t *Time) waits(copy, drive float64) {
	t.Exposed += copy
	t.Drive += drive
}

// prefetched adds a layer whose experts were predicted while the layer before
// was choosing its own: what is predicted is copied beside window seconds of the GPU's work, and what was
// not follows when the layer asks for it, behind whatever the link is still busy with.
func (t *Time) prefetched(n *needs, by *outcomes, s *Setting, window float64) {
	ahead := s.Recall + s.Waste
	late := 0.0
	if s.Refetch {
		late = 1 - s.Recall
	}
	for i, chance := range by.chance {
		copy, drive := ahead*by.over[i]*n.copy, ahead*by.over[i]*n.drive
		t.Hidden += chance * min(copy, window)
		if over := copy + drive - window; over > 0 { // the drive's part is what is left last
			t.Drive += chance * min(over, drive)
			t.Exposed += chance * max(over-drive, 0)
		}
	}
	t.waits(late*n.copy, late*n.drive)
	t.LinkBytes += (ahead + late) * n.linkBytes
	t.DriveBytes += (ahead + late) * n.driveBytes
}

// chances are the outcomes for each kind of layer.
func (p *Plan) chances(lacks []needs) []outcomes {
	out := make([]outcomes, len(lacks))
	for i := range lacks {
		out[i] = missingByChance(lacks[i].kind.Busiest, 1-lacks[i].hit)
	}
	return out
}

// Best is the fastest way to run a decode step among the policies allowed; Cached is the first of them.
func Best(times *[PolicyCount]Time, allowed func(Policy) bool) Policy {
	best := Cached
	for policy := range PolicyCount {
		if t := &times[policy]; t.Seconds > 0 && allowed(policy) && (!allowed(best) || t.Seconds < times[best].Seconds) {
			best = policy
		}
	}
	return best
}
