package main

import (
	"fmt"
	"io"

	"moecost/core/serving"
)

// pointTable compares published figures that other tools are judged by, in
// tokens per second and GPU, and the exchange of tokens between GPUs. They are not fitted on unless serving.csv has the same row.
func pointTable(w io.Writer, f *facts) error {
	rows, err := readTable(f.dir, "published_points.csv")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| published point | measured tok/s/GPU | predicted | error | note |\n|---|--:|--:|--:|---|\n")
	for _, r := range rows {
		model, err := f.model(r["model"], r["weights"])
		if err != nil {
			return err
		}
		gpu, err := f.gpu(r["gpu"])
		if err != nil {
			return err
		}
		layout := serving.Layout{TP: int(number(r["tp"], 1)), PP: 1, DP: int(number(r["dp"], 1)), EP: int(number(r["ep"], 1))}
		layout.GPUs = layout.TP * layout.DP
		engine, _ := serving.EngineByID(r["engine"])
		t := serving.NewTiming(serving.Deployment{Model: model, GPU: gpu, Layout: layout, KV: cache(r["kv"], &gpu, r["weights"], r["engine"]), Engine: engine},
			serving.Assumptions{Skew: f.skew, Balanced: 1.1})
		perGPU, context := number(r["per_gpu"], 1), number(r["context"], 1)
		work := serving.Work{Decode: perGPU * float64(layout.GPUs), Context: context}
		if r["kind"] == "prefill" {
			work = serving.Work{Prefill: perGPU * float64(layout.TP), PrefillReach: context, Prompts: 1, Eager: true}
		}
		s := t.Step(work)
		rate, measured := perGPU/s.Seconds, number(r["measured"], 0)
		fmt.Fprintf(w, "| %s | %.0f | %.0f | %+.0f %% | %s |\n", r["id"], measured, rate, 100*(rate/measured-1), r["note"])
	}
	fmt.Fprintln(w)
	if err := draftTable(w, f); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := balanceTable(w, f); err != nil {
		return err
	}
	fmt.Fprintln(w)
	if err := tailTable(w, f); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return exchangeTable(w, f.dir)
}
