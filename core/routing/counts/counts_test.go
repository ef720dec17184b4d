package counts

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
)

// forms are texts and the counts that they hold; the fuzz test starts from them too.
var forms = []struct {
	name, text string
	sizes      []int
	want       [][]float64
}{
	{name: "CSV", text: "1,2,3\n4,5,6.5\n", want: [][]float64{{1, 2, 3}, {4, 5, 6.5}}},
	{name: "CSV of a spreadsheet", text: "\xef\xbb\xbf1;2;\r\n4;5;\r\n", want: [][]float64{{1, 2}, {4, 5}}},
	{name: "text", text: "# tokens by expert\n 1 2\t3 \n\n1e2 0 7", want: [][]float64{{1, 2, 3}, {100, 0, 7}}},
	{name: "names of experts", text: "e0,e1\n3,4\n", want: [][]float64{{3, 4}}},
	{name: "a column for the layer", text: "layer,e0,e1\n3,10,11\n4,12,13\n", want: [][]float64{{10, 11}, {12, 13}}},
	{name: "numbers of experts", text: "0,1,2\n10,11,12\n", want: [][]float64{{10, 11, 12}}},
	{name: "pandas", text: ",0,1\n0,10,11\n1,12,13\n", want: [][]float64{{10, 11}, {12, 13}}},
	{name: "quoted", text: "\"1\",\"2\"\n", want: [][]float64{{1, 2}}},

	// github.com/sgl-project/sglang/issues/5275: the recorder's CSV.
	{name: "SGLang's CSV", text: "layer_id,expert_id,count\n1,0,24990\n1,3,39249\n0,2,5\n", sizes: []int{6},
		want: [][]float64{{0, 0, 5, 0, 0, 0}, {24990, 0, 0, 39249, 0, 0}}},

	{name: "JSON", text: "[[1,2],[3,4]]", want: [][]float64{{1, 2}, {3, 4}}},
	{name: "JSON of one layer", text: " [1, 2.5e1,\n3] ", want: [][]float64{{1, 25, 3}}},
	{name: "JSON line by layer", text: "[1,2]\n[3,4]\n", want: [][]float64{{1, 2}, {3, 4}}},
	{name: "JSON by step", text: "[[[1,2],[3,4]],[[10,20],[30,40]]]", want: [][]float64{{11, 22}, {33, 44}}},
	{name: "SGLang's record", text: `{"rank": 0, "note": "a \" b", "more": {"x": [1, {"y": null}], "z": {}}, "logical_count": [[[0,0],[3,4]],[[0,0],[5,6]]], "average_utilization_rate_over_window": null}`,
		want: [][]float64{{0, 0}, {8, 10}}},
	{name: "SGLang's records of two ranks", text: "{\"logical_count\":[[1,2],[3,4]]}\n{\"logical_count\":[[[1,1],[1,1]]]}\n", want: [][]float64{{2, 3}, {4, 5}}},

	// vLLM, class EplbProm: one sample per engine, layer and expert.
	{name: "vLLM's metrics", text: `# HELP vllm:eplb_tokens_routed_to_expert Tokens routed to each logical expert
# TYPE vllm:eplb_tokens_routed_to_expert gauge
vllm:num_requests_running{engine="0",model_name="a b"} 7.0
vllm:eplb_tokens_routed_to_expert{engine="0",layer_idx="0",logical_expert_id="0",model_name="a,b\"}"} 5.0
vllm:eplb_tokens_routed_to_expert{engine="1",layer_idx="0",logical_expert_id="0",model_name="a"} 2.0 1700000000
vllm:eplb_tokens_routed_to_expert{engine="0",layer_idx="1",logical_expert_id="2",model_name="a"} 9.0
other{layer="0",expert="1"} 1000
`, want: [][]float64{{7, 0, 0}, {0, 0, 9}}},
	{name: "a counter", text: "moe_tokens_total{layer=\"0\",expert=\"1\"} 3\nmoe_tokens_created{layer=\"0\",expert=\"1\"} 1.7e9\n", want: [][]float64{{0, 3}}},
}

func TestForms(t *testing.T) {
	for _, c := range forms {
		got, err := Read([]byte(c.text), c.sizes...)
		if err != nil {
			t.Errorf("for %s, %v", c.name, err)
		} else if !reflect.DeepEqual(got.Layers, c.want) {
			t.Errorf("for %s, got %v, want %v", c.name, got.Layers, c.want)
		}
	}
}

