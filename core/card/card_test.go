package card

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"os"
	"reflect"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
	"moecost/core/scenario"
	"moecost/core/story"
)

func build(t testing.TB, query string) (scenario.Scenario, *report.Report) {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatalf("for %q: %v", query, err)
	}
	return s, r
}

// queries reach the odd corners: dense, recurrent, far too little memory, GiB, the ends of what a link may hold.
var queries = []string{
	"", "model=kimi-k2&gpu=h200&gpus=8", "model=llama-3.1-70b&gpus=1&units=gib", "model=qwen3-next-80b-a3b&gpus=4",
	"model=gpt-oss-120b&gpu=rtx5090&gpus=2", "batch=1&in=1&out=1", "batch=1000000&in=9000000&out=1000000&gpus=4096&gpu=b200", "tpot=50&price=10000", "draft=16&batch=3000",
	"model=mixtral-8x7b&gpu=a100-80-sxm&gpus=1&weights=int4", "skew=0&batch=4096", "skew=4",
}

// chart draws what the page has of a chart.
func chart(s scenario.Scenario, r *report.Report, name string, theme Theme) (*Picture, bool) {
	f, _ := story.Figure(s, r, name)
	return Chart(f, story.Opening(s, r).Kicker, r, theme)
}

// pictures calls do with everything that is drawn of a query.
func pictures(t *testing.T, query string, do func(name string, p *Picture)) {
	t.Helper()
	s, r := build(t, query)
	for _, theme := range []Theme{Light, Dark} {
		do(fmt.Sprintf("card of %q, %s", query, theme.Name), Social(story.Opening(s, r), theme))
		for _, name := range ChartNames() {
			if p, ok := chart(s, r, name, theme); ok {
				do(fmt.Sprintf("%s of %q, %s", name, query, theme.Name), p)
			}
		}
	}
}

func allQueries() []string {
	all := queries
	for _, p := range preset.All() {
		if p.Kind != preset.Closed {
			all = append(all, "model="+p.ID)
		}
	}
	return all
}

// The account of a GPU adds up to its memory: no part is left out. All are whole bytes.
func TestTheLedgerAddsUp(t *testing.T) {
	for _, query := range allQueries() {
		_, r := build(t, query)
		sum := math.Min(float64(r.Memory.PerGPU.Free), 0) // what is missing
		for _, l := range lines(r, Light) {
			sum += l.bytes
		}
		if want := float64(r.Memory.GPUBytes); sum != want {
			t.Errorf("%s: got %v bytes, want %v", query, sum, want)
		}
	}
}

func TestThemesAreThoseOfTheStyleSheet(t *testing.T) {
	css, err := os.ReadFile("../../site/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		token       string
		light, dark Colour
	}{
		{"paper", Light.Paper, Dark.Paper}, {"ink", Light.Ink, Dark.Ink}, {"ink-2", Light.Ink2, Dark.Ink2}, {"ink-3", Light.Ink3, Dark.Ink3},
		{"edge", Light.Edge, Dark.Edge}, {"line", Light.Line, Dark.Line}, {"rule", Light.Rule, Dark.Rule},
		{"routed", Light.Routed, Dark.Routed}, {"shared", Light.Shared, Dark.Shared}, {"dense", Light.Dense, Dark.Dense},
		{"attention", Light.Attention, Dark.Attention}, {"embedding", Light.Embedding, Dark.Embedding}, {"router", Light.Router, Dark.Router},
		{"kv", Light.KV, Dark.KV}, {"activations", Light.Activations, Dark.Activations}, {"comm", Light.Comm, Dark.Comm}, {"runtime", Light.Runtime, Dark.Runtime},
		{"resident", Light.Resident, Dark.Resident}, {"resident-edge", Light.ResidentEdge, Dark.ResidentEdge}, {"touched", Light.Touched, Dark.Touched}, {"computed", Light.Computed, Dark.Computed},
	} {
		want := fmt.Sprintf("--%s: light-dark(%s, %s)", c.token, c.light, c.dark)
		if !strings.Contains(strings.ToUpper(string(css)), strings.ToUpper(want)) {
			t.Errorf("site/css/tokens.css lacks %q", want)
		}
	}
}

