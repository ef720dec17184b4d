package story

import (
	"slices"
	"strings"

	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// sections are the chapters of the page in their order: the ids of their elements, and the names of their figures.
var sections = []struct {
	id, figures string
	say         func(*voice) Section
}{
	{"memory", "ledger account models gpus kv", (*voice).memory},
	{"routing", "routing traffic", (*voice).routing},
	{"batching", "boards coverage bytes tpot batch throughput roofline draft chunk", (*voice).batching},
	{"hot", "ranks placed imbalance spare", (*voice).experts},
	{"tail", "tail requests causes skewed", (*voice).tail},
	{"prefetch", "offload timeline saving savings hits vram", (*voice).prefetch},
	{"accuracy", "accuracy errors", (*voice).accuracy},
}

// SectionOf is the id of the section that a figure stands in; empty for a name that no figure has.
func SectionOf(figure string) string {
	for i := range sections {
		if slices.Contains(strings.Fields(sections[i].figures), figure) {
			return sections[i].id
		}
	}
	return ""
}

// Build says a Report. ask is the scenario as the link has it, with what was
// left open still open; the form shows the difference.
func Build(ask scenario.Scenario, r *report.Report) Page {
	return Rebuild(ask, r, nil, nil)
}

// Rebuild is Build, but of the sections it says only those for which now holds, and
// takes the others as they were in before, a page that Build has made. Sections take most of the
// time, and nobody reads those that are out of sight while a slider moves.
func Rebuild(ask scenario.Scenario, r *report.Report, before []Section, now func(section string) bool) Page {
	v := newVoice(ask, r)
	p := v.opening()
	p.Foot = v.foot()
	p.Notices = notices(ask, r)
	p.Form = v.form()
	p.Sections = make([]Section, len(sections))
	for i := range sections {
		if before != nil && !now(sections[i].id) {
			p.Sections[i] = before[i]
		} else {
			p.Sections[i] = sections[i].say(v)
		}
	}
	return p
}

// Unsaid are the sections of a page of which nothing has been said: ids alone, for Rebuild.
func Unsaid() []Section {
	all := make([]Section, len(sections))
	for i := range sections {
		all[i].ID = sections[i].id
	}
	return all
}

// Excerpt is Build for one section. The others are empty, without an id.
func Excerpt(ask scenario.Scenario, r *report.Report, section string) Page {
	return Rebuild(ask, r, make([]Section, len(sections)), func(id string) bool { return id == section })
}

// Resay says one section of a page anew. It gives nil for a section that the page has not.
func Resay(p *Page, ask scenario.Scenario, r *report.Report, section string) *Section {
	for i := range p.Sections {
		if p.Sections[i].ID == section {
			p.Sections[i] = sections[i].say(newVoice(ask, r))
			return &p.Sections[i]
		}
	}
	return nil
}

// Opening says only what stands first, and what a link to the page shows of it: no foot,
// notices, sections or form. It takes a fraction of the time.
func Opening(ask scenario.Scenario, r *report.Report) Page {
	return newVoice(ask, r).opening()
}

// alone are the figures that can be said without the rest of the page, by the name of their chart.
var alone = map[string]func(*voice) Frame{
	"ledger": (*voice).ledgerFrame,
	"coverage": func(v *voice) Frame {
		f := v.coverageFrame()
		if !v.moe() {
			f.Empty = v.nothingRouted()
		}
		return f
	},
	"tpot": func(v *voice) Frame { return v.tpotFrame(Table{}) },
}

// Figure says what stands around one chart, for a picture of it. It gives false for a chart that
// cannot be had alone. Its table may be missing.
func Figure(ask scenario.Scenario, r *report.Report, chart string) (Frame, bool) {
	say, ok := alone[chart]
	if !ok {
		return Frame{}, false
	}
	return say(newVoice(ask, r)), true
}

func (v *voice) opening() Page {
	s := &v.r.Scenario
	p := Page{
		Kicker: v.kicker(),
		Answer: v.answer(),
		Second: v.second(),
		Board:  v.board(),
		Strip:  v.strip(),
	}
	p.Title = s.ModelName + " on " + cards(s.GPUs, s.GPUName) + " · moecost"
	p.Description = p.Answer.plain() + " " + p.Second.plain()
	return p
}

// kicker is what is being priced, in one line.
func (v *voice) kicker() Text {
	s := &v.r.Scenario
	return say(s.ModelName + ", " + v.weightsName() + ", on " +
		quantity.Integer(int64(s.GPUs)) + " × " + s.GPUName + ", " +
		count(s.Batch, "sequence") + " of " + quantity.Integer(s.In) + " + " + quantity.Integer(s.Out) + " tokens")
}

// foot says how the numbers are to be read.
func (v *voice) foot() Text {
	unit := "GB is 10⁹ bytes."
	if v.units == quantity.Binary {
		unit = "GiB is 2³⁰ bytes."
	}
	ranges := ""
	if v.timed() {
		ranges = " Ranges hold 80\u202f% of measured points."
	}
	return say(unit + ranges + " Every underlined number opens its arithmetic.")
}

// weightsName is the number format of the weights: "FP8 as published".
func (v *voice) weightsName() string {
	name := v.weightsFormat()
	if v.r.Scenario.Chosen.Weights {
		return name + " as published"
	}
	return name
}

// weightsFormat is the format's short name: "FP8".
func (v *voice) weightsFormat() string {
	name := strings.TrimPrefix(v.r.Scenario.WeightsName, "as published: ")
	name, _, _ = strings.Cut(name, " (")
	return name
}
