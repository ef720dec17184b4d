package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestTheListOfModels(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	list := `document.querySelector('.list[data-for=model]').matches(":popover-open")`
	p.Click(model)
	p.Wait(list)
	if got := Eval[int](p, `document.querySelectorAll("#model-options [role=option]").length`); got < 45 {
		t.Errorf("got %d models, want at least 45", got)
	}
	if got := Eval[string](p, `document.querySelector("#model-options [aria-selected=true]").dataset.value`); got != "deepseek-v3" {
		t.Errorf("chosen: got %s", got)
	}
	for _, c := range []struct{ typed, first, hits string }{
		{"80b a3b", "qwen3-next-80b-a3b", "1 of"}, {"moonshot", "kimi-k2", "of"}, {"zzz", "", "0 of"}, {"mixtral 8x7", "mixtral-8x7b", "1 of"},
	} {
		Eval[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.select(); return true })()`, model))
		p.Press(c.typed)
		p.Settle()
		if got := Eval[string](p, `document.querySelector("#model-options [role=option]")?.dataset.value ?? ""`); got != c.first {
			t.Errorf("%q: got %q first, want %q", c.typed, got, c.first)
		}
		p.MustSee(`[data-slot="model.hits"]`, c.hits)
	}
	if got := Eval[string](p, fmt.Sprintf(`document.getElementById(document.querySelector(%q).getAttribute("aria-activedescendant")).dataset.value`, model)); got != "mixtral-8x7b" {
		t.Errorf("active: got %s", got)
	}
	p.Press(kb.Escape)
	p.Wait("!" + list)
	p.Wait(fmt.Sprintf(`document.querySelector(%q).value === "DeepSeek-V3"`, model))
	if got := p.Address(); got != "" {
		t.Errorf("searching has changed the address: %s", got)
	}
	p.Press(kb.ArrowDown)
	p.Wait(list)
	p.Press(kb.ArrowDown)
	p.Press(kb.Enter)
	p.Wait(`location.search.startsWith("?model=")`)
	p.Wait("!" + list)
	p.Click(`[data-open-list=model]`)
	p.Wait(list)
	p.MustSee("#model-options", "Recent")
	Eval[bool](p, `(localStorage.clear(), true)`)
	p.MustBeQuiet()
}

// Escape closes what is on top, not the settings behind it.
func TestEscapeClosesOneThing(t *testing.T) {
	p := Open(t, "/?gpus=32", View{Width: 390, Height: 844})
	p.WaitLive()
	p.Click(".dock [data-open-scenario]")
	sheet := `document.getElementById("scenario").hasAttribute("data-open")`
	p.Wait(sheet)
	p.Click(model)
	p.Wait(`document.querySelector('.list[data-for=model]').matches(":popover-open")`)
	p.Press(kb.Escape)
	p.Wait(`!document.querySelector('.list[data-for=model]').matches(":popover-open")`)
	p.Click(`[data-slot="hint.gpus"] button`)
	p.Wait(open)
	p.Press(kb.Escape)
	p.Wait("!" + open)
	if !Eval[bool](p, sheet) {
		t.Error("the settings closed as well")
	}
	p.Press(kb.Escape)
	p.Wait("!" + sheet)
}

func TestChoosingAnAcceleratorByPointer(t *testing.T) {
	p := Open(t, "/?gpus=8", View{})
	p.WaitLive()
	p.Click(`[data-open-list=gpu]`)
	p.Wait(`document.querySelector('.list[data-for=gpu]').matches(":popover-open")`)
	p.Click(`#gpu-options [data-value=b200]`)
	p.Wait(`location.search === "?gpu=b200&gpus=8"`)
	p.MustSee(answer, "B200")
	p.MustBeQuiet()
}

