package scenario

import (
	"strconv"
	"strings"
)

// Problem is something in a link that could not be taken as it stands. The
// Scenario that comes with it is usable all the same.
//
// Raw, and the Key of an unknown key, are what somebody wrote: show them as text,
// never as markup. What, Why and String quote them in a printable, shortened form.
type Problem struct {
	Key  string // the key, lower case; empty for a problem of the whole link
	Raw  string // the value exactly as the link has it, escapes included
	What string // what is wrong, as a predicate: "is not a known accelerator"
	Why  string // what would do, in sentences: "GPUs must be 1 to 4,096."

	// Suggestion is a correction as pairs of a link ("gpu=h100-sxm"), which
	// Catalogue.Apply applies; empty when there is no good guess.
	Suggestion string

	Used     string // canonical text of the value used instead; empty if the field is absent or the key unknown
	UsedName string // the same in words: "H100 SXM", "the fewest that fit"; empty if nothing is used instead
}

// String says the whole problem in the voice of the page.
func (p Problem) String() string {
	var b strings.Builder
	if p.Key == "" {
		b.WriteString("The link " + p.What + ".")
	} else {
		b.WriteString("The link asks for " + quote(pair(p.Key, p.Raw)) + ", which " + p.What + ".")
	}
	if p.Why != "" {
		b.WriteString(" " + p.Why)
	}
	if p.Suggestion != "" {
		b.WriteString(" Did you mean " + quote(strings.TrimPrefix(p.Suggestion, p.Key+"=")) + "?")
	}
	if p.UsedName != "" {
		b.WriteString(" Until then the page uses " + p.UsedName + ".")
	}
	return b.String()
}

// quote puts a piece of a link between backquotes, as people can read it.
func quote(text string) string { return "`" + printable(unescape(text), 60) + "`" }

// printable spells out everything that is invisible or changes the direction of
// writing, and cuts the text after some characters.
func printable(text string, most int) string {
	var b strings.Builder
	n := 0
	for _, r := range text {
		if n++; n > most {
			b.WriteString("…")
			break
		}
		switch {
		case r == '`':
			b.WriteByte('\'')
		case strconv.IsPrint(r):
			b.WriteRune(r)
		default:
			b.WriteString("\\u{" + strconv.FormatInt(int64(r), 16) + "}")
		}
	}
	return b.String()
}

// maxProblems is how many problems one link may report; a reader acts on a few,
// and a hostile link could hold thousands.
const maxProblems = 24

// limit cuts a list of problems and says how many were cut.
func limit(problems []Problem) []Problem {
	if len(problems) <= maxProblems {
		return problems
	}
	more := strconv.Itoa(len(problems) - maxProblems + 1)
	return append(problems[:maxProblems-1:maxProblems-1], Problem{
		What: "has " + more + " more faults like these",
		Why:  "It may not be a link to this page, or two links may have run into each other.",
	})
}

// inUse fills in what the page uses for a field while the problem stands.
func (p *Problem) inUse(c *Catalogue, f *field, s *Scenario) {
	p.Used = f.text(s)
	switch {
	case p.Used == "":
		p.UsedName = f.Absent
	case f.Kind == KindChoice:
		p.UsedName = p.Used
		if choice := f.lookup(c, p.Used); choice != nil {
			p.UsedName = choice.Name
		}
	default:
		p.UsedName = withUnit(p.Used, f.Unit)
	}
}
