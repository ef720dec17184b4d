package hf

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

// tiny is a DeepSeek-like model with one dense and two MoE layers: all kinds of
// tensor, in sizes that blocks of 128 divide. %s is a quantization_config with its comma.
const tiny = `{%s"model_type": "deepseek_v3", "hidden_size": 256, "num_hidden_layers": 3, "num_attention_heads": 2, "q_lora_rank": 128,
	"kv_lora_rank": 128, "qk_nope_head_dim": 64, "qk_rope_head_dim": 64, "v_head_dim": 128, "intermediate_size": 512, "moe_intermediate_size": 128,
	"n_routed_experts": 4, "n_shared_experts": 1, "num_experts_per_tok": 2, "first_k_dense_replace": 1, "vocab_size": 1024,
	"num_nextn_predict_layers": 0, "tie_word_embeddings": false, "torch_dtype": "bfloat16"}`

func tinyWith(quantization string) string {
	if quantization != "" {
		quantization = `"quantization_config": ` + quantization + ", "
	}
	return fmt.Sprintf(tiny, quantization)
}

// Bytes of one gate matrix of an expert (128 x 256), written out from the
// specification of each format, and of the places that are treated apart.
func TestQuantisationMethods(t *testing.T) {
	const n = 128 * 256
	bf16 := int64(2 * n)
	for _, c := range []struct {
		name   string
		config string
		expert int64 // bytes of model.layers.1.mlp.experts.0.gate_proj
		shared int64 // bytes of model.layers.1.mlp.shared_experts.gate_proj: the same size
		head   int64 // bytes of lm_head (1024 x 256); 0: BF16
	}{
		{"none", ``, bf16, bf16, 0},
		{"FP8 in blocks: an FP32 scale per 128 x 128", `{"quant_method": "fp8", "weight_block_size": [128, 128]}`, n + 2*4, n + 2*4, 0},
		{"FP8 per tensor", `{"quant_method": "fp8", "activation_scheme": "dynamic"}`, n + 4, n + 4, 0},
		{"FP8 per tensor, static inputs", `{"quant_method": "fp8", "activation_scheme": "static"}`, n + 8, n + 8, 0},
		{"FP8 with a list", `{"quant_method": "fp8", "weight_block_size": [128, 128], "modules_to_not_convert": ["lm_head", "shared_experts"]}`, n + 8, bf16, 0},
		{"FP8 with ignored layers", `{"quant_method": "fp8", "ignored_layers": ["model.layers.1.mlp.shared_experts.gate_proj"]}`, n + 4, bf16, 0},
		{"FBGEMM: an FP32 scale per row", `{"quant_method": "fbgemm_fp8"}`, n + 128*4, n + 128*4, 0},
		{"INT8: an FP32 scale per row", `{"quant_method": "w8a8_int8"}`, n + 128*4, n + 128*4, 0},
		{"INT8 in blocks", `{"quant_method": "blockwise_int8", "weight_block_size": [128, 128]}`, n + 2*4, n + 2*4, 0},
		{"MXFP4 is for routed experts alone", `{"quant_method": "mxfp4", "modules_to_not_convert": ["lm_head"]}`, n/2 + n/32, bf16, 0},
		{"MXFP8", `{"quant_method": "mxfp8", "ignored_layers": ["lm_head"]}`, n + n/32, n + n/32, 0},
		{"GPTQ: FP16 scale and 4-bit zero point per 128 columns", `{"quant_method": "gptq", "bits": 4, "group_size": 128, "desc_act": false}`, n/2 + 256*2 + 256/2, n/2 + 256*2 + 256/2, 0},
		{"GPTQ without groups", `{"quant_method": "gptq", "bits": 8, "group_size": -1}`, n + 128*2 + 128, n + 128*2 + 128, 0},
		{"GPTQ of the head too", `{"quant_method": "gptq", "bits": 4, "group_size": 128, "lm_head": true}`, n/2 + 640, n/2 + 640, 8 * (n/2 + 640)},
		{"GPTQ with rules", `{"quant_method": "gptq", "bits": 4, "group_size": 128, "dynamic": {"-:.*shared_experts.*": {}}}`, n/2 + 640, bf16, 0},
		{"AutoRound with exceptions", `{"quant_method": "auto-round", "bits": 4, "group_size": 128, "extra_config": {"model.layers.1.mlp.shared_experts.gate_proj": {"bits": 16}}}`, n/2 + 640, bf16, 0},
		{"AWQ", `{"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": true, "modules_to_not_convert": ["self_attn", "shared_experts"]}`, n/2 + 640, bf16, 0},
		{"compressed-tensors INT4: a 16-bit scale per 32, and the shape", `{"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
			"weights": {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 32, "symmetric": true}}}, "ignore": ["lm_head", "re:.*shared_experts.*"]}`, n/2 + n/32*2 + 16, bf16, 0},
		{"compressed-tensors INT4, asymmetric", `{"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
			"weights": {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 128, "symmetric": false}}}, "ignore": ["lm_head"]}`, n/2 + 640 + 16, n/2 + 640 + 16, 0},
		{"compressed-tensors FP8 per channel", `{"quant_method": "compressed-tensors", "format": "float-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
			"input_activations": {"dynamic": true, "num_bits": 8, "type": "float", "strategy": "token"},
			"weights": {"num_bits": 8, "type": "float", "strategy": "channel"}}}, "ignore": ["lm_head"]}`, n + 128*2, n + 128*2, 0},
		{"compressed-tensors FP8 per tensor, static inputs", `{"quant_method": "compressed-tensors", "config_groups": {"group_0": {"targets": ["Linear"],
			"input_activations": {"dynamic": false, "num_bits": 8, "type": "float", "strategy": "tensor"},
			"weights": {"num_bits": 8, "type": "float", "strategy": "tensor"}}}, "ignore": ["lm_head"]}`, n + 4, n + 4, 0},
		{"compressed-tensors FP8 in blocks", `{"quant_method": "compressed-tensors", "config_groups": {"group_0": {"targets": ["Linear"],
			"weights": {"num_bits": 8, "type": "float", "strategy": "block", "block_structure": [128, 128]}}}, "ignore": ["lm_head"]}`, n + 8, n + 8, 0},
		{"compressed-tensors MXFP4", `{"quant_method": "compressed-tensors", "format": "mxfp4-pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
			"weights": {"num_bits": 4, "type": "float", "strategy": "group", "group_size": 32}}}, "ignore": ["lm_head"]}`, n/2 + n/32, n/2 + n/32, 0},
		{"compressed-tensors NVFP4 with inputs", `{"quant_method": "compressed-tensors", "format": "nvfp4-pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
			"input_activations": {"num_bits": 4, "type": "float", "group_size": 16},
			"weights": {"num_bits": 4, "type": "float", "strategy": "tensor_group", "group_size": 16}}}, "ignore": ["lm_head"]}`, n/2 + n/16 + 8, n/2 + n/16 + 8, 0},
		{"two groups by name", `{"quant_method": "compressed-tensors", "config_groups": {
			"group_0": {"targets": ["re:.*mlp.experts.*"], "weights": {"num_bits": 4, "type": "int", "strategy": "group", "group_size": 32}},
			"group_1": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float", "strategy": "channel"}}}, "ignore": ["lm_head"]}`, n/2 + n/32*2 + 16, n + 128*2, 0},
		{"no ignore list: the head is a Linear too", `{"quant_method": "compressed-tensors", "config_groups": {"group_0": {"targets": ["Linear"],
			"weights": {"num_bits": 8, "type": "int", "strategy": "channel"}}}}`, n + 128*2, n + 128*2, 8 * (n + 128*2)},
		{"ModelOpt NVFP4", `{"quant_method": "modelopt", "quant_algo": "NVFP4", "group_size": 16, "ignore": ["lm_head", "*shared_experts*"]}`, n/2 + n/16 + 8, bf16, 0},
		{"ModelOpt FP8", `{"quant_method": "modelopt", "quant_algo": "FP8", "exclude_modules": ["lm_head"]}`, n + 8, n + 8, 0},
		{"hf_quant_config.json", `{"producer": {"name": "modelopt"}, "quantization": {"quant_algo": "NVFP4", "group_size": 16, "kv_cache_quant_algo": "FP8", "exclude_modules": ["lm_head"]}}`, n/2 + n/16 + 8, n/2 + n/16 + 8, 0},
		{"ModelOpt with a list by module", `{"quant_method": "modelopt", "quant_algo": "MIXED_PRECISION", "quantized_layers": {
			"model.layers.1.mlp.experts.0.gate_proj": {"quant_algo": "NVFP4", "group_size": 16}, "model.layers.1.mlp.shared_experts.gate_proj": {"quant_algo": "FP8"}}}`, n/2 + n/16 + 8, n + 8, 0},
		{"bitsandbytes NF4: an FP32 per 64", `{"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_quant_type": "nf4"}`, n/2 + n/64*4, n/2 + n/64*4, 0},
		{"bitsandbytes NF4, doubly quantised", `{"quant_method": "bitsandbytes", "load_in_4bit": true, "bnb_4bit_use_double_quant": true}`, n/2 + n/64, n/2 + n/64, 0},
		{"bitsandbytes INT8", `{"quant_method": "bitsandbytes", "load_in_8bit": true, "llm_int8_skip_modules": ["shared_experts"]}`, n + 128*4, bf16, 0},
		{"Quark MXFP4", `{"quant_method": "quark", "global_quant_config": {"weight": {"dtype": "fp4", "qscheme": "per_group", "group_size": 32}}, "exclude": ["lm_head"]}`, n/2 + n/32, n/2 + n/32, 0},
		{"MLX: everything, 16-bit scale and bias per 64", `{"group_size": 64, "bits": 4, "mode": "affine"}`, n/2 + n/64*4, n/2 + n/64*4, 8 * (n/2 + n/64*4)},
		{"unknown", `{"quant_method": "somethingnew", "bits": 3}`, bf16, bf16, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := readText(t, tinyWith(c.config))
			head := c.head
			if head == 0 {
				head = 2 * 1024 * 256
			}
			for name, want := range map[string]int64{
				"model.layers.1.mlp.experts.{e}.gate_proj.weight":    c.expert,
				"model.layers.1.mlp.shared_experts.gate_proj.weight": c.shared,
				"lm_head.weight": head,
				"model.layers.1.mlp.gate.e_score_correction_bias": 4 * 4,
				"model.layers.1.input_layernorm.weight":           256 * 2,
			} {
				if strings.Contains(c.name, "MLX") && strings.Contains(name, "bias") {
					continue
				}
				if got := oneSize(t, r.Model, name); got != want {
					t.Errorf("%s: got %d bytes, want %d", name, got, want)
				}
			}
			if len(r.Unread) > 0 {
				t.Errorf("keys not understood: %v", r.Unread)
			}
			if unknown := c.name == "unknown"; unknown != (len(r.Notes) > 0) {
				t.Errorf("notes %v", r.Notes)
			}
		})
	}
}

