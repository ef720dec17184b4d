package offload

import (
	"math"

	"moecost/core/serving"
)

// computed is how one layer's missing experts are divided between CPU and GPU.
type computed struct {
	threshold int     // experts with so many tokens or more are copied
	units     float64 // experts that the CPU computes, those with several tokens by what they cost more
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
		l := p.loads(n)
		if policy == CPU {
			out[i] = p.divide(n, 0, l.cost(mostLoads+1), mostLoads+1)
		} else {
			out[i] = p.best(n, &l, firstOf(s, i))
		}
	}
	return out
}

// best tries every threshold.
func (p *Plan) best(n *needs, l *loads, layer *serving.MoELayer) computed {
	best := p.divide(n, 0, l.cost(mostLoads+1), mostLoads+1)
	copied, cost := n.missing, 0.0
	for threshold := 1; threshold <= mostLoads; threshold++ {
		if threshold > 1 {
			copied -= l.count[threshold-1]
			cost += l.count[threshold-1] * costOf(float64(threshold-1))
		}
		if c := p.divide(n, min(max(copied/n.missing, 0), 1), cost, threshold); c.seconds(layer) < best.seconds(layer) {
			best = c
		}
	}
	return best
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

// mostLoads bounds the tokens of one expert that are told apart: an expert with more is copied, or
// computed at the cost of its mean.
const mostLoads = 64

// loads is the expected number of missing experts by their tokens.
type loads struct {
	count    [mostLoads + 1]float64 // with so many tokens
	manyCost float64                // of experts with more, in experts of one token
	many     float64
}

// cost is what the CPU takes for the experts below a threshold, in experts of one token.
func (l *loads) cost(threshold int) float64 {
	sum := 0.0
	for tokens := 1; tokens <= mostLoads && tokens < threshold; tokens++ {
		sum += l.count[tokens] * costOf(float64(tokens))
	}
	if threshold > mostLoads {
		sum += l.manyCost
	}
	return sum
}

// loads counts the missing experts by their tokens. Those that the GPU has are taken to be the hottest, as many as
// the hit rate speaks of: a cache that never hits holds none.
func (p *Plan) loads(n *needs) loads {
	var out loads
	pi, tokens := n.kind.Coverage.Pi, n.kind.Tokens
	had := n.hit * n.kind.Coverage.Distinct(tokens)
	if p.Setting.Mapped > 0 {
		had = 0 // whole layers: hot and cold ones
	}
	for _, chance := range pi {
		asked := -math.Expm1(tokens * math.Log1p(-chance))
		weight := 1.0
		if had > 0 && asked > 0 {
			weight = max(1-had/asked, 0)
			had -= asked
		}
		if weight > 0 && chance > 0 {
			out.add(weight, tokens, chance)
		}
	}
	sum := out.many
	for _, x := range out.count {
		sum += x
	}
	if sum <= 0 {
		out.count[1], sum = 1, 1
	}
	scale := n.missing / sum
	for i := range out.count {
		out.count[i] *= scale
	}
	out.many *= scale
	out.manyCost *= scale
	return out
}

// handOver is what GPU and CPU wait for each other in a layer: where whole layers are on the CPU, in these alone.
func (p *Plan) handOver(n *needs) float64 {
	if p.Setting.Mapped > 0 {
		return (1 - n.hit) * p.fitted.Sync
	}
	return p.fitted.Sync
}

// add adds one expert that each of so many tokens chooses with a chance: a binomial. One that
// has many tokens is taken to have their mean.
func (l *loads) add(weight, tokens, chance float64) {
	if mean := tokens * chance; mean > mostLoads/2 || chance >= 1 {
		if mean <= mostLoads {
			l.count[max(int(math.Round(mean)), 1)] += weight
			return
		}
		l.many += weight
		l.manyCost += weight * costOf(mean)
		return
	}
	odds := chance / (1 - chance)
	mass := math.Exp(tokens * math.Log1p(-chance)) // nobody chooses it
	for n := 1; n <= mostLoads && float64(n) < tokens+1; n++ {
		mass *= min(tokens-float64(n-1), tokens) / float64(n) * odds
		l.count[n] += weight * mass
		if mass <= 0 || float64(n) > tokens*chance && mass < 1e-9 {
			return
		}
	}
}

// cpuRate is what the engine's kernels reach on the CPU, bytes/s.
func (p *Plan) cpuRate() float64 {
	if p.Setting.Mapped > 0 {
		return p.Setting.CPU * p.fitted.Mapped
	}
	return p.Setting.CPU
}

// divide copies a share of the missing experts, and has the others computed: they cost as
// much as so many experts of one token.
func (p *Plan) divide(n *needs, share, cost float64, threshold int) computed {
	k := n.kind
	c := computed{threshold: threshold, units: cost}
	if cost > 0 {
		c.cpu = cost*k.Bytes/p.cpuRate() + p.handOver(n)
		c.cpuBytes = (1 - share) * n.missing * k.Bytes
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
