package browser

import (
	"encoding/xml"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// get fetches a file of the site.
func get(t *testing.T, path string) (string, http.Header) {
	t.Helper()
	res, err := http.Get(siteURL + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("%s: the server answered %d", path, res.StatusCode)
	}
	return string(content), res.Header
}

// Without scripts the page of a preset says and shows its answer.
func TestPresetPageStandsAlone(t *testing.T) {
	for _, c := range []struct{ id, name string }{{"mixtral-8x7b", "Mixtral 8x7B"}, {"qwen3-32b", "Qwen3-32B"}} {
		p := Open(t, "/m/"+c.id+"/", View{NoScript: true})
		p.MustSee(answer, c.name, "fits on", "a token for $")
		p.MustSee("[data-slot=kicker]", c.name, "64 sequences")
		head := Eval[map[string]string](p, `(() => {
			const content = (name) => document.querySelector('meta[property="' + name + '"], meta[name="' + name + '"]')?.content ?? "";
			return { title: document.title, description: content("description"), ogTitle: content("og:title"), image: content("og:image"), alt: content("og:image:alt"),
				url: content("og:url"), card: content("twitter:card"), canonical: document.querySelector("link[rel=canonical]")?.href ?? "" };
		})()`)
		said := strings.Join(strings.Fields(Eval[string](p, `document.querySelector("[data-slot=answer]").textContent`)), " ")
		for what, ok := range map[string]bool{
			"title": strings.HasPrefix(head["title"], c.name+" on ") && head["title"] == head["ogTitle"],
			// the same sentence, whose ranges are set off by other spaces
			"description":  strings.HasPrefix(strings.Join(strings.Fields(head["description"]), " "), said) && head["alt"] == head["description"],
			"canonical":    strings.HasSuffix(head["canonical"], "/m/"+c.id+"/") && strings.HasSuffix(head["url"], "/m/"+c.id+"/"),
			"image":        strings.HasSuffix(head["image"], "/m/"+c.id+"/card.png"),
			"kind of card": head["card"] == "summary_large_image",
		} {
			if !ok {
				t.Errorf("%s: %s: got %q, and the page says %q", c.id, what, head, said)
			}
		}
		// Pictures that wait to be scrolled to are fetched at once where there are no scripts.
		p.Wait(`[...document.querySelectorAll("img.still")].every(i => i.complete)`)
		if broken := Eval[[]string](p, `[...document.querySelectorAll("img.still")].filter(i => !i.naturalWidth).map(i => i.src)`); len(broken) > 0 {
			t.Errorf("%s: pictures that do not load: %q", c.id, broken)
		}
		if bare := Eval[[]string](p, `[...document.querySelectorAll(".plot[data-chart]:not(.empty)")].filter(e => e.checkVisibility() && ![...e.children].some(c => c.checkVisibility())).map(e => e.dataset.chart)`); len(bare) > 0 {
			t.Errorf("%s: figures without a drawing: %q", c.id, bare)
		}
	}
}

func TestCards(t *testing.T) {
	for _, path := range []string{"/card.png", "/m/mixtral-8x7b/card.png", "/m/qwen3-32b/card.png"} {
		content, header := get(t, path)
		size, err := png.DecodeConfig(strings.NewReader(content))
		if err != nil || size.Width != 1200 || size.Height != 630 {
			t.Errorf("%s: got %d × %d, %v, want 1200 × 630", path, size.Width, size.Height, err)
		}
		if kind := header.Get("Content-Type"); kind != "image/png" {
			t.Errorf("%s: got %s, want image/png", path, kind)
		}
	}
}

// mixed is a colour with a share of another.
func mixed(a, b string, share float64) string {
	out := "#"
	for i := 1; i < 7; i += 2 {
		x, _ := strconv.ParseUint(a[i:i+2], 16, 8)
		y, _ := strconv.ParseUint(b[i:i+2], 16, 8)
		out += fmt.Sprintf("%02X", int(float64(x)*(1-share)+float64(y)*share+0.5))
	}
	return out
}

var literal = regexp.MustCompile(`#[0-9A-F]{6}`)

// Pictures are documents of their own: well formed, in the colours of one palette, and asking for nothing.
func TestPicturesStandAlone(t *testing.T) {
	css, err := os.ReadFile("../../site/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	palettes := [2]map[string]bool{{}, {}} // light, dark
	for _, m := range regexp.MustCompile(`light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)`).FindAllStringSubmatch(string(css), -1) {
		palettes[0][m[1]], palettes[1][m[2]] = true, true
	}
	ink := [2]string{"#15181B", "#EDEFEC"}
	p := Open(t, "/m/mixtral-8x7b/", View{Block: ".js"})
	charts := Eval[[]string](p, `[...document.querySelectorAll(".plot[data-chart]:not(.empty):not([hidden])")].map(e => e.dataset.chart)`)
	if len(charts) < 15 {
		t.Fatalf("got %d charts, want at least 15: %q", len(charts), charts)
	}
	for _, name := range charts {
		for dark, suffix := range []string{"", "-dark"} {
			path := "/m/mixtral-8x7b/" + name + suffix + ".svg"
			svg, header := get(t, path)
			if kind := header.Get("Content-Type"); kind != "image/svg+xml" {
				t.Errorf("%s: got %s", path, kind)
			}
			if header.Get("Cross-Origin-Resource-Policy") != "cross-origin" {
				t.Errorf("%s: other sites that isolate themselves cannot show it", path)
			}
			elements := map[string]int{}
			title := ""
			for decoder := xml.NewDecoder(strings.NewReader(svg)); ; {
				token, err := decoder.Token()
				if err == io.EOF {
					break
				}
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				if e, ok := token.(xml.StartElement); ok {
					elements[e.Name.Local]++
					for _, a := range e.Attr {
						if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") || a.Name.Local == "style" {
							t.Errorf("%s: %s has %s=%q", path, e.Name.Local, a.Name.Local, a.Value)
						}
					}
					if e.Name.Local == "title" {
						decoder.DecodeElement(&title, &e)
					}
				}
			}
			views := 1 // of the drawing alone, in every figure whose still it is
			if name == "ledger" {
				views = 0
			}
			if title == "" || elements["view"] != views || elements["path"] < 20 || elements["text"]+elements["script"]+elements["style"]+elements["image"] > 0 {
				t.Errorf("%s: title %q, elements %v", path, title, elements)
			}
			foreign := map[string]bool{}
			for _, colour := range literal.FindAllString(svg, -1) {
				if !palettes[dark][colour] {
					foreign[colour] = true
				}
			}
			for colour := range palettes[dark] { // the outlines of the ledger's fills
				delete(foreign, mixed(colour, ink[dark], 0.45))
			}
			if len(foreign) > 0 || strings.Contains(svg, "var(") {
				t.Errorf("%s: colours of no palette: %v", path, foreign)
			}
		}
	}
}

// The palette follows the choice made on the page, before any chart is drawn anew.
func TestPicturesFollowTheColours(t *testing.T) {
	shown := `[...document.querySelectorAll("img.still")].filter(i => i.checkVisibility()).map(i => i.src.includes("-dark.svg") ? "dark" : "light").filter((v, i, all) => all.indexOf(v) === i).join(" ")`
	for system, other := range map[string]string{"light": "dark", "dark": "light"} {
		p := Open(t, "/m/mixtral-8x7b/", View{Theme: system, Block: ".wasm"})
		if got := Eval[string](p, shown); got != system {
			t.Errorf("a %s system: pictures are %q", system, got)
		}
		Eval[bool](p, fmt.Sprintf(`(document.documentElement.dataset.theme = %q, true)`, other))
		if got := Eval[string](p, shown); got != other {
			t.Errorf("a %s system and %s chosen: pictures are %q", system, other, got)
		}
	}
}

// The path says the model; what is changed has its link at the root, where it opens as it was.
func TestPresetPageIsLive(t *testing.T) {
	at := `location.pathname + location.search`
	p := Open(t, "/m/mixtral-8x7b/", View{})
	p.WaitLive()
	p.MustSee(answer, "Mixtral 8x7B")
	if got := Eval[string](p, at); got != "/m/mixtral-8x7b/" {
		t.Errorf("left alone, the address became %s", got)
	}
	if Eval[bool](p, `Boolean(document.querySelector('[data-busy="true"]'))`) {
		t.Error("the page simulates again what it came with")
	}
	before := p.Text(answer)
	p.Type(`input[type=text][data-key=batch]`, "128")
	p.Wait(`location.pathname === "/" && location.search === "?model=mixtral-8x7b&batch=128"`)
	p.MustSee("[data-slot=kicker]", "Mixtral 8x7B", "128 sequences")
	changed := p.Text(answer)
	p.Reload()
	p.WaitLive()
	if got := p.Text(answer); got != changed {
		t.Errorf("opened again: got %q, want %q", got, changed)
	}
	p = Open(t, "/m/mixtral-8x7b/", View{})
	p.WaitLive()
	p.Type(`input[type=text][data-key=batch]`, "128")
	p.Wait(`location.search`)
	p.Type(`input[type=text][data-key=batch]`, "64")
	p.Wait(`location.search === "?model=mixtral-8x7b"`)
	if got := p.Text(answer); got != before {
		t.Errorf("changed and changed back: got %q, want %q", got, before)
	}
	// Another model is an entry of its own in the history; Back returns to the page of this one.
	p = Open(t, "/m/mixtral-8x7b/", View{})
	p.WaitLive()
	p.Type(`[data-combo=model] input`, "DeepSeek-V3")
	p.Wait(`location.pathname === "/" && location.search === ""`)
	p.MustSee(answer, "DeepSeek-V3")
	Eval[bool](p, `(history.back(), true)`)
	p.Wait(`location.pathname === "/m/mixtral-8x7b/" && document.querySelector("[data-slot=answer]").textContent.includes("Mixtral 8x7B")`)
	p.Press(kb.Escape)
	p.MustBeQuiet()

	for link, want := range map[string][]string{
		"/m/mixtral-8x7b/?batch=128":                       {"Mixtral 8x7B", "128 sequences"},
		"/m/mixtral-8x7b/?model=qwen3-32b":                 {"Qwen3-32B", "64 sequences"},
		"/m/deepseek-v3/?gpus=8":                           {"DeepSeek-V3", "8 × H100"},
		"/m/mixtral-8x7b/?batch=32&unknown=%3Cb%3E#memory": {"Mixtral 8x7B", "32 sequences"},
		"/m/mixtral-8x7b/index.html?in=8192":               {"Mixtral 8x7B", "8,192 + 1,024"},
	} {
		p := Open(t, link, View{})
		p.WaitLive()
		p.MustSee("[data-slot=kicker]", want...)
	}
}

func TestListOfModels(t *testing.T) {
	for _, width := range []int{360, 1440} {
		p := Open(t, "/m/", View{Width: width})
		p.MustSee("h1", "models costs to serve")
		p.MustSee(".models", "DeepSeek-V3", "671 B", "37.6 B", "Mixtral 8x7B", "Dense, for comparison")
		if got := Eval[int](p, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("at %d px the list is %d px wide", width, got)
		}
		if small := Eval[[]string](p, `[...document.querySelectorAll(".models a")].filter(a => a.getBoundingClientRect().height < 24).map(a => a.textContent)`); len(small) > 0 {
			t.Errorf("at %d px, lower than 24 px: %q", width, small)
		}
		p.MustBeQuiet()
	}
	p := Open(t, "/m/", View{NoScript: true})
	p.Click(`.models a[href="/m/mixtral-8x7b/"]`)
	p.Wait(`document.title.startsWith("Mixtral 8x7B on")`)
	p.Click(`.pagefoot a[href="/m/"]`)
	p.Wait(`document.title.startsWith("All models")`)
}

func TestAliasesAndClosedModels(t *testing.T) {
	p := Open(t, "/m/mixtral-8x7b-instruct/", View{NoScript: true})
	p.Wait(`location.pathname === "/m/mixtral-8x7b/"`)
	p = Open(t, "/m/gemini-1.5/", View{NoScript: true})
	p.MustSee("h1", "Gemini 1.5", "not public")
	p = Open(t, "/m/gemini-1.5/", View{})
	p.Click(`main a[href^="/?model="]`)
	p.WaitLive()
	p.Wait(`document.getElementById("config").open`)
	p.MustBeQuiet()
}
