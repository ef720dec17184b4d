package serving

import (
	"math"

	"moecost/core/hardware"
)

// links is what collectives of one deployment run on.
type links struct {
	reduceLatency float64 // of a tensor-parallel all-reduce, seconds
	reduceFactor  float64 // bytes on the link per byte reduced
	reduceRate    float64 // bytes/s
	local         linkClass
	scale         float64 // measured alone to inside a step
	nodes         float64 // scale-up domains that the experts of one stage span
	ranks         float64 // GPUs of one stage
	network       float64 // scale-out bytes/s that transfers reach
}

// linkClass is how collectives behave on one kind of scale-up link, read off
// assets/measurements/alltoall.csv (docs/accuracy.md compares every row).
type linkClass struct {
	latency       float64 // of a small all-reduce of 8 ranks, custom kernel of the engines
	efficiency    float64 // of the link, large all-reduce
	exchange      float64 // latency of a dispatch or combine
	exchangeShare float64 // of the link, low-latency dispatch or combine
	bulkShare     float64 // of the link, dispatch or combine of a prefill step
}

var (
	// DeepEP on 8 x H200: 12 us, 0.5 to 0.6 of NVLink 4 in low-latency mode, 0.63 in normal mode with 24
	// SMs; NCCL 2.29 all-reduce of 512 MB at 0.99 to 1.02 of the ring's bound.
	linkHopper    = linkClass{5e-6, 0.95, 12e-6, 0.55, 0.63}
	linkBlackwell = linkClass{7.5e-6, 0.72, 21e-6, 0.62, 0.37} // the same on B200 and GB200
	linkAmpere    = linkClass{8e-6, 0.75, 16e-6, 0.55, 0.55}
	linkAMD       = linkClass{10e-6, 0.62, 25e-6, 0.6, 0.6} // UCCL-EP on MI300X, 260 to 304 GB/s of 448
	linkPCIe      = linkClass{24e-6, 0.8, 24e-6, 0.3, 0.3}  // NCCL on 8 x RTX PRO 6000; see hostRate
	linkBoxes     = linkClass{60e-6, 0.8, 60e-6, 0.8, 0.8}  // two desktop boxes, one 200 Gb/s card each
)

// hostRate is what all-reduces over PCIe reach at most, whatever the links: the host
// passes them on. NCCL, 512 MB on 8 x RTX PRO 6000 with PCIe 5: 24.7 GB/s per GPU.
const hostRate = 25e9

// officeNetwork joins desktop machines that state no link: 10 Gb/s Ethernet.
const officeNetwork = 1.25e9

// scaleOutShare is what RDMA transfers reach of the card: DeepEP at EP32 to EP256, 39 to 46 of 50 GB/s.
const scaleOutShare = 0.9

func linkClassOf(a *hardware.Accelerator, f family) linkClass {
	switch {
	case f == familySpark:
		return linkBoxes
	case a.ScaleUp.BytesPerSecond > 0 && a.ScaleUp.BytesPerSecond <= 70e9:
		return linkPCIe
	case f == familyHopper:
		return linkHopper
	case f == familyAmpere:
		return linkAmpere
	case f == familyAMD:
		return linkAMD
	}
	return linkBlackwell
}

func linksOf(d *Deployment, c *Constants) links {
	l := linkClassOf(&d.GPU, familyOf(&d.GPU))
	tp, stage := float64(d.Layout.TP), float64(d.Layout.StageGPUs())
	domain := float64(max(d.GPU.ScaleUp.GPUs, 1))
	up, out := d.GPU.ScaleUp.BytesPerSecond, d.GPU.ScaleOutBytesPerSecond
	if up == 0 {
		up = max(out, d.GPU.HostLink.BytesPerSecond/2)
	}
	if up == 0 {
		up = officeNetwork
	}
	if out == 0 {
		out = up
	}
	k := links{local: l, scale: c.Network, nodes: math.Ceil(stage / domain), ranks: stage, network: out * scaleOutShare}
	if tp > 1 {
		k.reduceLatency = l.latency * (0.55 + 0.15*math.Log2(tp))
		k.reduceFactor = 2 * (tp - 1) / tp
		k.reduceRate = up * l.efficiency
		if l == linkPCIe {
			k.reduceRate = min(k.reduceRate, hostRate)
		}
		if tp > domain {
			k.reduceLatency += 20e-6 + 2e-6*math.Log2(tp/domain)
			k.reduceRate = min(k.reduceRate, k.network*domain)
		}
	}
	k.local.exchangeShare *= up
	k.local.bulkShare *= up
	return k
}

// allReduce sums bytes over the tensor-parallel ranks.
func (k *links) allReduce(bytes float64) float64 {
	if k.reduceRate == 0 {
		return 0
	}
	return k.scale * (k.reduceLatency + k.reduceFactor*bytes/k.reduceRate)
}

// exchange moves tokens of one rank to their experts or back.
func (k *links) exchange(tokens float64, x *transfer) float64 {
	if k.ranks <= 1 {
		return 0
	}
	rate := k.local.exchangeShare
	if x.large {
		rate = k.local.bulkShare
	}
	copies, remote := k.copies(x)
	latency, far := k.latencies(x)
	seconds := latency + tokens*copies*x.bytes/rate
	if k.nodes > 1 {
		seconds = max(seconds, far+tokens*remote*x.bytes/k.network)
	}
	return seconds
}

// shown is what of an exchange a step waits for: two half-batches overlap in wide deployments.
func (k *links) shown(seconds float64) float64 {
	if k.nodes > 1 || k.ranks > wideRanks {
		seconds *= exposed
	}
	return k.scale * seconds
}

// Exchange times one dispatch or combine alone, outside a step: so many tokens of
// each of gpus ranks, topK copies of so many bytes each. bulk is the mode of prefill.
func Exchange(gpu *hardware.Accelerator, gpus int, tokens, experts, topK, bytes float64, bulk bool) float64 {
	c := Constants{Network: 1}
	k := linksOf(&Deployment{GPU: *gpu, Layout: Layout{GPUs: gpus, TP: 1, PP: 1, DP: gpus, EP: gpus}}, &c)
	return k.exchange(tokens, &transfer{experts: experts, topK: topK, bytes: bytes, large: bulk})
}

// Engines split the batch of a wide expert-parallel deployment in two and move
// one half while they compute the other; this much of the transfer still shows.
const (
	wideRanks = 16
	exposed   = 0.35
)
