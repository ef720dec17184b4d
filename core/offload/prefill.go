package offload

import "moecost/core/serving"

// prefill is a step with prompts: nearly every expert is asked for, so that nothing is left to
// predict. The experts of a layer are copied while the layer before computes; an engine that maps
// its model copies when it needs them. Where the CPU would be faster it computes them.
func (p *Plan) prefill(policy Policy, s *serving.Stack) Time {
	if policy >= CPU && !p.Computes() {
		return Time{}
	}
	lacks := p.lacks(s, policy != OnDemand)
	copied := p.streamed(s, lacks)
	if policy < CPU {
		return copied
	}
	if cpu := p.prefillOnCPU(s, lacks); cpu.Seconds < copied.Seconds {
		return cpu
	}
	return copied
}

func (p *Plan) streamed(s *serving.Stack, lacks []needs) Time {
	t := Time{Local: 1}
	p.count(&t, s, lacks)
	window := 0.0
	for i := range s.Layers {
		l := &s.Layers[i]
		n := &lacks[l.Kind]
		if p.Setting.Mapped > 0 {
			t.waits(n.copy, n.drive)
		} else {
			t.ahead(n, window+l.Before)
		}
		t.LinkBytes += n.linkBytes
		t.DriveBytes += n.driveBytes
		t.Compute += l.Before + l.Shared + l.Experts
		window = l.Shared + l.Experts
	}
	t.Compute += s.After
	t.Seconds = t.Compute + t.Exposed + t.Drive
	return t
}

// ahead adds a copy that begins so many seconds before the GPU asks for it.
func (t *Time) ahead(n *needs, window float64) {
	t.Hidden += min(n.copy, window)
	if over := n.copy + n.drive - window; over > 0 {
		t.Drive += min(over, n.drive)
		t.Exposed += max(over-n.drive, 0)
	}
}

func (p *Plan) prefillOnCPU(s *serving.Stack, lacks []needs) Time {
	var t Time
	p.count(&t, s, lacks)
	rate := p.cpuRate()
	local, all := 0.0, 0.0
	for i := range s.Layers {
		l := &s.Layers[i]
		n := &lacks[l.Kind]
		all += l.Experts
		local += n.hit * l.Experts
		gpu := l.Shared + n.hit*l.Experts
		t.Compute += l.Before + gpu
		if n.missing <= 0 {
			continue
		}
		bytes := n.missing * n.kind.Bytes
		cpu := bytes/rate*costOf(n.kind.Routed*n.kind.Copies/n.kind.Distinct) + p.handOver(n)
		if p.Setting.Mapped == 0 {
			cpu = max(cpu-gpu, 0)
		}
		t.CPU += cpu
		t.Drive += n.drive
		t.CPUBytes += bytes
		t.DriveBytes += n.driveBytes
	}
	t.Compute += s.After
	t.Local = 1
	if all > 0 {
		t.Local = local / all
	}
	t.Seconds = t.Compute + t.CPU + t.Drive
	return t
}
