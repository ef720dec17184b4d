package launch

import "strconv"

func tellTensorRT(b *builder) {
	d := &b.d
	b.above("tp", d.TP*d.DP)
	b.above("pp", d.PP)
	if d.EP > 1 {
		b.set("ep", d.EP)
	}
	b.set("context", d.Context)
	b.set("sequences", d.perReplica())
	if d.Chunk > 0 {
		b.set("chunk", d.Chunk)
		b.set("chunked", true)
	}
	if d.Memory > 0 && d.Memory < 1 {
		b.set("memory", d.Memory)
	}
	if d.DP > 1 {
		b.file("dp_attention", true)
		if d.TP > 1 {
			b.note("TensorRT-LLM keeps a replica of attention on every GPU: " + strconv.Itoa(d.TP*d.DP) + " of them, not " + strconv.Itoa(d.DP) + ".")
		}
	}
	switch d.KV {
	case "", "bf16", "fp16":
	case "fp8", "nvfp4":
		b.file("kv", d.KV)
	default:
		b.note("TensorRT-LLM stores the KV cache in BF16, FP8 or NVFP4, not in " + upper(d.KV) + ".")
	}
	b.weights()
	if d.EPLB != "off" {
		b.file("wideep", "WIDEEP")
		b.file("slots", d.Experts+d.Spare)
		layers := 0
		if d.EPLB == "online" {
			layers = 1
		} else {
			b.note("A placement that stays is computed from counts of your own traffic; give it as initial_global_assignments of the load balancer.")
		}
		b.file("layerwise", layers)
	}
	b.drafts(func() {
		b.file("draft", "MTP")
		b.file("draft_tokens", d.Draft)
		b.note("Releases from 1.3 on call num_nextn_predict_layers max_draft_len.")
	})
	if d.Host > 0 {
		b.note("TensorRT-LLM keeps all experts on the GPUs: it has no option for host memory.")
	}
	switch d.Role {
	case "prefill":
		b.file("transfer", "DEFAULT")
		b.set("role", "context")
	case "decode":
		b.file("transfer", "DEFAULT")
		b.set("role", "generation")
	}
	if d.Role != "" {
		b.note("Prefill and decode are servers of their own; trtllm-serve disaggregated in front sends each request to one of either. Start this command once for each instance.")
	}
	program, where := []string{"trtllm-serve"}, ""
	if nodes := d.nodes(); nodes > 1 {
		program = []string{"srun", "-N", strconv.Itoa(nodes), "--ntasks", strconv.Itoa(d.GPUs), "--ntasks-per-node", strconv.Itoa(d.PerNode), "--mpi=pmix", "trtllm-llmapi-launch", "trtllm-serve"}
		where = "under Slurm"
	}
	if len(b.yaml) > 0 {
		b.set("config", "moecost.yaml")
	}
	b.command(where, program, d.Model)
	if len(b.yaml) > 0 {
		b.out.Commands[0].File = &File{Name: "moecost.yaml", Keys: b.yaml}
	}
}
