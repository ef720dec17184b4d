package story

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// draftFrame says what drafting gains against the number of drafts and the batch.
func (v *voice) draftFrame() Frame {
	s := &v.r.Scenario
	f := Frame{
		Chart: "draft", Title: "Drafting pays where verification is nearly free",
		Unit:       "Times as fast a token as without drafts, if " + quantity.Share.Text(v.units, s.Accept) + " of the drafted tokens are accepted; hollow: a loss",
		Source:     v.draftSource(),
		Derivation: "draft.best_k",
	}
	if v.leaveEmpty(&f) {
		return f
	}
	d := v.r.Draft
	drafted := count(s.Draft, "token")
	times := func(id string) string {
		f, _ := v.r.Figure(id)
		text := quantity.Fixed(f.Value, 1) + " times"
		if f.Low > 0 {
			text += " (" + quantity.Fixed(f.Low, 1) + "–" + quantity.Fixed(f.High, 1) + ")"
		}
		return text
	}
	switch {
	case s.Draft > 0 && d.Speedup > 1:
		f.Title, f.Derivation = "Drafting "+drafted+" makes each user "+times("draft.speedup")+" as fast", "draft.speedup"
		if d.Loss > 0 && d.Loss <= v.r.Memory.MaxBatch {
			f.Title += ", and slower from batch " + quantity.Integer(d.Loss) + " on"
		}
	case s.Draft > 0:
		f.Title, f.Derivation = "Drafting "+drafted+" is a loss here: each user is "+times("draft.speedup")+" as fast", "draft.speedup"
	case d.OneSpeedup > 1:
		f.Title, f.Derivation = "One drafted token would make each user "+times("draft.one_speedup")+" as fast", "draft.one_speedup"
	case d.BestK > 0:
		f.Title, f.Derivation = "Drafting would make each user up to "+times("draft.best_speedup")+" as fast", "draft.best_speedup"
	default:
		f.Title = "Drafting any number of tokens would be a loss here"
		f.Derivation = "decode.step_s"
	}
	f.Name = "Times as fast a token by drafted tokens and batch. " + f.Title
	f.Table = v.draftTable(v.r.DraftGrid())
	return f
}

func (v *voice) draftTable(g *report.DraftGrid) Table {
	t := Table{Columns: []Column{{Name: "Batch"}}}
	for k := range g.Rows {
		t.Columns = append(t.Columns, Column{Name: quantity.Integer(int64(k+1)) + " drafted", Unit: "×", Numeric: true})
	}
	t.Columns = append(t.Columns, Column{Name: "Fits"})
	for i, b := range g.Batches {
		row := Row{Head: quantity.Integer(b)}
		if b == v.r.Scenario.Batch {
			row.Kind = RowChosen
		}
		for k := range g.Rows {
			row.Cells = append(row.Cells, quantity.Fixed(g.Rows[k][i].Speedup, 2))
		}
		row.Cells = append(row.Cells, yes(g.Rows[0][i].Fits))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// draftSource says what makes the drafts, and what the numbers assume.
func (v *voice) draftSource() Text {
	who := v.r.Scenario.ModelName + " brings no drafting modules: drafts are taken to be looked up in the text, at no cost"
	if v.r.DraftsItself() {
		who = v.r.Scenario.ModelName + "’s own drafting modules, timed"
	}
	return say(who + ". Measured acceptance falls along a chain: 85 to 90\u202f% of one draft, 70 of each of two, 62 of each of three (DeepSeek-V3)")
}
