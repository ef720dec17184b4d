package plan

import (
	"strconv"

	"moecost/assets"
)

// Published is a day that was published, with the figures that its publisher gives for what this package computes.
type Published struct {
	Use         Use
	Nodes, Peak float64 // mean and greatest number of nodes
	NodeGPUs    float64

	InputPerNode, OutputPerNode float64 // tokens/s of a node in prefill, cache hits included, and in decode

	Cost, Income float64 // USD, as published
	KVLength     float64 // mean context of an output token
	SpeedLow     float64 // tokens/s of one user
	SpeedHigh    float64
	Prefill      Unit
	Decode       Unit
	Source       string
}

// Unit is a published deployment unit: as many attention replicas as GPUs, whole experts on them.
type Unit struct{ GPUs, Spare int64 }

// DeepSeekDay is DeepSeek's day of 27 February 2025. The share of prefill is the node-hours that the published
// throughput takes for the published tokens. It is read anew at every call: kept in a variable it would be in every program
// that can plan.
func DeepSeekDay() Published {
	rows, err := assets.Table(assets.PublishedDay())
	if err != nil {
		panic(err) // embedded data: a test reads it
	}
	of := map[string]float64{}
	for _, r := range rows[1:] {
		of[r[0]], _ = strconv.ParseFloat(r[1], 64)
	}
	p := Published{
		Nodes: of["nodes_mean"], Peak: of["nodes_peak"], NodeGPUs: of["gpus_per_node"],
		InputPerNode: of["input_per_node_s"], OutputPerNode: of["output_per_node_s"],
		Cost: of["cost_usd"], Income: of["income_usd"], KVLength: of["kv_length"],
		SpeedLow: of["output_speed_low"], SpeedHigh: of["output_speed_high"],
		Prefill: Unit{int64(of["prefill_ep"]), int64(of["prefill_spare"])}, Decode: Unit{int64(of["decode_ep"]), int64(of["decode_spare"])},
		Source: rows[1][3],
	}
	input, decode := of["input_tokens"]/p.InputPerNode, of["output_tokens"]/p.OutputPerNode
	p.Use = Use{
		GPUHours: p.Nodes * p.NodeGPUs * 24, Price: of["usd_per_gpu_hour"], Share: input / (input + decode),
		Fresh: of["input_tokens"] - of["cached_tokens"], Cached: of["cached_tokens"], Output: of["output_tokens"],
		APIIn: of["api_in_usd"], APICached: of["api_cached_usd"], APIOut: of["api_out_usd"],
	}
	return p
}
