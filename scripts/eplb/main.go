// Command eplb places experts on GPUs as EPLB does, and prints each plan as one
// line of JSON.
//
//	go run ./scripts/eplb instances.json
//	go run ./scripts/eplb -gpus 32 -slots 288 -groups 8 -nodes 4 counts.csv
//	go run ./scripts/eplb - < instances.json
//
// A file holds instances: an object with "weight" (a row per layer, a number per
// expert) and "args" with num_replicas, num_groups, num_nodes and num_gpus, or a list of
// them, or a list under "cases". Or it holds counts of tokens per expert in a form that
// package counts reads, and the flags say the rest. A flag stands in for a number that an
// instance lacks. Without -slots there are as many as experts, rounded up to
// a multiple of the GPUs.
//
// A line has phy2log, log2phy and logcnt by layer, loads by layer and GPU with
// replicas sharing evenly, max_over_mean_after of these, and max_over_mean_before of experts in their order.
//
// The exit status is 2 if something could not be placed. The reason goes to
// standard error, and an object with the key "error" stands in the line's place.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"moecost/core/balance"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("eplb", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var given sizes
	flags.IntVar(&given.Replicas, "slots", 0, "expert slots of a layer over all GPUs, spare ones included (num_replicas)")
	flags.IntVar(&given.Groups, "groups", 0, "groups of experts that stay on one node (num_groups; default 1)")
	flags.IntVar(&given.Nodes, "nodes", 0, "nodes (num_nodes; default 1)")
	flags.IntVar(&given.GPUs, "gpus", 0, "GPUs (num_gpus)")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: eplb [flags] FILE, or - for standard input")
		flags.PrintDefaults()
	}
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() != 1 {
		flags.Usage()
		return 2
	}
	data, err := readAll(flags.Arg(0), stdin)
	var instances []instance
	if err == nil {
		instances, err = parse(data)
	}
	if err != nil {
		fmt.Fprintf(stderr, "eplb: %s: %v\n", flags.Arg(0), err)
		return 2
	}
	out := bufio.NewWriter(stdout)
	defer out.Flush()
	lines, code := json.NewEncoder(out), 0
	for i, in := range instances {
		in.Args = in.Args.or(in.sizes).or(given)
		line, err := place(in)
		if err != nil {
			fmt.Fprintf(stderr, "eplb: %s: instance %d: %v\n", flags.Arg(0), i, err)
			err, code = lines.Encode(map[string]string{"error": err.Error()}), 2
		} else {
			err = lines.Encode(line)
		}
		if err != nil {
			fmt.Fprintln(stderr, "eplb:", err)
			return 2
		}
	}
	return code
}

// answer is a line of the output.
type answer struct {
	Policy   string      `json:"policy"`
	PhyToLog [][]int32   `json:"phy2log"`
	LogToPhy [][][]int32 `json:"log2phy"`
	LogCnt   [][]int32   `json:"logcnt"`
	Loads    [][]float64 `json:"loads"`
	Before   []float64   `json:"max_over_mean_before"`
	After    []float64   `json:"max_over_mean_after"`
}

func place(in instance) (*answer, error) {
	weights, exact := make([][]float32, len(in.Weight)), make([][]float64, len(in.Weight))
	for i, row := range in.Weight {
		for _, w := range row {
			weights[i], exact[i] = append(weights[i], float32(w)), append(exact[i], float64(w))
		}
	}
	s := in.Args.or(sizes{Groups: 1, Nodes: 1})
	if s.GPUs == 0 {
		return nil, fmt.Errorf("num_gpus: not given: say it in args, or with -gpus")
	}
	if s.GPUs < 0 {
		return nil, fmt.Errorf("num_gpus: %d: give at least 1", s.GPUs)
	}
	if s.Replicas == 0 && len(weights) > 0 {
		s.Replicas = (len(weights[0]) + s.GPUs - 1) / s.GPUs * s.GPUs
	}
	plan, err := balance.Rebalance(weights, s.Replicas, s.Groups, s.Nodes, s.GPUs)
	if err != nil {
		return nil, err
	}
	a := &answer{Policy: "global", PhyToLog: plan.PhyToLog, LogToPhy: plan.LogToPhy, LogCnt: plan.LogCnt}
	if plan.Hierarchical {
		a.Policy = "hierarchical"
	}
	contiguous := balance.Contiguous(len(weights[0]), s.GPUs)
	for i, row := range exact {
		after := plan.Placement(i)
		loads := after.Loads(nil, row)
		a.Loads = append(a.Loads, loads)
		a.Before = append(a.Before, balance.MaxOverMean(contiguous.Loads(nil, row)))
		a.After = append(a.After, balance.MaxOverMean(loads))
	}
	return a, nil
}
