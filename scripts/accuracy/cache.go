package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	caches "moecost/core/offload/cache"
	"moecost/core/routing"
)

// cached are the models of offload.csv whose hit rates were measured or replayed.
var cached = []struct {
	system, model         string // as the row begins
	experts, topK, layers int
}{
	{"BigMoeOnEdge replay", "Qwen3-30B-A3B", 128, 6, 48},
	{"BigMoeOnEdge replay", "gemma-4-26B-A4B", 128, 6, 30},
	{"BigMoeOnEdge replay", "gpt-oss-120b", 128, 2, 36},
	{"TinyTitan", "Qwen3.6-35B-A3B", 256, 8, 40},
	{"FreeToken", "Qwen3.6-35B-A3B", 256, 8, 40},
}

// cachePolicies are the words of offload.csv.
var cachePolicies = map[string]caches.Policy{
	"lru": caches.Global, "per-layer lru": caches.LRU, "per-layer lfu": caches.LFU, "lfu": caches.LFU, "lfu (trace ceiling)": caches.LFU,
	"lru (RAM-backed)": caches.Global, "lru (RAM-backed), graphs off": caches.Global,
}

// hitTable prints measured hit rates beside the closed forms: one sequence, skew 1, nothing fitted but
// caches.DefaultCorrelation, and that on the replay of Qwen3-30B-A3B.
func hitTable(w io.Writer, dir string) error {
	rows, err := readTable(dir, "offload.csv")
	if err != nil {
		return err
	}
	fmt.Fprintln(w, "| hit rate of a cache of experts | share | policy | measured | here |")
	fmt.Fprintln(w, "|---|--:|---|--:|--:|")
	sum, n := 0.0, 0.0
	for _, r := range rows {
		for _, m := range cached {
			policy, known := cachePolicies[r["policy"]]
			if !known || r["system"] != m.system || !strings.HasPrefix(r["model"], m.model) {
				continue
			}
			if policy == caches.LFU && m.system == "BigMoeOnEdge replay" && r["policy"] == "lfu" {
				continue // over all layers, which no closed form has
			}
			share, _, _ := strings.Cut(r["cache_fraction"], " ")
			measured := r["value"]
			if !strings.Contains(r["metric"], "hit rate") {
				measured = r["predictor_hit_rate"] // of a row that is a speed
			}
			size, err := strconv.ParseFloat(share, 64)
			if err != nil {
				continue
			}
			rate, err := strconv.ParseFloat(measured, 64)
			if err != nil {
				continue
			}
			if rate <= 1 {
				rate *= 100
			}
			t := caches.Traffic{
				Coverage:  routing.NewCoverage(routing.Inclusion(m.experts, m.topK, 1), m.topK),
				Sequences: 1, Each: 1, Correlation: caches.DefaultCorrelation, Layers: m.layers,
			}
			here := 100 * t.HitRate(policy, size)
			sum, n = sum+math.Abs(here-rate), n+1
			fmt.Fprintf(w, "| %s, %s | %.1f %% | %s | %.1f %% | %.1f %% |\n", m.system, r["model"], 100*size, r["policy"], rate, here)
		}
	}
	if n > 0 {
		fmt.Fprintf(w, "\nOff by %.1f points on average over %.0f rows.\n", sum/n, n)
	}
	return nil
}
