package hf

import (
	"strings"
	"testing"
)

// An unknown family is an estimate that says so: what is a guess, what was not
// read, and what was assumed. The counts are those of a Llama of these widths.
func TestUnknownFamily(t *testing.T) {
	known := readText(t, `{"model_type": "llama", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 4, "num_attention_heads": 8,
		"num_key_value_heads": 2, "vocab_size": 32000, "tie_word_embeddings": false}`)
	r := readText(t, `{"model_type": "novel", "n_embd": 1024, "n_inner": 4096, "n_layer": 4, "n_head": 8, "num_key_value_heads": 2, "vocab_size": 32000,
		"tie_word_embeddings": false, "memory_slots": 64, "rope_theta": 10000}`)
	if r.Known {
		t.Error("an unknown family passes for a known one")
	}
	if got, want := r.Model.TotalParams(), known.Model.TotalParams(); got != want {
		t.Errorf("got %d parameters, want %d", got, want)
	}
	if len(r.Unread) != 1 || r.Unread[0] != "memory_slots" {
		t.Errorf("not understood: %v, want memory_slots", r.Unread)
	}
	if text := strings.Join(r.Notes, " "); !strings.Contains(text, `"novel"`) || !strings.Contains(text, "estimate") {
		t.Errorf("notes %q, want one that names the type and says that this is an estimate", text)
	}
}

// Experts under the names of any family.
func TestUnknownExperts(t *testing.T) {
	r := readText(t, `{"model_type": "novel_moe", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 4, "num_attention_heads": 8, "vocab_size": 1000,
		"tie_word_embeddings": true, "n_routed_experts": 16, "num_experts_per_tok": 4, "moe_intermediate_size": 512, "n_shared_experts": 2, "first_k_dense_replace": 1}`)
	m := r.Model
	if m.MoELayers() != 3 || m.RoutedExperts() != 16 || m.TopK() != 4 || m.SharedExperts() != 2 {
		t.Errorf("got %d layers of %d experts, top %d, %d shared", m.MoELayers(), m.RoutedExperts(), m.TopK(), m.SharedExperts())
	}
	if got, want := m.ExpertParams(), int64(3*16*3*1024*512); got != want {
		t.Errorf("got %d parameters in experts, want %d", got, want)
	}
	// a layer that is no attention is no silent matter
	r = readText(t, `{"model_type": "novel", "hidden_size": 1024, "intermediate_size": 4096, "num_hidden_layers": 2, "num_attention_heads": 8, "vocab_size": 1000,
		"tie_word_embeddings": true, "layer_types": ["mamba", "full_attention"]}`)
	if !strings.Contains(strings.Join(r.Notes, " "), "mamba") {
		t.Errorf("notes %v, want one that names the mamba layer", r.Notes)
	}
}

// The wrappers that multimodal models and engines put around a text config.
func TestNestedConfigs(t *testing.T) {
	inner := `"model_type": "deepseek_v3", "hidden_size": 256, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 512,
		"moe_intermediate_size": 128, "n_routed_experts": 4, "num_experts_per_tok": 2, "vocab_size": 1000, "first_k_dense_replace": 1`
	want := readText(t, "{"+inner+"}").Model.TotalParams()
	for _, wrapper := range []string{"text_config", "language_config", "llm_config"} {
		r := readText(t, `{"model_type": "some_vl", "vision_config": {"hidden_size": 64}, "`+wrapper+`": {`+inner+`}}`)
		if !r.Known || r.Model.TotalParams() != want {
			t.Errorf("%s: known %t, %d parameters, want %d", wrapper, r.Known, r.Model.TotalParams(), want)
		}
		if !strings.Contains(strings.Join(r.Notes, " "), "vision_config") {
			t.Errorf("%s: notes %v, want one on the vision tower", wrapper, r.Notes)
		}
	}
	// keys that stand outside only
	r := readText(t, `{"model_type": "some_vl", "tie_word_embeddings": true, "torch_dtype": "float16", "text_config": {`+inner+`}}`)
	if !r.Model.Tied || r.Model.Base.ID != "fp16" {
		t.Errorf("tied %t, base %s: want the outer config's values", r.Model.Tied, r.Model.Base.ID)
	}
}
