// Package story turns a Report into what the page says: the answer sentence,
// the strip of figures, the findings, prose, notices and tables. It holds words, not
// arithmetic: every number in it names the Figure of the Report that it comes
// from, so that the page can open the arithmetic behind it.
//
// The same values fill the prerendered HTML at build time and the live page in
// the browser, so that WebAssembly takes over without a visible change.
package story

import "strings"

// Span is a run of text. With Figure set it is a number of the Report, shown as
// a button that opens its derivation.
type Span struct {
	_ [0]func() // no == for it: docs/size.md

	Text   string
	Figure string // id in the Report, such as "memory.per_gpu.free_bytes"; empty for plain words
	Range  string // "(25–35)" after a prediction; empty for counted things
	Strong bool
	Code   bool   // a key or value of the link, set in monospace
	Apply  string // a link's query that this text applies when pressed ("did you mean")
}

// Text is a sentence or a paragraph.
type Text []Span

// Page is everything the page says for one Report.
type Page struct {
	_ [0]func() // no == for it: docs/size.md

	Title       string // of the document
	Description string // for search engines and cards: the answer without buttons
	Kicker      Text   // what is being priced
	Answer      Text
	Second      Text
	Board       Board
	Strip       []Cell
	Foot        Text
	Notices     []Notice
	Sections    []Section
	Form        Form
}

// Cell is one Figure of the strip.
type Cell struct {
	_ [0]func() // no == for it: docs/size.md

	Label   string
	Value   Span
	Unit    string
	Context string
}

// NoticeKind decides icon and rule of a notice.
type NoticeKind string

// The kinds of notice.
const (
	NoticeError   NoticeKind = "error"
	NoticeWarning NoticeKind = "warning"
)

// Notice states a fact and offers the way out. It stands where its cause is:
// At names the slot ("answer", "model", "hardware", "load").
type Notice struct {
	Kind   NoticeKind
	At     string
	Fact   Text
	WayOut Text
}

// Section is one chapter of the page.
type Section struct {
	ID      string // fragment: "memory"
	Number  int    // 0 for the unnumbered ones
	Name    string
	Finding Text
	Prose   Text
	Frames  []Frame
}

// Frame is a chart with everything around it.
type Frame struct {
	Chart      string // name of the chart in core/chart, as in ?chart=
	Title      string
	Unit       string
	Source     Text
	Name       string // accessible name: a sentence with the numbers that matter
	Absent     bool   // the scenario has nothing of the kind: the figure does not show
	Empty      Text   // why there is nothing to draw, and the nearest thing that has something; nil if there is
	Table      Table
	TableOnly  bool   // the table is the picture, as with an account: there is no chart to draw
	Derivation string // figure id that "How is this computed" opens

	// Of a figure whose numbers are simulated.
	Run     string // what was simulated: "2,000 steps, seed 1"
	Pending bool   // it has not been simulated for this report: a page keeps what it showed last, and says so
}

// Table is the numbers behind a chart.
type Table struct {
	Columns []Column
	Rows    []Row
}

// Column heads a column; numbers are right-aligned with the unit in the head.
type Column struct {
	_ [0]func() // no == for it: docs/size.md

	Name    string
	Unit    string
	Numeric bool
	Link    bool // its cells are addresses
}

// Address is where a cell that is an address leads, and its short form: the
// host and what follows, cut. A cell that is something else leads nowhere.
func Address(cell string) (href, short string) {
	first, _, _ := strings.Cut(cell, " ")
	rest, ok := strings.CutPrefix(first, "https://")
	if !ok {
		return "", cell
	}
	const most = 44
	if len(rest) > most {
		rest = rest[:most] + "…"
	}
	return first, rest
}

// RowKind is the typographic weight of a row in a ledger.
type RowKind string

// The kinds of row.
const (
	RowPlain    RowKind = ""
	RowSubtotal RowKind = "subtotal"
	RowTotal    RowKind = "total"
	RowChosen   RowKind = "chosen"
)

// Row is one line: a head and the cells of the other columns.
type Row struct {
	Kind   RowKind
	Swatch string // component token ("routed", "kv"), or empty
	Head   string
	Cells  []string
}
