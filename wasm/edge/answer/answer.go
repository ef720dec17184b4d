// Package answer is what the edge says: the report of a scenario as JSON, its card and charts as
// pictures, what a page of it should say in its head, and oEmbed. It is an http.Handler without
// I/O: what it is asked stands in the address, so that all of it can be tested anywhere and run wherever
// there is a function that gets a request.
//
// Nothing that somebody wrote into a link is markup in what it says.
package answer

import (
	"net/http"
	"strings"

	"moecost/core/json"
	"moecost/core/report"
	"moecost/core/scenario"
)

// Handler answers GET requests. Fault is called with what a handler panicked with; the
// answer is then a 500 with the header FaultHeader.
type Handler struct {
	Embeds bool // the site has /embed/, so that oEmbed can offer the live chart
	Fault  func(any)

	subjects subjects
}

// FaultHeader marks an answer that is a fault of the program and not of the request: who runs it may
// want to start it afresh.
const FaultHeader = "Moecost-Fault"

// LongestAddress is what an address may take, in bytes: as much as Cloudflare passes on.
const LongestAddress = 16 * 1024

// routes are the answers by path. Those below /-/ are for the worker in front: it never passes on
// such an address from outside.
var routes = map[string]func(*Handler, *http.Request) answer{
	"/api/estimate": (*Handler).estimate,
	"/card.png":     (*Handler).card,
	"/chart.svg":    (*Handler).chart,
	"/oembed":       (*Handler).oembed,
	"/-/head":       (*Handler).head,
	"/-/frame":      (*Handler).frame,
}

// keyPrefix before a path asks for the canonical address of the same answer.
const keyPrefix = "/-/key"

func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer func() {
		if fault := recover(); fault != nil {
			if h.Fault != nil {
				h.Fault(fault)
			}
			w.Header().Set(FaultHeader, "1")
			problem(http.StatusInternalServerError, "", "the calculator failed: this is a fault of moecost, not of the request").write(w)
		}
	}()
	h.answer(r).write(w)
}

func (h *Handler) answer(r *http.Request) answer {
	if len(r.URL.RawQuery) > LongestAddress {
		return problem(http.StatusRequestURITooLong, "", "the address is too long: at most 16 KB are read")
	}
	path := r.URL.Path
	if path, ok := strings.CutPrefix(path, keyPrefix); ok {
		return canonical(path, r)
	}
	route, ok := routes[path]
	if !ok {
		return problem(http.StatusNotFound, "", "nothing is here: /api/estimate, /card.png, /chart.svg and /oembed are")
	}
	return route(h, r)
}

// answer is a response in the making.
type answer struct {
	status int
	kind   string // media type
	body   []byte
}

// An hour in a browser; a day where it can be purged with a new version of the site.
const shared = "public, max-age=3600, s-maxage=86400, stale-while-revalidate=86400"

func (a answer) write(w http.ResponseWriter) {
	header := w.Header()
	header.Set("Content-Type", a.kind)
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "no-referrer")
	// An SVG opened by itself is a document: it may run and load nothing.
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	if a.status == http.StatusOK {
		header.Set("Cache-Control", shared)
	} else {
		header.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // nobody is left to tell
}

func inJSON(status int, value any) answer {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err) // a number in the report is none: a fault
	}
	return answer{status: status, kind: "application/json; charset=utf-8", body: append(text, '\n')}
}

// fault is the one form of every error.
type fault struct {
	Error faultBody `json:"error"`
}

type faultBody struct {
	Status     int    `json:"status"`
	Field      string `json:"field,omitempty"`
	Message    string `json:"message"`
	Suggestion string `json:"suggestion,omitempty"` // pairs of a link that would do
}

func problem(status int, field, message string) answer {
	return inJSON(status, fault{faultBody{Status: status, Field: field, Message: message}})
}

// fatal are the keys whose bad value leaves nothing to answer for: the default
// in their place would price something else. What else is wrong is among the report's warnings.
var fatal = map[string]bool{"model": true, "gpu": true, "weights": true, "kv": true, "engine": true}

// read takes a query apart and refuses what cannot be answered for.
func read(query string) (scenario.Scenario, []scenario.Problem, *answer) {
	s, problems := report.Catalogue().Decode(query)
	for _, p := range problems {
		if fatal[p.Key] {
			message, _, _ := strings.Cut(p.String(), " Until then")
			refusal := inJSON(http.StatusBadRequest, fault{faultBody{http.StatusBadRequest, p.Key, message, p.Suggestion}})
			return s, nil, &refusal
		}
	}
	if s.Model == scenario.ModelCustom {
		refusal := problem(http.StatusUnprocessableEntity, "model",
			"a model of your own is described behind the # of its link, which never leaves the browser: "+
				"open the link in a browser, or run the command estimate with -config")
		return s, nil, &refusal
	}
	return s, problems, nil
}

// estimate is the report, the same as the page's JSON button gives.
func (h *Handler) estimate(r *http.Request) answer {
	a, refused := h.ask(r.URL.RawQuery)
	if refused != nil {
		return *refused
	}
	return inJSON(http.StatusOK, a.report)
}

// canonical is the address that every spelling of the same picture has in common, as text.
func canonical(path string, r *http.Request) answer {
	query := r.URL.RawQuery
	switch path {
	case "/card.png", "/chart.svg":
		var theme string
		theme, query = takeTheme(query)
		s, _, refused := read(query)
		if refused != nil {
			return *refused
		}
		s.Unknown = ""
		if path == "/card.png" {
			s.Chart = ""
		}
		query = joined(scenario.Encode(s), "theme", theme)
	default:
		return problem(http.StatusNotFound, "", "there is no such picture")
	}
	return answer{status: http.StatusOK, kind: "text/plain; charset=utf-8", body: []byte(path + mark(query))}
}

// takeTheme cuts theme= out of a query: it says how a picture looks, not what is asked. Light is
// not worth a word.
func takeTheme(query string) (theme, rest string) {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		if value, ok := strings.CutPrefix(pair, "theme="); ok {
			theme = value
			continue
		}
		kept = append(kept, pair)
	}
	if theme != "dark" {
		theme = ""
	}
	return theme, strings.Join(kept, "&")
}

func joined(query, key, value string) string {
	if value == "" {
		return query
	}
	if query != "" {
		query += "&"
	}
	return query + key + "=" + value
}
