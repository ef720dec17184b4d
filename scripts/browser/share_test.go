package browser

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"encoding/xml"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	code      = `[data-share=code]`
	shareOpen = `document.getElementById("share").open`
)

// openShare opens the dialog and chooses what to take.
func openShare(t *testing.T, path, button, take string, view View) *Page {
	t.Helper()
	p := Open(t, path, view)
	p.WaitLive()
	p.Click(button)
	p.Wait(shareOpen + ` && document.querySelector("` + code + `").textContent`)
	if take != "" {
		choose(p, "share-take", take)
	}
	return p
}

// choose presses a radio button as a pointer would, and waits until it has been answered.
func choose(p *Page, name, value string) {
	p.t.Helper()
	Eval[bool](p, fmt.Sprintf(`(document.querySelector('[name="%s"][value="%s"]').click(), true)`, name, value))
	p.Settle()
}

func codeOf(p *Page) string {
	return Eval[string](p, `document.querySelector("`+code+`").textContent`)
}

func TestSharingTakesWhatShows(t *testing.T) {
	p := openShare(t, "/?model=kimi-k2&gpus=32", `[data-verb=share][data-frame=models]`, "", View{})
	if got := codeOf(p); got != siteURL+"/?model=kimi-k2&gpus=32" {
		t.Errorf("link: got %q", got)
	}
	choose(p, "share-take", "numbers")
	if got := codeOf(p); !strings.Contains(got, "Kimi K2,") || !strings.Contains(got, "1026408232448") {
		t.Errorf("table: got %.200q, want the unrounded weights of Kimi K2", got)
	}
	choose(p, "share-format", "json")
	if got := Eval[float64](p, `JSON.parse(document.querySelector("`+code+`").textContent).model.total_params`); got != 1026408232448 {
		t.Errorf("answer: got %v parameters", got)
	}
	choose(p, "share-format", "command")
	if got := codeOf(p); got != "go run ./scripts/estimate 'model=kimi-k2&gpus=32'" {
		t.Errorf("command: got %q", got)
	}
	if got := p.Address(); got != "?model=kimi-k2&gpus=32" {
		t.Errorf("the dialog has changed the address: %s", got)
	}
	p.MustBeQuiet()
}

// Opening sends nothing; what is not asked for is not fetched.
func TestTheShareDialogFetchesWhatIsAskedFor(t *testing.T) {
	p := openShare(t, "/", ".top [data-verb=share]", "", View{})
	fetched := func(part string) (n int) {
		p.mutex.Lock()
		defer p.mutex.Unlock()
		for _, address := range p.requests {
			if strings.Contains(address, part) {
				n++
			}
		}
		return n
	}
	if fetched("/share-") == 0 {
		t.Error("the dialog's script was not fetched")
	}
	for _, part := range []string{"/embed", "/qr-"} {
		if fetched(part) > 0 {
			t.Errorf("%s was fetched before it was asked for", part)
		}
	}
	p.Click("[data-share=show-qr]")
	p.Wait(`document.querySelector("#share .dqr svg")`)
	if fetched("/qr-") == 0 {
		t.Error("the drawing of codes was not fetched")
	}
	p.MustBeQuiet()
}

func TestAKeyboardUsesTheShareDialog(t *testing.T) {
	p := openShare(t, "/", ".top [data-verb=share]", "", View{})
	Eval[bool](p, `(Object.defineProperty(navigator, "clipboard", {value: {writeText: async text => { window.taken = text }}}), true)`)
	p.Press(kb.ArrowDown)
	p.Press(kb.ArrowDown)
	p.Press(kb.ArrowDown)
	p.Press(kb.ArrowDown)
	if got := Eval[string](p, `document.getElementById("share").dataset.take`); got != "numbers" {
		t.Errorf("four arrows down take %q, want numbers", got)
	}
	for range 20 {
		p.Press(kb.Tab)
		if Eval[bool](p, `document.activeElement.matches("[data-share=copy]")`) {
			break
		}
	}
	p.Press(kb.Enter)
	p.Wait(`window.taken`)
	if got, want := Eval[string](p, `window.taken`), codeOf(p); got != want {
		t.Errorf("copied %.80q, want %.80q", got, want)
	}
	if got := p.Text("[data-share=copy]"); got != "Copied" {
		t.Errorf("the button says %q", got)
	}
	p.Wait(`document.querySelector("[data-share=copy]").textContent === "Copy CSV"`)
	p.Press(kb.Escape)
	p.Wait("!" + shareOpen)
	if !Eval[bool](p, `document.activeElement.matches(".top [data-verb=share]")`) {
		t.Error("the focus is not back at the button")
	}
	p.MustBeQuiet()
}

