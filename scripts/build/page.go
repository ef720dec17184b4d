package main

import (
	"bytes"
	"fmt"
	"html/template"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"moecost/core/chart"
	"moecost/core/scenario"
	"moecost/core/story"
)

// view is what the templates see.
type view struct {
	Page      story.Page
	Query     string        // of the scenario that Page answers, as a link has it
	Simulated string        // the result behind the page's simulated figures, for the program
	Planned   string        // derivations of the plan that a search has found, as JSON; empty if there is none
	Origin    string        // "https://…" without a slash at the end; empty when the build does not know where it will live
	Path      string        // of the page: "/" or "/m/kimi-k2/"
	Card      string        // path of its social card
	Claims    *story.Claims // on the first page alone
	stills    map[string][]still
	pictures  map[string]string // of figures without stills: paths of their files, without ".svg"
}

// page renders the HTML with the default answer in it.
func (o *output) page(d *drawers) error {
	a, err := newAnswer(scenario.Default(), true)
	if err != nil {
		return err
	}
	derivations, err := a.findPlan()
	if err != nil {
		return err
	}
	// What stands first is in the page, as is the plan, which only this page has. The rest are the pictures of its model, which come
	// as they are scrolled to: the answer waits for nothing that is further down.
	var first []story.Frame
	pictures := map[string]string{}
	for i, s := range a.page.Sections {
		frames := drawnFrames(s)
		if i == 0 || s.ID == story.PlanID {
			first = append(first, frames...)
			continue
		}
		for _, f := range frames {
			pictures[f.Chart] = presetPath(a.ask.Model) + f.Chart
		}
	}
	stills, err := a.stills(d, first)
	if err != nil {
		return err
	}
	claims, err := story.CheckClaims()
	if err != nil {
		return err
	}
	templates, err := o.templates()
	if err != nil {
		return err
	}
	html, err := render(templates, "page", view{Page: a.page, Simulated: a.simulated, Planned: derivations, Origin: origin(), Path: "/", Card: "/card.png", Claims: &claims, stills: stills, pictures: pictures})
	if err != nil {
		return err
	}
	if err := o.write("/index.html", html); err != nil {
		return err
	}
	return o.card("/card.png", a)
}

// origin is where the site will be served: as Netlify's build tells it, the address of a preview or of the site
// itself; elsewhere as SITE_URL says.
func origin() string {
	for _, name := range []string{"DEPLOY_PRIME_URL", "URL"} {
		if value := os.Getenv(name); os.Getenv("NETLIFY") != "" && value != "" {
			return strings.TrimSuffix(value, "/")
		}
	}
	return strings.TrimSuffix(os.Getenv("SITE_URL"), "/")
}

func (o *output) templates() (*template.Template, error) {
	functions := template.FuncMap{
		"asset":     o.address,
		"integrity": o.integrity,
		"board":     board,
		"chapter":   chapter,
		"control":   newControl,
		"has":       func(f story.Form, key string) bool { _, ok := f.Fields[key]; return ok },
		"hint":      newHint,
		"list":      func(items ...string) []string { return items },
		"notices":   newNotices,
		"address": func(columns []story.Column, i int, cell string) []string {
			if i+1 < len(columns) && columns[i+1].Link {
				if href, short := story.Address(cell); href != "" {
					return []string{href, short}
				}
			}
			return nil
		},
		"numeric": func(columns []story.Column, cell int) bool { return cell+1 < len(columns) && columns[cell+1].Numeric },
		"percent": percent,
	}
	return template.New("").Funcs(functions).Funcs(sharing).ParseGlob(filepath.Join("site", "templates", "*.html"))
}

