package plan

import "math"

// style is a way of spreading a model over GPUs that people tell apart.
type style uint8

const (
	tensor   style = iota // every GPU of a copy works on every token
	pipeline              // groups of layers one after the other
	wide                  // attention replicas that share experts
	split                 // prefill apart
	away                  // experts in host memory
	styleCount
)

var styleNames = [styleCount]string{"tensor parallel", "pipeline parallel", "attention replicas with shared experts", "prefill on GPUs of its own", "experts in host memory"}

// String names it in a sentence.
func (s style) String() string { return styleNames[s] }

func (h *shape) style(m mode) style {
	switch {
	case h.host > 0:
		return away
	case m != modeTogether:
		return split
	case h.layout.DP > 1:
		return wide
	case h.layout.PP > 1:
		return pipeline
	}
	return tensor
}

// family is the deployments that are alike but for sizes and settings.
type family struct {
	of    *candidate
	style style
}

// closest is how near a family came to the objectives where it never met them.
type closest struct {
	failed reason
	over   float64 // the time over its objective, the least seen
	shape  *shape
}

// fail notes a point that passes a limit.
func (s *Search) fail(u *unit, st style, m mode, p *point) {
	if s.quiet {
		return
	}
	f := family{u.shape.of, st}
	over := 0.0
	switch p.failed {
	case tooSlow:
		over = p.tpotPct / s.t.tpot
	case tooLate:
		over = p.ttftPct / s.t.ttft
	case noMemory:
		return
	default:
		over = math.Inf(1)
	}
	c := s.failures[f]
	if c == nil {
		s.failures[f] = &closest{p.failed, over, u.shape}
	} else if over < c.over {
		*c = closest{p.failed, over, u.shape}
	}
}
