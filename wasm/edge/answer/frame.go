package answer

import (
	"html"
	"net/http"
	"slices"
	"strings"

	"moecost/core/card"
	"moecost/core/scenario"
	"moecost/core/story"
)

// frame is what stands in an embed of one scenario before any script has run, and where none runs. The worker writes
// the words into the elements that are there; Still is HTML with everything escaped.
type frame struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Tags        string `json:"tags"`
	Headline    string `json:"headline"`
	Unit        string `json:"unit"`
	Kicker      string `json:"kicker"`
	Open        string `json:"open"`  // where these numbers open in the whole page
	Still       string `json:"still"` // for the noscript element: a picture, if there is one, and the figure in words
}

func (h *Handler) frame(r *http.Request) answer {
	theme, query := look(r.URL.RawQuery)
	a, refused := h.ask(query)
	if refused != nil {
		return *refused
	}
	asked := a.scenario
	asked.Unknown = ""
	if asked.Chart == "" {
		asked.Chart = usualFigure
	}
	section := story.SectionOf(asked.Chart)
	page := story.Excerpt(asked, a.report, section)
	i := slices.IndexFunc(page.Sections, func(s story.Section) bool { return s.ID == section })
	figures := page.Sections[i].Frames
	figure := &figures[slices.IndexFunc(figures, func(f story.Frame) bool { return f.Chart == asked.Chart })]
	headline := story.Headline(asked, a.report, figure).Plain()

	at, pictured := origin(r.URL), scenario.Encode(asked)
	whole := asked
	whole.Chart = ""
	f := frame{
		Title: page.Title, Description: headline + ". " + page.Kicker.Plain(), Headline: headline, Unit: figure.Unit, Kicker: page.Kicker.Plain(),
		Open: "/" + mark(scenario.Encode(whole)) + "#" + section,
		Tags: discovery(at, at+"/embed/"+mark(pictured), page.Title),
	}
	words := figure.Name
	if figure.Empty != nil {
		words = figure.Empty.Plain()
	}
	if slices.Contains(card.ChartNames(), asked.Chart) && figure.Empty == nil && !figure.Absent {
		f.Still = still(pictured, theme, figure.Name)
	}
	f.Still += `<p>` + html.EscapeString(strings.TrimSuffix(words, ".")+". Changing these numbers needs JavaScript and WebAssembly.") + `</p>`
	return inJSON(http.StatusOK, f)
}

// usualFigure is what an embed shows whose address names none, as in wasm/page.
const usualFigure = "tpot"

// look cuts out of a query what says how a frame looks, and gives its colours: "light", "dark", or empty for those of the page around.
func look(query string) (theme, rest string) {
	dark, rest := takeTheme(query)
	rest = strings.Join(slices.DeleteFunc(strings.Split(rest, "&"), func(pair string) bool { return strings.HasPrefix(pair, "control=") }), "&")
	if dark == "" && slices.Contains(strings.Split(query, "&"), "theme=light") {
		return "light", rest
	}
	return dark, rest
}

// still is the picture of a figure in the colours of the page around, or in those that are pinned.
func still(query, theme, words string) string {
	source := "/chart.svg" + mark(query)
	dark := joined(query, "theme", "dark")
	picture := func(at string) string {
		return `<img src="` + html.EscapeString(at) + `" alt="` + html.EscapeString(words) + `" width="720" height="460">`
	}
	switch theme {
	case "light":
		return picture(source)
	case "dark":
		return picture("/chart.svg" + mark(dark))
	}
	return `<picture><source media="(prefers-color-scheme: dark)" srcset="` + html.EscapeString("/chart.svg"+mark(dark)) + `">` + picture(source) + `</picture>`
}
