package offload

import (
	"math"

	"moecost/core/serving"
)

// computed is how one layer's missing experts are divided between CPU and GPU.
type computed struct {
	threshold int     // experts with so many tokens or more are copied
	cpu       float64 // seconds of the CPU, hand-over included
	copy      float64 // seconds of the link
	drive     float64
	local     float64 // share of the work on experts that the GPU does
	whole     float64 // share of layers that are on the CPU as wholes: it computes, the GPU waits; 0: experts are divided

	cpuBytes, linkBytes, driveBytes float64
}

// computing divides the work for each kind of layer.
func (p *Plan) computing(policy Policy, s *serving.Stack, lacks []needs) []computed {
	if policy < CPU {
		return nil
	}
	out := make([]computed, len(lacks))
	for i := range lacks {
		n := &lacks[i]
		if n.missing <= 0 {
			out[i] = computed{local: 1}
			continue
		}
		loads := p.loads(n)
		best := p.divide(n, loads, len(loads))
		if policy == Hybrid {
			layer := firstOf(s, i)
			for threshold := 1; threshold < len(loads); threshold++ {
				if c := p.divide(n, loads, threshold); c.seconds(layer) < best.seconds(layer) {
					best = c
				}
			}
		}
		out[i] = best
	}
	return out
}

// firstOf is the first layer of a kind.
func firstOf(s *serving.Stack, kind int) *serving.MoELayer {
	for i := range s.Layers {
		if s.Layers[i].Kind == kind {
			return &s.Layers[i]
		}
	}
	return nil
}

// loads is the expected number of missing experts by their tokens: loads[n] have
// n of them. The hottest experts are taken to be those on the GPU.
func (p *Plan) loads(n *needs) []float64 {
	pi, tokens := n.kind.Coverage.Pi, n.kind.Tokens
	from := (1 - p.missingShare()) * float64(len(pi))
	out := []float64{0}
	sum := 0.0
	for i, chance := range pi {
		weight := min(max(float64(i+1)-from, 0), 1)
		if weight > 0 && chance > 0 {
			out = addLoads(out, weight, tokens, chance)
		}
	}
	for _, x := range out {
		sum += x
	}
	if sum <= 0 {
		return []float64{0, n.missing}
	}
	for i := range out {
		out[i] *= n.missing / sum
	}
	return out
}

// missingShare is the share of the experts that the GPU does not hold.
func (p *Plan) missingShare() float64 {
	if p.Setting.Mapped > 0 {
		return 1 // whole layers: hot and cold ones
	}
	return 1 - p.Setting.OnGPU()
}

// mostLoads bounds the tokens of one expert that are told apart.
const mostLoads = 64

// addLoads adds one expert that each of so many tokens chooses with a chance: a binomial.
func addLoads(out []float64, weight, tokens, chance float64) []float64 {
	if chance >= 1 || tokens*chance > mostLoads/2 { // every token, or a normal so narrow that its mean does
		at := int(math.Round(min(max(tokens*chance, 1), 4096)))
		for len(out) <= at {
			out = append(out, 0)
		}
		out[at] += weight
		return out
	}
	odds := chance / (1 - chance)
	mass := math.Exp(tokens * math.Log1p(-chance)) // nobody chooses it
	for n := 1; n <= mostLoads && float64(n) < tokens+1; n++ {
		mass *= min(tokens-float64(n-1), tokens) / float64(n) * odds
		if mass <= 0 {
			break
		}
		if len(out) <= n {
			out = append(out, 0)
		}
		out[n] += weight * mass
		if float64(n) > tokens*chance && mass < 1e-9 {
			break
		}
	}
	return out
}

// cpuRate is what the engine's kernels reach on the CPU, bytes/s.
func (p *Plan) cpuRate() float64 {
	if p.Setting.Mapped > 0 {
		return p.Setting.CPU * p.fitted.Mapped
	}
	return p.Setting.CPU
}

// divide copies experts with threshold tokens or more, and has the others computed.
func (p *Plan) divide(n *needs, loads []float64, threshold int) computed {
	k, rate := n.kind, p.cpuRate()
	c := computed{threshold: threshold}
	copied := 0.0
	for tokens := 1; tokens < len(loads); tokens++ {
		if tokens >= threshold {
			copied += loads[tokens]
			continue
		}
		c.cpu += loads[tokens] * costOf(float64(tokens)) * k.Bytes / rate
		c.cpuBytes += loads[tokens] * k.Bytes
	}
	share := copied / n.missing
	if c.cpu > 0 {
		c.cpu += p.fitted.Sync
	}
	c.copy, c.linkBytes = share*n.copy, share*n.linkBytes
	c.drive, c.driveBytes = n.drive, n.driveBytes
	c.local = n.hit + (1-n.hit)*share
	if p.Setting.Mapped > 0 && share == 0 {
		c.whole = 1
	}
	return c
}

// seconds is what the layer's experts take.
func (c *computed) seconds(l *serving.MoELayer) float64 {
	gpu := l.Shared + c.copy + c.local*l.Experts
	if c.whole > 0 {
		return gpu + c.cpu + c.drive
	}
	return max(gpu, c.cpu) + c.drive
}

// shared adds a layer whose experts GPU and CPU divide.
func (t *Time) shared(c *computed, l *serving.MoELayer) {
	gpu := l.Shared + c.local*l.Experts
	t.waits(c.copy, c.drive)
	wait := c.cpu
	if c.whole == 0 {
		wait = max(c.cpu-gpu-c.copy, 0)
	}
	t.CPU += wait
	t.CPUBytes += c.cpuBytes
	t.LinkBytes += c.linkBytes
	t.DriveBytes += c.driveBytes
}
