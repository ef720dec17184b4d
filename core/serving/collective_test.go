package serving

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"moecost/core/hardware"
)

// collectiveGroup is rows of alltoall.csv that one formula must meet, and how well.
type collectiveGroup struct {
	prefix, op, library string
	gpus                int
	tolerance           float64 // of the median error
	worst               float64 // of any row
}

// The groups cover what engines use: DeepEP in both modes on one node and over
// RDMA, NCCL for large sums. Tolerances: low-latency mode is two constants for six sizes; normal mode
// depends on how many SMs it was given; DeepEP V1's EP16 row moves twice the bytes that a token needs.
var collectiveGroups = []collectiveGroup{
	{"aic-", "dispatch", "DeepEP low-latency via SGLang 0.5.12", 8, 0.10, 0.20},
	{"aic-", "combine", "DeepEP low-latency via SGLang 0.5.12", 8, 0.10, 0.20},
	{"aic-", "dispatch", "DeepEP normal", 8, 0.20, 0.55},
	{"aic-", "combine", "DeepEP normal", 8, 0.20, 0.55},
	{"deepep1-", "dispatch", "DeepEP V1 low-latency", 32, 0.05, 0.05},
	{"deepep1-", "combine", "DeepEP V1 low-latency", 32, 0.05, 0.05},
	{"deepep1-", "dispatch", "DeepEP V1 low-latency", 256, 0.05, 0.05},
	{"aic-", "all_reduce", "NCCL", 8, 0.30, 0.45},
}

func TestCollectivesMeasured(t *testing.T) {
	rows := measuredRows(t, "alltoall.csv")
	for _, g := range collectiveGroups {
		var errs []float64
		for _, r := range rows {
			cell := func(name string) string { return r[name] }
			number := func(name string) float64 { v, _ := strconv.ParseFloat(cell(name), 64); return v }
			if !strings.HasPrefix(cell("id"), g.prefix) || cell("op") != g.op || !strings.HasPrefix(cell("library"), g.library) ||
				number("n_gpus") != float64(g.gpus) || cell("metric") != "latency" {
				continue
			}
			gpu, ok := hardware.ByID(map[string]string{"H100 SXM": "h100-sxm", "H200": "h200", "B200": "b200", "B300": "b300", "H800": "h800", "A100 SXM": "a100-80-sxm"}[cell("gpu")])
			if !ok {
				continue
			}
			got := timeCollective(&gpu, g, number)
			if got == 0 {
				continue
			}
			e := math.Abs(got/(number("value")*1e-6) - 1)
			if e > g.worst {
				t.Errorf("for %s, got %.1f us, measured %.1f", cell("id"), got*1e6, number("value"))
			}
			errs = append(errs, e)
		}
		slices.Sort(errs)
		if len(errs) == 0 {
			t.Errorf("for %v: no rows", g)
			continue
		}
		if median := errs[len(errs)/2]; median > g.tolerance {
			t.Errorf("for %v, a median error of %.0f %% over %d rows", g, 100*median, len(errs))
		}
		t.Logf("%-9s %-10s %-38s %3d GPUs: %2d rows, median error %2.0f %%, largest %2.0f %%", g.prefix, g.op, g.library, g.gpus, len(errs), 100*errs[len(errs)/2], 100*errs[len(errs)-1])
	}
}

// timeCollective is the model's time for a row, alone: outside a step and not overlapped.
func timeCollective(gpu *hardware.Accelerator, g collectiveGroup, number func(string) float64) float64 {
	c := Fitted()
	c.Network = 1
	if g.op == "all_reduce" {
		layout := Layout{GPUs: g.gpus, TP: g.gpus, PP: 1, DP: 1, EP: 1}
		k := linksOf(&Deployment{GPU: *gpu, Layout: layout}, &c)
		if number("message_bytes") < 32<<20 { // small ones go through the engines' own kernels, not NCCL
			return 0
		}
		return k.allReduce(number("message_bytes"))
	}
	bytes := 7168 * 2.0
	if g.op == "dispatch" {
		bytes = 7168 * (1 + 4.0/128)
	}
	return Exchange(gpu, g.gpus, number("tokens_per_gpu"), 256, 8, bytes, strings.Contains(g.library, "normal"))
}
