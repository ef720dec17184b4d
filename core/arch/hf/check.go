package hf

import (
	"fmt"
	"iter"
	"slices"

	"moecost/core/arch"
)

// maxElements bounds a model: a thousand times the largest published one. Below
// it every count and byte figure fits an int64.
const maxElements = 1e15

// check refuses a description whose counts cannot be meant.
func check(m *arch.Model) error {
	if m.Hidden == 0 || m.Vocabulary == 0 || len(m.Blocks) == 0 {
		return fmt.Errorf("config.json: not a language model: hidden_size, vocab_size and num_hidden_layers are needed")
	}
	for _, b := range slices.Concat(m.Blocks, m.MTP.Blocks) {
		for _, s := range b.Sublayers {
			if err := checkSublayer(s); err != nil {
				return err
			}
		}
	}
	total := 0.0
	for _, tensors := range []iter.Seq[arch.Tensor]{m.Tensors(), m.MTP.AllTensors(), slices.Values(m.Vision)} {
		for t := range tensors {
			total += elements(t)
		}
	}
	if !(total >= 0 && total <= maxElements) {
		return fmt.Errorf("config.json: %.3g parameters: the largest published model has 3e12; check num_hidden_layers, hidden_size and the expert sizes", total)
	}
	return nil
}

func checkSublayer(s arch.Sublayer) error {
	if moe := s.MoE; moe != nil && moe.TopK > moe.Experts+moe.Zero {
		return fmt.Errorf("config.json: num_experts_per_tok is %d, but the model has %d experts: at most %d would do", moe.TopK, moe.Experts+moe.Zero, moe.Experts+moe.Zero)
	}
	if a := s.Attention; a != nil && a.Latent == 0 && a.KVHeads > 0 && a.Heads%a.KVHeads != 0 {
		return fmt.Errorf("config.json: num_key_value_heads is %d, which does not divide num_attention_heads %d", a.KVHeads, a.Heads)
	}
	if r := s.Recurrent; r != nil && max(r.State, r.Convolution, r.FLOPsPerToken) > maxState {
		return fmt.Errorf("config.json: a recurrent state of %d numbers in one layer: the largest published one has 4e6; check the heads and widths of the mamba or linear-attention layers", r.State)
	}
	return nil
}

// maxState bounds the recurrent state of a layer, some 10,000 times above the largest
// published one.
const maxState = 1 << 36

// elements is the size of a tensor in floating point, where nothing overflows.
// A width that is not a count makes it too large.
func elements(t arch.Tensor) float64 {
	n := float64(t.Copies)
	for _, d := range t.Shape {
		if d < 0 || d > maxElements {
			return 2 * maxElements
		}
		n *= float64(d)
	}
	return n
}
