package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// fits is true in a frame that needs no scroll bar of its own.
const fits = `document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth`

// A post with three embeds: all draw, as high as they are, without a complaint; a slider changes what is seen and never
// the address; the post itself goes on answering.
func TestEmbedsInPosts(t *testing.T) {
	blog := serveBlog(t)
	for post, headlines := range map[string][3]string{
		"plain":     {"A step for 64 sequences reads", "each user waits", "Qwen3-30B-A3B leaves"},
		"wordpress": {"A step for 64 sequences reads", "Half of the steps take more than", "to the first token"},
		"ghost":     {"A step for 64 sequences takes", "A step for 64 sequences reads", "under the roofs of H100"},
		"sandboxed": {"64 users get", "Most of the tail", "A sequence of 5,120 tokens keeps"},
		"coep":      {"each user waits", "Half of the steps take more than", "weights for each that it uses"},
	} {
		t.Run(post, func(t *testing.T) {
			p := OpenPost(t, blog+"/"+post+".html", View{Height: 2600})
			frames := p.WaitFrames(3)
			for i, f := range frames {
				f.Wait(drawn)
				f.Wait(fits)
				// What is simulated comes by and by, in a sandbox on the one thread that all have.
				f.Wait(fmt.Sprintf(`document.querySelector("[data-slot=headline]").innerText.replace(/\s+/g, " ").includes(%q)`, headlines[i]))
				if got := f.Text(".notices"); got != "" {
					t.Errorf("frame %d: a notice: %s", i, got)
				}
				href := In[string](f, `document.querySelector("[data-open]").getAttribute("href")`)
				if !strings.HasPrefix(href, "/?") || !strings.Contains(href, "#") || strings.Contains(href, "chart=") {
					t.Errorf("frame %d: these numbers open at %s", i, href)
				}
			}
			// A slider by keyboard, and a button of the post while the numbers are worked out.
			slid := -1
			for i, f := range frames {
				if In[bool](f, `!!document.querySelector(".own:not([hidden]) input[type=range]")`) {
					slid = i
					break
				}
			}
			if slid >= 0 {
				f := frames[slid]
				address, headline := In[string](f, `location.href`), f.Text("[data-slot=headline]")
				entries := In[int](f, `history.length`)
				Eval[bool](p, `(globalThis.pressed = 0, document.querySelector("button").addEventListener("click", () => globalThis.pressed++), true)`)
				In[bool](f, `(document.querySelector(".own input[type=range]").focus(), true)`)
				for range 8 {
					p.Press(kb.PageUp)
					Eval[bool](p, `(document.querySelector("button").click(), true)`)
				}
				f.Wait(fmt.Sprintf(`document.querySelector("[data-slot=headline]").innerText !== %q`, headline))
				f.Wait(fits)
				if got := In[string](f, `location.href`); got != address {
					t.Errorf("the frame's address became %s", got)
				}
				if got := In[int](f, `history.length`); got != entries {
					t.Errorf("the slider made %d entries of history", got-entries)
				}
				if got := Eval[int](p, `globalThis.pressed`); got != 8 {
					t.Errorf("the post's button answered %d of 8 presses", got)
				}
				if href := In[string](f, `document.querySelector("[data-open]").getAttribute("href")`); !strings.Contains(href, "batch=") {
					t.Errorf("after the slider these numbers open at %s", href)
				}
			}
			if stored := In[string](frames[0], `(() => { try { return String(localStorage.length) } catch { return "0" } })()`); stored != "0" {
				t.Errorf("%s entries in storage", stored)
			}
			p.MustBeQuiet(blog, "allow-scripts and allow-same-origin")
		})
	}
}

// Every figure there is, on a narrow column and a wide one, in its frame: drawn, said, with its table, and nothing sticks out.
func TestEveryFigureCanBeEmbedded(t *testing.T) {
	figures := Eval[[]string](Open(t, "/", View{NoScript: true}), `[...document.querySelectorAll("section:not(#plan) figure[data-frame]")].map(f => f.dataset.frame)`)
	if len(figures) < 30 {
		t.Fatalf("the page has %d figures, want at least 30", len(figures))
	}
	for i, name := range figures {
		width := []int{320, 680}[i%2]
		p := Open(t, "/embed/?model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&ram=64&batch=8&chart="+name, View{Width: width, Height: 900})
		p.Wait(drawn)
		if got := Eval[int](p, `document.documentElement.scrollWidth`); got > width {
			t.Errorf("%s: %d px wide on %d", name, got, width)
		}
		if p.Text("[data-slot=kicker]") == "" || p.Text(".notices") != "" && strings.Contains(p.Text(".notices"), "link asks") {
			t.Errorf("%s: the scenario reads %q, the notices %q", name, p.Text("[data-slot=kicker]"), p.Text(".notices"))
		}
		if own := Eval[int](p, `document.querySelectorAll(".own:not([hidden])").length`); own > 1 {
			t.Errorf("%s: %d controls, want at most one", name, own)
		}
		height := Eval[float64](p, `document.querySelector(".plot:not([hidden])")?.clientHeight ?? 0`)
		if want := min(max(0.56*float64(width), 240), 420); height != 0 && name != "ledger" && name != "traffic" && name != "boards" && (height < want-1 || height > want+1) {
			t.Errorf("%s: at %d px the chart is %v px high, want %v", name, width, height, want)
		}
		if Eval[bool](p, `!!document.querySelector("[data-verb=table]")`) {
			p.Click("[data-verb=table]")
			p.Wait(`document.querySelector(".tbl:not([hidden])")`)
		}
		if Eval[bool](p, `document.querySelector("[data-verb=how]").checkVisibility()`) { // what is measured has no arithmetic
			p.Click("[data-verb=how]")
			p.Wait(`document.querySelector("#derivation").matches(":popover-open")`)
		}
		p.MustBeQuiet()
	}
}