// A closed model says what is public and offers the form; nothing else changes.
func TestAClosedModel(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	p.Type(model, "gemini")
	p.Wait(`document.getElementById("config").open`)
	p.MustSee("#config [data-notices]", "Gemini 1.5 is closed", "sparse mixture-of-experts")
	if got := p.Address(); got != "" {
		t.Errorf("the address: got %s", got)
	}
	p.Click("[data-verb=use-config]")
	p.Wait(`document.querySelector("#config .note.error")`) // nulls are not numbers
	Eval[bool](p, `(() => { const t = document.querySelector("[data-config=text]"); let n = 0; const values = [4096, 32, 32, 8, 128, 14336, 8, 2, 32000, 32768];
		t.value = t.value.replace(/null/g, () => values[n++]); t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	p.Click("[data-verb=use-config]")
	p.Wait(`!document.getElementById("config").open`)
	p.MustSee("[data-notices=model]", "yours", "Gemini 1.5")
	p.MustSee(`[data-slot="hint.model"]`, "46.7 B")
	p = Open(t, "/?model=gemini-1.5", View{})
	p.WaitLive()
	p.Wait(`document.getElementById("config").open`)
	p.MustSee(answer, "DeepSeek-V3")
}

func TestAPastedConfig(t *testing.T) {
	config, err := os.ReadFile("../../assets/models/configs/openai__gpt-oss-20b.json")
	if err != nil {
		t.Fatal(err)
	}
	p := Open(t, "/?gpus=2&batch=8", View{})
	p.WaitLive()
	p.Click("[data-verb=config]")
	p.Wait(`document.getElementById("config").open`)
	paste := func(text string) {
		Eval[bool](p, fmt.Sprintf(`(() => { const t = document.querySelector("[data-config=text]"); t.value = %q; t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`, text))
	}
	paste(`{"hidden_size": 5,`)
	p.Wait(`document.querySelector("#config .note.error")`)
	p.Click("[data-verb=use-config]")
	p.Settle()
	if !Eval[bool](p, `document.getElementById("config").open && document.querySelector("[data-config=text]").value.length > 5`) {
		t.Error("a config that cannot be read closed the dialog or lost what was typed")
	}
	paste(string(config))
	p.Wait(`document.querySelector("[data-slot='config.summary']").textContent.includes("32 experts")`)
	p.Click("[data-verb=use-config]")
	p.Wait(`location.search === "?model=custom&gpus=2&batch=8" && location.hash.startsWith("#arch=")`)
	p.MustSee(`[data-slot="hint.model"]`, "20.9 B")
	p.Reload()
	p.WaitLive()
	p.MustSee(`[data-slot="hint.model"]`, "20.9 B")
	p.Type(batch, "9") // and the architecture stays in the address
	p.Wait(`location.search.includes("batch=9") && location.hash.startsWith("#arch=")`)
	Eval[bool](p, `(document.querySelector('.toc a[href="#memory"]').click(), true)`)
	p.Settle()
	if got := Eval[string](p, `location.hash`); !strings.HasPrefix(got, "#arch=") {
		t.Errorf("a place on the page replaced the architecture: %.40s", got)
	}
	p.MustBeQuiet()
}

// drop lets files fall on the page, as a person does.
func (p *Page) drop(files map[string]string) {
	p.t.Helper()
	var list []string
	for name, content := range files {
		list = append(list, fmt.Sprintf(`d.items.add(new File([%q], %q))`, content, name))
	}
	Eval[bool](p, fmt.Sprintf(`(() => { const d = new DataTransfer(); %s; document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: d, bubbles: true, cancelable: true})); return true })()`, strings.Join(list, ";")))
}

func TestDroppedFiles(t *testing.T) {
	config, err := os.ReadFile("../../assets/models/configs/allenai__OLMoE-1B-7B-0924.json")
	if err != nil {
		t.Fatal(err)
	}
	p := Open(t, "/", View{})
	p.WaitLive()
	p.drop(map[string]string{"config.json": string(config)})
	p.Wait(`location.hash.startsWith("#arch=")`)
	p.MustSee(`[data-slot="hint.model"]`, "6.92 B")
	p.drop(map[string]string{"notes.txt": "hello"})
	p.Wait(`document.getElementById("config").open`)
	p.MustSee("#config [data-notices]", "notes.txt")
	p.Press(kb.Escape)
	if got := p.Text(`[data-slot="hint.model"]`); !strings.Contains(got, "6.92 B") {
		t.Errorf("a file that is no model changed the model: %s", got)
	}
	p.drop(map[string]string{"broken.gguf": "GGUF\x03\x00\x00\x00"})
	p.Wait(`document.getElementById("config").open`)
	p.MustSee("#config [data-notices]", "broken.gguf")
	p.MustBeQuiet()
}

// The Hub is a local server here, by the browser's own name resolution: page and policy are the real ones.
func TestFetchingFromTheHub(t *testing.T) {
	config, err := os.ReadFile("../../assets/models/configs/Qwen__Qwen3-30B-A3B.json")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string
	hub := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.Host+r.URL.Path)
		w.Header().Set("Access-Control-Allow-Origin", "*")
		if r.Header.Get("Cookie") != "" || r.Header.Get("Referer") != "" {
			t.Errorf("the request says who asks: %v", r.Header)
		}
		switch r.URL.Path {
		case "/Qwen/Qwen3-30B-A3B/resolve/main/config.json":
			w.Write(config)
		case "/gated/model/resolve/main/config.json":
			http.Error(w, "Access to model is restricted", http.StatusUnauthorized)
		case "/text/model/resolve/main/config.json":
			w.Write([]byte("<html>not a config</html>"))
		case "/down/model/resolve/main/config.json":
			conn, _, _ := w.(http.Hijacker).Hijack()
			conn.Close()
		default:
			http.NotFound(w, r)
		}
	}))
	defer hub.Close()
	host := strings.TrimPrefix(hub.URL, "https://")
	browser, cancel, err := Chromium(
		chromedp.Flag("host-resolver-rules", "MAP huggingface.co "+host+", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"),
		chromedp.Flag("ignore-certificate-errors", true))
	if err != nil {
		t.Fatal(err)
	}
	defer cancel()
	p := OpenIn(t, browser, siteURL+"/", View{})
	p.WaitLive()
	p.Click("[data-verb=config]")
	p.Wait(`document.getElementById("config").open`)
	p.Settle()
	if len(asked) > 0 {
		t.Fatalf("the Hub was asked before anybody pressed: %v", asked)
	}
	for _, c := range []struct{ id, want string }{
		{"just-a-name", "organisation/model"}, {"no/such", "404"}, {"gated/model", "gated"}, {"text/model", "text/model"}, {"down/model", "cannot be reached"},
	} {
		p.Type("[data-config=hub]", c.id)
		p.Wait(fmt.Sprintf(`document.querySelector("#config .note.error")?.textContent.includes(%q)`, c.want))
	}
	p.Type("[data-config=hub]", "https://huggingface.co/Qwen/Qwen3-30B-A3B/tree/main")
	p.Wait(`document.querySelector("[data-slot='config.summary']").textContent.includes("128 experts")`)
	p.Click("[data-verb=use-config]")
	p.Wait(`location.hash.startsWith("#arch=")`)
	p.MustSee(`[data-slot="hint.model"]`, "30.5 B")
	p.MustSee(answer, "Qwen3-30B-A3B fits")
	p.MustBeQuiet("huggingface.co", "Failed to load resource")
}

// A checkpoint's header goes with its config, in one drop; the page says how far they agree, and what the link leaves out.
func TestDroppedCheckpoint(t *testing.T) {
	const config = `{"model_type": "llama", "hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "num_key_value_heads": 2, "intermediate_size": 16, "vocab_size": 16, "tie_word_embeddings": true}`
	// 8 bytes of length, the header, the data of one tensor of 16 × 8 BF16 numbers.
	header := `{"model.embed_tokens.weight":{"dtype":"F32","shape":[16,8],"data_offsets":[0,512]}}`
	file := string(rune(len(header))) + "\x00\x00\x00\x00\x00\x00\x00" + header + strings.Repeat("\x00", 512)
	p := Open(t, "/?gpus=1", View{})
	p.WaitLive()
	p.drop(map[string]string{"config.json": config, "model.safetensors": file})
	p.Wait(`location.search.includes("model=custom")`)
	p.MustSee("[data-notices=model]", "not in the checkpoint", "The link holds the config")
	p.MustBeQuiet()
}
