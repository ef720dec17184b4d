package hf_test

import (
	"fmt"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/format"
)

// The three counts of Mixtral 8x7B, from its config.json.
func ExampleRead() {
	r, err := hf.Read([]byte(`{
		"model_type": "mixtral", "hidden_size": 4096, "intermediate_size": 14336, "num_hidden_layers": 32,
		"num_attention_heads": 32, "num_key_value_heads": 8, "num_local_experts": 8, "num_experts_per_tok": 2,
		"vocab_size": 32000, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	m := r.Model
	fmt.Println("resident:", m.WeightBytes().Bytes(), "bytes of", m.TotalParams(), "parameters")
	fmt.Println("computed:", m.ActiveParams(arch.WithEmbeddingAndHead), "parameters per token")
	fmt.Println("KV cache:", m.KVBytesPerToken(format.BF16), "bytes per token")
	// Output:
	// resident: 93405585408 bytes of 46702792704 parameters
	// computed: 12879925248 parameters per token
	// KV cache: 131072 bytes per token
}

// A config of an unknown family is read as far as its keys go, and says so.
func ExampleRead_unknown() {
	r, err := hf.Read([]byte(`{"model_type": "novel", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 2,
		"num_attention_heads": 8, "vocab_size": 1000, "tie_word_embeddings": true, "novel_memory_size": 64}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Known, r.Unread)
	// Output:
	// false [novel_memory_size]
}

// An error names the key, what was wrong and what would do.
func ExampleRead_error() {
	_, err := hf.Read([]byte(`{"model_type": "mixtral", "hidden_size": -1, "vocab_size": 32000, "num_hidden_layers": 32,
		"num_attention_heads": 32, "num_local_experts": "8", "intermediate_size": 14336}`))
	fmt.Println(err)
	// Output:
	// config.json: hidden_size: -1 is out of range: 1 to 16777216 would do
	// config.json: num_local_experts: "8" is not a whole number
}

// Convert answers "what if it were stored in four bits".
func ExampleRead_convert() {
	r, err := hf.Read([]byte(`{"model_type": "qwen3_moe", "hidden_size": 2048, "num_hidden_layers": 48, "num_attention_heads": 32, "num_key_value_heads": 4,
		"head_dim": 128, "moe_intermediate_size": 768, "intermediate_size": 6144, "num_experts": 128, "num_experts_per_tok": 8, "vocab_size": 151936,
		"tie_word_embeddings": false, "decoder_sparse_step": 1, "mlp_only_layers": []}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	scheme, _ := format.SchemeByID("int4")
	fmt.Printf("%.1f GB as published, %.1f GB in INT4\n",
		float64(r.Model.WeightBytes().Bytes())/1e9, float64(r.Model.Convert(scheme).WeightBytes().Bytes())/1e9)
	// Output:
	// 61.1 GB as published, 16.8 GB in INT4
}
