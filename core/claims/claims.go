// Package claims judges what is said of serving mixtures of experts: it computes the number of
// each claim from scenarios that anybody can open, and decides by rules whether the claim holds.
//
// This package is opinionated. No verdict is written down: assets/claims holds what is said, how
// near counts as the same, and which computations bear on it. If the model of a step changes, or a
// measurement, verdicts change with it. The rules are few:
//
//   - a case agrees if our value is within the claim's bounds, and is open if only its 80 % range
//     reaches into them;
//   - a claim holds if every case agrees, and holds under conditions if some do;
//   - it does not hold if no case that it is about agrees, even if it would be right of another;
//   - it cannot be checked if it leaves out what its number depends on and some setup gives that number,
//     or if our own range is too wide to tell.
//
// Check judges all claims, in the order of the table. It takes a second, most of it to simulate tails.
package claims

import (
	"strings"

	"moecost/core/report"
)

// Verdict is what became of a claim.
type Verdict string

// The verdicts.
const (
	Holds     Verdict = "holds"
	Under     Verdict = "holds under conditions"
	Not       Verdict = "does not hold"
	Unchecked Verdict = "cannot be checked"
)

// Verdicts lists them in the order in which they are counted.
var Verdicts = []Verdict{Holds, Under, Not, Unchecked}

// Claim is one thing that is said, with the cases that decide about it.
type Claim struct {
	ID        string // of the page's fragment: "memory-8-6x"
	Text      string // in our words
	Where     string // in the article
	Said      string // its number as published: "8.6×"; may be empty
	Tolerance string // how near counts as the same
	Missing   string // what its number depends on and it leaves out; empty if nothing
	Why       string // the arithmetic in a few sentences
	Cases     []Case
	Chain     []Source
	Verdict   Verdict
}

// Conditions are those under which the claim holds, of a claim that holds under some; of one
// that does not hold, what it would be right of. It may be empty.
func (c *Claim) Conditions() []string {
	role := RoleSaid
	if c.Verdict == Not {
		role = RoleOther
	}
	var list []string
	seen := map[string]bool{}
	for i := range c.Cases {
		k := &c.Cases[i]
		if k.Role == role && k.Outcome == Agrees && k.Condition != "" && !seen[k.Condition] {
			seen[k.Condition] = true
			list = append(list, k.Condition)
		}
	}
	return list
}

// Source is one place in the chain of a claim's sources.
type Source struct {
	Address string
	Read    string // "yes", "in part", "no": as others report it
	What    string // was found there
}

// Role is what a case means for its claim.
type Role string

// The roles of cases.
const (
	RoleSaid  Role = "said"  // the claim is about this
	RoleOther Role = "other" // it might hold here, too
	RoleShown Role = "shown" // printed beside it, not judged
)

// Outcome is what a case says to its claim.
type Outcome string

// The outcomes.
const (
	Agrees    Outcome = "agrees"
	Disagrees Outcome = "disagrees"
	Open      Outcome = "open"    // our range reaches into the claim's bounds, our value does not
	Unknown   Outcome = "unknown" // nothing to compute it from: Reason says why
)

// Case is one computation that bears on a claim.
type Case struct {
	Role      Role
	Says      string // of what: "DeepSeek-V3 on 8 H200s, batch 64"
	Condition string // completes "holds if"; may be empty
	Accept    Bounds // values that agree with the claim

	// Derivation is our value with its range, formula and terms. A case without scenarios is
	// arithmetic on what was measured elsewhere: Measured is its source.
	Derivation Derivation
	Measured   string // address; empty for what is computed

	Outcome Outcome
	Reason  string // why it is unknown
}

// Bounds are both allowed; an end may be infinite.
type Bounds struct{ Low, High float64 }

func (b Bounds) holds(v float64) bool { return v >= b.Low && v <= b.High }

// Derivation is how the value of a case comes about.
type Derivation struct {
	Value     float64
	Unit      report.Unit
	Low, High float64 // the 80 % range; both 0 for what is counted or measured
	Words     string  // "share = weights on a GPU / memory in use on it"
	Formula   string  // the same in symbols: + - * / ^ and parentheses
	Terms     []Term
}

// Term is one symbol of a formula: a Figure of a scenario.
type Term struct {
	Symbol string
	Query  string // of the scenario
	Figure report.Figure
}

// Link is the query and fragment of a link that opens the scenario with the figure's arithmetic, or, of what
// a page has to simulate first, at its section.
func (t Term) Link() string {
	switch {
	case t.Figure.ID == "":
		return "?" + t.Query
	case strings.HasPrefix(t.Figure.ID, "tail."):
		return "?" + t.Query + "#tail"
	}
	return "?" + t.Query + "#figure=" + t.Figure.ID
}
