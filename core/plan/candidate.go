package plan

import (
	"fmt"
	"strings"

	"moecost/core/arch"
	"moecost/core/balance"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/routing"
	"moecost/core/serving"
)

// candidate is one accelerator with the model stored in one way.
type candidate struct {
	gpu     hardware.Accelerator
	price   float64 // USD per GPU-hour
	given   bool    // by the link, not by the table of hardware
	weights string  // scheme; empty: as published
	kvID    string

	model     *arch.Model
	kv        format.Format
	engine    serving.Engine
	runs      runs
	footprint *serving.Footprint
	experts   int64 // of a MoE layer
}

// shape is one copy's layout and its spare experts.
type shape struct {
	of     *candidate
	layout serving.Layout
	spare  int64
	eplb   bool

	host, cache float64 // share of the experts in host memory, and slots on the GPUs for them
}

// dollars is what one copy costs in an hour.
func (s *shape) dollars() float64 { return s.of.price * float64(s.layout.GPUs) }

// narrower are the number formats that a plan may store the model in where the link allows others than its
// own, if the accelerator multiplies in their arithmetic and the engine loads them. Source: the
// quantisation pages of each engine (docs.vllm.ai/features/quantization, docs.sglang.ai/advanced_features/quantization,
// nvidia.github.io/TensorRT-LLM/features/quantization).
var narrower = []struct {
	weights, kv string
	arithmetic  format.Arithmetic
	engines     string
}{
	{"", "fp8", format.ArithmeticFP8, "ideal vllm sglang trtllm"},
	{"fp8", "", format.ArithmeticFP8, "ideal vllm sglang trtllm"},
	{"fp8", "fp8", format.ArithmeticFP8, "ideal vllm sglang trtllm"},
	{"nvfp4", "", format.ArithmeticFP4, "ideal vllm sglang trtllm"},
	{"nvfp4", "fp8", format.ArithmeticFP4, "ideal vllm sglang trtllm"},
	{"q4_k_m", "", format.ArithmeticBF16, "llamacpp"},
}

// gather lists the candidates. What cannot be one is noted, with the way out.
func (s *Search) gather() error {
	ask := &s.q.Scenario
	engine, ok := serving.EngineByID(ask.Engine)
	if !ok {
		return fmt.Errorf("plan: engine: %q: not a known engine; use ideal, vllm, sglang, trtllm or llamacpp", ask.Engine)
	}
	if ask.Out == 1 && ask.TPOT > 0 {
		s.notes = append(s.notes, "An output of one token has no time per output token: that objective is left out.")
	}
	for _, a := range ask.Accelerators() {
		gpu, err := hardware.Parse(a.ID)
		if err != nil {
			return fmt.Errorf("plan: among: %w", err)
		}
		price, given := a.Price, a.Price > 0
		if !given {
			price = gpu.Price.USDPerHour
		}
		switch {
		case !gpu.Complete():
			s.notes = append(s.notes, gpu.Name+": its bandwidth or peak is not known, so no step can be timed on it.")
			continue
		case engines[engine.ID].vendor != "" && engines[engine.ID].vendor != gpu.Vendor:
			s.notes = append(s.notes, gpu.Name+": "+engine.Name+" does not run on it.")
			continue
		case price == 0:
			s.notes = append(s.notes, gpu.Name+": no price is known. Give one: among="+a.ID+":PRICE.")
			continue
		}
		own := candidate{gpu: gpu, price: price, given: given, weights: ask.Weights, kvID: ask.KV, engine: engine, runs: engines[engine.ID]}
		if own.kvID == "" {
			own.kvID = s.q.KV
		}
		if err := s.add(own); err != nil {
			return err
		}
		for _, n := range narrower {
			if !ask.Lossy || gpu.Peaks.Of(n.arithmetic) == 0 || !strings.Contains(n.engines, engine.ID) {
				continue
			}
			other := own
			if n.weights != "" && ask.Weights == "" {
				other.weights = n.weights
			}
			if n.kv != "" && ask.KV == "" {
				other.kvID = n.kv
			}
			if err := s.add(other); err != nil {
				return err
			}
		}
	}
	if len(s.candidates) == 0 {
		return fmt.Errorf("plan: among: nothing to choose from: %s", strings.Join(s.notes, " "))
	}
	return nil
}