// A figure or a value that there is not is named, and the rest works.
func TestAWrongEmbedSaysSo(t *testing.T) {
	for query, want := range map[string][]string{
		"chart=tpott&batch=8":                        {"chart=tpott", "is not a known chart", "Did you mean tpot", "each user waits"},
		"chart=qzqz":                                 {"is not a known chart", "each user waits"},
		"chart=ledger&gpu=h100x&theme=dark":          {"gpu=h100x", "is not a known accelerator"},
		"chart=coverage&batch=zero":                  {"batch=zero", "A step for 64 sequences"},
		"model=%3Cimg+src%3Dx%20onerror%3Dalert(1)>": {"<img+src=x onerror=alert(1)>", "not a known model"},
		"model=gemini-1.5&chart=ledger":              {"is not public"},
		"":                                           {"each user waits"},
	} {
		p := Open(t, "/embed/?"+query, View{Width: 680, Height: 800})
		p.Wait(drawn)
		p.MustSee("figure", want...)
		if got := Eval[string](p, `location.search.slice(1)`); strings.ReplaceAll(got, "%3E", ">") != query {
			t.Errorf("%s: the address became %s", query, got)
		}
		if n := Eval[int](p, `document.querySelectorAll("figure img, dialog").length`); n != 0 {
			t.Errorf("%s: %d pictures or dialogs", query, n)
		}
		p.MustBeQuiet()
	}
}

func TestAxeFindsNothingInEmbeds(t *testing.T) {
	axe, err := os.ReadFile("../../site/node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: build the site first", err)
	}
	for i, query := range []string{"chart=coverage", "chart=account&theme=dark", "chart=tpott&model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&ram=64", "chart=timeline&theme=dark"} {
		p := Open(t, "/embed/?"+query, View{Width: []int{680, 320}[i%2], Height: 900, Theme: "light"})
		p.Wait(drawn)
		// The ground is that of the page around, which axe takes to be white.
		Eval[bool](p, string(axe)+`;document.body.style.backgroundColor = getComputedStyle(document.documentElement).getPropertyValue("--paper"), true`)
		for _, state := range []string{`null`, `document.querySelector("details").open = true`, `document.querySelector("[data-verb=table]")?.click()`, `document.querySelector("[data-verb=how]").click()`} {
			Eval[bool](p, `(`+state+`, true)`)
			p.Settle()
			for _, violation := range Eval[[]string](p, `axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}).then(r => r.violations.map(v => v.id + ": " + v.help + ": " + v.nodes.map(n => n.target.join(" ")).slice(0, 3).join(", ")))`) {
				t.Errorf("%s, %s: %s", query, state, violation)
			}
		}
	}
}

// An embed may come without its control.
func TestAnEmbedWithoutItsControl(t *testing.T) {
	for query, want := range map[string]int{"chart=tpot": 1, "chart=tpot&control=1": 1, "control=0&chart=tpot": 0} {
		p := Open(t, "/embed/?"+query, View{Width: 680, Height: 700})
		p.Wait(drawn)
		if got := Eval[int](p, `document.querySelectorAll(".own input[type=range]").length`); got != want {
			t.Errorf("%s: %d sliders, want %d", query, got, want)
		}
		if got := p.Text(".notices"); got != "" {
			t.Errorf("%s: %s", query, got)
		}
		p.MustBeQuiet()
	}
}

// Without scripts an embed says what it needs, and no number of a scenario that nobody asked for.
func TestAnEmbedWithoutScripts(t *testing.T) {
	p := Open(t, "/embed/?model=kimi-k2&chart=coverage", View{Width: 680, Height: 600, NoScript: true})
	p.MustSee("body", "needs JavaScript and WebAssembly")
	if got := p.Text("main"); strings.ContainsAny(got, "0123456789") {
		t.Errorf("a number stands in %q", got)
	}
	if n := Eval[int](p, `[...document.querySelectorAll("button, input, .plot, .tbl")].filter(e => e.checkVisibility()).length`); n != 0 {
		t.Errorf("%d things show that do nothing", n)
	}
}