// oneSize is the size of one copy of a tensor, by its full name.
func oneSize(t *testing.T, m *arch.Model, name string) int64 {
	t.Helper()
	for _, b := range m.Blocks {
		for w := range b.Tensors() {
			if b.Prefix+w.Name == name {
				return w.Size().Bytes() / w.Copies
			}
		}
	}
	for _, w := range m.Head {
		if w.Name == name {
			return w.Size().Bytes()
		}
	}
	t.Fatalf("no tensor %s", name)
	return 0
}

// Settings that cannot be meant give an error that names the key.
func TestQuantisationErrors(t *testing.T) {
	for _, c := range []struct{ config, key string }{
		{`{"quant_method": "fp8", "weight_block_size": [0, 128]}`, "quantization_config.weight_block_size"},
		{`{"quant_method": "fp8", "weight_block_size": [128]}`, "quantization_config.weight_block_size"},
		{`{"quant_method": "gptq", "bits": 5}`, "quantization_config.bits"},
		{`{"quant_method": "gptq", "bits": 4, "group_size": 0}`, "quantization_config.group_size"},
		{`{"quant_method": "awq", "bits": 4, "group_size": 12.5}`, "quantization_config.group_size"},
		{`{"quant_method": 8}`, "quantization_config.quant_method"},
		{`{"quant_method": "fp8", "modules_to_not_convert": "lm_head"}`, "quantization_config.modules_to_not_convert"},
	} {
		_, err := Read([]byte(tinyWith(c.config)))
		if err == nil || !strings.Contains(err.Error(), c.key) {
			t.Errorf("%s: got %v, want an error that names %s", c.config, err, c.key)
		}
	}
}

