//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/chart"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"

	"honnef.co/go/js/dom/v2"
)

// comparison is the page that puts up to four scenarios side by side (site/templates/compare.html). It uses of the
// page what figures, notices and places need.
type comparison struct {
	*page
	asks     []scenario.Scenario
	subjects []*report.Subject // of the columns' last answers: they are kept while only the load changes
	reports  []*report.Report
	faults   []error
	said     story.Comparison
	shown    []string // keys that are shown though the scenarios agree on them
	timer    *timer   // until the address follows
	written  string   // the address as the page last wrote or read it
}

// comparing tells whether the page is a comparison.
func comparing() bool {
	return !document.Get("documentElement").Get("dataset").Get("compare").IsUndefined()
}

func (c *comparison) start() {
	c.timer = newTimer(rest, func() { c.write("replaceState") })
	c.findFrames()
	for _, f := range c.frames {
		f.draws = c.draws
	}
	c.listenToCharts()
	c.read()
	c.whenRead(func() {
		c.listen()
		c.paint()
		js.Global().Call("moecostLive")
	})
}

// draws lays the scenarios out on one chart.
func (c *comparison) draws(f *frame) {
	theme := chart.Light
	if dark() {
		theme = chart.Dark
	}
	option, err := chart.DrawOverlay(f.name, c.reports, story.Letters, chart.Box{Width: f.width, Height: f.height}, theme)
	if err != nil {
		panic(err)
	}
	text, err := option.JSON()
	if err != nil {
		panic(err)
	}
	c.set(f, string(text), f.now.Name)
}

// example is what stands on the page whose address asks for nothing.
var example = data(document.Get("documentElement"), "compare")

// read takes the scenarios from the address.
func (c *comparison) read() {
	location := js.Global().Get("location")
	query, hash := location.Get("search").String(), location.Get("hash").String()
	c.written = query + hash
	if query == "" || query == "?" {
		query = example
	}
	var bad []scenario.Problem
	c.asks, bad = c.catalogue.DecodeColumns(query)
	c.ask, c.reading, c.config, c.problems = scenario.Default(), nil, "", bad
	for _, ask := range c.asks {
		if ask.Model == scenario.ModelCustom { // one model of the reader's own serves all columns that ask for it
			c.ask, c.config, bad = c.catalogue.DecodeLink("model="+scenario.ModelCustom, hash)
			c.problems = append(c.problems, bad...)
			break
		}
	}
	c.subjects = nil
}

// answer asks the core for each column.
func (c *comparison) answer() {
	n := len(c.asks)
	subjects := make([]*report.Subject, n)
	copy(subjects, c.subjects)
	c.subjects, c.reports, c.faults = subjects, make([]*report.Report, n), make([]error, n)
	for i, ask := range c.asks {
		q := report.Question{Scenario: ask}
		if ask.Model == scenario.ModelCustom {
			q.Reading = c.reading
		}
		s := subjects[i]
		if s == nil || !s.Same(q) {
			if s, c.faults[i] = report.Prepare(q); c.faults[i] != nil {
				continue
			}
			subjects[i] = s
		}
		c.reports[i], c.faults[i] = s.Build(q)
	}
	c.said = story.Compare(c.asks, c.reports, c.faults)
}

// change gives one key of one column what somebody typed or chose.
func (c *comparison) change(column int, key, text string) {
	if column < 0 || column >= len(c.asks) {
		return
	}
	ask, problems := c.catalogue.Set(c.asks[column], key, text)
	c.problems = problems
	for i := range c.problems {
		c.problems[i].Key = story.Letters[column] + ": " + c.problems[i].Key
		c.problems[i].Suggestion = ""
	}
	c.asks[column] = ask
	c.changed()
}

// changed answers and paints anew; the address follows when it has rested.
func (c *comparison) changed() {
	c.paint()
	c.timer.restart()
}

// become is another set of scenarios: it has an entry of its own in the history.
func (c *comparison) become(asks []scenario.Scenario, problems []scenario.Problem) {
	c.asks, c.problems, c.subjects = asks[:min(len(asks), scenario.MaxColumns)], problems, nil
	c.timer.stop()
	c.paint()
	c.write("pushState")
}

func (c *comparison) write(how string) {
	location := js.Global().Get("location")
	link := location.Get("pathname").String() + mark(scenario.EncodeColumns(c.asks)) + location.Get("hash").String()
	if link == location.Get("pathname").String()+c.written {
		return
	}
	try(func() {
		js.Global().Get("history").Call(how, nil, "", link)
		c.written = location.Get("search").String() + location.Get("hash").String()
	})
}

// listen registers the listeners, each once for the life of the page.
func (c *comparison) listen() {
	c.verb("fork", func(button js.Value) {
		if i := int(attribute(button, "column")); i < len(c.asks) && len(c.asks) < scenario.MaxColumns {
			c.become(append(append([]scenario.Scenario{}, c.asks...), c.asks[i]), nil)
		}
	})
	c.verb("drop", func(button js.Value) {
		if i := int(attribute(button, "column")); i < len(c.asks) && len(c.asks) > 1 {
			c.become(append(append([]scenario.Scenario{}, c.asks[:i]...), c.asks[i+1:]...), nil)
		}
	})
	c.verb("add-link", func(js.Value) { c.addLink() })
	c.listenToButtons()
	on("change", func(e *dom.BasicEvent) {
		at := target(e)
		switch {
		case data(at, "column") != "" && data(at, "of") != "":
			c.change(int(attribute(at, "column")), data(at, "of"), at.Get("value").String())
		case at.Equal(first("[data-add-key]")):
			if key := at.Get("value").String(); key != "" {
				c.shown = append(c.shown, key)
				at.Set("value", "")
				c.paint()
				if field := first(`[data-of="` + key + `"]`); !field.IsNull() {
					field.Call("focus")
				}
			}
		}
	})
	listen(js.Global(), "popstate", func(*dom.BasicEvent) {
		c.timer.stop()
		c.read()
		c.whenRead(c.paint)
	})
	listen(first("[data-link]"), "keydown", func(e *dom.BasicEvent) {
		if e.Underlying().Get("key").String() == "Enter" {
			e.PreventDefault()
			c.addLink()
		}
	})
}

// addLink adds the scenarios of a link, of the calculator or of another comparison.
func (c *comparison) addLink() {
	field := first("[data-link]")
	text := field.Get("value").String()
	if text == "" {
		field.Call("focus")
		return
	}
	asks, problems := c.catalogue.DecodeColumns(text)
	if room := scenario.MaxColumns - len(c.asks); len(asks) > room {
		problems = append(problems, scenario.Problem{What: "holds more scenarios than there is room for", Why: "Four stand side by side. Remove one first."})
		asks = asks[:room]
		if room == 0 {
			c.problems = problems
			c.paint()
			return
		}
	}
	field.Set("value", "")
	c.become(append(append([]scenario.Scenario{}, c.asks...), asks...), problems)
}

// attribute is a data- attribute that the page has written.
func attribute(at js.Value, name string) float64 {
	return js.Global().Get("Number").Invoke(data(at, name)).Float()
}

// leadToComparison keeps the calculator's links to a comparison that begins with its scenario.
func (p *page) leadToComparison() {
	query := scenario.EncodeColumns([]scenario.Scenario{p.ask})
	if query == "" {
		query = "model=" + p.ask.Model // nothing asks for examples
	}
	link := "/compare/?" + query
	if p.ask.Model == scenario.ModelCustom {
		link += p.fragment()
	}
	for _, at := range all("[data-compare-link]") {
		if at.Call("getAttribute", "href").String() != link {
			at.Set("href", link)
		}
	}
}
