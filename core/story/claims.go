package story

import (
	"math"
	"strings"
	"unicode/utf8"

	"moecost/core/claims"
	"moecost/core/quantity"
	"moecost/core/report"
)

// Claims is the section "The claims, checked". It answers no scenario of the page: every line of it
// opens its own. So it is said once, when the site is built.
type Claims struct {
	Finding string
	List    []Claim
}

// Claim is one thing that is said, with the verdict.
type Claim struct {
	_ [0]func() // no == for it: docs/size.md

	ID       string // of the fragment, without "claim-"
	Text     string
	Where    string // "opening, read"
	Said     string // "8.6×"; may be empty
	Kind     string // of the verdict: "holds", "under", "not", "unchecked"
	Verdict  string // "Holds under conditions"
	If       string // "if the weights are converted to BF16"; may be empty
	Why      string
	Accepted string // how near counts as the same
	First    []ClaimCase
	More     []ClaimCase // cases that it is not about
	Chain    []ClaimSource
}

// ClaimCase is one computation that bears on a claim.
type ClaimCase struct {
	_ [0]func() // no == for it: docs/size.md

	Says    string
	Value   string // "3.63×"
	Range   string // "(25–35)" of a prediction; may be empty
	Outcome string // "agrees", "disagrees", "open", "unknown"
	Said    string // which values agree: "7.74× to 9.46×"
	Words   string // "share = weights on a GPU / memory in use on it"
	Numbers []ClaimPart
	Link    string      // of the scenario, at its first number; empty for what was measured
	Source  ClaimSource // of what was measured
	Reason  string      // why it is unknown

	Figures []ClaimFigure // the numbers of the report that it rests on, for a test
}

// ClaimSource is a place where something was read; Name is its address in short.
type ClaimSource struct{ Address, Name, Read, What string }

// ClaimPart is a piece of the arithmetic with values put in; Link opens the number's own.
type ClaimPart struct{ Text, Link string }

// ClaimFigure is a number of a report with all its digits.
type ClaimFigure struct {
	Query, ID string
	Value     float64
}

// verdict is what stands for one, and how a finding counts it: one, several.
type verdict struct{ kind, word, one, more string }

func verdictOf(v claims.Verdict) verdict {
	switch v {
	case claims.Holds:
		return verdict{"holds", "Holds", "holds", "hold"}
	case claims.Under:
		return verdict{"under", "Holds under conditions", "holds under conditions that it leaves out", "hold under conditions that they leave out"}
	case claims.Not:
		return verdict{"not", "Does not hold", "does not hold", "do not hold"}
	}
	return verdict{"unchecked", "Cannot be checked", "cannot be checked", "cannot be checked"}
}

// CheckClaims judges every claim and says what came out.
func CheckClaims() (Claims, error) {
	list, err := claims.Check()
	if err != nil {
		return Claims{}, err
	}
	out := Claims{Finding: claimsFinding(list)}
	for i := range list {
		out.List = append(out.List, sayClaim(&list[i]))
	}
	return out, nil
}

// claimsFinding counts the verdicts.
func claimsFinding(list []claims.Claim) string {
	counts := map[claims.Verdict]int{}
	for _, c := range list {
		counts[c.Verdict]++
	}
	var parts []string
	for _, v := range claims.Verdicts {
		word := verdictOf(v).more
		if counts[v] == 1 {
			word = verdictOf(v).one
		}
		if counts[v] > 0 {
			parts = append(parts, quantity.Integer(int64(counts[v]))+" "+word)
		}
	}
	joined := strings.Join(parts, ", ")
	if last := strings.LastIndex(joined, ", "); last >= 0 {
		joined = joined[:last] + " and " + joined[last+2:]
	}
	return "Of " + quantity.Integer(int64(len(list))) + " claims, " + joined + "."
}

