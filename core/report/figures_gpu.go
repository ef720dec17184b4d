package report

var perGPUEntries = join(weightEntries(), []entry{
	{"memory.per_gpu.padding_bytes", "columns that kernels add to routed experts on each GPU", Bytes, present(func(r *Report) int64 { return r.Memory.PerGPU.Padding })},
	{"memory.per_gpu.mtp_bytes", "drafting modules on each GPU", Bytes, present(func(r *Report) int64 { return r.Memory.PerGPU.MTP })},
	{"memory.per_gpu.vision_bytes", "vision on each GPU", Bytes, present(func(r *Report) int64 { return r.Memory.PerGPU.Vision })},
	{"memory.per_gpu.kv_bytes", "cache on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPU.KV })},
	{"memory.per_gpu.activation_bytes", "workspace on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPU.Activation })},
	{"memory.per_gpu.comm_bytes", "communication buffers on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPU.Comm })},
	{"memory.per_gpu.runtime_bytes", "runtime and what the engine keeps clear, on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPU.Runtime })},
	{"memory.per_gpu.free_bytes", "free memory on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPU.Free })},
	{"memory.per_gpu_weights_bytes", "weights on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPUWeightsBytes })},
	{"memory.per_gpu_used_bytes", "memory in use on each GPU", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPUUsedBytes })},
	{"memory.per_gpu_bytes_per_sequence", "what a GPU keeps of one sequence", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPUSequence })},
	{"memory.per_gpu_pool_bytes", "what a GPU has for cache and state, in use and free", Bytes, counted(func(r *Report) int64 { return r.Memory.PerGPUPoolBytes })},
	constant("memory.runtime.driver_bytes", "kept by the driver", func(r *Report) int64 { return r.Memory.Runtime.Driver }),
	constant("memory.runtime.libraries_bytes", "CUDA libraries and their workspaces", func(r *Report) int64 { return r.Memory.Runtime.Libraries }),
	constant("memory.runtime.graphs_bytes", "CUDA graphs and context", func(r *Report) int64 { return r.Memory.Runtime.Graphs }),
	{"memory.runtime.clear_bytes", "kept clear by the engine", Bytes, counted(func(r *Report) int64 { return r.Memory.Runtime.Clear })},
})

func constant(id, name string, get func(*Report) int64) entry {
	return entry{id, name, Bytes, counted(get)}
}

func weightEntries() []entry {
	var out []entry
	for _, c := range components {
		out = append(out, entry{"memory.per_gpu." + c.key + "_bytes", c.name + " on each GPU", Bytes,
			counted(func(r *Report) int64 { return c.bytes(&r.Memory.PerGPU) })})
	}
	return out
}
