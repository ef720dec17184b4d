package serving

import (
	"moecost/core/balance"
	"moecost/core/routing"
)

// Timing is a deployment prepared for timing: the stack of layers reduced to
// its distinct kinds with their bytes and multiplications per rank, so that a step costs
// microseconds to estimate. It does not change after NewTiming and may be shared.
type Timing struct {
	d      Deployment
	c      *Constants
	f      family
	engine engineIndex
	older  bool
	padded bool
	apart  bool
	even   bool
	setup  balance.Setup
	fabric Fabric

	kinds  []kind
	draft  module   // what the model drafts with; empty if it brings nothing
	head   matrices // logits of one replica's rank
	hidden float64
	stages float64 // pipeline stages
	moe    float64 // MoE layers
	blocks bool    // routed experts are FP8 with block scales
	once   float64 // bytes of weights that any step touches, each once: all but routed experts and embedding

	bandwidth float64 // bytes/s that weight reads reach
	cacheRead float64
	moeRead   float64
	multiply  float64 // seconds of matrix work per second at peak
	multiply8 float64 // the same in block-scaled FP8
	multiply4 float64 // and in FP4
	attend    float64 // FLOP/s of prefill attention
	latent    float64 // FLOP/s of decode attention on a latent
	launch    float64 // seconds per kernel in a CUDA graph
	host      float64 // seconds per kernel outside one
	links     links

	elsewhere func(Work, Step) Step // what experts change that are not in GPU memory; nil: all are
}

// Assumptions are what the time of a step hangs on beside the deployment.
type Assumptions struct {
	Skew     float64 // of popularity: sigma of the lognormal, alpha of the power law
	Law      routing.Law
	Counts   *routing.Counts // counted popularity instead of the law's; nil: none
	Placed   balance.Setup   // whether, what for and how experts are placed by load; ranks, nodes, groups, spare slots and tokens are the deployment's
	Balanced float64         // max over mean tokens of ranks, where experts are replicated to even it out; 0 if they are not
	Fabric   Fabric          // how dispatch sends
	Apart    bool            // prefill runs on other GPUs: decoding never waits for it
	Padded   bool            // batches are filled up to the sizes that CUDA graphs are captured for (GraphSize)
	Routes   *Routes         // expert coverage prepared for other deployments of the same popularity, to share; nil prepares it anew
	Older    bool            // a release of vLLM or SGLang up to January 2026, with more and slower launches
}

// Popularity is that of the experts.
func (p *Assumptions) Popularity() routing.Popularity {
	return routing.Popularity{Law: p.Law, Skew: p.Skew, Counts: p.Counts}
}

// NewTiming prepares a deployment. The layout must have passed Check, and the
// accelerator must be Complete.
func NewTiming(d Deployment, p Assumptions) *Timing {
	t := &Timing{d: d, older: p.Older, padded: p.Padded, apart: p.Apart, fabric: p.Fabric, setup: p.Placed, hidden: float64(d.Model.Hidden), stages: float64(max(d.Layout.PP, 1))}
	t.compile(p)
	c := Fitted()
	t.resolve(&c)
	return t
}

// Use sets other constants, for fitting them.
func (t *Timing) Use(c *Constants) { t.resolve(c) }

// resolve turns shares of peaks into rates.
func (t *Timing) resolve(c *Constants) {
	t.c, t.f, t.engine = c, familyOf(&t.d.GPU), engineByID(t.d.Engine.ID)
	t.bandwidth = t.d.GPU.BandwidthBytesPerSecond * c.Memory[t.f]
	if t.f == familyAMD && t.blocks {
		t.bandwidth *= c.AMDBlocks
	}
	t.cacheRead = t.bandwidth * c.CacheRead
	t.moeRead = t.bandwidth * c.ExpertRead
	t.multiply = 1 / c.Compute[t.f]
	t.multiply8 = t.multiply / c.FP8Peak
	t.multiply4 = t.multiply / c.FP4Peak
	t.attend = t.d.GPU.Peaks.BF16 * c.AttendPeak
	switch {
	case t.f == familyStrix || t.f == familyApple:
		t.attend = t.d.GPU.Peaks.BF16 * c.Compute[t.f] * c.AttendLocal
	case t.engine == engineLlamaCpp && (t.f == familySpark || t.f == familyConsumer):
		t.attend *= 2 // llama.cpp accumulates attention in FP16, at twice the rate of desktop chips' BF16
	}
	t.latent = t.d.GPU.Peaks.BF16 * c.LatentPeak
	if t.f == familyHopper && t.d.GPU.Peaks.BF16 < starvedRatio*t.d.GPU.BandwidthBytesPerSecond {
		t.multiply, t.multiply8 = 1/starvedCompute, 1/starvedCompute
		t.attend, t.latent = starvedCompute*t.d.GPU.Peaks.BF16, starvedCompute*t.d.GPU.Peaks.BF16
	}
	t.launch = c.Kernel * c.Slow[t.f]
	t.host = c.Host[t.engine] * c.Slow[t.f]
	if t.f == familyAMD && t.blocks {
		t.launch /= c.AMDBlocks
	}
	if t.older && (t.engine == engineVLLM || t.engine == engineSGLang) {
		t.launch *= c.Older
	}
	t.links = linksOf(&t.d, c)
	if t.engine == engineIdeal {
		t.idealise()
	}
}

// idealise sets every efficiency to one and every overhead to nothing: what the
// hardware's own figures allow.
func (t *Timing) idealise() {
	t.bandwidth = t.d.GPU.BandwidthBytesPerSecond
	t.cacheRead, t.moeRead = t.bandwidth, t.bandwidth
	t.multiply, t.multiply8, t.multiply4 = 1, 1, 1
	t.attend, t.latent = t.d.GPU.Peaks.BF16, t.d.GPU.Peaks.BF16
	t.launch, t.host = 0, 0
	c := *t.c
	c.Between, c.Depth, c.Ramp, c.Network = 0, 0, 0, min(c.Network, 1)
	t.c = &c
	t.links = linksOf(&t.d, t.c)
}
