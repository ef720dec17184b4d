package offload

import (
	"sync"

	"moecost/core/offload/cache"
	"moecost/core/routing"
	"moecost/core/serving"
)

// needs is what one layer of a kind lacks in a step.
type needs struct {
	kind *serving.ExpertKind
	hit  float64 // share of the experts asked for that GPUs have
	slow float64 // share that is on the drive

	copy  float64 // seconds to copy all that is missing to the busiest GPU, from host memory
	drive float64 // seconds to read from the drive what is not in host memory either

	linkBytes, driveBytes float64 // of these
	missing               float64 // experts, whole deployment
}

// lacks says what the layers of each kind lack: with the cache, or without it.
func (p *Plan) lacks(s *serving.Stack, cached bool) []needs {
	out := make([]needs, len(s.Kinds))
	for i := range s.Kinds {
		k := &s.Kinds[i]
		n := needs{kind: k}
		n.hit, n.slow = p.hits(k, s.Each, cached)
		n.missing = (1 - n.hit) * k.Distinct
		n.linkBytes = (1 - n.hit) * k.Busiest * k.Shard
		if p.Setting.Unified {
			n.linkBytes = 0
		}
		if n.linkBytes > 0 {
			n.copy = n.linkBytes / p.Setting.Link
		}
		n.driveBytes = n.slow * k.Distinct * k.Bytes
		if n.driveBytes > 0 {
			n.drive = n.driveBytes / p.driveRate()
		}
		out[i] = n
	}
	return out
}

// driveRate is what reads of experts reach of the drive.
func (p *Plan) driveRate() float64 {
	if p.Setting.Mapped > 0 {
		return p.fitted.Paged * p.Setting.NVMe
	}
	return p.fitted.Read * p.Setting.NVMe
}

// hits is the share of the experts that a step asks a layer for that GPUs have, and the
// share that is on the drive.
//
// The share 1-host stays on the GPUs for good: the hottest experts, or with an engine that
// moves whole layers the experts of so many layers. A cache answers of the rest what its
// policy gains between that share and all its slots. So cache 0 is on-demand and cache 1 is resident,
// whatever the policy.
func (p *Plan) hits(k *serving.ExpertKind, each float64, cached bool) (hit, slow float64) {
	s := &p.Setting
	tr := p.traffic(k, each)
	kept, slots := 1-s.Host, 1-s.Host
	if cached {
		slots = s.OnGPU()
	}
	if s.Mapped > 0 {
		return slots, (1 - slots) * (1 - p.mappedShare())
	}
	hit = p.listed(&tr, kept)
	if slots > kept {
		if s.Evict == cache.Static {
			hit = p.listed(&tr, slots)
		} else if before := rate(tr, s.Evict, kept); before < 1 {
			hit += (1 - hit) * (rate(tr, s.Evict, slots) - before) / (1 - before)
		}
	}
	if s.Unified {
		return hit, 1 - hit
	}
	if held := p.held(); held < 1 {
		slow = min(1-hit, 1-p.listed(&tr, held))
	}
	return hit, slow
}

// held is the share of the experts that GPUs keep for good or host memory holds; the
// hottest, as a cache of the drive would have them in the long run.
func (p *Plan) held() float64 {
	s := &p.Setting
	if s.RAM <= 0 || p.experts <= 0 {
		return 1
	}
	return min(1, 1-s.Host+max(s.RAM-hostReserve, 0)/p.experts)
}

// mappedShare is the share of a mapped file that the host's page cache holds.
func (p *Plan) mappedShare() float64 {
	s := &p.Setting
	if s.Unified {
		return 0
	}
	if s.RAM <= 0 {
		return 1
	}
	return min(1, max(s.RAM-hostReserve, 0)/s.Mapped)
}

// Paged is the share of the experts that the host should hold and has no room for.
func (p *Plan) Paged() float64 {
	if p.Setting.Unified {
		return 1 - p.Setting.OnGPU()
	}
	if p.Setting.Mapped > 0 {
		return (1 - p.Setting.OnGPU()) * (1 - p.mappedShare())
	}
	return max(0, min(1-p.held(), 1-p.Setting.OnGPU()))
}

// listed is the hit rate of a list of the hottest experts, of a share of all of them.
func (p *Plan) listed(t *cache.Traffic, share float64) float64 {
	if share <= 0 {
		return 0
	}
	if share >= 1 {
		return 1
	}
	return min(t.Answered(p.lists.get(t.Coverage, share, p.Setting.Drift)), 1)
}

// lists keeps the hot lists of a plan: three for each kind of layer at most.
type lists struct {
	sync.Mutex
	made []madeList
}

type madeList struct {
	coverage *routing.Coverage
	share    float64
	list     *cache.List
}

func (l *lists) get(c *routing.Coverage, share, drift float64) *cache.List {
	l.Lock()
	defer l.Unlock()
	for i := range l.made {
		if m := &l.made[i]; m.coverage == c && m.share == share {
			return m.list
		}
	}
	list := cache.NewList(c, share, drift)
	l.made = append(l.made, madeList{c, share, list})
	return list
}

func rate(t cache.Traffic, policy cache.Policy, share float64) float64 {
	return min(max(t.HitRate(policy, share), 0), 1)
}

func (p *Plan) traffic(k *serving.ExpertKind, each float64) cache.Traffic {
	return cache.Traffic{
		Coverage: k.Coverage, Sequences: k.Tokens / routing.EffectiveTokens(each, routing.DefaultCorrelation), Each: each,
		Correlation: cache.DefaultCorrelation, Layers: k.Layers, Drift: p.Setting.Drift,
	}
}
