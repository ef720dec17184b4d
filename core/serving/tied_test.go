package serving

import (
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
)

// A tied embedding makes the logits; the tables beside it (per-layer embeddings
// of Gemma) do not: they are neither multiplied nor copied to the last stage.
func TestTiedEmbeddingWithTables(t *testing.T) {
	const hidden, vocabulary, width = 1024, 32000, 4096
	matrix := func(name string, out, in int64, role arch.Role, use arch.Use) arch.Tensor {
		return arch.Tensor{Name: name, Shape: []int64{out, in}, Copies: 1, Role: role, Use: use, Split: arch.SplitTP, Stored: format.BF16}
	}
	block := arch.Block{Sublayers: []arch.Sublayer{{Dense: &arch.Dense{Inner: hidden}, Tensors: []arch.Tensor{
		matrix("mlp.up_proj.weight", hidden, hidden, arch.DenseLayers, arch.Multiplied)}}}}
	model := &arch.Model{Hidden: hidden, Vocabulary: vocabulary, Base: format.BF16, Tied: true,
		Embedding: []arch.Tensor{
			matrix("embed_tokens.weight", vocabulary, hidden, arch.EmbeddingAndHead, arch.LookedUp),
			matrix("embed_tokens_per_layer.weight", vocabulary, width, arch.EmbeddingAndHead, arch.LookedUp)},
		Blocks: []arch.Block{block, block}}
	gpu, _ := hardware.ByID("h100-sxm")
	engine, _ := EngineByID("ideal")

	step := NewTiming(Deployment{Model: model, GPU: gpu, Layout: oneGPU, KV: format.BF16, Engine: engine}, Assumptions{}).Step(Work{Decode: 1, Context: 1})
	near(t, "touched bytes", step.Weights, 2*(2*hidden*hidden+vocabulary*hidden), 1e-12)

	stages := Layout{GPUs: 2, TP: 1, PP: 2, EP: 1, DP: 1}
	last := Compile(model, format.BF16).stage(&gpu, &engine, stages, Load{Batch: 1, Prompt: 1, Output: 1}, 1)
	if got, want := last.Weights[arch.EmbeddingAndHead], int64(2*vocabulary*hidden); got != want {
		t.Errorf("for the last stage, got %d bytes of embedding and head, want %d: the head alone", got, want)
	}
}
