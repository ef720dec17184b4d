//go:build js && wasm

package main

import (
	"strconv"
	"syscall/js"

	"moecost/core/chart"
	"moecost/core/report"
	"moecost/core/story"

	"honnef.co/go/js/dom/v2"
)

// frame is a figure of the page: a drawing, or why there is none, or its table.
type frame struct {
	name              string
	figure            js.Value
	plot, empty, box  js.Value // null for a figure that is only a table; box holds the table
	table             place
	width, height     float64 // of the drawing, 0 while it does not show
	inSight, asTable  bool
	stale, tableStale bool
	now               story.Frame
	from              *report.Report // what now was said of
	previous          bool           // from is of another scenario: this one's is not simulated yet
	line              runLine
	run               *story.Run   // of what stands behind its numbers
	draws             func(*frame) // how it is drawn; nil: by core/chart, of a report
	option            string       // that is drawn
	drawn             string       // option and name of what is drawn: most changes leave most charts as they are
}

func (p *page) findFrames() {
	for _, figure := range all("figure[data-frame]") {
		f := &frame{name: data(figure, "frame"), figure: figure}
		f.plot = figure.Call("querySelector", ".plot[data-chart]:not(.empty)")
		f.empty = figure.Call("querySelector", "[data-empty]")
		f.box = figure.Call("querySelector", "[data-table]")
		f.table.host = f.box
		f.line, f.run = findRunLine(figure), &p.simulation.run
		f.asTable = f.plot.IsNull()
		if !f.plot.IsNull() {
			f.width, f.height = f.plot.Get("clientWidth").Float(), f.plot.Get("clientHeight").Float()
		}
		p.frames = append(p.frames, f)
	}
	p.watchSight()
	p.watchSections()
}

// watchSight learns which drawings are near the screen: the others wait.
func (p *page) watchSight() {
	call := js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		guard(func() {
			for i := range arguments[0].Length() {
				entry := arguments[0].Index(i)
				for _, f := range p.frames {
					if !f.plot.IsNull() && f.plot.Equal(entry.Get("target")) {
						f.inSight = entry.Get("isIntersecting").Bool()
						p.draw(f)
					}
				}
			}
		})
		return nil
	})
	observer := js.Global().Get("IntersectionObserver").New(call, map[string]any{"rootMargin": "40px"})
	for _, f := range p.frames {
		if !f.plot.IsNull() {
			observer.Call("observe", f.plot)
		}
	}
}

func (p *page) frame(name string) *frame {
	for _, f := range p.frames {
		if f.name == name {
			return f
		}
	}
	return nil
}

// paintFrames writes what surrounds the drawings, and the drawings that show.
func (p *page) paintFrames() {
	for i := range p.story.Sections {
		if s := &p.story.Sections[i]; !p.sight.unsaid[s.ID] {
			p.paintSection(s)
		}
	}
}

// paintSection does so for one section. A figure that waits for its simulation keeps what it shows.
func (p *page) paintSection(s *story.Section) {
	to := linkTo(p.to)
	for i := range s.Frames {
		now := &s.Frames[i]
		f := p.frame(now.Chart)
		if f == nil {
			continue
		}
		if f.previous = f.keeps(now); f.previous {
			p.paintRun(f)
			continue
		}
		f.now, f.from, f.stale, f.tableStale = *now, p.report, true, true
		p.paintRun(f)
		p.show(f.name+".title", texts(now.Title))
		p.show(f.name+".unit", texts(now.Unit))
		p.show(f.name+".source", to.sentence(now.Source))
		p.arrange(f)
	}
	if p.figure != "" {
		p.paintOne()
	}
}

// keeps tells whether the figure has a simulated drawing to keep until there is one for what is asked now.
func (f *frame) keeps(now *story.Frame) bool { return now.Pending && f.now.Run != "" }

// arrange shows the drawing, the table or the reason for neither.
func (p *page) arrange(f *frame) {
	hidden(f.figure, f.now.Absent)
	if !f.plot.IsNull() {
		nothing := f.now.Empty != nil
		hidden(f.plot, f.asTable || nothing)
		hidden(f.empty, f.asTable || !nothing)
		hidden(f.box, !f.asTable)
		if nothing {
			if text := f.empty.Get("firstElementChild"); !text.IsNull() {
				(&place{host: text}).show(linkTo(p.to).sentence(f.now.Empty))
			}
			js.Global().Get("moecostCharts").Call("clear", f.name)
			f.stale, f.drawn = false, ""
		}
	}
	if f.asTable && f.tableStale {
		f.table.show(table(f.now.Table))
		f.tableStale = false
	}
	p.draw(f)
}

// draw lays the chart out for its box, if it shows and has changed.
func (p *page) draw(f *frame) {
	if !f.stale || !f.inSight || f.now.Absent || f.asTable || f.width == 0 || f.from == nil || f.now.Empty != nil {
		return
	}
	f.stale = false
	if f.draws != nil {
		f.draws(f)
		return
	}
	if err := p.drawNow(f); err != nil {
		panic(err)
	}
}

func (p *page) drawNow(f *frame) error {
	theme := chart.Light
	if dark() {
		theme = chart.Dark
	}
	option, err := chart.Draw(f.name, f.from, chart.Box{Width: f.width, Height: f.height}, theme)
	if err != nil {
		return err
	}
	text, err := option.JSON()
	if err != nil {
		return err
	}
	p.set(f, string(text), f.now.Name)
	return nil
}

// set gives the chart library what to draw, unless that is drawn.
func (p *page) set(f *frame, option, name string) {
	if drawn := option + name; drawn != f.drawn {
		js.Global().Get("moecostCharts").Call("set", f.name, option, name)
		f.option, f.drawn = option, drawn
	}
}

// dark tells which colours the page has.
func dark() bool {
	if theme := document.Get("documentElement").Get("dataset").Get("theme"); !theme.IsUndefined() {
		return theme.String() == "dark"
	}
	return js.Global().Call("matchMedia", "(prefers-color-scheme: dark)").Get("matches").Bool()
}

// listenToCharts gives the chart library its way back: a box that has another size, other colours.
func (p *page) listenToCharts() {
	back := js.Global().Get("Object").New()
	back.Set("resized", js.FuncOf(func(_ js.Value, a []js.Value) any {
		guard(func() {
			if f := p.frame(a[0].String()); f != nil {
				f.width, f.height, f.stale = a[1].Float(), a[2].Float(), true
				p.draw(f)
			}
		})
		return nil
	}))
	back.Set("themed", js.FuncOf(func(js.Value, []js.Value) any {
		guard(func() {
			for _, f := range p.frames {
				f.stale = true
				p.draw(f)
			}
		})
		return nil
	}))
	js.Global().Set("moecostPage", back)

	listen(js.Global(), "beforeprint", func(*dom.BasicEvent) {
		for p.sayNext() {
		}
		for _, f := range p.frames {
			if f.tableStale {
				f.table.show(table(f.now.Table))
				f.tableStale = false
			}
		}
	})
}

// toggleTable changes a drawing into its table and back, in the same place.
func (p *page) toggleTable(f *frame, button js.Value) {
	if f.plot.IsNull() {
		return
	}
	f.asTable = !f.asTable
	element(button).SetAttribute("aria-pressed", strconv.FormatBool(f.asTable))
	p.arrange(f)
	js.Global().Get("moecostCharts").Call("resize")
}
