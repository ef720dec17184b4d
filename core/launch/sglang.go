package launch

import "strconv"

func tellSGLang(b *builder) {
	d := &b.d
	b.set("model", d.Model)
	b.above("tp", d.TP*d.DP)
	b.above("pp", d.PP)
	if d.DP > 1 {
		b.set("dp", d.DP)
		b.set("dp_attention", true)
	}
	if d.EP > 1 {
		b.set("ep", d.EP)
	}
	b.set("context", d.Context)
	b.set("sequences", d.Sequences) // SGLang divides it over the replicas
	if d.Chunk > 0 {
		b.set("chunk", d.Chunk*int64(d.DP)) // and this, too: server_args.py, if enable_dp_attention
	}
	switch d.KV {
	case "", "bf16", "fp16":
	case "fp8":
		b.set("kv", "fp8_e4m3")
	default:
		b.note("SGLang stores the KV cache in BF16 or FP8, not in " + upper(d.KV) + ".")
	}
	b.weights("fp8")
	switch d.EPLB {
	case "online":
		b.set("eplb", true)
		b.set("spare", d.Spare)
		b.set("interval", max(d.Interval, 1))
		if d.Layers {
			b.set("layerwise", 1)
		}
	case "static":
		b.set("spare", d.Spare)
		b.set("location", "./expert_location.pt")
		b.note("Record which experts your traffic uses first (--expert-distribution-recorder-mode stat), and give the file that it writes as --init-expert-location.")
	}
	b.drafts(func() {
		b.set("draft", "NEXTN")
		b.set("draft_steps", d.Draft)
		b.set("draft_width", 1)
		b.set("draft_tokens", d.Draft+1)
	})
	if d.Host > 0 {
		b.set("offload", (d.HostBytes+1<<30-1)>>30)
		b.note("SGLang moves layers to the host, experts or not, and copies them in every step. With KTransformers it computes experts on the CPU; that takes weights in a form of their own.")
	}
	if d.Role != "" {
		b.set("role", d.Role)
		b.note("Prefill and decode are servers of their own; SGLang's gateway in front sends each request to one of either. Start this command once for each instance.")
	}
	program := []string{"python3", "-m", "sglang.launch_server"}
	nodes := d.nodes()
	if nodes == 1 {
		b.command("", program, "")
		return
	}
	b.set("nodes", nodes)
	b.set("address", firstNode+":20000")
	for node := range min(nodes, 2) {
		b.command("server "+strconv.Itoa(node), program, "", b.own("node", node))
	}
	b.note(firstNode + " is the address of the first server." + more(nodes, " The others run the same with their own number in --node-rank."))
}

// more is a text for three servers and above.
func more(nodes int, text string) string {
	if nodes > 2 {
		return text
	}
	return ""
}
