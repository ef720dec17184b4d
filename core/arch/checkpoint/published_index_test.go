package checkpoint

import (
	"os"
	"strconv"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/hf"
)

// Indices of real checkpoints, with the numbers of layers and experts folded
// into ranges. Their total_size is what a description has to come to, to the
// byte, and their names what it has to find.
func TestPublishedIndices(t *testing.T) {
	check := func(name string, m *arch.Model, notes int, rounded int64) {
		t.Helper()
		v := publishedIndex(t, name)
		a, err := Match(m, v)
		if err != nil {
			t.Fatal(err)
		}
		if !a.Agrees() || len(a.Notes) != notes {
			t.Errorf("%s: missing %v, extra %v, notes %v", name, head(a.Missing), head(a.Extra), a.Notes)
		}
		if got := a.Model.CheckpointBytes().Bytes(); got != v.Bytes+rounded {
			t.Errorf("%s: got %d bytes, total_size is %d and %d were saved by rounding", name, got, v.Bytes, rounded)
		}
		for i, part := range v.Parts() {
			if part == Unknown {
				t.Errorf("%s: %s: the name says nothing", name, v.Tensors[i].Name)
			}
		}
	}
	check("mixtral-8x22b", reading(t, "mixtral-8x22b").Model, 0, 0)
	check("gemma-3-27b", reading(t, "gemma-3-27b").Model, 0, 0)
	check("devstral-small", readConfig(t, "devstral-small"), 0, 0)
	// Pruned and rewritten: experts one by one, no MTP layer, and all in BF16 where Qwen
	// keeps A_log (32) and the norm (128) of 30 recurrent layers in FP32. An index has no dtypes to tell.
	check("qwen3.5-18b-reap", readConfig(t, "qwen3.5-18b-reap"), 1, 30*(32+128)*2)
}

func readConfig(t *testing.T, name string) *arch.Model {
	t.Helper()
	data, err := os.ReadFile("testdata/indices/" + name + ".config.json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := hf.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return r.Model
}

func publishedIndex(t *testing.T, name string) *Inventory {
	t.Helper()
	data, err := os.ReadFile("testdata/indices/" + name + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	v := &Inventory{Container: Index, Files: []string{name}}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSpace(line)
		if size, ok := strings.CutPrefix(line, "total_size "); ok {
			v.Bytes, err = strconv.ParseInt(size, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
		} else if !strings.HasPrefix(line, "#") {
			for _, name := range unfold(line) {
				v.Tensors = append(v.Tensors, Entry{Name: name})
			}
		}
	}
	return v
}

// unfold expands "layers.{0-2,5}." into one name per number.
func unfold(name string) []string {
	before, rest, ok := strings.Cut(name, "{")
	if !ok {
		return []string{name}
	}
	list, after, _ := strings.Cut(rest, "}")
	var out []string
	for _, tail := range unfold(after) {
		for span := range strings.SplitSeq(list, ",") {
			low, high, isRange := strings.Cut(span, "-")
			if !isRange {
				high = low
			}
			first, _ := strconv.Atoi(low)
			last, _ := strconv.Atoi(high)
			for i := first; i <= last; i++ {
				out = append(out, before+strconv.Itoa(i)+tail)
			}
		}
	}
	return out
}
