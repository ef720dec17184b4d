package hf

import (
	"fmt"

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
	total := 0.0
	for _, b := range m.Blocks {
		for _, s := range b.Sublayers {
			if moe := s.MoE; moe != nil && moe.TopK > moe.Experts+moe.Zero {
				return fmt.Errorf("config.json: num_experts_per_tok is %d, but the model has %d experts: at most %d would do", moe.TopK, moe.Experts+moe.Zero, moe.Experts+moe.Zero)
			}
			for _, t := range s.Tensors {
				n := float64(t.Copies)
				for _, d := range t.Shape {
					n *= float64(d)
				}
				total += n
			}
		}
	}
	if total > maxElements {
		return fmt.Errorf("config.json: %.3g parameters: the largest published model has 3e12; check num_hidden_layers, hidden_size and the expert sizes", total)
	}
	return nil
}
