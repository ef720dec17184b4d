package cache

import "moecost/core/routing"

// List is a static list made ready: to find what it holds takes longer than to say what it
// answers, and it is the same for steps of any size.
type List struct {
	pi   []float64 // hottest first
	held []float64 // chance that the expert is on the list
}

// NewList prepares the list of the given share of all experts, 0 to 1, whose popularity has moved
// by drift since it was made (see Traffic).
func NewList(c *routing.Coverage, share, drift float64) *List {
	return newList(hottestFirst(c.Pi), share*float64(len(c.Pi)), drift)
}

func newList(pi []float64, slots, drift float64) *List {
	l := &List{pi: pi, held: make([]float64, len(pi))}
	if slots <= 0 {
		return l
	}
	moved := drift > 0 && slots < float64(len(pi))
	theta := 0.0
	if moved {
		theta = threshold(pi, slots, drift)
	}
	for i, p := range pi {
		if moved {
			l.held[i], _ = listed(p, theta, drift)
		} else {
			l.held[i] = min(max(slots-float64(i), 0), 1)
		}
	}
	return l
}

// Answered is the share of the traffic's requests that a list answers: HitRate of Static.
func (t Traffic) Answered(l *List) float64 {
	tokens := t.tokens(1)
	hit, all := 0.0, 0.0
	for i, p := range l.pi {
		asked := requested(p, tokens)
		all += asked
		hit += asked * l.held[i]
	}
	if all == 0 {
		return 0
	}
	return hit / all
}
