package story

import "strings"

// Form is what the controls show for one Report. A key without a Field has no
// control on the page, so that no control is shown before it does something.
type Form struct {
	Fields map[string]Field // by the scenario's key: "gpus", "batch"
	Hints  map[string]Text  // one line under or beside a control: "model", "weights", "gpus", "parallel"
	Dock   [2]string        // the bar under the thumb on a phone: "DeepSeek-V3", "16 × H100, FP8"
}

// Field is the state of one control.
type Field struct {
	Value   string   // as the control shows it: "16", "4,096", "DeepSeek-V3"
	Chosen  string   // as the link spells it: "deepseek-v3"; the value of a select or a radio group
	Auto    bool     // the page chose the value, not the reader
	Options []Option // of a select or a segmented control
	Slider  *Slider  // nil for a control without one
	Idle    bool     // it changes nothing now: its control is not shown
	Problem string   // why what was typed cannot be used, and what can; empty if it can
}

// Ticked tells whether the box of one choice is ticked, in a field whose value is
// the list of those left out.
func (f Field) Ticked(value string) bool {
	for out := range strings.SplitSeq(f.Chosen, ",") {
		if out == value {
			return false
		}
	}
	return true
}

// Option is one choice of a select or a segmented control.
type Option struct {
	Value string // as the link spells it: "fp8"
	Label string // "FP8"
}

// Board is the hero's picture of one MoE layer: every routed expert a cell,
// hollow if only resident, filled if the step touches it, solid if one token
// computes it.
type Board struct {
	Caption  Text // "One of 58 layers"
	Name     string
	Resident int // routed experts of the layer; 0 for a model without experts: no board
	Touched  int // distinct experts that one decode step reads, rounded
	Computed int // top-k
	Counts   BoardCounts
}

// BoardCounts are the three counts beside the board, as Figures.
type BoardCounts struct{ Computed, Touched, Resident Span }
