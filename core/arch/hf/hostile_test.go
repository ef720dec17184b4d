package hf

import (
	"strings"
	"testing"
)

// hostileConfigs are files that describe no model, each with what the error must name.
var hostileConfigs = []struct{ name, text, want string }{
	{"empty", "", "empty"},
	{"blanks", " \n\t", "empty"},
	{"text", "Dear all, please find the config attached.", "not JSON"},
	{"HTML", "<!DOCTYPE html><html><body>404</body></html>", "not JSON"},
	{"binary", "\x00\xff\xfe\x01GGUF\x03", "not text"},
	{"cut off", `{"hidden_size": 4096, "num_hidden`, "ends in the middle"},
	{"a list", `[1, 2, 3]`, "array"},
	{"a string", `"model"`, "string"},
	{"null", `null`, "null"},
	{"two files", `{"hidden_size": 1}{"hidden_size": 2}`, "after the closing brace"},
	{"comma missing", "{\n\"a\": 1\n\"b\": 2}", "line 3"},
	{"empty object", `{}`, "hidden_size"},
	{"hidden_size -1", with(`"hidden_size": -1`), "hidden_size: -1 is out of range"},
	{"hidden_size 0", with(`"hidden_size": 0`), "hidden_size"},
	{"hidden_size 1.5", with(`"hidden_size": 1.5`), "hidden_size: 1.5 is not a whole number"},
	{"hidden_size text", with(`"hidden_size": "4096"`), `hidden_size: "4096" is not a whole number`},
	{"hidden_size list", with(`"hidden_size": [4096]`), "hidden_size"},
	{"hidden_size Infinity", with(`"hidden_size": Infinity`), "hidden_size"},
	{"10^12 layers", with(`"num_hidden_layers": 1000000000000`), "num_hidden_layers"},
	{"1e400 layers", with(`"num_hidden_layers": 1e400`), "num_hidden_layers"},
	{"all widths at the limit", `{"model_type": "llama", "hidden_size": 16777216, "num_hidden_layers": 4096, "num_attention_heads": 16777216, "head_dim": 16777216, "intermediate_size": 16777216, "vocab_size": 16777216}`, "parameters"},
	{"more experts chosen than there are", with(`"num_experts_per_tok": 9`), "num_experts_per_tok"},
	{"too many MTP modules", with(`"num_nextn_predict_layers": 1000`), "num_nextn_predict_layers"},
	{"a list too short", with(`"mlp_layer_types": ["dense"]`), "mlp_layer_types: 1 entries"},
	{"a list of something else", with(`"mlp_layer_types": [1, 2, 3]`), "mlp_layer_types[0]"},
	{"deep nesting", strings.Repeat(`{"a":`, 20000) + "1" + strings.Repeat("}", 20000), "config.json"},
	{"encoder-decoder", `{"model_type": "t5", "d_model": 512, "num_layers": 6, "vocab_size": 32128}`, "encoder-decoder"},
	{"encoder-decoder by its switch", `{"model_type": "new", "is_encoder_decoder": true, "hidden_size": 512}`, "is_encoder_decoder"},
	{"encoder", `{"model_type": "bert", "hidden_size": 768, "num_hidden_layers": 12, "vocab_size": 30522}`, "an encoder"},
	{"vision tower", `{"model_type": "vit", "hidden_size": 768, "num_hidden_layers": 12, "image_size": 224, "patch_size": 16}`, "a vision encoder"},
	{"vision tower of an unknown kind", `{"model_type": "seer", "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12, "image_size": 224, "patch_size": 16}`, "a vision model"},
	{"vision only", `{"model_type": "sam", "vision_config": {"hidden_size": 768}}`, "vision_config"},
	{"image generator", `{"_class_name": "UNet2DConditionModel", "in_channels": 4}`, "image generator"},
	{"adapter", `{"peft_type": "LORA", "base_model_name_or_path": "x", "r": 16}`, "adapter"},
	{"index of a checkpoint", `{"metadata": {"total_size": 1}, "weight_map": {}}`, "hidden_size"},
}

// with is a small mixture with one key set.
func with(setting string) string {
	key := setting[:strings.Index(setting, ":")]
	text := strings.TrimSpace(tinyWith(""))
	start := strings.Index(text, key+":")
	if start < 0 {
		return "{" + setting + ", " + text[1:]
	}
	end := start + strings.IndexAny(text[start:], ",}")
	return text[:start] + setting + text[end:]
}

func TestHostileConfigs(t *testing.T) {
	for _, c := range hostileConfigs {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read([]byte(c.text))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.HasPrefix(err.Error(), "config.json") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want an error of config.json that says %q", err, c.want)
			}
			if n := len(err.Error()); n > 2000 {
				t.Errorf("an error of %d bytes", n)
			}
		})
	}
}

func TestOversizedConfig(t *testing.T) {
	_, err := Read(make([]byte, 50<<20))
	if err == nil || !strings.Contains(err.Error(), "bytes") {
		t.Errorf("got %v", err)
	}
	// below the limit, but of no use: a list as long as fits
	text := with(`"mlp_layer_types": ["dense"` + strings.Repeat(`,"dense"`, (MaxBytes-2000)/9) + "]")
	if _, err := Read([]byte(text)); err == nil || !strings.Contains(err.Error(), "entries") {
		t.Errorf("got %v", err)
	}
}

// A list of patterns as long as fits, on as many layers as there may be, is
// read in bounded time and reported.
func TestManyPatternsAreBounded(t *testing.T) {
	list := strings.TrimSuffix(strings.Repeat(`"re:.*a.*a.*a.*a.*!",`, 2000), ",")
	text := strings.Replace(tinyWith(`{"quant_method": "fp8", "modules_to_not_convert": [`+list+`]}`), `"num_hidden_layers": 3`, `"num_hidden_layers": 4096`, 1)
	r, err := Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Notes) == 0 || !strings.Contains(strings.Join(r.Notes, " "), "too long") {
		t.Errorf("notes %v, want one that says that matching was cut short", r.Notes)
	}
}
