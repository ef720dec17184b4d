package main

import (
	"fmt"
	"strings"

	"moecost/core/balance"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/routing"
	"moecost/core/serving"
)

// timing prepares a case's deployment with its experts placed in a way.
func (c *balanceCase) timing(p balance.Policy, o balance.Objective) (*serving.Timing, error) {
	model, err := convertedPreset(c.cells["preset"], c.cells["weights"])
	if err != nil {
		return nil, err
	}
	gpu, ok := hardware.ByID(c.cells["gpu"])
	if !ok {
		return nil, fmt.Errorf("gpu %q: unknown", c.cells["gpu"])
	}
	engine, ok := serving.EngineByID(c.cells["engine"])
	if !ok {
		return nil, fmt.Errorf("engine %q: unknown", c.cells["engine"])
	}
	layout := serving.Layout{TP: c.int("tp"), PP: 1, DP: c.int("dp"), EP: c.int("ep")}
	layout.GPUs = layout.TP * layout.DP
	if err := layout.Check(model); err != nil {
		return nil, err
	}
	skew, err := c.skew()
	if err != nil {
		return nil, err
	}
	load := serving.Load{Batch: int64(c.n("per_gpu")) * int64(layout.GPUs), Prompt: int64(c.n("context")), Output: 1}
	if p != balance.Off {
		load.Spare = int64(c.n("slots") - c.n("experts"))
	}
	return serving.NewTiming(serving.Deployment{Model: model, GPU: gpu, Layout: layout, KV: format.BF16, Engine: engine, Load: load},
		serving.Assumptions{Skew: skew, Placed: balance.Setup{Policy: p, Objective: o, Drift: usualDrift, Interval: 1000}, Apart: true}), nil
}

// skew is the case's own, or one with which the ranks have the imbalance that it states: "=1.74".
func (c *balanceCase) skew() (float64, error) {
	text, stated := strings.CutPrefix(c.cells["skew"], "=")
	if !stated {
		return c.n("skew"), nil
	}
	want := number(text, 0)
	low, high := 0.0, 4.0
	for range 40 {
		skew := (low + high) / 2
		cover := routing.NewCoverage(routing.Inclusion(c.int("experts"), c.int("top_k"), skew), c.int("top_k"))
		if routing.NewRanks(cover, c.int("ep")).Imbalance(1e6) < want {
			low = skew
		} else {
			high = skew
		}
	}
	if low > 3.99 {
		return 0, fmt.Errorf("skew %s: no skew gives the ranks that imbalance", c.cells["skew"])
	}
	return low, nil
}

// work is the case's step.
func (c *balanceCase) work() serving.Work {
	context := c.n("context")
	if c.cells["kind"] == "prefill" {
		return serving.Work{Prefill: c.n("per_gpu") * c.n("tp"), PrefillReach: context, Prompts: 1, Eager: true}
	}
	return serving.Work{Decode: c.n("per_gpu") * c.n("tp") * c.n("dp"), Context: context}
}

func (c *balanceCase) seconds(t *serving.Timing) float64 { return t.Step(c.work()).Seconds }

func gain(p balance.Policy) func(*balanceCase, *facts) (float64, error) {
	return func(c *balanceCase, _ *facts) (float64, error) {
		off, err := c.timing(balance.Off, balance.Tokens)
		if err != nil {
			return 0, err
		}
		on, err := c.timing(p, balance.Tokens)
		if err != nil {
			return 0, err
		}
		return c.seconds(off) / c.seconds(on), nil
	}
}

func gainEven(c *balanceCase, _ *facts) (float64, error) {
	on, err := c.timing(balance.Static, balance.Tokens)
	if err != nil {
		return 0, err
	}
	return c.seconds(on) / c.seconds(on.Even()), nil
}

// throughputLeft is what the imbalance that a case states leaves of the throughput.
// A step's time is linear in the tokens of its busiest rank, so the share that grows with
// them is read off a random order of the experts.
func throughputLeft(c *balanceCase, _ *facts) (float64, error) {
	off, err := c.timing(balance.Off, balance.Tokens)
	if err != nil {
		return 0, err
	}
	work := c.work()
	share := (c.seconds(off)/c.seconds(off.Even()) - 1) / (off.Imbalance(work) - 1)
	return 1 / (1 + share*(c.n("imbalance")-1)), nil
}

func metro(c *balanceCase, _ *facts) (float64, error) {
	tokens, err := c.timing(balance.Static, balance.Tokens)
	if err != nil {
		return 0, err
	}
	distinct, err := c.timing(balance.Static, balance.Distinct)
	if err != nil {
		return 0, err
	}
	return c.seconds(distinct)/c.seconds(tokens) - 1, nil
}

// stall is that of DeepSeek-R1 in NVFP4, 24 MiB per expert, over NVLink of GB200.
func stall(c *balanceCase, _ *facts) (float64, error) {
	model, err := convertedPreset(c.cells["preset"], "")
	if err != nil {
		return 0, err
	}
	s := c.setup(balance.Online)
	s.Interval = 1000
	moves := s.Moved(c.coverage())
	layers := model.MoELayers()
	return balance.Blocking(layers, float64(layers)*moves.Busiest*(24<<20), 900e9), nil
}
