package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"moecost/core/hardware"
	"moecost/core/serving"
)

// exchangeGPUs are the accelerators of alltoall.csv whose dispatch and combine are
// compared.
var exchangeGPUs = map[string]string{"H800": "h800", "H100 SXM": "h100-sxm", "H200": "h200", "B200": "b200", "B300": "b300", "GB200": "gb200", "GB300": "gb300", "GB200 NVL72": "gb200"}

// exchangeTable compares dispatch and combine with the latencies of
// alltoall.csv: DeepEP's own table row by row, the collectors' by library and fabric.
func exchangeTable(w io.Writer, dir string) error {
	rows, err := readTable(dir, "alltoall.csv")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| dispatch and combine, alone | rows | measured µs | predicted µs | median error | largest |\n|---|--:|--:|--:|--:|--:|\n")
	groups := map[string][]float64{}
	var order []string
	for _, r := range rows {
		gpu, ok := hardware.ByID(exchangeGPUs[r["gpu"]])
		tokens := number(r["tokens_per_gpu"], 0)
		if !ok || r["metric"] != "latency" || r["op"] != "dispatch" && r["op"] != "combine" || tokens == 0 || number(r["hidden"], 0) == 0 {
			continue
		}
		bytes := number(r["hidden"], 0) * 2
		if r["op"] == "dispatch" && r["payload_dtype"] != "bf16" {
			bytes = number(r["hidden"], 0) * (1 + 4.0/128)
		}
		bulk := strings.Contains(r["library"], "ormal")
		measured := number(r["value"], 0)
		predicted := 1e6 * serving.Exchange(&gpu, int(number(r["n_gpus"], 1)), tokens, number(r["num_experts"], 256), number(r["topk"], 8), bytes, bulk)
		e := math.Abs(predicted/measured - 1)
		if strings.HasPrefix(r["id"], "deepep1-") {
			note := ""
			if r["n_gpus"] == "8" {
				note = " (the source ran it over RDMA inside the node)"
			}
			fmt.Fprintf(w, "| DeepEP V1 low-latency %s, EP %s%s | 1 | %.0f | %.0f | %s | |\n", r["op"], r["n_gpus"], note, measured, predicted, percent(e))
			continue
		}
		name := r["library"]
		if i := strings.Index(name, " via"); i > 0 {
			name = name[:i]
		}
		name = fmt.Sprintf("%s %s, nodes: %s", name, r["op"], r["n_nodes"])
		if groups[name] == nil {
			order = append(order, name)
		}
		groups[name] = append(groups[name], e)
	}
	for _, name := range order {
		errs := groups[name]
		slices.Sort(errs)
		fmt.Fprintf(w, "| %s | %d | | | %s | %s |\n", name, len(errs), percent(quantile(errs, 0.5)), percent(errs[len(errs)-1]))
	}
	return nil
}
