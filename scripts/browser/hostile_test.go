package browser

import (
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// hostileNames are what somebody might call a model in a config.json or a link: markup, scripts, formulas of spreadsheets,
// Markdown, templates, and what readers of text stumble over. Whatever becomes an element of its own is called evil.
var hostileNames = []string{
	`<img id=evil src=x onerror=alert(1)>`, `"><script id=evil>alert(1)<`, `'><svg id=evil onload=alert(1)>`, `<iframe id=evil srcdoc=x>`, `<a id=evil href=javascript:alert(1)>x`,
	`" onmouseover="alert(1)" x="`, `' onfocus='alert(1)' autofocus '`, `javascript:alert(1)`, `]]><x id=evil>`, `--><b id=evil>`, `&lt;b id=evil&gt;`, `&#60;b id=evil&#62;`,
	`{{constructor}}`, `${alert(1)}`, `{b|x}`, `{a}{b}{c}`, `%3Cb id=evil%3E`,
	`=HYPERLINK("x";"y")`, `+1+cmd|x!A0`, `-2+3+cmd`, `@SUM(1)`, "=1\t2",
	`[x](javascript:alert(1))`, `](x) ![y](z`, "`code` *b* _i_ ~~s~~", `https:www.example.org me@example.org`,
	`__proto__`, `constructor`, `toString`, `é̵̛̃ 𝒳 🧠 模型 שלום`, `' ; rm -rf $HOME ; '`,
}

// spies note what a script that should not run would do.
const spies = `window.ran = []; window.keys = Object.getOwnPropertyNames(Object.prototype).join(); for (const name of ["alert", "confirm", "prompt", "open", "print"]) window[name] = (...args) => { window.ran.push(name + " " + args) }`

// innocent lists what a document must not hold, whatever its texts are. It is a function of a document.
const innocent = `(root) => [
	...[...root.querySelectorAll("#evil, evil, [evil], object, embed, base, iframe:not(#share iframe), script:not([src])")].map(e => e.outerHTML.slice(0, 80)),
	...[...root.querySelectorAll("*")].filter(e => e.getAttributeNames().some(n => n.startsWith("on"))).map(e => e.outerHTML.slice(0, 80)),
	...[...root.querySelectorAll("a[href]")].filter(e => !/^(https?|about):$/.test(e.protocol)).map(e => "leads to " + e.href.slice(0, 80)),
	...window.ran, ...(Object.getOwnPropertyNames(Object.prototype).join() === window.keys ? [] : ["another prototype of all objects"]),
]`

func (p *Page) mustBeInnocent(of string) {
	p.t.Helper()
	for _, found := range Eval[[]string](p, "("+innocent+")(document)") {
		p.t.Errorf("%.60q: the page holds %s", of, found)
	}
}

// named is a link to a model of one's own: a small mixture of experts of this name.
func named(name string) string {
	config, err := json.Marshal(map[string]any{
		"_name_or_path": name, "model_type": "mixtral", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "head_dim": 128,
		"intermediate_size": 14336, "num_local_experts": 8, "num_experts_per_tok": 2, "vocab_size": 32000, "max_position_embeddings": 32768, "tie_word_embeddings": false,
	})
	if err != nil {
		panic(err)
	}
	return fmt.Sprintf("#arch=json:%s.%08x", base64.RawURLEncoding.EncodeToString(config), crc32.ChecksumIEEE(config))
}

// visit goes to another scenario as Back and Forward do, without loading the page again.
func (p *Page) visit(link string) {
	p.t.Helper()
	Eval[bool](p, fmt.Sprintf(`(history.pushState(null, "", %q), dispatchEvent(new PopStateEvent("popstate")), true)`, link))
}

// waitSaid waits until the line over the answer has words.
func (p *Page) waitSaid(words string) {
	p.t.Helper()
	p.Wait(`document.querySelector("[data-slot=kicker]").innerText.replace(/\s+/g, " ").includes("` + words + `")`)
}

var markdown = regexp.MustCompile(`^\[!\[(?:[^\[\]\\<>&!` + "`" + `*_]|\\.)*\]\([^()<>\s]+\)\]\([^()<>\s]+\)$`)

// A name is text: on the page, in its tables, tips and derivations, and in all that can be taken from it.
func TestHostileNamesAreText(t *testing.T) {
	p := Open(t, "/?gpu=h100-sxm", View{Before: spies})
	p.WaitLive()
	for i, name := range hostileNames {
		batch := strconv.Itoa(100 + i)
		p.visit("/?model=custom&gpus=4&batch=" + batch + named(name))
		p.waitSaid(batch + " sequences")
		if got := p.Text("[data-slot=kicker]"); !strings.Contains(got, strings.Join(strings.Fields(name), " ")) && !strings.Contains(name, "\t") {
			t.Errorf("%q is not said: %s", name, got)
		}
		Eval[bool](p, `(document.querySelector(".plot[data-chart=models]").focus(), true)`)
		p.Press(kb.ArrowRight)
		Eval[bool](p, `(document.querySelector("[data-slot=answer] button[data-figure]").click(), true)`)
		p.Wait(`document.querySelector("#derivation:popover-open .res")`)
		p.mustBeInnocent(name)
		p.Press(kb.Escape)
		shareOf(t, p, name)
	}
	Eval[bool](p, `(document.querySelectorAll("[data-verb=table]").forEach(b => b.click()), true)`)
	p.Settle()
	p.mustBeInnocent("tables")
	p.MustBeQuiet()
}

// shareOf takes everything out of the share dialog, and reads it as those do who get it.
func shareOf(t *testing.T, p *Page, name string) {
	t.Helper()
	Eval[bool](p, `(document.querySelector("[data-verb=share][data-frame=models]").click(), true)`)
	p.Wait(shareOpen)
	p.Wait(`document.querySelector("[data-share=code]").textContent`)
	choose(p, "share-take", "fixed")
	p.Wait(`document.querySelector("[data-share=code]").textContent.startsWith("<iframe")`)
	got := Eval[[]string](p, `(() => {
		// The policy holds in what is parsed here, too, and would complain of the frame's style.
		const read = new DOMParser().parseFromString(document.querySelector("[data-share=code]").textContent.replace(' style="', ' data-style="'), "text/html");
		return [...read.querySelectorAll("head *, body *")].flatMap(e => [e.localName, ...e.getAttributeNames()]);
	})()`)
	if want := "iframe src title width height loading data-style"; strings.Join(got, " ") != want {
		t.Errorf("%q: the frame's code holds %v, want %s", name, got, want)
	}
	choose(p, "share-take", "picture")
	p.Wait(`!document.querySelector("[data-share=image]").hidden && document.querySelector("[data-share=code]").textContent.startsWith("[!")`)
	if code := codeOf(p); !markdown.MatchString(code) {
		t.Errorf("%q: this is not one picture with one link: %s", name, code)
	}
	parseSVG(t, Eval[string](p, `decodeURIComponent(document.querySelector("[data-share=image]").src.split(",").slice(1).join(","))`))
	choose(p, "share-take", "numbers")
	choose(p, "share-format", "csv")
	rows, err := csv.NewReader(strings.NewReader(codeOf(p))).ReadAll()
	if err != nil || len(rows) < 10 {
		t.Fatalf("%q: %d lines of CSV: %v", name, len(rows), err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if _, err := strconv.ParseFloat(cell, 64); cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") && err != nil {
				t.Errorf("%q: a spreadsheet takes this cell for a formula: %q", name, cell)
			}
		}
	}
	choose(p, "share-format", "json")
	if !json.Valid([]byte(codeOf(p))) {
		t.Errorf("%q: this is not JSON: %.200s", name, codeOf(p))
	}
	p.mustBeInnocent(name)
	choose(p, "share-take", "link")
	p.Press(kb.Escape)
	p.Wait("!" + shareOpen)
}

