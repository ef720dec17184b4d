package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moecost/core/report"
)

// estimate runs the command and returns its reports.
func estimate(t *testing.T, stdin string, args ...string) (reports []report.Report, stderr string, code int) {
	t.Helper()
	var out, errors bytes.Buffer
	code = run(args, strings.NewReader(stdin), &out, &errors)
	decoder := json.NewDecoder(&out)
	for decoder.More() {
		var r report.Report
		if err := decoder.Decode(&r); err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	return reports, errors.String(), code
}

func TestQueries(t *testing.T) {
	got, stderr, code := estimate(t, "", "model=deepseek-v3&gpu=h200&gpus=8", "model=deepseek-v3&gpu=h100-sxm&gpus=8")
	if code != 0 || len(got) != 2 {
		t.Fatalf("exit %d, %d reports: %s", code, len(got), stderr)
	}
	// Published: total and MTP parameters (DeepSeek-V3 README), KV bytes (arXiv 2505.09343, table 1).
	m, mem := got[0].Model, got[0].Memory
	if m.TotalParams != 671026419200 || m.MTPParams != 13463426304 || m.KVBytesPerToken != 70272 {
		t.Errorf("DeepSeek-V3: %d total, %d MTP, %g bytes of KV per token", m.TotalParams, m.MTPParams, m.KVBytesPerToken)
	}
	if mem.WeightsBytes < 665e9 || mem.WeightsBytes > 675e9 || mem.ScalesBytes == 0 {
		t.Errorf("DeepSeek-V3: weights %d, scales %d: want 0.67 TB with scales", mem.WeightsBytes, mem.ScalesBytes)
	}
	if !mem.Fits {
		t.Error("DeepSeek-V3 does not fit on 8 H200")
	}
	if small := got[1].Memory; small.Fits || small.MinGPUs <= 8 || small.MinGPUs > 16 || small.MinGPUsEngine != 16 {
		t.Errorf("DeepSeek-V3 on 8 H100: fits %t, fewest %d, in an engine %d", small.Fits, small.MinGPUs, small.MinGPUsEngine)
	}
	if len(got[1].Warnings) == 0 || got[1].Warnings[0].WayOut == "" {
		t.Error("no way out of what does not fit")
	}
}

func TestStandardInput(t *testing.T) {
	got, stderr, code := estimate(t, "model=mixtral-8x7b\n\nmodel=nothing-like-it\nmodel=qwen3-30b-a3b\n")
	if code != 2 || len(got) != 4 {
		t.Fatalf("exit %d, %d lines: %s", code, len(got), stderr)
	}
	if got[1].Scenario.Model != "deepseek-v3" || got[3].Scenario.Model != "qwen3-30b-a3b" || got[2].Scenario.Model != "" {
		t.Errorf("lines out of step: %q %q %q", got[1].Scenario.Model, got[2].Scenario.Model, got[3].Scenario.Model)
	}
	if !strings.Contains(stderr, "nothing-like-it") {
		t.Errorf("the reason does not name the model: %s", stderr)
	}
}

// A line that is too long ends the reading, and the reason says which it was.
func TestLongLine(t *testing.T) {
	got, stderr, code := estimate(t, "batch=1\nin="+strings.Repeat("1", longestLine)+"\nbatch=2\n")
	if code != 2 || len(got) != 1 || !strings.Contains(stderr, "line 2: longer than 1048576 bytes") {
		t.Errorf("exit %d, %d reports, reason %q: want 2, one, line 2 and its limit", code, len(got), stderr)
	}
}

// TestNoAnswer wants exit 2 and a reason that names what was wrong.
func TestNoAnswer(t *testing.T) {
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	llama := `{"model_type":"llama","hidden_size":%H,"intermediate_size":14336,"num_hidden_layers":%L,"num_attention_heads":32,"num_key_value_heads":8,"vocab_size":128256}`
	config := func(hidden, layers string) string {
		return strings.NewReplacer("%H", hidden, "%L", layers).Replace(llama)
	}
	for name, c := range map[string]struct {
		args []string
		want string
	}{
		"broken JSON":           {[]string{"-config", file("broken.json", `{"model_type": "llama", `)}, "closing brace"},
		"text":                  {[]string{"-config", file("text.txt", "Dear all, please find attached")}, "JSON"},
		"50 MB":                 {[]string{"-config", file("large.json", strings.Repeat("x", 50<<20))}, "bytes"},
		"50 MB of JSON":         {[]string{"-config", file("large2.json", "["+strings.Repeat(" ", 50<<20)+"]")}, "bytes"},
		"negative width":        {[]string{"-config", file("negative.json", config("-1", "32"))}, "hidden_size"},
		"10^12 layers":          {[]string{"-config", file("deep.json", config("4096", "1000000000000"))}, "num_hidden_layers"},
		"vision only":           {[]string{"-config", file("vision.json", `{"model_type":"clip_vision_model","vision_config":{"hidden_size":1024}}`)}, "no language model"},
		"empty":                 {[]string{"-config", file("empty.json", "")}, "empty"},
		"no such file":          {[]string{"-config", filepath.Join(dir, "nowhere.json")}, "nowhere.json"},
		"directory":             {[]string{"-config", dir}, dir},
		"truncated GGUF":        {[]string{"-config", file("short.gguf", "GGUF\x03\x00\x00\x00\x01")}, "short.gguf"},
		"unknown model":         {[]string{"model=deepsek-v3"}, "deepseek-v3"},
		"unknown accelerator":   {[]string{"gpu=h100sxm"}, "h100-sxm"},
		"unknown format":        {[]string{"weights=fp7"}, "weights"},
		"closed model":          {[]string{"model=gemini-1.5"}, "not public"},
		"custom, nothing given": {[]string{"model=custom"}, "config.json"},
		"unknown flag":          {[]string{"-nothing"}, "-nothing"},
	} {
		got, stderr, code := estimate(t, "", c.args...)
		if code != 2 || len(got) != 0 || !strings.Contains(stderr, c.want) {
			t.Errorf("%s: exit %d, %d reports, reason %q: want 2, none, something about %q", name, code, len(got), stderr, c.want)
		}
	}
}

// TestProblemsLeaveAnAnswer: what has a safe default becomes a warning.
func TestProblemsLeaveAnAnswer(t *testing.T) {
	got, stderr, code := estimate(t, "", "model=mixtral-8x7b&batch=-4&in=abc&nonsense=1")
	if code != 0 || len(got) != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	named := map[string]bool{}
	for _, w := range got[0].Warnings {
		for _, key := range []string{"batch", "in=abc", "nonsense"} {
			if strings.Contains(w.Text, key) {
				named[key] = true
			}
		}
	}
	if len(named) != 3 {
		t.Errorf("warnings name %v of three bad keys: %+v", named, got[0].Warnings)
	}
}

// TestConfigAgreesWithPreset: the same file as a preset and as a custom model.
func TestConfigAgreesWithPreset(t *testing.T) {
	preset, _, _ := estimate(t, "", "model=mixtral-8x7b&gpu=h200")
	custom, stderr, code := estimate(t, "", "-config", "../../assets/models/configs/mistralai__Mixtral-8x7B-v0.1.json", "gpu=h200")
	if code != 0 || len(custom) != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	if preset[0].Model.TotalParams != custom[0].Model.TotalParams || preset[0].Memory.PerGPU != custom[0].Memory.PerGPU {
		t.Errorf("preset %+v\ncustom %+v", preset[0].Memory, custom[0].Memory)
	}
	if custom[0].Scenario.Model != "custom" {
		t.Errorf("the scenario names the model %q", custom[0].Scenario.Model)
	}
}
