package launch

import "strconv"

// firstNode stands for the address of the first server, which only the reader knows.
const firstNode = "NODE0"

func tellVLLM(b *builder) {
	d := &b.d
	b.above("tp", d.TP)
	b.above("pp", d.PP)
	b.above("dp", d.DP)
	if d.EP > 1 {
		b.set("ep", true)
		if d.EP != d.TP*d.DP {
			b.note("vLLM spreads experts over all TP × DP GPUs, " + strconv.Itoa(d.TP*d.DP) + " ranks here: it has no option for " + strconv.Itoa(d.EP) + ".")
		}
	}
	b.set("context", d.Context)
	b.set("sequences", d.perReplica())
	if d.Chunk > 0 {
		b.set("chunk", d.Chunk)
	}
	switch d.KV {
	case "", "bf16", "fp16":
	case "fp8":
		b.set("kv", "fp8")
	default:
		b.note("vLLM stores the KV cache in BF16 or FP8, not in " + upper(d.KV) + ".")
	}
	if d.Memory > 0 && d.Memory < 1 {
		b.set("memory", d.Memory)
	}
	if d.Weights == "bf16" || d.Weights == "fp16" {
		b.set("dtype", map[string]string{"bf16": "bfloat16", "fp16": "float16"}[d.Weights])
	}
	b.weights("fp8")
	if d.EPLB != "off" {
		b.set("eplb", true)
		b.set("eplb_config", `{"num_redundant_experts":`+strconv.FormatInt(d.Spare, 10)+`,"step_interval":`+strconv.FormatInt(max(d.Interval, 1), 10)+`,"use_async":`+strconv.FormatBool(d.Layers)+`}`)
		if d.EPLB == "static" {
			b.note("vLLM places experts anew as it serves; a placement that stays is not an option of it. A long step_interval comes near.")
		}
	}
	b.drafts(func() { b.set("draft", `{"method":"mtp","num_speculative_tokens":`+strconv.FormatInt(d.Draft, 10)+`}`) })
	if d.Host > 0 {
		b.set("offload", (d.HostBytes+1<<30-1)>>30)
		b.note("vLLM moves weights to the host as they come, experts or not, and copies them in every step: it computes none on the CPU and keeps no list of hot experts. llama.cpp does the former.")
	}
	if d.Role != "" {
		b.set("transfer", `{"kv_connector":"NixlConnector","kv_role":"kv_both"}`)
		b.note("Prefill and decode are servers of their own; a router in front sends each request to one of either. Start this command once for each instance.")
	}
	program := []string{"vllm", "serve"}
	switch nodes := d.nodes(); {
	case nodes == 1:
		b.command("", program, d.Model)
	case d.TP*d.PP <= d.PerNode && d.DP%nodes == 0:
		local := d.DP / nodes
		for node := range nodes {
			own := []Flag{b.own("dp_local", local), b.own("dp_address", firstNode), b.own("dp_port", 13345)}
			if node > 0 {
				own = append(own, b.own("dp_start", node*local), b.own("headless", true))
			}
			b.command("server "+strconv.Itoa(node), program, d.Model, own...)
			if node == 1 && nodes > 2 {
				b.note("The other servers run the command of server 1 with the first of their own replicas in --data-parallel-start-rank: " + strconv.Itoa(2*local) + " and so on.")
				break
			}
		}
		b.note(firstNode + " is the address of the first server.")
	default:
		b.set("executor", "ray")
		b.command("server 0", program, d.Model)
		b.note("Join the " + strconv.Itoa(nodes) + " servers to a Ray cluster first: ray start --head on one, ray start --address=" + firstNode + ":6379 on the others.")
	}
}

// drafts sets drafting by the model's own modules, or says what is missing.
func (b *builder) drafts(own func()) {
	switch {
	case b.d.Draft == 0:
	case b.d.DraftOwn:
		own()
	default:
		b.note("The model brings no modules that draft: choose a draft model and name it.")
	}
}
