package answer

import (
	"net/http"
	"strings"

	"moecost/core/card"
	"moecost/core/report"
	"moecost/core/story"
)

// card is the social card of a scenario.
func (h *Handler) card(r *http.Request) answer {
	theme, query := takeTheme(r.URL.RawQuery)
	a, refused := h.ask(query)
	if refused != nil {
		return *refused
	}
	file, err := card.Social(story.Opening(a.scenario, a.report), card.ThemeByName(theme)).PNG()
	if err != nil {
		panic(err)
	}
	return answer{status: http.StatusOK, kind: "image/png", body: file}
}

// chart is one chart of a scenario: the one that it names, or what tells most of it.
func (h *Handler) chart(r *http.Request) answer {
	theme, query := takeTheme(r.URL.RawQuery)
	a, refused := h.ask(query)
	if refused != nil {
		return *refused
	}
	name := a.scenario.Chart
	if name == "" {
		name = bestChart(a.report)
	}
	figure, _ := story.Figure(a.scenario, a.report, name)
	picture, ok := card.Chart(figure, story.Opening(a.scenario, a.report).Kicker, a.report, card.ThemeByName(theme))
	if !ok {
		return problem(http.StatusNotFound, "chart", "there is no picture of `"+name+"` for this scenario: one of "+strings.Join(card.ChartNames(), ", ")+" may be had, if there is anything to show")
	}
	return answer{status: http.StatusOK, kind: "image/svg+xml", body: picture.SVG()}
}

// bestChart is the time of a token, or where it cannot be told, what a GPU holds.
func bestChart(r *report.Report) string {
	if r.Decode != nil && r.Decode.TPOT > 0 {
		return "tpot"
	}
	return "ledger"
}
