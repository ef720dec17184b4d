package serving_test

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/serving"
)

const gib = 1 << 30

// start is a measured start-up of an engine, in GiB per GPU; NaN where the
// source does not say.
type start struct {
	model, weights, gpu                             string
	gpus                                            int
	fraction, sequences, vocabulary                 float64
	weightsGiB, activation, nonTorch, kvGiB, tokens float64
	fitted                                          bool
}

func (s start) String() string { return s.model + " on " + strconv.Itoa(s.gpus) + " " + s.gpu }

func measuredStarts(t *testing.T) []start {
	t.Helper()
	f, err := os.Open("../../assets/measurements/vllm_memory.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	number := func(row []string, column string) float64 {
		cell := row[slices.Index(rows[0], column)]
		if cell == "" {
			return math.NaN()
		}
		v, err := strconv.ParseFloat(cell, 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	var starts []start
	for _, row := range rows[1:] {
		starts = append(starts, start{
			model: row[0], weights: row[1], gpu: row[2], gpus: int(number(row, "gpus")),
			fraction: number(row, "fraction"), sequences: number(row, "max_sequences"), vocabulary: number(row, "vocabulary"),
			weightsGiB: number(row, "weights_gib"), activation: number(row, "activation_gib"),
			nonTorch: number(row, "non_torch_gib"), kvGiB: number(row, "kv_gib"), tokens: number(row, "kv_tokens"),
			fitted: row[slices.Index(rows[0], "fitted")] == "yes",
		})
	}
	return starts
}

// model loads the preset of a row in the row's weights; nil if there is none.
func (s start) loaded(t *testing.T) *arch.Model {
	t.Helper()
	p, ok := preset.ByID(s.model)
	if !ok {
		return nil
	}
	reading, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	m := reading.Model
	if s.weights != "published" {
		// FP8 per channel differs from FP8 per block in its scales only: 0.02 %.
		scheme, ok := format.SchemeByID("fp8")
		if !ok {
			t.Fatal("no scheme fp8")
		}
		m = m.Convert(scheme)
	}
	return m
}

// layout is what the rows ran: tensor parallelism, experts cut with everything else.
func (s start) layout() serving.Layout {
	return serving.Layout{GPUs: s.gpus, TP: s.gpus, PP: 1, EP: 1, DP: 1}
}

// TestWeightsMeasured compares weights per GPU with what engines report after
// loading. 1 % is what loaders add (buffers, padded vocabularies).
func TestWeightsMeasured(t *testing.T) {
	compared := 0
	for _, s := range measuredStarts(t) {
		m := s.loaded(t)
		if m == nil || math.IsNaN(s.weightsGiB) {
			continue
		}
		compared++
		const tolerance = 0.01
		gpu, _ := hardware.ByID("h100-sxm")
		engine, _ := serving.EngineByID("vllm")
		led := serving.Compile(m, format.BF16).Ledger(&gpu, &engine, s.layout(), serving.Load{Batch: 1, Prompt: 1})
		got := float64(led.WeightBytes()+led.Padding+led.Vision) / gib
		t.Logf("%-28s weights %7.2f GiB, measured %7.2f: %+.1f %%", s, got, s.weightsGiB, 100*(got/s.weightsGiB-1))
		if math.Abs(got/s.weightsGiB-1) > tolerance {
			t.Errorf("%s: weights %.2f GiB per GPU, measured %.2f: beyond %g", s, got, s.weightsGiB, tolerance)
		}
	}
	if compared < 8 {
		t.Errorf("only %d rows compared", compared)
	}
}

// TestWorkspaceFit checks the law that peak activation follows: sequences ×
// vocabulary × a constant. 4 % covers the seven fitted rows, whose largest
// error is 2 %; Mistral Small is known not to follow it.
func TestWorkspaceFit(t *testing.T) {
	const tolerance = 0.04
	engine, _ := serving.EngineByID("vllm")
	for _, s := range measuredStarts(t) {
		if math.IsNaN(s.activation) || !s.fitted {
			continue
		}
		got := s.sequences * s.vocabulary * float64(engine.SamplerBytes) / gib
		t.Logf("%-28s activation %5.2f GiB, measured %5.2f: %+.1f %%", s, got, s.activation, 100*(got/s.activation-1))
		if math.Abs(got/s.activation-1) > tolerance {
			t.Errorf("%s: activation %.2f GiB, measured %.2f", s, got, s.activation)
		}
		m := s.loaded(t)
		if m == nil {
			continue
		}
		// The prefill of 8,192 tokens, the server's default, must not need more than was measured.
		gpu, _ := hardware.ByID(s.gpu)
		load := serving.Load{Batch: 1, Prompt: 1, Chunk: 8192}
		if all := float64(serving.Compile(m, format.BF16).Workspace(&gpu, &engine, s.layout(), load)) / gib; all > got*1.0001 {
			t.Errorf("%s: prefill takes %.2f GiB, more than the %.2f measured in all", s, all, s.activation)
		}
	}
}

// TestPoolMeasured compares the KV pool of whole ledgers with what vLLM
// allocated. The pool is what is left of 79 GiB, so the tolerance is in GiB: 0.2 for the
// rows that the constants were fitted on; 2 for the one that they were not (Qwen3-235B
// on four GPUs: 1.8 more than measured, from groups larger than two and an
// older release), 4 for Mistral Small, whose workspace does not follow the law (see
// TestWorkspaceFit); and 1 % of gpt-oss's weights, which are padded.
func TestPoolMeasured(t *testing.T) {
	for _, s := range measuredStarts(t) {
		m := s.loaded(t)
		if m == nil || math.IsNaN(s.kvGiB) {
			continue
		}
		gpu, _ := hardware.ByID(s.gpu)
		engine, _ := serving.EngineByID("vllm")
		engine.Fraction = s.fraction
		led := serving.Compile(m, format.BF16).Ledger(&gpu, &engine, s.layout(), serving.Load{Batch: 1, Prompt: 1000, Chunk: 8192})
		got := float64(led.Pool) / gib
		t.Logf("%-28s pool %6.2f GiB, measured %6.2f: %+.2f GiB", s, got, s.kvGiB, got-s.kvGiB)
		tolerance := 0.2
		switch {
		case m.Family == "gpt_oss":
			tolerance = 0.01 * s.weightsGiB
		case !s.fitted && !math.IsNaN(s.activation):
			tolerance = 4
		case !s.fitted:
			tolerance = 2
		}
		if math.Abs(got-s.kvGiB) > tolerance {
			t.Errorf("%s: pool %.2f GiB per GPU, measured %.2f: beyond %.2f", s, got, s.kvGiB, tolerance)
		}
		if !math.IsNaN(s.tokens) {
			// Tokens follow from the measured bytes: whether one token costs what we say.
			perToken := float64(led.PerSequence) / 1000
			if want := s.kvGiB * gib / s.tokens; math.Abs(perToken/want-1) > 0.02 { // blocks are whole
				t.Errorf("%s: %.0f bytes per token and GPU, measured %.0f", s, perToken, want)
			}
		}
	}
}

// TestStaticPool checks SGLang's own rule on a measured start: with the static
// fraction given, weights and pool fill that share. The 4 % are what SGLang
// takes before it loads (0.5 to 1 GiB of 140).
func TestStaticPool(t *testing.T) {
	for _, s := range measuredStarts(t) {
		if s.gpu != "h200" || math.IsNaN(s.tokens) {
			continue
		}
		m := s.loaded(t)
		gpu, _ := hardware.ByID(s.gpu)
		engine, _ := serving.EngineByID("sglang")
		led := serving.Compile(m, format.BF16).Ledger(&gpu, &engine, s.layout(), serving.Load{Batch: 1, Prompt: 1000})
		pool := s.fraction*float64(serving.Visible(gpu)) - float64(led.WeightBytes()) - float64(engine.LibraryBytes+engine.GroupBytes)
		got := pool / (float64(led.PerSequence) / 1000)
		t.Logf("%s: %.0f tokens, measured %.0f: %+.1f %%", s, got, s.tokens, 100*(got/s.tokens-1))
		if math.Abs(got/s.tokens-1) > 0.04 {
			t.Errorf("%s: %.0f tokens of cache, measured about %.0f", s, got, s.tokens)
		}
	}
}
