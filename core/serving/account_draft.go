package serving

import "strings"

// drafts writes out the passes: each operator of theirs is timed as the same operator
// of the main model's layers is.
func (a *account) drafts(w *Work, x *amounts) {
	t := a.t
	if a.o != DraftPasses || w.Passes <= 0 || t.draft.kinds == nil {
		return
	}
	first, next := t.draftPasses(w, x)
	a.passParts("p", "first pass of the drafting module, over all tokens of the step", "", &first)
	a.passWork(w, x, 1)
	if w.Passes > 1 {
		n := a.shared("K", "passes of the drafting module", w.Passes, "", FromLoad)
		a.passParts("q", "each further pass, one token for every sequence", "("+n+" - 1)*", &next)
		one, y := t.further(w)
		a.passWork(&one, &y, w.Passes-1)
	}
}

func (a *account) passParts(letter, what, times string, s *Step) {
	for o, seconds := range s.Parts {
		if seconds > 0 {
			a.numbered = o
			a.part("", times+a.own(letter, what+": "+strings.ReplaceAll(Operator(o).Name(), "_", " "), seconds, "s", FromPass))
		}
	}
}

// passWork adds what a pass multiplies and moves.
func (a *account) passWork(w *Work, x *amounts, passes float64) {
	for o := range OperatorCount {
		b := account{t: a.t, o: o}
		for i := range a.t.draft.kinds {
			b.sublayer(&a.t.draft.kinds[i], w, x)
		}
		a.FLOPs += passes * b.FLOPs
		a.Bytes += passes * b.Bytes
	}
	rows := account{}
	rows.count(&a.t.draft.around, 1, x.tokens)
	rows.count(&a.t.head, 1, x.replica+w.Prompts)
	a.FLOPs += passes * rows.FLOPs
	a.Bytes += passes * rows.Bytes
}