// A picture is a whole file: it names no font or colour that it does not hold.
func TestAPictureStandsByItself(t *testing.T) {
	for theme, paper := range map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(18, 21, 23)"} {
		p := openShare(t, "/?model=kimi-k2", `[data-verb=share][data-frame=coverage]`, "picture", View{})
		choose(p, "share-colours", theme)
		p.Wait(`document.querySelector("[data-share=image]").naturalWidth > 0 && decodeURIComponent(document.querySelector("[data-share=image]").src).includes("` + paper + `")`)
		svg := Eval[string](p, `decodeURIComponent(document.querySelector("[data-share=image]").src.split(",").slice(1).join(","))`)
		elements := parseSVG(t, svg)
		if elements["text"] < 10 || elements["path"] < 5 {
			t.Errorf("%s: got %v, want a chart with its words", theme, elements)
		}
		if n := strings.Count(svg, "@font-face{"); n < 2 || strings.Count(svg, "src:url(data:font/woff2;base64,") != n {
			t.Errorf("%s: got %d fonts, want both, each in the file", theme, n)
		}
		for _, want := range []string{paper, "Kimi K2", "H100"} {
			if !strings.Contains(svg, want) {
				t.Errorf("%s: the picture lacks %q", theme, want)
			}
		}
		if strings.Contains(svg, "var(--") || strings.Contains(svg, "class=") {
			t.Errorf("%s: the picture needs a style sheet", theme)
		}
		if got, want := codeOf(p), "/m/kimi-k2/coverage"+map[string]string{"dark": "-dark"}[theme]+".svg)]("; !strings.HasPrefix(got, "[![Kimi K2: ") || !strings.Contains(got, want) {
			t.Errorf("%s: Markdown: got %q, want %s in it", theme, got, want)
		}
		p.MustBeQuiet()
	}
}

// parseSVG counts the elements of an SVG and refuses what could run or load anything.
func parseSVG(t *testing.T, svg string) map[string]int {
	t.Helper()
	elements := map[string]int{}
	for d := xml.NewDecoder(strings.NewReader(svg)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return elements
		}
		if err != nil {
			t.Fatalf("%v in %.300s", err, svg)
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		elements[e.Name.Local]++
		switch e.Name.Local {
		case "script", "foreignObject", "image", "a", "use", "animate", "set", "iframe":
			t.Errorf("the picture holds an element %s", e.Name.Local)
		}
		for _, a := range e.Attr {
			if strings.HasPrefix(a.Name.Local, "on") || a.Name.Local == "href" {
				t.Errorf("the picture holds an attribute %s", a.Name.Local)
			}
		}
	}
}

func TestAPNGIsTwiceAsLarge(t *testing.T) {
	p := openShare(t, "/", `[data-verb=share][data-frame=ledger]`, "picture", View{})
	p.Wait(`document.querySelector("[data-share=image]").naturalWidth > 0`)
	Eval[bool](p, `(URL.createObjectURL = blob => { window.saved = blob; return "" }, HTMLAnchorElement.prototype.click = function () { window.savedAs = this.download }, document.querySelector("[data-save=png]").click(), true)`)
	p.Wait(`window.savedAs`)
	if got := Eval[string](p, `window.savedAs`); got != "moecost-ledger.png" {
		t.Errorf("saved as %q", got)
	}
	text := Eval[string](p, `new Promise(done => { const r = new FileReader(); r.onload = () => done(r.result.split(",")[1]); r.readAsDataURL(window.saved) })`)
	file, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	size := Eval[[]int](p, `(image => [image.width, image.height])(document.querySelector("[data-share=image]"))`)
	if b := picture.Bounds(); b.Dx() != 2*size[0] || b.Dy() != 2*size[1] {
		t.Errorf("got %v, want twice %v", b, size)
	}
	colours := map[[3]uint32]bool{}
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			r, g, b, _ := picture.At(x, y).RGBA()
			colours[[3]uint32{r, g, b}] = true
		}
	}
	if len(colours) < 100 { // marks, words and their soft edges
		t.Errorf("the picture has %d colours: it is empty", len(colours))
	}
	p.MustBeQuiet()
}