func render(templates *template.Template, name string, v any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// chapterView is one section with the drawings of its figures.
type chapterView struct {
	Section  story.Section
	First    bool
	Controls []*control // at the finding, of keys that change little but this section
	Frames   []frameView
}

type frameView struct {
	Frame    story.Frame
	Stills   []still
	Picture  string     // where its drawing lies in files, without ".svg"; empty for one with stills
	Switches []*control // in the caption, of keys that change little but this figure
}

// own is a control that stands in a figure's caption.
type own struct {
	kind             string // its template: "segments", "select", "field", "stepper", "slider" or "checks"
	key, label, unit string
}

// switches are the controls of figures, by the figure's name.
var switches = map[string][]own{
	"ledger":    {{"segments", "units", "Units", ""}},
	"offload":   {{"select", "experts", "Missing experts", ""}, {"field", "ram", "Host memory", "GB"}, {"field", "link", "Link", "GB/s"}, {"field", "cpu", "CPU", "GB/s"}, {"field", "nvme", "Drive", "GB/s"}, {"slider", "host", "In memory", ""}},
	"saving":    {{"select", "prefetch", "Predictor", ""}, {"segments", "refetch", "Misses", ""}, {"slider", "recall", "Recall", ""}},
	"hits":      {{"select", "evict", "Cache", ""}, {"slider", "cache", "Slots", ""}},
	"traffic":   {{"segments", "fabric", "Fabric", ""}},
	"ranks":     {{"select", "law", "Popularity", ""}},
	"placed":    {{"segments", "place", "By", ""}, {"field", "drift", "Drift", "σ"}},
	"tail":      {{"stepper", "seed", "Seed", ""}},
	"requests":  {{"field", "rate", "Requests/s", ""}, {"segments", "pct", "Percentile", ""}},
	"causes":    {{"checks", "without", "Causes", ""}},
	"imbalance": {{"field", "interval", "Rebalanced every", "steps"}, {"segments", "moves", "Moves", ""}},
	"accuracy":  {{"segments", "points", "Measurements", ""}},
	"bill": {{"select", "day", "Traffic", ""}, {"field", "peak", "Peak over mean", "×"}, {"segments", "autoscale", "GPUs run", ""}, {"field", "kwh", "Electricity", "$/kWh"}, {"field", "pue", "PUE", ""},
		{"field", "api_in", "API: input", "$/M"}, {"field", "api_cached", "Cached", "$/M"}, {"field", "api_out", "Output", "$/M"}},
	"draft": {{"stepper", "draft", "Drafted tokens", ""}, {"slider", "accept", "Acceptance", ""}},
}

// findings are the controls of whole sections, by the section's id.
var findings = map[string][]own{
	"plan": {{"field", "among", "Accelerators", ""}, {"field", "rate", "Requests/s", ""}, {"field", "tpot", "A token", "ms"}, {"field", "ttft", "The first", "ms"}, {"select", "pct", "Percentile", ""},
		{"field", "budget", "Budget", "$/h"}, {"field", "prefix", "Prompt cached", ""}, {"field", "in_cv", "Spread of prompts", ""}, {"field", "out_cv", "Of outputs", ""}, {"segments", "lossy", "Formats", ""}},
	"hot": {{"stepper", "spare", "Spare experts", ""}, {"segments", "eplb", "EPLB", ""}},
}

func chapter(v view, s story.Section, index int) chapterView {
	c := chapterView{Section: s, First: index == 0, Controls: owns(v, findings[s.ID])}
	for _, frame := range s.Frames {
		c.Frames = append(c.Frames, frameView{Frame: frame, Stills: v.stills[frame.Chart], Picture: v.pictures[frame.Chart], Switches: owns(v, switches[frame.Chart])})
	}
	return c
}

// owns are the controls of a section or figure that have a field.
func owns(v view, list []own) (controls []*control) {
	for _, o := range list {
		if c := newControl(v.Page.Form, o.key, o.label, o.unit); c != nil {
			c.Kind, c.Fit = o.kind, true
			controls = append(controls, c)
		}
	}
	return controls
}

// boardWidth is the width of the hero's board in CSS pixels on a wide screen.
const boardWidth = 200

func board(b story.Board) chart.BoardPaths {
	p := chart.Board(b.Resident, b.Touched, b.Computed, boardWidth)
	p.Height = math.Round(p.Height*100) / 100
	return p
}

// control is one control of the scenario for a template.
type control struct {
	Key, Label, Short, Unit string
	Field                   story.Field
	Columns                 []string // of a combobox, after the name
	Kind                    string   // of a control in a figure's caption
	Fit                     bool     // as narrow as its words
}

// newControl gives nil for a key without a field, so that the template leaves
// the control out.
func newControl(f story.Form, key, label string, unit ...string) *control {
	field, ok := f.Fields[key]
	if !ok {
		return nil
	}
	c := &control{Key: key, Label: label, Short: label, Field: field}
	if len(unit) > 0 {
		c.Unit = unit[0]
	}
	switch key {
	case "model":
		c.Columns = []string{"resident", "active"}
	case "gpu":
		c.Columns = []string{"memory", "bandwidth"}
	}
	return c
}

// tick is a labelled place on a slider's track.
type tick struct {
	Position float64
	Label    string
}

func (c control) Ticks() []tick {
	var ticks []tick
	if s := c.Field.Slider; s != nil {
		for _, v := range s.Labels {
			ticks = append(ticks, tick{s.Position(v), tickLabel(v)})
		}
	}
	return apart(ticks)
}

// apart leaves out labels that would touch the next one on the narrowest
// track. The ends stay; they lean inwards, so half their room is free.
func apart(ticks []tick) []tick {
	const track, digit, gap = 100.0, 6.2, 8.0 // pixels; digits of 12 px in Figure Sans
	if len(ticks) == 0 {
		return nil
	}
	half := func(i int) float64 {
		room := digit * float64(len(ticks[i].Label))
		if i == len(ticks)-1 {
			return room
		}
		return room / 2
	}
	last := len(ticks) - 1
	kept := []tick{ticks[last]}
	left := ticks[last].Position*track - half(last)
	for i := last - 1; i >= 0; i-- {
		if i == 0 || ticks[i].Position*track+half(i)+gap <= left {
			kept = append(kept, ticks[i])
			left = ticks[i].Position*track - half(i)
		}
	}
	slices.Reverse(kept)
	return kept
}

// tickLabel writes 4096 as 4,096: round values of a scale have no other need of room.
func tickLabel(v float64) string {
	digits := strconv.FormatFloat(v, 'f', -1, 64)
	if v >= 1000 && v < 1e6 && v == math.Trunc(v) {
		return digits[:len(digits)-3] + "," + digits[len(digits)-3:]
	}
	return digits
}

// Position of the field's value on its track, 0 to 1.
func (c control) Position() float64 {
	v, err := strconv.ParseFloat(strings.ReplaceAll(c.Field.Value, ",", ""), 64)
	if err != nil || c.Field.Slider == nil {
		return 0
	}
	return c.Field.Slider.Position(v)
}

// Thousandths is the value of the range input.
func (c control) Thousandths() int { return int(math.Round(1000 * c.Position())) }

func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e4)/100, 'f', -1, 64) + "%"
}

type hintView struct {
	Key  string
	Text story.Text
}

func newHint(f story.Form, key string) hintView { return hintView{key, f.Hints[key]} }

type noticesView struct {
	At      string
	Notices []story.Notice
}

func newNotices(v view, at string) noticesView {
	n := noticesView{At: at}
	for _, notice := range v.Page.Notices {
		if notice.At == at {
			n.Notices = append(n.Notices, notice)
		}
	}
	return n
}

// checkSections refuses what would give two elements one id.
func checkSections(sections []story.Section) error {
	seen := map[string]bool{}
	for _, s := range sections {
		for _, f := range s.Frames {
			if seen[f.Chart] {
				return fmt.Errorf("section %q: figure %q is on the page twice", s.ID, f.Chart)
			}
			seen[f.Chart] = true
		}
	}
	return nil
}
