package main

import (
	"fmt"
	"math"
	"testing"
)

// TestTouched: weight bytes of one decode step of DeepSeek-V3 in FP8 with uniform routing, one
// copy, and its distinct experts of 256: published figures of another tool whose closed form is 256 (1 - (1 - 8/256)^B).
// 1 % covers scales, and embedding and head in BF16.
func TestTouched(t *testing.T) {
	var queries []string
	want := []struct{ batch, bytes, experts float64 }{{1, 37.6e9, 8}, {8, 164e9, 57.4}, {64, 585e9, 222.4}, {256, 671e9, 255.9}}
	for _, w := range want {
		queries = append(queries, fmt.Sprintf("model=deepseek-v3&gpu=h200&gpus=16&tp=1&ep=16&batch=%g&skew=0", w.batch))
	}
	got, stderr, code := estimate(t, "", queries...)
	if code != 0 || len(got) != len(want) {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	for i, w := range want {
		d := got[i].Decode
		if math.Abs(d.TouchedBytes/w.bytes-1) > 0.01 || math.Abs(d.DistinctExperts-w.experts) > 0.06 {
			t.Errorf("batch %g: %g bytes of %g experts, want %g of %g", w.batch, d.TouchedBytes, d.DistinctExperts, w.bytes, w.experts)
		}
	}
}

// TestMonotone: of everything else equal, more bandwidth and more compute are never slower, more
// sequences never make a step faster, a longer prompt never comes sooner, and skew never touches more.
func TestMonotone(t *testing.T) {
	ask := func(query string) (step, ttft, touched float64) {
		t.Helper()
		got, stderr, code := estimate(t, "", query)
		if code != 0 || len(got) != 1 || got[0].Prefill == nil {
			t.Fatalf("%s: exit %d: %s", query, code, stderr)
		}
		return got[0].Decode.Step, got[0].Prefill.TTFT, got[0].Decode.TouchedBytes
	}
	for _, base := range []string{"model=deepseek-v3&gpus=16&gpu=", "model=qwen3-30b-a3b&gpus=2&gpu=", "model=llama-3.1-70b&gpus=4&gpu="} {
		slow, late, _ := ask(base + "h100-sxm")
		fast, early, _ := ask(base + "h200") // the same chip with more bandwidth
		if fast > slow*(1+1e-9) || early > late*(1+1e-9) {
			t.Errorf("%s: H200 takes %g and %g s, H100 %g and %g", base, fast, early, slow, late)
		}
		before, _, _ := ask(base + "h200&in=500&out=100&batch=1")
		for _, batch := range []int{2, 7, 64, 300} {
			step, _, _ := ask(fmt.Sprintf("%sh200&in=500&out=100&batch=%d", base, batch))
			if step < before*(1-1e-9) {
				t.Errorf("%s: a step for %d takes %g s, for fewer %g", base, batch, step, before)
			}
			before = step
		}
		_, first, _ := ask(base + "h200&in=100")
		for _, in := range []int{1000, 8000, 30000} {
			_, ttft, _ := ask(fmt.Sprintf("%sh200&in=%d&batch=8", base, in))
			if ttft < first*(1-1e-9) {
				t.Errorf("%s: a prompt of %d takes %g s, a shorter one %g", base, in, ttft, first)
			}
			first = ttft
		}
		_, _, most := ask(base + "h200&skew=0")
		for _, skew := range []string{"0.5", "1", "2"} {
			_, _, touched := ask(base + "h200&skew=" + skew)
			if touched > most*(1+1e-9) {
				t.Errorf("%s: skew %s touches %g bytes, less skew %g", base, skew, touched, most)
			}
			most = touched
		}
	}
}