// Words are never cut at the edge, do not run into each other, and every character that a preset or a
// number needs is in the fonts.
func TestWordsStayInsideAndApart(t *testing.T) {
	for _, q := range allQueries() {
		s, r := build(t, q)
		checkWords(t, "card of "+q, Social(story.Opening(s, r), Light))
		for _, name := range ChartNames() {
			if p, ok := chart(s, r, name, Light); ok {
				checkWords(t, name+" of "+q, p)
			}
		}
	}
}

func checkWords(t *testing.T, name string, p *Picture) {
	t.Helper()
	var taken []rect
	var texts []string
	for _, m := range p.marks {
		if m.kind != words || strings.TrimSpace(m.text) == "" {
			continue
		}
		at, width := m.points[0], m.face.width(strings.TrimRight(m.text, " "), m.size)
		if at.x < 0 || at.x+width > float64(p.Width)-8 || at.y < m.size*0.7 || at.y > float64(p.Height)-4 {
			t.Errorf("%s: %q runs from %.0f to %.0f of %d, at %.0f of %d", name, m.text, at.x, at.x+width, p.Width, at.y, p.Height)
		}
		m.face.set(m.text, func(f form, _ int) {
			if f.glyph == 0 {
				t.Errorf("%s: a character of %q is not in the font", name, m.text)
			}
		})
		// From the height of a capital to a descender's half: what ink there may be.
		r := rect{at.x, at.y - 0.62*m.size, width, 0.7 * m.size}
		for i, other := range taken {
			if r.x+0.5 < other.x+other.w && other.x+0.5 < r.x+r.w && r.y < other.y+other.h && other.y < r.y+r.h {
				t.Errorf("%s: %q touches %q", name, m.text, texts[i])
			}
		}
		taken, texts = append(taken, r), append(texts, m.text)
	}
}

// The width that Chromium measures for four digits at 100 px in the shipped font, to a tenth of a pixel.
func TestWidthsAreThoseOfABrowser(t *testing.T) {
	if got := sans.width("0123", 100); math.Abs(got-198.8) > 0.1 {
		t.Errorf("for 0123, got %g, want 198.8", got)
	}
	if to, apart := sans.width("To", 100), sans.width("T", 100)+sans.width("o", 100); to >= apart {
		t.Errorf("To is %g wide and its letters %g: they are not kerned", to, apart)
	}
}

// The picture is counted: as many cells of each fill as the report says, read from the pixels.
func TestBoardShowsTheCounts(t *testing.T) {
	s, r := build(t, "")
	page := story.Opening(s, r)
	file, err := Social(page, Light).PNG()
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	if b := img.Bounds(); b.Dx() != 1200 || b.Dy() != 630 {
		t.Errorf("got %v, want 1200 × 630", b)
	}
	got := map[color.NRGBA]int{}
	for row := range 16 {
		for column := range 16 { // cells are 12 px apart
			got[color.NRGBAModel.Convert(img.At(int(boardLeft)+column*12+4, 122+row*12+4)).(color.NRGBA)]++
		}
	}
	want := map[color.NRGBA]int{
		{0x14, 0x38, 0x6F, 255}: page.Board.Computed,
		{0x6A, 0x96, 0xCE, 255}: page.Board.Touched - page.Board.Computed,
		{0xE6, 0xED, 0xF6, 255}: page.Board.Resident - page.Board.Touched,
	}
	for c, n := range want {
		if got[c] != n {
			t.Errorf("got %d cells of %v, want %d", got[c], c, n)
		}
	}
}