func sayClaim(c *claims.Claim) Claim {
	v := verdictOf(c.Verdict)
	out := Claim{ID: c.ID, Text: c.Text, Where: c.Where, Said: c.Said, Kind: v.kind, Verdict: v.word, Why: c.Why, Accepted: c.Tolerance}
	for _, s := range c.Chain {
		_, name := Address(s.Address)
		out.Chain = append(out.Chain, ClaimSource{s.Address, name, s.Read, s.What})
	}
	conditions := strings.Join(c.Conditions(), " or ")
	switch {
	case c.Verdict == claims.Unchecked && c.Missing != "":
		out.If = "it leaves out " + c.Missing
	case conditions == "":
	case c.Verdict == claims.Under:
		out.If = "if " + conditions
	case c.Verdict == claims.Not:
		out.If = "it would be right of " + conditions
	}
	for i := range c.Cases {
		k := sayCase(&c.Cases[i])
		if c.Cases[i].Role == claims.RoleSaid {
			out.First = append(out.First, k)
		} else {
			out.More = append(out.More, k)
		}
	}
	return out
}

func sayCase(k *claims.Case) ClaimCase {
	d := &k.Derivation
	out := ClaimCase{Says: k.Says, Outcome: string(k.Outcome), Words: d.Words, Reason: k.Reason, Value: quantity.Unknown}
	if k.Measured != "" {
		_, name := Address(k.Measured)
		out.Source = ClaimSource{Address: k.Measured, Name: name}
	}
	if len(d.Terms) > 0 {
		out.Link = "/" + d.Terms[0].Link()
	}
	if k.Outcome == claims.Unknown {
		return out
	}
	p := wordings[d.Unit].kind.Predicted(quantity.Decimal, d.Value, d.Low, d.High)
	out.Value = p.Value() + counted(d.Unit)
	if p.Range != "" {
		out.Range = "(" + p.Range + ")"
	}
	out.Said = claimBounds(k.Accept, d.Unit)
	for _, t := range d.Terms {
		out.Figures = append(out.Figures, ClaimFigure{t.Query, t.Figure.ID, t.Figure.Value})
	}
	if len(d.Terms) != 1 || d.Formula != d.Terms[0].Symbol {
		out.Numbers = claimNumbers(d)
	}
	return out
}

// counted is the noun behind a count.
func counted(u report.Unit) string {
	if u == report.GPUs || u == report.Experts {
		return "\u00a0" + wordings[u].full
	}
	return ""
}

// claimBounds says which values agree.
func claimBounds(b claims.Bounds, u report.Unit) string {
	text := func(v float64) string {
		if v == math.Trunc(v) && wordings[u].kind == quantity.Plain {
			return quantity.Integer(int64(v))
		}
		scale := wordings[u].kind.Scale(quantity.Decimal, v)
		number := quantity.Significant(v/scale.Factor, 4) // a digit more than values have: bounds lie halfway between them
		if strings.Contains(number, ".") {
			number = strings.TrimRight(strings.TrimRight(number, "0"), ".")
		}
		return scale.Join(number)
	}
	switch {
	case b.Low == b.High:
		return text(b.Low)
	case math.IsInf(b.Low, -1):
		return "at most " + text(b.High)
	case math.IsInf(b.High, 1):
		return "at least " + text(b.Low)
	}
	return text(b.Low) + " to " + text(b.High)
}

// claimNumbers writes a formula with its values in short.
func claimNumbers(d *claims.Derivation) []ClaimPart {
	terms := map[string]claims.Term{}
	for _, t := range d.Terms {
		terms[t.Symbol] = t
	}
	var parts []ClaimPart
	var plain strings.Builder
	flush := func() {
		if plain.Len() > 0 {
			parts = append(parts, ClaimPart{Text: plain.String()})
			plain.Reset()
		}
	}
	for rest := d.Formula; rest != ""; {
		if n := symbolEnd(rest); n > 0 {
			if t, ok := terms[rest[:n]]; ok {
				flush()
				w := wordings[t.Figure.Unit]
				parts = append(parts, ClaimPart{w.kind.Text(quantity.Decimal, t.Figure.Value), "/" + t.Link()})
			} else {
				plain.WriteString(rest[:n])
			}
			rest = rest[n:]
			continue
		}
		r, n := utf8.DecodeRuneInString(rest)
		rest = rest[n:]
		if spaced, ok := operators[r]; ok {
			plain.WriteString(spaced)
		} else {
			plain.WriteRune(r)
		}
	}
	flush()
	return parts
}