// A scenario of one's own has no picture at an address: the file is put beside the post.
func TestMarkdownOfAScenario(t *testing.T) {
	p := openShare(t, "/?batch=128", `[data-verb=share][data-frame=tpot]`, "picture", View{})
	p.Wait(`document.querySelector("[data-share=note]").textContent.includes("beside your post")`)
	if got := codeOf(p); !strings.Contains(got, "](moecost-tpot.svg)]("+siteURL+"/?batch=128)") {
		t.Errorf("got %q", got)
	}
	// A program at the edge says so in the head of the page.
	Eval[bool](p, `(document.head.insertAdjacentHTML("beforeend", '<link rel="alternate" type="application/json+oembed">'), true)`)
	choose(p, "share-colours", "dark")
	p.Wait(`document.querySelector("[data-share=code]").textContent.includes("/chart.svg?")`)
	if got := codeOf(p); !strings.Contains(got, "chart=tpot") || !strings.Contains(got, "theme=dark)]("+siteURL+"/?batch=128)") {
		t.Errorf("got %q", got)
	}
}

// Three squares with their quiet around them, at the corners where a reader looks for them (ISO/IEC 18004).
func TestTheQRCode(t *testing.T) {
	p := openShare(t, "/?model=kimi-k2", ".top [data-verb=share]", "", View{Theme: "dark"})
	p.Click("[data-share=show-qr]")
	p.Wait(`document.querySelector("#share .dqr svg")`)
	side := Eval[int](p, `document.querySelector("#share .dqr svg").viewBox.baseVal.width - 8`)
	if side < 21 || (side-17)%4 != 0 {
		t.Fatalf("got %d modules, want 17 and a multiple of four", side)
	}
	dark := func(x, y int) bool {
		return Eval[bool](p, fmt.Sprintf(`(path => path.isPointInFill(new DOMPoint(%d.5, %d.5)))(document.querySelector("#share .dqr path"))`, x, y))
	}
	for _, corner := range [][2]int{{0, 0}, {side - 7, 0}, {0, side - 7}} {
		for i, want := range []bool{true, false, true, true, true, false, true} {
			if got := dark(corner[0]+i, corner[1]+3); got != want {
				t.Errorf("module %d of the square at %v: dark %v, want %v", i, corner, got, want)
			}
		}
	}
	if got := Eval[[]string](p, `[...document.querySelectorAll("#share .dqr :is(rect, path)")].map(e => getComputedStyle(e).fill)`); got[0] != "rgb(255, 255, 255)" || got[1] != "rgb(21, 24, 27)" {
		t.Errorf("got ground and modules %v, want dark on light", got)
	}
	p = openShare(t, "/?x="+strings.Repeat("y", 1300), ".top [data-verb=share]", "", View{})
	p.Click("[data-share=show-qr]")
	p.Wait(`document.querySelector("#share .dqr").textContent.includes("too long")`)
}

// The code of a frame is one frame, whatever it is read by.
func TestTheCodeOfAFrameIsOneFrame(t *testing.T) {
	for _, take := range []string{"live", "fixed"} {
		p := openShare(t, "/?model=kimi-k2&batch=16", `[data-verb=share][data-frame=tpot]`, take, View{})
		p.Wait(`document.querySelector("[data-share=code]").textContent.startsWith("<iframe")`)
		read := Eval[[]string](p, `(() => {
			const read = new DOMParser().parseFromString(document.querySelector("[data-share=code]").textContent, "text/html");
			const frame = read.querySelector("iframe");
			return [frame.src, frame.title, String(read.querySelectorAll("body *").length), String(read.querySelectorAll("script").length)];
		})()`)
		for _, want := range []string{siteURL + "/embed/?", "model=kimi-k2", "batch=16", "chart=tpot", "gpus=", "engine=vllm"} {
			if !strings.Contains(read[0], want) {
				t.Errorf("%s: the frame's address lacks %s: %s", take, want, read[0])
			}
		}
		if !strings.HasSuffix(read[1], ", Kimi K2") {
			t.Errorf("%s: the frame's title is %q", take, read[1])
		}
		if want := map[string][2]string{"live": {"2", "1"}, "fixed": {"1", "0"}}[take]; read[2] != want[0] || read[3] != want[1] {
			t.Errorf("%s: got %s elements and %s scripts, want %v", take, read[2], read[3], want)
		}
	}
}

