package hf

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"moecost/core/format"
)

// One real config of each family, with and without towers, every number and list in it replaced by values
// that cannot be meant. Read must give an error or a model whose counts are counts: no
// panic, nothing negative, nothing that overflowed.
func TestValuesThatCannotBeMeant(t *testing.T) {
	values := []any{-1, maxDim, 1e30, "x", []any{-1, "full_attention"}}
	files, err := filepath.Glob(configs + "*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no configs: %v", err)
	}
	texts := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = data
	}
	for _, row := range hubTotals {
		if strings.HasPrefix(row.config, "{") {
			texts[row.id] = []byte(row.config)
		}
	}
	seen := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		data := texts[name]
		r, err := Read(data)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		kind := fmt.Sprint(r.Family, len(r.Model.Vision) > 0)
		if seen[kind] {
			continue
		}
		seen[kind] = true
		var root map[string]any
		if err := json.Unmarshal(quoteNonFinite(data), &root); err != nil {
			t.Fatal(err)
		}
		for _, object := range []string{"", "text_config", "vision_config", "audio_config", "quantization_config", "attn_config", "ffn_config"} {
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
					readAndCount(t, name+" "+object+"."+key, root)
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
		int64(m.KVBytesPerToken(format.BF16)),
	}
	for i, n := range counts {
		if n < 0 || n > 1<<60 {
			t.Errorf("%s = %s: count %d is %d", what, text[:min(len(text), 200)], i, n)
		}
	}
	if flops := m.FLOPsPerToken(1 << 20).Total(); !(flops > 0 && flops < 1e21) {
		t.Errorf("%s: %g FLOPs per token", what, flops)
	}
	if m.ActiveParams(0) > m.TotalParams() {
		t.Errorf("%s: more active than total parameters", what)
	}
}
