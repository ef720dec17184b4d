package replay

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

func TestReadTheSameTraceInEveryForm(t *testing.T) {
	want := [][][]uint16{{{0, 2}, {1, 3}}, {{2, 1}, {0, 3}}}
	for name, text := range map[string]string{
		"array":   `[[[0,2],[1,3]],[[2,1],[0,3]]]`,
		"object":  `{"name":"a","n_experts":4,"decode":[[[0,2],[1,3]],[[2,1],[0,3]]]}`,
		"models":  `{"models":{"a":{"n_experts":4,"decode":[[[0,2],[1,3]],[[2,1],[0,3]]]}}}`,
		"dense":   `[[[],[0,2],[1,3]],[[],[2,1],[0,3]]]`,
		"table":   "step,layer,experts\n0,0,0 2\n0,1,1 3\n7,0,2 1\n7,1,0 3\n",
		"rows":    "turn,phase,step,layer,slot,expert\r\n0,1,0,0,0,0\r\n0,1,0,0,1,2\r\n0,1,0,1,0,1\r\n0,1,0,1,1,3\r\n0,1,1,0,0,2\r\n0,1,1,0,1,1\r\n0,1,1,1,0,0\r\n0,1,1,1,1,3\r\n",
		"comment": "\ufeff# a trace\n\"Step\",\"Layer\",\"Experts\"\n0,2,\"0 2\"\n0,5,1 3\n1,2,2 1\n1,5,0 3\n",
	} {
		all, err := Read(text, 4)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if len(all) != 1 || all[0].Experts != 4 || all[0].Prompt != 0 || !reflect.DeepEqual(all[0].Steps, want) {
			t.Errorf("%s: got %+v", name, all[0])
		}
	}
}

func TestReadKnowsThePrompt(t *testing.T) {
	all, err := Read("phase,step,layer,experts,bytes\nprompt,0,0,0 2,10\nprompt,1,0,3 0,\nprompt,1,1,1,20\ndecode,2,0,1 2,\ndecode,2,1,0 3,\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	trace := all[0]
	// Of the prompt the last use counts: 0 comes after 2 and 3.
	if want := [][][]uint16{{{2, 3, 0}, {1}}, {{1, 2}, {0, 3}}}; trace.Prompt != 1 || trace.Experts != 4 || !reflect.DeepEqual(trace.Steps, want) {
		t.Errorf("got %+v", trace)
	}
	if want := []int64{10, 20}; !reflect.DeepEqual(trace.Bytes, want) {
		t.Errorf("bytes: got %v, want %v", trace.Bytes, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "trace: the text is empty"},
		{" \n", "trace: the text is empty"},
		{"[]", "trace: there are no steps"},
		{"[[]]", "trace: there are no steps"},
		{"[[[]]]", "no layer names any expert"},
		{"[[[0,1]],[[0],[1]]]", "trace: [1]: has 2 layers, where the first step has 1"},
		{"[[[0,1]],[[]]]", "trace: [1][0]: names 0 experts, where the first step names 2"},
		{"[[[0,9]]]", "trace: [0][0]: expert 9: ids are 0 to 7, the model has 8 experts"},
		{"[[[0,-1]]]", "trace: [0][0]: expert -1: ids are 0 to 7"},
		{"[[[0,0]]]", "trace: [0][0]: expert 0 is named twice"},
		{"[[0,1]]", "trace: byte 3: a number stands here"},
		{`[[["a"]]]`, "trace: byte 6: a string stands here"},
		{"[[[0.5]]]", "trace: byte 6: a number 0.5 stands here"},
		{"[[[0", "trace: byte 4: this is no JSON"},
		{"{}", `it has neither "decode" nor "models"`},
		{`{"models":{}}`, `"models" is empty`},
		{`{"models":{"a":{"decode":[[[99]]]}}}`, `trace: models["a"].decode[0][0]: expert 99`},
		{`{"n_experts":-3,"decode":[[[1]]]}`, "n_experts: -3: a layer has 1 to 4096 experts"},
		{"hello", "has no column experts"},
		{"layer,experts\n0,1", "there is no column step"},
		{"step,layer,experts\n", "there are no decode steps"},
		{"step,layer,experts\n0,x,1", `trace: line 2: layer: "x": a number from 0 to 1023`},
		{"step,layer,experts\n0,99999,1", `trace: line 2: layer: "99999"`},
		{"step,layer,experts\n0,0,1 z", `trace: line 2: experts: "z"`},
		{"step,layer,experts\n0,0,1\n1,0,8", "trace: step 1, layer 0: expert 8: ids are 0 to 7"},
		{"phase,step,layer,experts\nwarm,0,0,1", `trace: line 2: phase: "warm": prompt or decode would do`},
		{"step,layer,experts,bytes\n0,0,1,-5", `trace: line 2: bytes: "-5"`},
		{"step,layer,experts,bytes\n0,0,1,5\n0,1,1,", "layer 1 has no bytes"},
		{strings.Repeat("x", MaxBytes+1), "at most 8388608 are read"},
		{"[[" + strings.Repeat("[0],", 1100) + "[0]]]", "has 1101 layers: at most 1024"},
	} {
		_, err := Read(c.text, 8)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("for %.60q, got %v, want %q", c.text, err, c.want)
		}
	}
}

func TestReadIsBounded(t *testing.T) {
	// Eight experts more than are read.
	step := "[[0,1,2,3,4,5,6,7]],"
	text := "[" + strings.Repeat(step, MaxRequests/8) + step[:len(step)-1] + "]"
	if _, err := Read(text, 8); err == nil || !strings.Contains(err.Error(), "more than 400000 experts are named") {
		t.Errorf("got %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range []string{"gptoss"} {
		text, err := os.ReadFile("testdata/" + name + ".csv")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text[:2000]), 128)
	}
	f.Add(`[[[0,2],[1,3]],[[2,1],[0,3]]]`, 4)
	f.Add(`{"models":{"a":{"n_experts":4,"decode":[[[0,2],[1,3]]]}}}`, 0)
	f.Fuzz(func(t *testing.T, text string, experts int) {
		if experts < 0 || experts > 512 || len(text) > 4000 {
			return
		}
		all, err := Read(text, experts)
		if err != nil {
			return
		}
		for _, trace := range all {
			for _, row := range Curve(trace, nil).Rates {
				for _, rate := range row {
					if !(rate >= 0 && rate <= 1) {
						t.Fatalf("%q: a rate of %g", text, rate)
					}
				}
			}
		}
	})
}
