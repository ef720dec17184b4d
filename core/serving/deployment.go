// Package serving says what a deployment holds in memory and how long one of
// its steps takes.
//
// Memory is an account per GPU: every tensor of the model goes to one line,
// divided as engines divide it, and what an engine adds is a line of its own
// with the measurement it comes from. Time is a sum over the operators of a
// step.
//
// What is not modelled: fragmentation of the KV pool beyond whole blocks, the
// padding of odd vocabularies, and scales of a quantised block that a
// tensor-parallel cut runs through.
package serving

import (
	"moecost/core/arch"
	"moecost/core/format"
	"moecost/core/hardware"
)

// Deployment is one model, served on one kind of accelerator by one engine
// under one load.
type Deployment struct {
	Model  *arch.Model // weights as they are loaded, after any conversion
	GPU    hardware.Accelerator
	Layout Layout
	KV     format.Format // of the KV cache
	Engine Engine
	Load   Load
}

// Load is what is asked of a deployment at one time.
type Load struct {
	Batch  int64 // sequences decoding at once over the whole deployment
	Prompt int64 // tokens of a prompt
	Output int64 // tokens generated for it
	Chunk  int64 // prefill tokens per step and replica (max batched tokens)
	Draft  int64 // tokens drafted per step and sequence; 0 is no speculation
	Spare  int64 // redundant expert slots per layer over the deployment

	Host  float64 // share of the routed experts that host memory keeps, 0 to 1
	Cache float64 // slots on the GPUs for those, as a share of them, 0 to 1
}

// OnGPU is the share of the routed experts that GPUs hold: those that the host
// does not keep, and the cache for those that it does.
func (l Load) OnGPU() float64 { return 1 - l.Host + l.Host*l.Cache }

// ReservedTokens is what the memory must hold for one sequence: its whole
// length. A batch that fits never has to be preempted.
func (l Load) ReservedTokens() int64 { return l.Prompt + l.Output }

// DecodeContext is the mean context of a decode step: sequences are, on
// average, half way through their output.
func (l Load) DecodeContext() float64 { return float64(l.Prompt) + float64(l.Output)/2 }