// Colours follow the page around or what the address pins; the ground stays that of the page around.
func TestAnEmbedHasTheColoursOfItsPost(t *testing.T) {
	for query, want := range map[string]string{"": "light", "&theme=dark": "dark", "&theme=light": "light", "&theme=blue": "light"} {
		p := Open(t, "/embed/?chart=ledger"+query, View{Width: 680, Height: 800, Theme: "light"})
		p.Wait(drawn)
		ink := map[string]string{"light": "rgb(21, 24, 27)", "dark": "rgb(237, 239, 236)"}[want]
		if got := Eval[string](p, `getComputedStyle(document.querySelector("h1")).color`); got != ink {
			t.Errorf("%q: ink is %s, want %s", query, got, ink)
		}
		if got := Eval[string](p, `getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).backgroundColor`); got != "rgba(0, 0, 0, 0)rgba(0, 0, 0, 0)" {
			t.Errorf("%q: the ground is %s", query, got)
		}
	}
}

// A post that declares no colours is light, and so are the embeds that its script makes.
func TestEmbedsFollowWhatThePostDeclares(t *testing.T) {
	blog := serveBlog(t)
	p := OpenPost(t, blog+"/plain.html", View{Height: 2600, Theme: "dark"})
	for _, f := range p.WaitFrames(3) {
		f.Wait(`document.querySelector("h1")`)
		if got := In[string](f, `getComputedStyle(document.querySelector("h1")).color`); got != "rgb(21, 24, 27)" {
			t.Errorf("ink is %s in a post that is light", got)
		}
	}
}

// Whoever asks gets an answer and the height, in every dialect.
func TestAnEmbedTellsItsHeight(t *testing.T) {
	blog := serveBlog(t)
	p := OpenPost(t, blog+"/ghost.html", View{Height: 2600, Before: `
		globalThis.said = [];
		if (self === top) addEventListener("message", ({data, source}) => said.push([data, [...document.querySelectorAll("iframe")].findIndex(f => f.contentWindow === source)]))`})
	p.Wait(`said.filter(([d]) => d.type === "moecost:height").length >= 3`)
	for _, f := range p.Frames() {
		f.Wait(drawn)
		f.Wait(fits)
	}
	Eval[bool](p, `(said.length = 0, document.querySelector("iframe[name=third]").contentWindow.postMessage("PING", "*"), true)`)
	p.Wait(`said.length >= 5`)
	const third = `JSON.stringify(said.map(([d]) => d))`
	height := Eval[int](p, `document.querySelector("iframe[name=third]").clientHeight`)
	got := Eval[string](p, third)
	for _, want := range []string{
		`"PONG"`,
		fmt.Sprintf(`{"type":"moecost:height","id":"third","height":%d}`, height),
		fmt.Sprintf(`{"datawrapper-height":{"third":%d}}`, height),
		fmt.Sprintf(`{"sentinel":"amp","type":"embed-size","height":%d}`, height),
		fmt.Sprintf(`\"context\":\"iframe.resize\",\"height\":%d}"`, height),
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the frame said %s, without %s", got, want)
		}
	}
	if strings.Contains(got, `"secret"`) {
		t.Errorf("the frame speaks to WordPress, and is in none: %s", got)
	}
	// Nothing is said while nothing changes.
	Eval[bool](p, `(said.length = 0, true)`)
	p.Settle()
	if n := Eval[int](p, `said.length`); n != 0 {
		t.Errorf("%d messages about nothing", n)
	}
}

// Twenty embeds in one post all come, those that nobody has scrolled to later.
func TestTwentyEmbedsInOnePost(t *testing.T) {
	blog := serveBlog(t)
	p := OpenPost(t, blog+"/twenty.html", View{Height: 1000})
	frames := p.WaitFrames(20)
	if early := started(frames); early > 12 {
		t.Errorf("%d of 20 embeds started before anybody scrolled", early)
	}
	for i, f := range frames {
		Eval[bool](p, fmt.Sprintf(`(document.querySelectorAll("iframe")[%d].scrollIntoView(), true)`, i))
		f.Wait(drawn)
		f.Wait(fits)
	}
	for i, f := range frames { // those that went out of sight are as they were
		if !In[bool](f, "Boolean("+drawn+")") {
			t.Errorf("embed %d shows its figure no more", i)
		}
	}
	p.MustBeQuiet(blog)
}

func started(frames []Frame) (n int) {
	for _, f := range frames {
		if In[bool](f, `document.documentElement.hasAttribute("data-live")`) {
			n++
		}
	}
	return n
}
