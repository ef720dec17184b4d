package serving_test

import (
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

func TestCheck(t *testing.T) {
	all := models(t)
	for _, c := range []struct {
		model string
		l     serving.Layout
		want  string // part of the refusal; empty if engines accept it
	}{
		{"deepseek-v3", serving.Layout{GPUs: 16, TP: 8, PP: 1, EP: 16, DP: 2}, ""},
		{"deepseek-v3", serving.Layout{GPUs: 72, TP: 8, PP: 1, EP: 72, DP: 9}, ""}, // 256 experts on 72 ranks: 3 or 4
		{"qwen3-30b-a3b", serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 8, DP: 1}, ""}, // 4 KV heads, each kept twice
		{"deepseek-v3", serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 16, DP: 2}, "gpus"},
		{"deepseek-v3", serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 3, DP: 1}, "ep"},
		{"deepseek-v3", serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 999, DP: 1}, "999 ranks for 256 experts"},
		{"deepseek-v3", serving.Layout{GPUs: 12, TP: 12, PP: 1, EP: 12, DP: 1}, "attention heads"},
		{"mixtral-8x7b", serving.Layout{GPUs: 16, TP: 8, PP: 1, EP: 16, DP: 2}, "at most 8"},
		{"llama-3.1-8b", serving.Layout{GPUs: 2, TP: 2, PP: 1, EP: 2, DP: 1}, "no routed experts"},
		{"llama-3.1-8b", serving.Layout{GPUs: 33, TP: 1, PP: 33, EP: 1, DP: 1}, "at most 32"},
		{"llama-3.1-8b", serving.Layout{}, "at least 1"},
	} {
		err := c.l.Check(all[c.model])
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s as %s: refused: %v", c.model, c.l, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s as %s: error %v, want one about %q", c.model, c.l, err, c.want)
		}
	}
}

// TestChoose: what recipes do, without looking at memory.
func TestChoose(t *testing.T) {
	all := models(t)
	yes := func(serving.Layout) bool { return true }
	for _, c := range []struct {
		model  string
		pinned serving.Layout
		want   string
	}{
		{"deepseek-v3", serving.Layout{GPUs: 8}, "TP 8"},
		{"deepseek-v3", serving.Layout{GPUs: 16}, "TP 8, DP 2, EP 16"},
		{"deepseek-v3", serving.Layout{GPUs: 16, TP: 1}, "DP 16, EP 16"},
		{"deepseek-v3", serving.Layout{GPUs: 16, PP: 2}, "TP 8, PP 2"},
		{"deepseek-v3", serving.Layout{GPUs: 16, EP: 1}, "TP 8, DP 2"},
		{"deepseek-v3", serving.Layout{GPUs: 16, DP: 4}, "TP 4, DP 4, EP 16"},
		{"mixtral-8x7b", serving.Layout{GPUs: 16}, "TP 8, DP 2, EP 8"},
		{"deepseek-v3", serving.Layout{GPUs: 8, EP: 8}, "TP 8, EP 8"},
		{"llama-3.1-8b", serving.Layout{GPUs: 1}, "one GPU"},
		{"llama-3.1-70b", serving.Layout{GPUs: 16}, "TP 8, DP 2"},
	} {
		l, err := serving.Choose(all[c.model], c.pinned, yes)
		if err != nil || l.String() != c.want {
			t.Errorf("%s, %+v: chose %s (%v), want %s", c.model, c.pinned, l, err, c.want)
		}
	}
	// The first that fits is taken, the first at all if none does.
	no := func(serving.Layout) bool { return false }
	if l, err := serving.Choose(all["deepseek-v3"], serving.Layout{GPUs: 8}, no); err != nil || l.TP != 8 {
		t.Errorf("nothing fits: chose %s (%v)", l, err)
	}
	small := func(l serving.Layout) bool { return l.TP <= 2 }
	if l, err := serving.Choose(all["deepseek-v3"], serving.Layout{GPUs: 8}, small); err != nil || l.TP != 2 {
		t.Errorf("only TP 2 and less fit: chose %s (%v)", l, err)
	}
	if _, err := serving.Choose(all["llama-3.1-8b"], serving.Layout{GPUs: 8, TP: 3}, yes); err == nil {
		t.Error("TP 3 on 8 GPUs was accepted")
	}
}

// TestChooseIsAccepted: every number of GPUs that has a layout gets one that
// passes Check and keeps the number.
func TestChooseIsAccepted(t *testing.T) {
	yes := func(serving.Layout) bool { return true }
	for id, m := range models(t) {
		for _, n := range []int{1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 72, 100, 256, 512, 1024, 4096} {
			l, err := serving.Choose(m, serving.Layout{GPUs: n}, yes)
			if err != nil {
				if n <= 8 || n&(n-1) == 0 && n <= 64 {
					t.Errorf("%s on %d: %v", id, n, err)
				}
				continue
			}
			if l.GPUs != n || l.Check(m) != nil {
				t.Errorf("%s on %d: chose %s: %v", id, n, l, l.Check(m))
			}
		}
	}
}

// TestAcceptsIsCheck: the search's quick rule and the one with words agree, on
// all presets and many layouts.
func TestAcceptsIsCheck(t *testing.T) {
	gpu, _ := hardware.ByID("h200")
	engine, _ := serving.EngineByID("ideal")
	load := serving.Load{Batch: 1, Prompt: 1}
	for id, m := range models(t) {
		f := serving.Compile(m, format.BF16)
		for gpus := 1; gpus <= 48; gpus++ {
			for _, tp := range []int{0, 1, 2, 3, 4, 6, 8} {
				for _, ep := range []int{0, 1, 2, 8, 16, 24} {
					pinned := serving.Layout{GPUs: gpus, TP: tp, EP: ep}
					checked, err := serving.Choose(m, pinned, func(serving.Layout) bool { return true })
					quick, _ := f.Choose(&gpu, &engine, load, pinned)
					if (err == nil) != (quick.GPUs > 0) || err == nil && quick.Check(m) != nil {
						t.Fatalf("%s, %+v: Check accepts %s (%v), the search %+v", id, pinned, checked, err, quick)
					}
				}
			}
		}
	}
}

// TestLayoutArithmetic: a layout's own divisions.
func TestLayoutArithmetic(t *testing.T) {
	l := serving.Layout{GPUs: 32, TP: 4, PP: 2, EP: 8, DP: 4}
	if l.StageGPUs() != 16 || l.ExpertSplit() != 2 || l.ExpertsPerRank(60) != 8 || l.SequencesPerReplica(65) != 17 || !l.Dispatches() {
		t.Errorf("%+v: stage %d, split %d, experts %d, sequences %d", l, l.StageGPUs(), l.ExpertSplit(), l.ExpertsPerRank(60), l.SequencesPerReplica(65))
	}
	if (serving.Layout{GPUs: 8, TP: 8, PP: 1, EP: 8, DP: 1}).Dispatches() {
		t.Error("one replica has all tokens already")
	}
	if err := l.Check(&arch.Model{}); err == nil {
		t.Error("a model without layers was accepted on two stages")
	}
}