func TestPicturesAreTheSameAgain(t *testing.T) {
	s, r := build(t, "tpot=50")
	for _, name := range ChartNames() {
		first, _ := chart(s, r, name, Light)
		second, _ := chart(s, r, name, Light)
		if !bytes.Equal(first.SVG(), second.SVG()) {
			t.Errorf("%s: two drawings differ", name)
		}
		a, errA := first.PNG()
		b, errB := second.PNG()
		if errA != nil || errB != nil || !bytes.Equal(a, b) {
			t.Errorf("%s: two PNGs differ: %v, %v", name, errA, errB)
		}
	}
}

// elements are all that a picture is made of: none can run, load or link to anything.
var elements = map[string]bool{"svg": true, "title": true, "desc": true, "g": true, "path": true, "use": true, "circle": true}

func TestSVGIsWellFormedAndHarmless(t *testing.T) {
	for _, q := range queries {
		pictures(t, q, func(name string, p *Picture) {
			p.Title = `"><script>alert(1)</script>&'` + "\x00\x1b\u202e"
			p.Description = `]]><!-- <image href="https://example.org/"/>`
			checkSVG(t, name, p)
		})
	}
}

func checkSVG(t *testing.T, name string, p *Picture) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(p.SVG()))
	defined := map[string]bool{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if !elements[e.Name.Local] {
			t.Errorf("%s: has an element %q", name, e.Name.Local)
		}
		for _, a := range e.Attr {
			switch {
			case strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "style":
				t.Errorf("%s: has an attribute %q", name, a.Name.Local)
			case a.Name.Local == "id":
				defined[a.Value] = true
			case a.Name.Local == "href" && !defined[strings.TrimPrefix(a.Value, "#")]:
				t.Errorf("%s: uses %q, which is not defined before it", name, a.Value)
			case strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf"):
				t.Errorf("%s: %s is %q", name, a.Name.Local, a.Value)
			}
		}
	}
}

// Names are outlines and escaped words, whatever they hold and however long they are.
func TestNamesAreText(t *testing.T) {
	s, r := build(t, "")
	for _, name := range []string{`<script>alert(1)</script>`, `"'&<!--]]>`, strings.Repeat("W", 300), strings.Repeat("long name ", 60), "模型 \u202e\x00"} {
		page := story.Opening(s, r)
		page.Title, page.Description = name, name
		page.Kicker = story.Text{{Text: name}}
		page.Answer = append(story.Text{{Text: name + " "}}, page.Answer...)
		page.Strip[0].Value.Text, page.Strip[0].Context = name, name
		p := Social(page, Light)
		checkSVG(t, name, p)
		if strings.Contains(string(p.SVG()), "<script") {
			t.Errorf("%q became an element", name)
		}
		if _, err := p.PNG(); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestChartsThatHaveNothingToShow(t *testing.T) {
	s, r := build(t, "model=llama-3.1-70b")
	for _, name := range []string{"coverage", "boards", "no-such-chart", ""} {
		if _, ok := chart(s, r, name, Light); ok {
			t.Errorf("%q of a dense model was drawn", name)
		}
	}
}

// A figure said alone is the page's, but for its table.
func TestFiguresAreThePages(t *testing.T) {
	for _, q := range queries {
		s, r := build(t, q)
		for _, section := range story.Build(s, r).Sections {
			for _, want := range section.Frames {
				got, ok := story.Figure(s, r, want.Chart)
				got.Table, want.Table = story.Table{}, story.Table{}
				if ok && !reflect.DeepEqual(got, want) {
					t.Errorf("%s of %q: got %+v, want %+v", want.Chart, q, got, want)
				}
			}
		}
		for _, name := range ChartNames() {
			if _, ok := story.Figure(s, r, name); !ok {
				t.Errorf("%s cannot be said alone", name)
			}
		}
	}
}

func BenchmarkSocialPNG(b *testing.B) {
	s, r := build(b, "")
	page := story.Opening(s, r)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Social(page, Light).PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkChartSVG(b *testing.B) {
	s, r := build(b, "")
	b.ReportAllocs()
	for b.Loop() {
		p, _ := chart(s, r, "tpot", Light)
		p.SVG()
	}
}