var faults = []struct {
	name, text string
	sizes      []int
	want       string
}{
	{"nothing", " \n", nil, "counts: nothing is there"},
	{"a negative count", "1,2\n3,-4\n", nil, "counts: line 2: layer 1, expert 1: -4 is negative"},
	{"NaN", "1,NaN\n", nil, "line 1: layer 0, expert 1: NaN is no count"},
	{"NaN in JSON", "[[1,2],\n[NaN,2]]", nil, "line 2: layer 1, expert 0: NaN is no count"},
	{"infinite", "[[1,Infinity]]", nil, "layer 0, expert 1: too large"},
	{"out of range", "[[1,1e999]]", nil, "layer 0, expert 1: too large"},
	{"a negative count in JSON", "[[1,-2]]", nil, "layer 0, expert 1: -2 is negative"},
	{"a word", "1,2\n3,many\n", nil, `line 2: layer 1, expert 1: "many" is no number`},
	{"null", "[[1,null]]", nil, `layer 0, expert 1: "null" is no number`},
	{"ragged", "1,2\n3\n", nil, "line 2: layer 1: 1 experts, where layer 0 has 2"},
	{"ragged JSON", "[[1,2],[3]]", nil, "layer 1: 1 experts, where layer 0 has 2"},
	{"steps of unequal experts", "[[[1,2]],[[3]]]", nil, "layer 0: 1 experts, where it had 2 before"},
	{"steps of unequal layers", "[[[1,2]],[[3,4],[5,6]]]", nil, "2 layers, where there were 1 before"},
	{"fewer layers", "[[[1,2],[3,4]],[[5,6]]]", nil, "1 layers, where there were 2 before"},
	{"unequal depth", "[[1,2],[[3,4]]]", nil, "unequal depth"},
	{"too deep", "[[[[1,2]]]]", nil, "unequal depth"},
	{"far too deep", strings.Repeat("[", 100000), nil, "[step][layer][expert]"},
	{"hostile nesting beside the key", `{"a":` + strings.Repeat("[", 100000), nil, "nested more than"},
	{"wrong number of experts", "1,2,3\n", []int{256, 256}, "3 experts in a layer, where the model has 256: give"},
	{"wrong number of experts, some without weights", "1,2,3\n", []int{512, 768}, "3 experts in a layer, where the model has 512 or 768"},
	{"too many cells", "layer_id,expert_id,count\n0,7,1\n", []int{4}, "8 experts in a layer, where the model has 4"},
	{"no tokens", "0,0\n0,0\n", nil, "sum to 0"},
	{"no layers", "[]", nil, "no layer is there"},
	{"no experts", "[[],[]]", nil, "no layer is there"},
	{"only names", "e0,e1\n", nil, "no layer is there"},
	{"another object", `{"records": []}`, nil, `an object without a list "logical_count"`},
	{"broken off", "[[1,2],[3", nil, "broken off"},
	{"a huge layer", "layer_id,expert_id,count\n1000000000,0,1\n", nil, "line 2: layer 1000000000: layers from 0 to 1023"},
	{"a huge expert", "layer_id,expert_id,count\n0,1000000000,1\n", nil, "expert 1000000000: experts from 0 to 8191"},
	{"a negative layer", "layer_id,expert_id,count\n-1,0,1\n", nil, "layer -1"},
	{"a short line", "layer_id,expert_id,count\n1,0\n", nil, "line 2: 2 cells"},
	{"other metrics", "# HELP up x\nup 1\n", nil, "no metric has a label for the layer"},
	{"a metric without a value", "m{layer=\"0\",expert=\"1\"}\n", nil, `layer 0, expert 1: "" is no number`},
	{"many rows", strings.Repeat("1\n", MaxLayers+1), nil, "layer 1024"},
	{"many rows in JSON", "[" + strings.Repeat("[1],", MaxLayers) + "[1]]", nil, "layer 1024"},
	{"many experts", strings.Repeat("1,", MaxExperts+1), nil, "expert 8192"},
	{"many experts in JSON", "[" + strings.Repeat("1,", MaxExperts) + "1]", nil, "more than 8192 experts"},
}

func TestFaults(t *testing.T) {
	for _, c := range faults {
		got, err := Read([]byte(c.text), c.sizes...)
		if err == nil || !strings.HasPrefix(err.Error(), "counts: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("for %s, got %v, %v, want %s", c.name, got, err, c.want)
		}
	}
	if _, err := Read(make([]byte, MaxBytes+1)); err == nil || !strings.Contains(err.Error(), "more than 67108864 are not read") {
		t.Errorf("for a huge text, got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, c := range forms {
		f.Add([]byte(c.text), 0)
	}
	for _, c := range faults {
		if len(c.text) < 1000 {
			f.Add([]byte(c.text), 3)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte, size int) {
		var sizes []int
		if size > 0 {
			sizes = []int{size}
		}
		c, err := Read(data, sizes...)
		if err != nil {
			if c != nil || !strings.HasPrefix(err.Error(), "counts: ") {
				t.Fatalf("got %v, %v", c, err)
			}
			return
		}
		total := 0.0
		for _, row := range c.Layers {
			if len(row) != len(c.Layers[0]) || size > 0 && len(row) != size {
				t.Fatalf("rows of %d and %d for %d", len(row), len(c.Layers[0]), size)
			}
			for _, x := range row {
				if !(x >= 0) || x > math.MaxFloat64 {
					t.Fatalf("a count of %g", x)
				}
				total += x
			}
		}
		if !(total > 0) {
			t.Fatal("no tokens")
		}
		// Written out and read again it is the same.
		text := ""
		for _, row := range c.Layers {
			text += strings.Trim(strings.ReplaceAll(fmt.Sprint(row), " ", ","), "[]") + ",\n"
		}
		again, err := Read([]byte("#\n" + text))
		if err != nil || !reflect.DeepEqual(again, c) {
			if len(text) < 1000 && !counting(c.Layers[0]) {
				t.Fatalf("%q reads as %v, %v, want %v", text, again, err, c)
			}
		}
	})
}

// counting tells whether a row looks like the numbers of experts.
func counting(row []float64) bool {
	for i, x := range row {
		if x != float64(i) {
			return false
		}
	}
	return len(row) > 2
}

func BenchmarkRead(b *testing.B) { // 1000 steps of 61 layers
	step := "[" + strings.TrimSuffix(strings.Repeat("["+strings.TrimSuffix(strings.Repeat("12,", 256), ",")+"],", 61), ",") + "],"
	text := []byte(`{"logical_count":[` + strings.TrimSuffix(strings.Repeat(step, 100), ",") + "]}")
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Read(text, 256); err != nil {
			b.Fatal(err)
		}
	}
}
