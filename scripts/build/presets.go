package main

import (
	"errors"
	"fmt"
	"html/template"
	"runtime"
	"slices"
	"strings"
	"sync"

	"moecost/core/arch/preset"
	"moecost/core/card"
	"moecost/core/scenario"
)

// presetPage is the page of a preset.
type presetPage struct {
	preset.Preset
	Origin string
	answer *answer // nil for a closed model, which has none
}

// Path of the preset's page.
func (p presetPage) Path() string { return presetPath(p.ID) }

// presetsPath is where the list of all presets lies, and below it their pages.
const presetsPath = scenario.PresetPages

func presetPath(id string) string { return presetsPath + id + "/" }

// presets writes the page of every preset, its card and its pictures, and what leads there: the list of
// all, the redirections of aliases, the sitemap. With only, the pages of those alone, and of the default model, whose
// pictures the first page shows.
func (o *output) presets(d *drawers, only []string) error {
	templates, err := o.templates()
	if err != nil {
		return err
	}
	all := preset.All()
	for _, id := range only {
		if !slices.ContainsFunc(all, func(p preset.Preset) bool { return p.ID == id }) {
			return fmt.Errorf("presets: %q: there is no such preset", id)
		}
	}
	list := make([]presetPage, len(all))
	faults := make([]error, len(all))
	work := make(chan int)
	var workers sync.WaitGroup
	for range runtime.NumCPU() + 1 { // one computes while another waits for its drawings
		workers.Go(func() {
			for i := range work {
				list[i] = presetPage{Preset: all[i], Origin: origin()}
				if faults[i] = o.preset(d, templates, &list[i], len(only) == 0 || slices.Contains(only, all[i].ID) || all[i].ID == scenario.Default().Model); faults[i] != nil {
					faults[i] = fmt.Errorf("preset %q: %w", all[i].ID, faults[i])
				}
			}
		})
	}
	for i := range all {
		work <- i
	}
	close(work)
	workers.Wait()
	if err := errors.Join(faults...); err != nil {
		return err
	}
	return o.listing(templates, list)
}

// preset writes one page with what belongs to it. Without whole it only finds the answer for the list.
func (o *output) preset(d *drawers, templates *template.Template, p *presetPage, whole bool) error {
	for _, alias := range p.Aliases {
		html, err := render(templates, "moved", p)
		if err != nil {
			return err
		}
		if err := o.publish(presetPath(alias)+"index.html", html); err != nil {
			return err
		}
	}
	if p.Kind == preset.Closed {
		html, err := render(templates, "closed", p)
		if err != nil {
			return err
		}
		return o.publish(p.Path()+"index.html", html)
	}
	ask := scenario.Default()
	ask.Model = p.ID
	var err error
	if p.answer, err = newAnswer(ask, whole); err != nil || !whole {
		return err
	}
	v := view{
		Page: p.answer.page, Query: scenario.Encode(ask), Simulated: p.answer.simulated,
		Origin: p.Origin, Path: p.Path(), Card: p.Path() + "card.png", pictures: map[string]string{},
	}
	for i, s := range v.Page.Sections {
		frames := drawnFrames(s)
		if i == 0 { // what stands first is in the page, the rest comes as it is scrolled to
			if v.stills, err = p.answer.stills(d, frames); err != nil {
				return err
			}
		}
		for _, f := range frames {
			if err := o.pictures(d, p, f); err != nil {
				return err
			}
			if i > 0 {
				v.pictures[f.Chart] = p.Path() + f.Chart
			}
		}
	}
	html, err := render(templates, "page", v)
	if err != nil {
		return err
	}
	if err := o.publish(p.Path()+"index.html", html); err != nil {
		return err
	}
	return o.card(v.Card, p.answer)
}

// card writes the social card of an answer.
func (o *output) card(address string, a *answer) error {
	png, err := card.Social(a.page, card.Light).PNG()
	if err != nil {
		return err
	}
	return o.publish(address, png)
}

// themes of pictures, by what follows the name of their chart.
var themes = []struct {
	suffix string
	theme  card.Theme
}{{"", card.Light}, {"-dark", card.Dark}}

// readable is an address as people write it.
func readable(origin, path string) string {
	_, host, _ := strings.Cut(origin, "://")
	if host == "" {
		return ""
	}
	return host + path
}
