package answer

import (
	"html"
	"net/http"
	"net/url"
	"strings"

	"moecost/core/scenario"
	"moecost/core/story"
)

// head is what the head of the page should say of one scenario. The worker writes title and
// description into the elements that are there and appends Tags, which is HTML with everything escaped.
type head struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Tags        string `json:"tags"`
}

func (h *Handler) head(r *http.Request) answer {
	a, refused := h.ask(r.URL.RawQuery)
	if refused != nil {
		return *refused
	}
	page := story.Opening(a.scenario, a.report)
	known := a.scenario
	known.Unknown = ""
	query := scenario.Encode(known)
	at := origin(r.URL)
	here := at + "/" + mark(query)
	known.Chart = ""
	image := at + "/card.png" + mark(scenario.Encode(known))
	var b strings.Builder
	for _, m := range [][3]string{
		{"property", "og:type", "website"},
		{"property", "og:site_name", "moecost"},
		{"property", "og:title", page.Title},
		{"property", "og:description", page.Description},
		{"property", "og:url", here},
		{"property", "og:image", image},
		{"property", "og:image:type", "image/png"},
		{"property", "og:image:width", "1200"},
		{"property", "og:image:height", "630"},
		{"property", "og:image:alt", page.Description},
		{"name", "twitter:card", "summary_large_image"},
	} {
		b.WriteString("<meta " + m[0] + `="` + m[1] + `" content="` + html.EscapeString(m[2]) + "\">\n")
	}
	b.WriteString(`<link rel="canonical" href="` + html.EscapeString(here) + "\">\n")
	b.WriteString(discovery(at, here, page.Title))
	return inJSON(http.StatusOK, head{page.Title, page.Description, b.String()})
}

// discovery is the link by which others find the oEmbed answer of a page.
func discovery(at, here, title string) string {
	return `<link rel="alternate" type="application/json+oembed" href="` + html.EscapeString(at+"/oembed?url="+url.QueryEscape(here)) +
		`" title="` + html.EscapeString(title) + "\">\n"
}

func mark(query string) string {
	if query == "" {
		return ""
	}
	return "?" + query
}

// origin is where the request came in: "https://example.org".
func origin(u *url.URL) string { return u.Scheme + "://" + u.Host }
