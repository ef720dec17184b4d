package launch

import (
	"strconv"
	"strings"
)

// llamaPort is where llama-server listens; its default has changed between versions.
const llamaPort = 8080

// llamaBatch is the default of --batch-size, which a step cannot exceed.
const llamaBatch = 2048

// caches are the number formats of llama.cpp that stand for others of the same size.
var caches = [...][2]string{{"fp8", "q8_0"}, {"int8", "q8_0"}, {"fp16", "f16"}, {"nvfp4", "q4_0"}}

func tellLlama(b *builder) {
	d := &b.d
	b.set("model", ggufName(d.Model, d.Weights))
	b.set("context", d.Context*d.Sequences)
	b.set("sequences", d.Sequences)
	b.set("layers", 999)
	switch {
	case d.Host >= 1:
		b.set("cpu_all", true)
	case d.CPULayers > 0:
		b.set("cpu_layers", d.CPULayers)
	case d.Host > 0:
		b.note("llama.cpp moves the experts of whole layers: give --n-cpu-moe as many as the share asks for.")
	}
	if d.Chunk > 0 {
		b.set("step", d.Chunk)
		if d.Chunk > llamaBatch {
			b.set("chunk", d.Chunk)
		}
	}
	if kv := d.KV; kv != "" && kv != "bf16" {
		for _, c := range caches {
			if c[0] == d.KV {
				kv = c[1]
			}
		}
		b.set("kv_k", kv)
		b.set("kv_v", kv)
	}
	b.set("attention", "on")
	b.set("port", llamaPort)
	if d.GPUs > 1 {
		mode := "layer"
		if d.TP > 1 {
			mode = "row"
		}
		b.set("split", mode)
		if d.PP > 1 && d.TP > 1 {
			b.note("llama.cpp splits by layers or within them, not both: rows are chosen here.")
		}
	}
	if d.EP > 1 {
		b.note("llama.cpp spreads no experts over GPUs.")
	}
	if d.DP > 1 {
		b.note("llama.cpp keeps no replicas in one server: start " + strconv.Itoa(d.DP) + " servers, each with its own GPUs.")
	}
	if d.EPLB != "off" {
		b.note("llama.cpp keeps no copies of experts, so EPLB has nothing to place.")
	}
	if d.Role != "" {
		b.note("llama.cpp prefills and decodes in one server.")
	}
	b.drafts(func() {
		b.set("draft", "draft-mtp")
		b.set("draft_tokens", d.Draft)
	})
	if d.nodes() > 1 {
		b.set("rpc", firstNode+":50052")
		b.note("Other servers run rpc-server; --rpc names each of them, joined by commas.")
	}
	b.command("", []string{"llama-server"}, "")
}

// ggufName is the file to load: the model's own name, with the number format as files are named.
func ggufName(model, weights string) string {
	if strings.HasSuffix(strings.ToLower(model), ".gguf") {
		return model
	}
	if i := strings.LastIndexByte(model, '/'); i >= 0 && !strings.HasPrefix(model, ".") {
		model = model[i+1:]
	}
	if weights != "" && weights != "published" {
		model += "-" + upper(weights)
	}
	return plainName(model + ".gguf")
}
