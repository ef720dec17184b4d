package story

import (
	"strings"

	"moecost/core/report"
	"moecost/core/scenario"
)

// slots says where a warning of the report stands on the page, by its At.
var slots = map[string]string{"link": "answer", "model": "model", "hardware": "hardware", "load": "load"}

// notices turns the report's warnings into notices where their cause is.
func notices(ask scenario.Scenario, r *report.Report) []Notice {
	var out []Notice
	for _, w := range r.Warnings {
		n := Notice{Kind: NoticeWarning, At: slots[w.At], Fact: marked(w.Text)}
		if w.At == "link" {
			n.Kind = NoticeError
		}
		if n.At == "" {
			n.At = "answer"
		}
		n.WayOut = wayOut(ask, w)
		out = append(out, n)
	}
	return out
}

// wayOut makes the sentence that offers a way out a link that takes it.
func wayOut(ask scenario.Scenario, w report.Warning) Text {
	if w.WayOut == "" {
		return nil
	}
	if w.Apply == "" {
		return marked(w.WayOut)
	}
	return Text{{Text: strings.ReplaceAll(w.WayOut, "`", ""), Apply: applied(ask, w.Apply)}}
}

// applied is the link of the scenario with some pairs of another link set.
func applied(ask scenario.Scenario, pairs string) string {
	c := catalogue()
	for _, pair := range strings.Split(pairs, "&") {
		key, value, _ := strings.Cut(pair, "=")
		ask, _ = c.Set(ask, key, value)
	}
	if link := scenario.Encode(ask); link != "" {
		return link
	}
	first, _, _ := strings.Cut(pairs, "&")
	return first // what is left is the default answer, whose link is empty and would be none
}

// marked sets what stands between backticks in monospace.
func marked(text string) Text {
	var t Text
	for i, part := range strings.Split(text, "`") {
		if part != "" {
			t = append(t, Span{Text: part, Code: i%2 == 1})
		}
	}
	return t
}