func TestHostileNamesAreTextInAnEmbed(t *testing.T) {
	for _, name := range []string{hostileNames[0], hostileNames[5], hostileNames[13]} {
		p := Open(t, "/embed/?chart=models&model=custom&gpus=4"+named(name), View{Before: spies, Width: 640})
		p.Wait(`document.documentElement.hasAttribute("data-live") && document.querySelector(".plot svg")`)
		p.MustSee("main", name)
		p.Click("[data-verb=table]")
		p.Settle()
		p.mustBeInnocent(name)
		p.MustBeQuiet()
	}
}

// hostileLinks are queries and fragments that nobody meant.
var hostileLinks = []string{
	"?model=%3Cimg%20id%3Devil%20src%3Dx%20onerror%3Dalert(1)%3E", "?<img id=evil src=x onerror=alert(1)>=1", "?%22%3E%3Cscript%20id%3Devil%3E=1&gpu='><b id=evil>",
	"?__proto__=1&__proto__[polluted]=1&constructor.prototype.polluted=1&evil=1", "?batch=1&batch=2&batch=3&model=kimi-k2&model=mixtral-8x7b", "?batch=%00&in=%0d%0a&out=%e2%80%ae12",
	"?model=%ff%fe%c0%80&gpu=%ED%A0%80&batch=%", "?batch=NaN&in=Infinity&out=-1&gpus=1e999&tp=0x10&skew=1e308&price=-0&cache=%CB%88", "?gpus=99999999999999999999&in=9007199254740993&chunk=-2147483649",
	"?gpu=custom~mem:80g~bw:3t~bf16:900t~name:%3Cb%20id%3Devil%3E", "?gpu=custom~name:" + strings.Repeat("A", 9000), "?chart=%3Cb%20id%3Devil%3E&without=%3Cb%3E,,,&engine=constructor&weights=__proto__&kv=toString&units=%3Cb%20id%3Devil%3E",
	"?" + strings.Repeat("x=1&", 4000), "?" + strings.Repeat("&", 16000), "?x=" + strings.Repeat("%3Cb%20id%3Devil%3E", 900), "?=&&==&=1&;&amp;batch=2", "?v=999&v=-1",
	"#arch=json:AAAA.00000000", "?model=custom#arch=json:e30.a3bbd1a2", "?model=custom#arch=<b id=evil>", "?model=custom#figure=\"]<b id=evil>", "#\"><b id=evil>", "#figure=__proto__", "#%ff%00",
}

