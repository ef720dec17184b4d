package card

import (
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"moecost/core/story"
)

// frame and drawn as prerendering leaves them.
const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><path d="M0 50H200" stroke="var(--rule)" fill="none"/>` +
	`<text dominant-baseline="central" text-anchor="end" font-size="20px" font-weight="600" transform="translate(150 40)" fill="var(--ink-2)" stroke="var(--paper)" stroke-width="4" paint-order="stroke">a &lt;b&gt;</text>` +
	`<rect width="9" height="9" fill="#657A8F"/></svg>`

func drawnFrame() story.Frame {
	return story.Frame{
		Chart: "x", Title: `1 < 2 & "3"`, Unit: "Unit", Name: "<script>alert(1)</script>", Source: story.Text{{Text: "From ]]> here"}},
	}
}

func mustDraw(t *testing.T, svg string, theme Theme) string {
	t.Helper()
	p, err := Drawn(drawnFrame(), story.Text{{Text: "Of a model"}}, Drawing{svg, 200, 100}, "example.org/m/x/", theme)
	if err != nil {
		t.Fatal(err)
	}
	return string(p.SVG())
}

func TestDrawnIsWellFormedAndSafe(t *testing.T) {
	svg := mustDraw(t, drawing, Light)
	decoder := xml.NewDecoder(strings.NewReader(svg))
	var texts []string
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v in %s", err, svg)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if n := e.Name.Local; n == "script" || n == "text" || n == "style" {
				t.Errorf("a picture holds a %s", n)
			}
		case xml.CharData:
			if text := strings.TrimSpace(string(e)); text != "" {
				texts = append(texts, text)
			}
		}
	}
	if want := []string{`1 < 2 & "3"`, "<script>alert(1)</script>"}; len(texts) != 2 || texts[0] != want[0] || texts[1] != want[1] {
		t.Errorf("title and description: got %q, want %q", texts, want)
	}
}

// Tokens become the theme's colours; so does a fill mixed with ink, #657A8F: 55 % of #A7CBEE and 45 % of #15181B.
func TestDrawnHasTheColoursOfItsTheme(t *testing.T) {
	light, dark := mustDraw(t, drawing, Light), mustDraw(t, drawing, Dark)
	for _, c := range []struct{ svg, want string }{
		{light, `stroke="#DDE0DD"`}, {dark, `stroke="#2D3337"`}, // rule
		{light, `<g fill="#3F464E"`}, {dark, `<g fill="#C2C8CD"`}, // ink-2
		{light, `height="9" fill="#657A8F"`}, {dark, `height="9" fill="#7E96B4"`}, // 0.55 x #234D86 + 0.45 x #EDEFEC
		{light, `<path fill="#FFFFFF" d="M0 0h`}, {dark, `<path fill="#121517" d="M0 0h`},
	} {
		if !strings.Contains(c.svg, c.want) {
			t.Errorf("there is no %s in %s", c.want, c.svg)
		}
	}
}

