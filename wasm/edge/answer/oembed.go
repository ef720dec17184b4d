package answer

import (
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"moecost/core/scenario"
	"moecost/core/story"
)

// embed is an oEmbed response (oembed.com, version 1.0): the live chart in a frame, or where the
// site has no embeds, the card as a photo.
type embed struct {
	Version         string `json:"version"`
	Type            string `json:"type"`
	Title           string `json:"title"`
	ProviderName    string `json:"provider_name"`
	ProviderURL     string `json:"provider_url"`
	CacheAge        int    `json:"cache_age"` // seconds
	ThumbnailURL    string `json:"thumbnail_url"`
	ThumbnailWidth  int    `json:"thumbnail_width"`
	ThumbnailHeight int    `json:"thumbnail_height"`
	URL             string `json:"url,omitempty"`  // of a photo
	HTML            string `json:"html,omitempty"` // of rich content
	Width           int    `json:"width"`
	Height          int    `json:"height"`
}

// The frame's size where the consumer sets no limit: a text column, and a chart in it with its words.
const (
	frameWidth, frameHeight = 720, 560
	leastWidth              = 320 // of a frame: below it a chart has no room
	photoWidth, photoHeight = 1200, 630
)

func (h *Handler) oembed(r *http.Request) answer {
	q := r.URL.Query()
	if format := q.Get("format"); format != "" && format != "json" {
		return problem(http.StatusNotImplemented, "format", "only json is spoken here: leave format out or ask for format=json")
	}
	if !q.Has("url") {
		return problem(http.StatusBadRequest, "url", "missing: give the address of a moecost page, escaped")
	}
	target, err := url.Parse(q.Get("url"))
	if err != nil {
		return problem(http.StatusBadRequest, "url", "this is not an address")
	}
	_, preset := scenario.OfPage(target.Path)
	if target.Host != r.URL.Host || !pages[target.Path] && !preset || target.Scheme != "https" && target.Scheme != "http" || target.User != nil {
		return problem(http.StatusNotFound, "url", "this is not a page of "+origin(r.URL)+"/")
	}
	width, refused := limit(q, "maxwidth")
	if refused != nil {
		return *refused
	}
	height, refused := limit(q, "maxheight")
	if refused != nil {
		return *refused
	}
	theme, query := look(scenario.Asked(target.Path, target.RawQuery))
	a, refused := h.ask(query)
	if refused != nil {
		return *refused
	}
	return inJSON(http.StatusOK, h.embed(origin(r.URL), a, theme, width, height))
}

// pages are the paths that show a scenario, besides those of presets.
var pages = map[string]bool{"": true, "/": true, "/index.html": true, "/embed/": true}

// limit reads a size in pixels; 0 is none.
func limit(q url.Values, key string) (int, *answer) {
	text := q.Get(key)
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		refusal := problem(http.StatusBadRequest, key, "a whole number of pixels is needed, 1 or more")
		return 0, &refusal
	}
	return min(n, 1<<20), nil
}

func (h *Handler) embed(at string, a asked, theme string, maxWidth, maxHeight int) embed {
	page := story.Opening(a.scenario, a.report)
	known := a.scenario
	known.Unknown, known.Chart = "", ""
	image := at + "/card.png" + mark(scenario.Encode(known))
	e := embed{
		Version: "1.0", Type: "photo", Title: page.Title, ProviderName: "moecost", ProviderURL: at + "/", CacheAge: 86400,
		ThumbnailURL: image, ThumbnailWidth: photoWidth, ThumbnailHeight: photoHeight,
		URL: image, Width: photoWidth, Height: photoHeight,
	}
	if !h.Embeds || maxWidth > 0 && maxWidth < leastWidth {
		e.Width, e.Height = within(photoWidth, photoHeight, maxWidth, maxHeight)
		return e
	}
	e.Type, e.URL = "rich", ""
	e.Width, e.Height = frameWidth, frameHeight
	if maxWidth > 0 {
		e.Width = min(e.Width, maxWidth)
	}
	if maxHeight > 0 {
		e.Height = min(e.Height, maxHeight)
	}
	chart := a.scenario.Chart
	if chart == "" {
		chart = bestChart(a.report)
	}
	src := at + "/embed/?" + joined(scenario.EncodePinned(a.report.Pinned(a.scenario, chart)), "theme", theme)
	e.HTML = `<iframe src="` + html.EscapeString(src) + `" title="` + html.EscapeString(strings.TrimSpace(page.Title+": "+page.Description)) +
		`" width="` + strconv.Itoa(e.Width) + `" height="` + strconv.Itoa(e.Height) + `" loading="lazy" sandbox="allow-scripts allow-popups allow-popups-to-escape-sandbox" style="border:0;max-width:100%"></iframe>`
	return e
}

// within is the largest size of the same shape inside two limits, 0 being none.
func within(width, height, maxWidth, maxHeight int) (int, int) {
	scale := 1.0
	if maxWidth > 0 {
		scale = min(scale, float64(maxWidth)/float64(width))
	}
	if maxHeight > 0 {
		scale = min(scale, float64(maxHeight)/float64(height))
	}
	return max(int(float64(width)*scale), 1), max(int(float64(height)*scale), 1)
}
