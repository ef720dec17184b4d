package report

import (
	"moecost/core/serving"
)

// memorySection puts the ledger beside the totals and the dense twins.
func (r *Report) memorySection() Memory {
	in, size := &r.in, &r.in.bytes
	led := &in.ledger
	out := Memory{
		Fits:          led.Fits(),
		MinGPUs:       in.footprint.Fewest(&in.gpu, &in.engine, in.load, in.pinned).GPUs,
		MinGPUsEngine: in.footprint.FewestInEngine(&in.gpu, &in.engine, in.load, in.pinned).GPUs,

		WeightsBytes: size.weights.Bytes(), ScalesBytes: size.weights.Scales,
		ExpertsBytes: size.experts, MTPBytes: size.mtp, VisionBytes: size.vision,
		WeightsDeployedBytes: in.footprint.Deployed(in.layout, in.load),

		KVBytes: serving.Times(in.load.Batch, r.Model.KVBytesPerSequence+r.Model.StateBytesPerSequence),

		GPUBytes: led.Capacity, PerGPU: perGPU(led), Stage: led.Stage,
		Runtime: Runtime{led.Runtime.Driver, led.Runtime.Libraries, led.Runtime.Graphs, led.Runtime.Clear},

		PerGPUWeightsBytes: led.WeightBytes() + led.Padding + led.MTP + led.Vision,
		PerGPUUsedBytes:    led.Capacity - led.Free,
		PerGPUSequence:     led.PerSequence, PerGPUPoolBytes: led.Pool,

		KVCapacityTokens: int64(in.layout.DP) * led.Tokens(in.load.ReservedTokens()),
		MaxBatch:         int64(in.layout.DP) * led.Sequences(),
	}
	out.KVDeployedBytes = r.kvDeployed()
	if in.load.Host > 0 {
		out.HostBytes = int64(float64(out.ExpertsBytes) * in.load.Host)
	}
	total, active := float64(r.Model.TotalParams), float64(r.Model.ActiveParams)
	weights, kv := float64(out.WeightsBytes), float64(out.KVBytes)
	out.DenseTwinBytes = int64(weights * active / total)
	out.RatioToDenseTwin = total / active
	out.RatioToDenseTwinKV = (weights + kv) / (float64(out.DenseTwinBytes) + kv)
	out.EqualBytesTwinParams = r.Model.TotalParams
	return out
}

// kvDeployed is the cache on all GPUs: what the ranks of every replica hold for
// the sequences that it really has.
func (r *Report) kvDeployed() int64 {
	in := &r.in
	perSequence := int64(0)
	for s := range in.layout.PP {
		for _, c := range in.footprint.Caches(in.layout, in.load, s) {
			perSequence += c.Layers * c.BytesOnGPU()
		}
	}
	return serving.Times(in.load.Batch*int64(in.layout.TP), perSequence)
}

func perGPU(l *serving.Ledger) PerGPU {
	w := partsOf(l.Weights)
	return PerGPU{
		RoutedExperts: w.RoutedExperts, SharedExperts: w.SharedExperts, Dense: w.Dense,
		Attention: w.Attention, Embedding: w.Embedding, Router: w.Router,
		Padding: l.Padding, MTP: l.MTP, Vision: l.Vision, KV: l.CacheBytes(),
		Activation: l.Activation, Comm: l.Comm, Runtime: l.Runtime.Bytes(), Free: l.Free,
	}
}