func TestHostileLinksAreSaid(t *testing.T) {
	p := Open(t, "/", View{Before: spies})
	p.WaitLive()
	for i, link := range hostileLinks {
		p.visit("/" + link)
		p.Settle()
		p.Settle()
		p.MustSee(answer, "fit")
		p.mustBeInnocent(link)
		if i%4 == 0 { // and the page goes on
			p.visit("/?model=mixtral-8x7b&gpus=4&batch=" + strconv.Itoa(i+1))
			p.waitSaid(strconv.Itoa(i+1) + " sequence")
		}
	}
	p.MustBeQuiet()
	for _, link := range []string{hostileLinks[0], hostileLinks[6], hostileLinks[11]} {
		for _, path := range []string{"/", "/embed/"} {
			p := Open(t, path+link, View{Before: spies})
			p.Wait(`document.documentElement.hasAttribute("data-live")`)
			p.Settle()
			p.mustBeInnocent(link)
			p.MustBeQuiet()
		}
	}
}

// What is pasted as a config.json gets an answer: what it is, or a sentence that says why it is nothing.
func TestHostileConfigsAreSaid(t *testing.T) {
	p := Open(t, "/", View{Before: spies})
	p.WaitLive()
	p.Click("[data-verb=config]")
	p.Wait(`document.getElementById("config").open`)
	const good = `"model_type": "mixtral", "hidden_size": 4096, "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336, "num_local_experts": 8, "num_experts_per_tok": 2, "vocab_size": 32000`
	for i, config := range []string{
		`<script id=evil>alert(1)</script>`, `{"model_type": "<img id=evil src=x onerror=alert(1)>"}`, `{"model_type": "mixtral", "hidden_size": "<b id=evil>"}`,
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 50_000), `{"a":"` + strings.Repeat("x", 200_000), "\x00\x01\x02", `{"model_type": "\ud800\u0000"}`,
		`{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}, ` + good + `}`,
		`{` + good + `, "hidden_size": -1}`, `{` + good + `, "num_local_experts": 1e308}`, `{` + good + `, "hidden_size": 9007199254740993}`, `{` + good + `, "num_hidden_layers": 1e7}`,
		`{` + good + `, "hidden_size": NaN, "head_dim": Infinity}`, `{` + good + `, "<b id=evil>": "<b id=evil>", "quantization_config": {"quant_method": "<b id=evil>"}}`, "null", "[]", `"text"`, "1e999",
	} {
		Eval[bool](p, fmt.Sprintf(`(() => { const t = document.querySelector("[data-config=text]"), s = document.querySelector("[data-slot='config.summary']");
			t.value = %s; s.firstChild.nodeValue = "asking"; t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, quote(config)))
		p.Wait(`document.querySelector("#config .note.error") || !["asking", ""].includes(document.querySelector("[data-slot='config.summary']").textContent)`)
		p.mustBeInnocent(config)
		if i == 0 {
			p.Wait(`document.querySelector("#config .note.error")`)
		}
	}
	p.Press(kb.Escape)
	p.MustSee(answer, "DeepSeek-V3")
	p.MustBeQuiet()
}

// quote writes a text as JavaScript does.
func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// An address of the site that is a script in disguise is none.
func TestNothingOfALinkIsServedBack(t *testing.T) {
	p := Open(t, "/", View{})
	for _, path := range []string{"/<script id=evil>", "/m/<b id=evil>/", "/m/" + strings.Repeat("x", 4000), "/%00", "/..%2f..%2fgo.mod", "/assets/..%2f_headers"} {
		got := Eval[string](p, `fetch(`+quote((&url.URL{Path: "/"}).String()+strings.TrimPrefix(path, "/"))+`).then(r => r.text(), e => "refused")`)
		if strings.Contains(got, "evil") || strings.Contains(got, "module moecost") {
			t.Errorf("%.40s: got %.100q", path, got)
		}
	}
}
