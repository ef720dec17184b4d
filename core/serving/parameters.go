package serving

// Parameter is one fitted constant as a fit sees it.
type Parameter struct {
	Name  string
	Unit  string
	Value *float64
	Prior float64 // what it is pulled towards: a round value chosen before fitting
	Held  bool    // not fitted: too few rows, or known from elsewhere
	Basis string
}

// Parameters lists the constants of c.
func (c *Constants) Parameters() []Parameter {
	var all []Parameter
	add := func(name, unit string, v *float64, prior float64, held bool, basis string) {
		all = append(all, Parameter{name, unit, v, prior, held, basis})
	}
	for f := range familyCount {
		add("memory "+familyNames[f], "of peak", &c.Memory[f], 0.76, f == familyOther, "weight reads of decode")
	}
	for f := range familyCount {
		prior := 0.45
		if f == familyStrix || f == familyApple {
			prior = 0.25
		}
		add("compute "+familyNames[f], "of peak", &c.Compute[f], prior, f == familyOther, "matrix products of prefill")
	}
	for f := range familyCount {
		add("slow "+familyNames[f], "relative", &c.Slow[f], 1, f != familyAMD && f != familyApple && f != familyBlackwell, "a launch, Hopper is 1")
	}
	add("cache read", "of memory", &c.CacheRead, 0.8, false, "KV cache reads")
	add("expert read", "of memory", &c.ExpertRead, 0.95, false, "grouped GEMMs of the experts")
	add("latent peak", "of peak", &c.LatentPeak, 0.55, true, "below published FlashMLA kernel figures")
	add("attend peak", "of peak", &c.AttendPeak, 0.45, false, "attention of prefill, of the BF16 peak")
	add("attend local", "of compute", &c.AttendLocal, 1, false, "the same on Strix Halo and Apple")
	add("fp8 peak", "of compute", &c.FP8Peak, 0.7, false, "of compute x FP8 peak, 128 x 128 blocks")
	add("fp4 peak", "of compute", &c.FP4Peak, 0.6, false, "of compute x FP4 peak")
	add("amd fp8 blocks", "of memory", &c.AMDBlocks, 0.8, false, "weights in FP8 with 128 x 128 blocks on AMD")
	add("depth", "columns", &c.Depth, 300, false, "loading and writing a tile, as inner dimension")
	add("ramp", "rows", &c.Ramp, 200, false, "rows that a grouped product wastes per expert")
	add("kernel", "s", &c.Kernel, 4e-6, false, "one launch inside a CUDA graph")
	add("older releases", "relative", &c.Older, 1.2, false, "launches of vLLM and SGLang up to January 2026")
	add("step", "s", &c.Step, 0.5e-3, false, "a step beside its layers")
	add("sequence", "s", &c.Sequence, 3e-6, false, "a sequence in a step: sampling, bookkeeping")
	add("between", "relative", &c.Between, 1, false, "bytes of the kernels between matrices")
	add("network", "relative", &c.Network, 1, false, "collectives in a step to collectives alone")
	add("together", "", &c.Together, 0.3, false, "prompts per prefill step: C to this power")
	add("wave", "relative", &c.Wave, 0.6, false, "prompts ahead: wave x (C-1)^exponent")
	add("wave exponent", "", &c.WaveExponent, 0.65, false, "")
	add("spread", "of wave", &c.Spread, 0.4, false, "for arrivals that are spread out")
	for e := engineVLLM; e < engineCount; e++ {
		add("request "+engineIDs[e], "s", &c.Request[e], 20e-3, e == engineLlamaCpp, "a request before its first token")
	}
	for e := engineVLLM; e < engineCount; e++ {
		prior := 50e-6
		if e == engineLlamaCpp {
			prior = 1e-6
		}
		add("host launch "+engineIDs[e], "s", &c.Host[e], prior, e == engineLlamaCpp, "one launch outside a CUDA graph")
	}
	return all
}
