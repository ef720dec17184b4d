package story

import (
	"math"
	"strings"

	"moecost/core/arch"
	"moecost/core/quantity"
)

// memory is the first section: what is resident.
func (v *voice) memory() Section {
	return Section{
		ID: "memory", Number: 1, Name: "Memory",
		Finding: v.memoryFinding(), Prose: v.memoryProse(),
		Frames: []Frame{v.ledgerFrame(), v.accountFrame(), v.modelsFrame(), v.gpusFrame(), v.kvFrame()},
	}
}

// memoryFinding is the headline: the first of these that is true.
func (v *voice) memoryFinding() Text {
	m, mem := &v.r.Model, &v.r.Memory
	if !v.moe() {
		return say("Every token uses all ", v.as("model.total_params", weights(float64(m.TotalParams))), " weights, so none may be left out.")
	}
	share := quantity.Share.Text(v.units, float64(mem.ExpertsBytes)/float64(mem.WeightsBytes))
	used := quantity.Share.Text(v.units, float64(m.TopK)/float64(m.RoutedExperts+v.zeroExperts()))
	return say("Routed experts are " + share + " of the weights, and a token uses " + used + " of them.")
}

// zeroExperts are choices of the router that have no weights.
func (v *voice) zeroExperts() int64 {
	if moe := v.r.Architecture().MoE(); moe != nil {
		return moe.Zero
	}
	return 0
}

func (v *voice) memoryProse() Text {
	s, m := &v.r.Scenario, &v.r.Model
	var t Text
	if v.moe() {
		experts := v.figure("memory.per_gpu.routed_experts_bytes", quantity.Bytes)
		if v.hosted() {
			t = say("Every expert has its place, because the next token may need any of them: ", v.figure("memory.host_bytes", quantity.Bytes), " in host memory, ", experts, " on each GPU. ")
			return append(t, v.cacheSentence()...)
		}
		if v.r.Memory.HostBytes > 0 { // memory is one, and the rest is on a drive
			return append(say("Memory keeps ", experts, " of experts, and the others wait on the drive. "), v.cacheSentence()...)
		}
		t = say("Every expert stays resident, because the next token may need any of them. ")
		each := (m.RoutedExperts + int64(s.EP) - 1) / int64(s.EP)
		switch {
		case s.GPUs == 1:
			t = append(t, say("On one GPU they take ", experts, ". ")...)
		case s.EP > 1 && s.EP == s.TP*s.DP:
			t = append(t, say("Expert parallelism gives each GPU "+quantity.Integer(each)+" of "+quantity.Integer(m.RoutedExperts)+" experts of every layer, ", experts, ". ")...)
		case s.EP > 1:
			t = append(t, say(count(int64(s.TP*s.DP/s.EP), "GPU")+" share each of "+quantity.Integer(each)+" experts of every layer, ", experts, " on each. ")...)
		default:
			t = append(t, say("Each is cut over "+count(int64(s.TP*s.DP), "GPU")+", ", experts, " on each. ")...)
		}
	}
	return append(t, v.cacheSentence()...)
}

// hosted tells whether experts are in host memory, apart from that of the GPUs.
func (v *voice) hosted() bool { return v.r.Memory.HostBytes > 0 && !v.r.Unified() }

// cacheSentence says how the cache is divided, by what kind of cache it is.
func (v *voice) cacheSentence() Text {
	s, m := &v.r.Scenario, &v.r.Model
	kv := v.figure("memory.per_gpu.kv_bytes", quantity.Bytes)
	each := (s.Batch + int64(s.DP) - 1) / int64(s.DP)
	of := " on each GPU for " + count(each, "sequence") + "."
	if s.GPUs == 1 {
		of = " for " + count(each, "sequence") + "."
	}
	k := v.attention()
	switch {
	case m.KVBytesPerToken == 0:
		return say("No layer keeps a cache that grows with the context: recurrent state takes ", kv, of)
	case k.latent && s.TP > 1:
		return say("The latent KV cache of MLA is not split by tensor parallelism, so it takes ", kv, of)
	case k.latent:
		return say("The latent KV cache of MLA takes ", kv, of)
	case k.heads > 0 && int64(s.TP) > k.heads:
		return say("The model has only "+count(k.heads, "KV head")+" for "+count(int64(s.TP), "tensor-parallel rank")+", so ranks keep copies: ", kv, of)
	case s.TP > 1:
		return say("Tensor parallelism splits the KV cache by heads: ", kv, of)
	default:
		return say("The KV cache takes ", kv, of)
	}
}

// attentionKind sums up the mixers of a model.
type attentionKind struct {
	latent, window, sparse, recurrent bool
	heads                             int64 // fewest KV heads of a layer; 0 without grouped heads
}

func (v *voice) attention() attentionKind {
	k := attentionKind{heads: math.MaxInt64}
	for _, b := range v.r.Architecture().Blocks {
		for i := range b.Sublayers {
			if a := b.Sublayers[i].Attention; a != nil {
				k.add(a)
			}
			if b.Sublayers[i].Recurrent != nil {
				k.recurrent = true
			}
		}
	}
	if k.heads == math.MaxInt64 {
		k.heads = 0
	}
	return k
}

func (k *attentionKind) add(a *arch.Attention) {
	k.latent = k.latent || a.Latent > 0
	k.window = k.window || a.Window > 0 || a.Chunk > 0
	k.sparse = k.sparse || a.Index != nil
	if a.Latent == 0 && a.KVHeads > 0 {
		k.heads = min(k.heads, a.KVHeads)
	}
}

// cacheKind names the cache in a few words.
func (v *voice) cacheKind() string {
	k := v.attention()
	var parts []string
	for _, p := range []struct {
		is   bool
		name string
	}{
		{k.latent, "latent"}, {k.heads > 0, count(k.heads, "KV head")}, {k.window, "windows"},
		{k.sparse, "sparse"}, {k.recurrent, "recurrent"},
	} {
		if p.is {
			parts = append(parts, p.name)
		}
	}
	if len(parts) > 2 {
		parts = parts[:2]
	}
	return strings.Join(parts, ", ")
}