// What the matcher cannot read, and KV scales in the checkpoint, are reported.
func TestQuantisationRemarks(t *testing.T) {
	r := readText(t, tinyWith(`{"quant_method": "compressed-tensors", "kv_cache_scheme": {"num_bits": 8, "type": "float"},
		"config_groups": {"group_0": {"targets": ["Linear"], "weights": {"num_bits": 8, "type": "float", "strategy": "channel"}}}, "ignore": ["re:(?!x)y"]}`))
	if len(r.Notes) != 1 || !strings.Contains(r.Notes[0], "re:(?!x)y") {
		t.Errorf("notes %v, want one that quotes the pattern", r.Notes)
	}
	if r.KV != "fp8" {
		t.Errorf("KV format %q, want fp8", r.KV)
	}
}

// The plain dtypes, under both names.
func TestBaseFormat(t *testing.T) {
	for dtype, want := range map[string]string{"bfloat16": "bf16", "float16": "fp16", "torch.float16": "fp16", "float32": "fp32", "auto": "bf16"} {
		for _, key := range []string{"torch_dtype", "dtype"} {
			text := strings.Replace(tinyWith(""), `"torch_dtype": "bfloat16"`, `"`+key+`": "`+dtype+`"`, 1)
			if got := readText(t, text).Model.Base.ID; got != want {
				t.Errorf("%s %s: got %s, want %s", key, dtype, got, want)
			}
		}
	}
}

// DeepSeek-V3 as published: every matrix of the blocks in FP8, the rest in BF16
// and FP32. The element counts by format are those of the Hub's header audit
// (models.csv: BF16 3918786560, F8_E4M3 680571043840; F32 41555600, of which 41540496 are scales).
func TestDeepSeekV3ByFormat(t *testing.T) {
	data, err := os.ReadFile(configs + "deepseek-ai__DeepSeek-V3.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(data)
	if err != nil {
		t.Fatal(err)
	}
	elements, scales := map[string]int64{}, int64(0)
	add := func(w arch.Tensor) {
		elements[w.Stored.ID] += w.Elements()
		scales += w.Size().Scales / 4
	}
	for w := range r.Model.Tensors() {
		add(w)
	}
	for w := range r.Model.MTP.AllTensors() {
		add(w)
	}
	for id, want := range map[string]int64{format.BF16.ID: 3918786560, "fp8": 680571043840, format.FP32.ID: 41555600 - 41540496} {
		if elements[id] != want {
			t.Errorf("%s: got %d elements, want %d", id, elements[id], want)
		}
	}
	if scales != 41540496 {
		t.Errorf("got %d scales, want 41540496", scales)
	}
}
