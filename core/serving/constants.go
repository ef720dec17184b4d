package serving

import "moecost/core/hardware"

// family groups accelerators that share efficiencies: those of one generation.
type family uint8

const (
	familyAmpere family = iota
	familyHopper
	familyBlackwell
	familyAMD
	familyStrix
	familySpark
	familyConsumer
	familyApple
	familyOther // nothing measured: round values, and the widest range
	familyCount
)

var familyNames = [familyCount]string{"ampere", "hopper", "blackwell", "amd", "strix", "spark", "consumer", "apple", "other"}

func familyOf(a *hardware.Accelerator) family {
	switch a.Architecture {
	case "ampere":
		return familyAmpere
	case "hopper":
		return familyHopper
	case "blackwell":
		return familyBlackwell
	case "cdna2", "cdna3", "cdna4":
		return familyAMD
	case "rdna3.5":
		return familyStrix
	case "gb10":
		return familySpark
	case "ada", "ada-consumer", "ampere-consumer", "blackwell-consumer":
		return familyConsumer
	case "apple":
		return familyApple
	}
	return familyOther
}

// Constants are the fitted figures of the step model: what hardware reaches of
// its peaks, what a launch takes, and what a serving loop adds. The values in
// use are Fitted; scripts/accuracy fits them again and prints its reasons.
type Constants struct {
	_ [0]func() // no == for it: docs/size.md

	Memory  [familyCount]float64 // share of memory bandwidth that decode reaches
	Compute [familyCount]float64 // share of the matrix peak that prefill reaches
	Slow    [familyCount]float64 // launches, relative to Hopper

	CacheRead    float64 // of Memory, for KV cache reads
	ExpertRead   float64 // of Memory, for grouped expert GEMMs
	LatentPeak   float64 // of the BF16 peak, decode attention on a latent
	AttendPeak   float64 // of the BF16 peak, prefill attention
	AttendLocal  float64 // the same on unified memory and desktop chips, relative to Compute
	FP8Peak      float64 // of Compute x the FP8 peak, weights in 128 x 128 blocks
	FP4Peak      float64 // of Compute x the FP4 peak
	Depth        float64 // columns that a matrix product costs beyond its own: loading and writing a tile
	Ramp         float64 // rows that a grouped product wastes per expert, at most as many as it has: part tiles and ramp-up
	Kernel       float64 // seconds of a launch inside a CUDA graph
	Older        float64 // launches of older releases, relative
	AMDBlocks    float64 // of Memory, FP8 weights with block scales on AMD
	Step         float64 // seconds per step beside its layers
	Sequence     float64 // seconds per sequence and step: sampling, bookkeeping of the host
	Between      float64 // bytes that kernels between the matrices move, relative to the matrices' own activations
	Network      float64 // measured collectives to collectives inside a step
	Together     float64 // prompts that one prefill step takes in a closed loop of C users: C^Together
	Wave         float64 // prompts ahead in a closed loop: Wave x (C-1)^WaveExponent
	WaveExponent float64
	Spread       float64 // of Wave, for arrivals that are spread out

	Request [engineCount]float64 // seconds per request before its first token
	Host    [engineCount]float64 // seconds per launch outside a CUDA graph
}

// A part with cut-down matrix units (H20: 37 FLOP per byte of bandwidth, where an
// H100 has 295) feeds them almost fully: 16,594 prompt tokens per second of Qwen3-30B-A3B
// at 4096 tokens (alibaba/InferSim, README) are 0.9 of its BF16 peak.
const (
	starvedRatio   = 60
	starvedCompute = 0.85
)