func TestTokensAreThoseOfTheStyleSheet(t *testing.T) {
	css, err := os.ReadFile("../../site/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	dark := Dark.tokens()
	for i, light := range Light.tokens() {
		if want := "--" + light.name + ": light-dark(" + light.colour.String() + ", " + dark[i].colour.String() + ")"; !strings.Contains(string(css), want) {
			t.Errorf("tokens.css has no %q", want)
		}
	}
}

// The right end of the text stands at its anchor, its middle on the line, and all of its halo under all of its letters.
func TestDrawnPlacesText(t *testing.T) {
	p, err := textPart(`dominant-baseline="central" text-anchor="end" font-size="20px" font-weight="600" transform="translate(150 40)" fill="#000000" y="7" stroke="#FFFFFF" stroke-width="4"`, "ab")
	if err != nil {
		t.Fatal(err)
	}
	if want := -sansBold.width("ab", 20); p.x != want {
		t.Errorf("left end: got %v, want %v", p.x, want)
	}
	if want := 0.312 * 20; p.y < want-1e-9 || p.y > want+1e-9 { // (1.024 - 0.4) / 2 em below the middle
		t.Errorf("baseline: got %v, want %v", p.y, want)
	}
	if want := "translate(150 40) translate(0 7)"; p.place != want {
		t.Errorf("anchor: got %q, want %q", p.place, want)
	}
	svg := mustDraw(t, drawing, Light)
	halo, letters := strings.Index(svg, `<g fill="none" stroke="#FFFFFF"`), strings.Index(svg, `<g fill="#3F464E"`)
	if halo < 0 || letters < halo {
		t.Errorf("halo at %d, letters at %d: the halo must come first", halo, letters)
	}
}

func TestDrawnRefusesWhatItDoesNotKnow(t *testing.T) {
	for svg, want := range map[string]string{
		strings.Replace(drawing, "var(--rule)", "var(--mauve)", 1):           "a colour that no theme has",
		strings.Replace(drawing, "a &lt;b&gt;", "<tspan>a</tspan>", 1):       "only plain text",
		strings.Replace(drawing, `text-anchor="end"`, `rotate="9"`, 1):       "rotate: is not known",
		strings.Replace(drawing, `font-size="20px"`, `font-size="large"`, 1): "font-size",
		strings.Replace(drawing, "a &lt;b&gt;", "漢", 1):                      "the fonts have no '漢'",
		"<p>no drawing</p>": "this is no SVG",
	} {
		_, err := Drawn(drawnFrame(), nil, Drawing{svg, 200, 100}, "", Light)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want %q in it", svg, err, want)
		}
	}
}

// An outline on the coarse grid stays within half a unit of the one on the fine grid, at each of its ends.
func TestOutlinesEndWhereTheFontSays(t *testing.T) {
	for r, g := range typefaces[serif]().glyphs {
		w := svg{}
		segments := serif.outline(&w.buffer, g.glyph)
		var want [][2]int
		for _, s := range segments {
			end := s.Args[arguments(s.Op)-1]
			at := [2]int{coarse(end.X), coarse(end.Y)}
			if n := len(want); n == 0 || want[n-1] != at {
				want = append(want, at)
			}
		}
		w.outline(segments)
		if len(segments) == 0 {
			continue
		}
		got := walk(t, string(w.out))
		if len(got) != len(want) {
			t.Errorf("%q: got %d points, want %d", r, len(got), len(want))
			continue
		}
		for i := range got {
			if got[i] != want[i] {
				t.Errorf("%q: point %d: got %v, want %v", r, i, got[i], want[i])
			}
		}
	}
}

// walk reads path data as SVG 2 says (section 9.3) and gives the points that the pen visits.
func walk(t *testing.T, d string) (visited [][2]int) {
	var x, y int
	var command byte
	numbers := func() (v int) {
		d = strings.TrimPrefix(d, " ")
		sign := 1
		if strings.HasPrefix(d, "-") {
			sign, d = -1, d[1:]
		}
		for d != "" && d[0] >= '0' && d[0] <= '9' {
			v, d = v*10+int(d[0]-'0'), d[1:]
		}
		return v * sign
	}
	for d != "" {
		if strings.IndexByte("Mlhvqcz", d[0]) >= 0 {
			command, d = d[0], d[1:]
		}
		switch command {
		case 'M':
			x, y = numbers(), numbers()
		case 'l':
			x, y = x+numbers(), y+numbers()
		case 'h':
			x += numbers()
		case 'v':
			y += numbers()
		case 'q', 'c':
			for range map[byte]int{'q': 2, 'c': 4}[command] {
				numbers()
			}
			x, y = x+numbers(), y+numbers()
		case 'z':
			continue
		default:
			t.Fatalf("%q is no command", command)
		}
		if n := len(visited); n == 0 || visited[n-1] != [2]int{x, y} {
			visited = append(visited, [2]int{x, y})
		}
	}
	return visited
}
