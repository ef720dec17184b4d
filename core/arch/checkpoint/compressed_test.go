package checkpoint

import (
	"encoding/json"
	"fmt"
	"testing"

	"moecost/assets/models/configs"
	"moecost/core/arch/hf"
)

// Kimi K2.5 with two layers and four experts, so that its tensors can be listed:
// under "language_model.", experts in 32-bit words of eight weights with a BF16 scale
// per 32 inputs and their shape, the rest in BF16. Names as in the published
// index, packing as in compressed-tensors' pack-quantized.
func TestCompressedTensorsCheckpoint(t *testing.T) {
	const hidden, inner, dense, experts, vocabulary = 7168, 2048, 18432, 4, 163840
	text, err := configs.Files().ReadFile("moonshotai__Kimi-K2.5.json")
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := json.Unmarshal(text, &config); err != nil {
		t.Fatal(err)
	}
	small := config["text_config"].(map[string]any)
	small["num_hidden_layers"], small["n_routed_experts"], small["n_group"], small["num_nextn_predict_layers"] = 2, experts, 1, 0
	small["num_experts_per_tok"] = 2
	delete(config, "vision_config")
	if text, err = json.Marshal(config); err != nil {
		t.Fatal(err)
	}
	r, err := hf.Read(text)
	if err != nil {
		t.Fatal(err)
	}

	var ts []stored
	plain := func(name string, shape ...int64) {
		ts = append(ts, stored{name: "language_model." + name, dtype: "BF16", shape: shape})
	}
	mlp := func(stem string, width int64) {
		plain(stem+"gate_proj.weight", width, hidden)
		plain(stem+"up_proj.weight", width, hidden)
		plain(stem+"down_proj.weight", hidden, width)
	}
	plain("model.embed_tokens.weight", vocabulary, hidden)
	plain("model.norm.weight", hidden)
	plain("lm_head.weight", vocabulary, hidden)
	for l := range 2 {
		block := fmt.Sprintf("model.layers.%d.", l)
		plain(block+"input_layernorm.weight", hidden)
		plain(block+"post_attention_layernorm.weight", hidden)
		plain(block+"self_attn.q_a_proj.weight", 1536, hidden)
		plain(block+"self_attn.q_a_layernorm.weight", 1536)
		plain(block+"self_attn.q_b_proj.weight", 64*192, 1536)
		plain(block+"self_attn.kv_a_proj_with_mqa.weight", 576, hidden)
		plain(block+"self_attn.kv_a_layernorm.weight", 512)
		plain(block+"self_attn.kv_b_proj.weight", 64*256, 512)
		plain(block+"self_attn.o_proj.weight", hidden, 64*128)
		if l == 0 {
			mlp(block+"mlp.", dense)
			continue
		}
		plain(block+"mlp.gate.weight", experts, hidden)
		ts = append(ts, stored{name: "language_model." + block + "mlp.gate.e_score_correction_bias", dtype: "F32", shape: []int64{experts}})
		mlp(block+"mlp.shared_experts.", inner)
		for e := range experts {
			for _, m := range []struct {
				name    string
				out, in int64
			}{{"gate_proj", inner, hidden}, {"up_proj", inner, hidden}, {"down_proj", hidden, inner}} {
				stem := fmt.Sprintf("language_model.%smlp.experts.%d.%s.weight_", block, e, m.name)
				ts = append(ts, stored{name: stem + "packed", dtype: "I32", shape: []int64{m.out, m.in / 8}},
					stored{name: stem + "scale", dtype: "BF16", shape: []int64{m.out, m.in / 32}},
					stored{name: stem + "shape", dtype: "I64", shape: []int64{2}})
			}
		}
	}
	v := read(t, "kimi.safetensors", safetensorsHeader(ts))
	a, err := Match(r.Model, v)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Agrees() {
		t.Errorf("missing %v, extra %v, differ %v", head(a.Missing), head(a.Extra), head(a.Differ))
	}
	if got := a.Model.CheckpointBytes().Bytes(); got != v.Bytes || r.Model.CheckpointBytes().Bytes() != v.Bytes {
		t.Errorf("got %d bytes, described %d, stored %d", got, r.Model.CheckpointBytes().Bytes(), v.Bytes)
	}
	if got, want := v.BytesByPart()[RoutedExperts], int64(experts*3)*(inner*hidden/2+inner*hidden/32*2+16); got != want {
		t.Errorf("routed experts: got %d bytes by name, want %d", got, want)
	}
}