// add prepares a candidate, unless it is there or is no smaller than the model's own formats.
func (s *Search) add(c candidate) error {
	for _, old := range s.candidates {
		if old.gpu.ID == c.gpu.ID && old.weights == c.weights && old.kvID == c.kvID {
			return nil
		}
	}
	c.model = s.q.Model
	if c.weights != "" {
		scheme, ok := format.SchemeByID(c.weights)
		if !ok {
			return fmt.Errorf("plan: weights: %q: not a known weight scheme; leave it out for weights as published", c.weights)
		}
		if c.model = s.converted(c.weights, scheme); c.weights != s.q.Scenario.Weights && c.model.WeightBytes().Bytes() >= s.q.Model.WeightBytes().Bytes() {
			return nil
		}
	}
	c.kv = format.BF16
	if c.kvID != "" {
		kv, ok := format.KVByID(c.kvID)
		if !ok {
			return fmt.Errorf("plan: kv: %q: not a known cache format; use bf16 or fp8", c.kvID)
		}
		c.kv = kv
	}
	c.kvID = c.kv.ID
	c.footprint = serving.Compile(c.model, c.kv)
	if moe := c.model.MoE(); moe != nil {
		c.experts = moe.Experts
	}
	s.candidates = append(s.candidates, &c)
	return nil
}

// converted keeps one conversion for all accelerators.
func (s *Search) converted(id string, scheme format.Scheme) *arch.Model {
	if s.models == nil {
		s.models = map[string]*arch.Model{}
	}
	if s.models[id] == nil {
		s.models[id] = s.q.Model.Convert(scheme)
	}
	return s.models[id]
}

// spread lists the shapes of all candidates, small ones first.
func (s *Search) spread() {
	for _, n := range sizes {
		for _, c := range s.candidates {
			if n > c.runs.most {
				continue
			}
			all := layouts(n, c.experts, &c.gpu, c.runs)
			if !c.runs.tensor {
				all = layered(n)
			}
			for _, l := range all {
				if !c.footprint.Accepts(l) {
					continue
				}
				s.addShapes(c, l)
				s.addAway(c, l)
			}
		}
	}
}

func (s *Search) addShapes(c *candidate, l serving.Layout) {
	online := s.q.Scenario.EPLB == "online"
	for _, spare := range spares(c.experts, l.EP, c.runs.whole) {
		if l.EP > 1 && !online {
			if c.runs.whole && (c.experts+spare)%int64(l.EP) != 0 {
				continue
			}
			if spare == 0 {
				s.shapes = append(s.shapes, &shape{of: c, layout: l})
			}
		}
		if spare > 0 || l.EP == 1 || online {
			s.shapes = append(s.shapes, &shape{of: c, layout: l, spare: spare, eplb: l.EP > 1})
		}
	}
}

// timing prepares the times of a shape; nil if they cannot be told.
func (s *Search) timing(h *shape, apart bool) *serving.Timing {
	c, ask := h.of, &s.q.Scenario
	d := serving.Deployment{Model: c.model, GPU: c.gpu, Layout: h.layout, KV: c.kv, Engine: c.engine}
	d.Load = serving.Load{Batch: 64 * int64(h.layout.DP), Prompt: int64(s.t.prompt), Output: s.t.running, Spare: h.spare}
	a := serving.Assumptions{
		Skew: s.popular.Skew, Law: s.popular.Law, Counts: s.popular.Counts, Apart: apart,
		Fabric: fabrics[ask.Fabric], Routes: s.routes,
	}
	if h.eplb {
		a.Placed = balance.Setup{Policy: balance.Static, Drift: ask.Drift, Interval: ask.Interval}
		if ask.EPLB == "online" {
			a.Placed.Policy = balance.Online
		}
		if ask.Place == "distinct" {
			a.Placed.Objective = balance.Distinct
		}
	}
	t := serving.NewTiming(d, a)
	if h.host > 0 {
		return s.moveAway(h, t)
	}
	return t
}

var fabrics = map[string]serving.Fabric{"unicast": serving.Unicast, "node": serving.PerNode, "multicast": serving.Multicast}

// popularity is that of the experts.
func (q *Question) popularity() routing.Popularity {
	p := routing.Popularity{Skew: q.Scenario.Skew, Counts: q.Counts}
	if q.Scenario.Law == "power" {
		p.Law = routing.Power
	}
	return p
}
