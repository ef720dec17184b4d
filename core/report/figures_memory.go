package report

var memoryEntries = []entry{
	{"memory.min_gpus", "fewest GPUs that fit", GPUs, present(func(r *Report) int { return r.Memory.MinGPUs })},
	{"memory.min_gpus_engine", "fewest GPUs that an engine would be run on", GPUs, present(func(r *Report) int { return r.Memory.MinGPUsEngine })},

	{"memory.weights_bytes", "weights of the main text model", Bytes, counted(func(r *Report) int64 { return r.Memory.WeightsBytes })},
	{"memory.scales_bytes", "scales and zero points among the weights", Bytes, present(func(r *Report) int64 { return r.Memory.ScalesBytes })},
	{"memory.experts_bytes", "routed experts", Bytes, present(func(r *Report) int64 { return r.Memory.ExpertsBytes })},
	{"memory.mtp_bytes", "drafting modules as published", Bytes, present(func(r *Report) int64 { return r.Memory.MTPBytes })},
	{"memory.vision_bytes", "vision towers and projectors", Bytes, present(func(r *Report) int64 { return r.Memory.VisionBytes })},
	{"memory.weights_deployed_bytes", "weights on all GPUs, every copy counted", Bytes, counted(func(r *Report) int64 { return r.Memory.WeightsDeployedBytes })},
	{"memory.host_bytes", "routed experts in host memory", Bytes, present(func(r *Report) int64 { return r.Memory.HostBytes })},

	{"memory.kv_bytes", "cache of all sequences, one copy", Bytes, counted(func(r *Report) int64 { return r.Memory.KVBytes })},
	{"memory.kv_deployed_bytes", "cache on all GPUs, every copy counted", Bytes, counted(func(r *Report) int64 { return r.Memory.KVDeployedBytes })},
	{"memory.gpu_bytes", "memory of one accelerator", Bytes, counted(func(r *Report) int64 { return r.Memory.GPUBytes })},

	{"memory.kv_capacity_tokens", "tokens of cache that fit", Tokens, counted(func(r *Report) int64 { return r.Memory.KVCapacityTokens })},
	{"memory.max_batch", "sequences of full length that fit", Sequences, counted(func(r *Report) int64 { return r.Memory.MaxBatch })},

	{"memory.dense_twin_bytes", "a dense model that computes as much per token", Bytes, counted(func(r *Report) int64 { return r.Memory.DenseTwinBytes })},
	{"memory.ratio_to_dense_twin", "weights against the dense twin's", Ratio, counted(func(r *Report) float64 { return r.Memory.RatioToDenseTwin })},
	{"memory.ratio_to_dense_twin_with_kv", "weights and cache against the dense twin's", Ratio, counted(func(r *Report) float64 { return r.Memory.RatioToDenseTwinKV })},
	{"memory.equal_bytes_twin_params", "parameters that a dense model of the same bytes computes per token", Params, counted(func(r *Report) int64 { return r.Memory.EqualBytesTwinParams })},
}