func TestAxeFindsNothingInTheShareDialog(t *testing.T) {
	axe, err := os.ReadFile("../../site/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: build the site first", err)
	}
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int{390, 1440} {
			p := openShare(t, "/", ".top [data-verb=share]", "", View{Width: width, Theme: theme})
			Eval[bool](p, string(axe)+";true")
			for _, take := range []string{"link", "live", "fixed", "picture", "numbers"} {
				choose(p, "share-take", take)
				if take == "link" {
					p.Click("[data-share=show-qr]")
					p.Wait(`document.querySelector("#share .dqr svg")`)
				}
				found := Eval[[]string](p, `axe.run("#share", {iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")))`)
				for _, violation := range found {
					t.Errorf("%s, %d px, %s: %s", theme, width, take, violation)
				}
				if got := Eval[int](p, `document.getElementById("share").scrollWidth`); got > width {
					t.Errorf("%s, %d px, %s: the dialog is %d px wide", theme, width, take, got)
				}
			}
		}
	}
}

// The preview is the embed itself: it draws what the page shows, and the frame is as high as it asks.
func TestThePreviewIsTheEmbed(t *testing.T) {
	p := openShare(t, "/?model=kimi-k2&batch=16", `[data-verb=embed][data-frame=tpot]`, "", View{})
	if got := Eval[string](p, `document.getElementById("share").dataset.take`); got != "live" {
		t.Fatalf("Embed takes %q, want the live chart", got)
	}
	const frame = `document.querySelector("#share iframe")`
	p.Wait(frame + `?.contentDocument?.documentElement?.hasAttribute("data-live")`)
	p.Wait(frame + `.contentDocument.querySelector(".plot svg")`)
	p.Wait(frame + `.contentDocument.scrollingElement.scrollHeight <= ` + frame + `.clientHeight + 1`)
	if got := Eval[string](p, frame+`.contentDocument.body.innerText`); !strings.Contains(got, "Kimi K2") {
		t.Errorf("the preview says %.200q", got)
	}
	size := Eval[[]string](p, `[document.querySelector("[data-share=size]").textContent, `+frame+`.width + " × " + `+frame+`.height]`)
	if size[0] != size[1] {
		t.Errorf("the dialog says %s, the frame is %s", size[0], size[1])
	}
	if got := codeOf(p); !strings.Contains(got, ` height="`+strings.Split(size[1], " × ")[1]+`"`) {
		t.Errorf("the frame is %s, the code says %.400s", size[1], got)
	}
	// Another width lays the same frame out anew.
	Eval[bool](p, `(window.before = `+frame+`, (field => { field.value = "400"; field.dispatchEvent(new Event("input", {bubbles: true})) })(document.querySelector("#share input[type=range]")), true)`)
	p.Wait(frame + `.width === "400" && document.querySelector("[data-share=size]").textContent.startsWith("400 × ")`)
	if !Eval[bool](p, `window.before === `+frame) {
		t.Error("another width has loaded the embed again")
	}
	p.Press(kb.Escape)
	p.Wait(`!document.querySelector("#share iframe")`)
	if got := p.Address(); got != "?model=kimi-k2&batch=16" {
		t.Errorf("the address is %s", got)
	}
	p.MustBeQuiet()
}

// A figure that the build has drawn, of a search that nobody has asked for yet, has its table to take.
func TestFiguresOfThePlanHaveNumbers(t *testing.T) {
	for _, name := range []string{"plan", "pareto", "tornado"} {
		p := openShare(t, "/", `[data-verb=share][data-frame=`+name+`]`, "numbers", View{})
		p.Wait(`document.querySelector("[data-share=code]").textContent.includes(",")`)
		rows, err := csv.NewReader(strings.NewReader(codeOf(p))).ReadAll()
		if err != nil || len(rows) < 3 {
			t.Errorf("%s: got %d lines, %v: %.200s", name, len(rows), err, codeOf(p))
		}
		choose(p, "share-take", "live")
		p.MustSee("[data-share=notice]", "cannot stand in a frame")
		p.MustBeQuiet()
	}
}

// Where the dialog's script does not arrive the dialog says so, and the page goes on.
func TestAShareDialogWithoutItsScriptSaysSo(t *testing.T) {
	p := Open(t, "/", View{Block: "/share-"})
	p.WaitLive()
	p.Click(".top [data-verb=share]")
	p.Wait(`document.querySelector("[data-share=notice]").textContent.includes("could not be loaded")`)
	p.Press(kb.Escape)
	p.Wait("!" + shareOpen)
	p.Type(batch, "9")
	p.Wait(`location.search === "?batch=9"`)
}
