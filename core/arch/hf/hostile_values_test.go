package hf

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"moecost/core/format"
)

// One real config of each family, every number and list in it replaced by values
// that cannot be meant. Read must give an error or a model whose counts are counts: no
// panic, nothing negative, nothing that overflowed.
func TestValuesThatCannotBeMeant(t *testing.T) {
	values := []any{-1, maxDim, 1e30, "x", []any{-1, "full_attention"}}
	files, err := filepath.Glob(configs + "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configs: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(data)
		if err != nil || seen[r.Family] {
			continue
		}
		seen[r.Family] = true
		var root map[string]any
		if err := json.Unmarshal(quoteNonFinite(data), &root); err != nil {
			t.Fatal(err)
		}
		for _, object := range []string{"", "text_config", "vision_config", "quantization_config", "attn_config", "ffn_config"} {
			place, ok := root, true
			if object != "" {
				place, ok = root[object].(map[string]any)
			}
			if !ok {
				continue
			}
			for key, old := range place {
				if harmless(key) {
					continue
				}
				for _, v := range values {
					place[key] = v
					readAndCount(t, filepath.Base(file)+" "+object+"."+key, root)
				}
				place[key] = old
			}
		}
	}
}

func readAndCount(t *testing.T, what string, root map[string]any) {
	t.Helper()
	text, err := json.Marshal(root)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(text)
	if err != nil {
		if !strings.HasPrefix(err.Error(), "config.json: ") {
			t.Errorf("%s: the error does not say where: %v", what, err)
		}
		return
	}
	m := r.Model
	counts := []int64{
		m.TotalParams(), m.MTPParams(), m.VisionParams(), m.ActiveParams(0), m.ExpertParams(),
		m.CheckpointBytes().Bytes(), m.StateElementsPerSequence(), m.StateBytesPerSequence(), m.KVBytesPerSequence(1<<20, format.BF16),
		int64(m.KVBytesPerToken(format.BF16)), int64(m.FLOPsPerToken(1 << 20).Total()),
	}
	for i, n := range counts {
		if n < 0 || n > 1<<60 {
			t.Errorf("%s = %s: count %d is %d", what, text[:min(len(text), 200)], i, n)
		}
	}
	if m.ActiveParams(0) > m.TotalParams() {
		t.Errorf("%s: more active than total parameters", what)
	}
}
