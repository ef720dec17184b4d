package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	batch = `.rail input[type=text][data-key=batch]`
	gpus  = `.rail input[type=text][data-key=gpus]`
	model = `input[role=combobox][data-key=model]`
)

// A control changes the answer, every other control of the same key, and the address.
func TestAControlChangesTheAnswer(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	p.Type(gpus, "32")
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("32")`)
	p.Wait(`location.search === "?gpus=32"`)
	p.Type(batch, "1k")
	p.Wait(`location.search === "?gpus=32&batch=1000"`)
	for _, selector := range []string{batch, ".dock input[data-key=batch]"} {
		if got := Eval[string](p, fmt.Sprintf(`document.querySelector(%q).value`, selector)); got != "1,000" {
			t.Errorf("%s: got %q, want 1,000", selector, got)
		}
	}
	p.Click(`[data-segments=units] label:nth-of-type(2)`)
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("GiB")`)
	p.Wait(`location.search === "?gpus=32&batch=1000&units=gib"`)
	Eval[bool](p, `(() => { const s = document.querySelector("select[data-key=kv]"); s.value = "fp8"; s.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
	p.Wait(`location.search === "?kv=fp8&gpus=32&batch=1000&units=gib"`)
	p.MustBeQuiet()
}

func TestAnEmptyFieldIsThePagesChoice(t *testing.T) {
	p := Open(t, "/?gpus=32&tp=4", View{})
	p.WaitLive()
	auto := `document.querySelector(".rail input[data-key=tp]").closest(".box").dataset.auto === "true"`
	if Eval[bool](p, auto) {
		t.Error("a field that the link sets is marked as chosen by the page")
	}
	p.Type(`.rail input[data-key=tp]`, kb.Backspace)
	p.Wait(`location.search === "?gpus=32"`)
	p.Wait(auto)
	if got := Eval[string](p, `document.querySelector(".rail input[data-key=tp]").value`); got == "" {
		t.Error("the field does not show what the page has chosen")
	}
}

// What cannot be used stays in its field, is explained there, and leaves the answer alone.
func TestAValueThatCannotBeUsed(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	before := p.Text(answer)
	p.Type(gpus, "5000")
	p.Wait(`document.querySelector("[data-problem=gpus]").textContent.includes("1 to 4,096")`)
	p.Press(kb.Tab)
	p.Settle()
	if got := Eval[string](p, fmt.Sprintf(`document.querySelector(%q).value`, gpus)); got != "5000" {
		t.Errorf("the field: got %q, want what was typed", got)
	}
	if got := p.Text(answer); got != before {
		t.Errorf("the answer: got %q, want %q", got, before)
	}
	if got := p.Address(); got != "?gpus=16" {
		t.Errorf("the address: got %q", got)
	}
	p.Type(gpus, "24")
	p.Wait(`document.querySelector("[data-problem=gpus]").textContent === "" && location.search === "?gpus=24"`)
	if Eval[bool](p, fmt.Sprintf(`document.querySelector(%q).hasAttribute("aria-invalid")`, gpus)) {
		t.Error("the field is still marked as invalid")
	}
}

// On the way from 8 to 16 stands 1, which does not go with tp=8: it must not undo it.
func TestTypingPassesThroughOtherValues(t *testing.T) {
	p := Open(t, "/?gpus=8&tp=8", View{})
	p.WaitLive()
	Eval[bool](p, fmt.Sprintf(`(() => { const f = document.querySelector(%q); f.focus(); f.select(); return true })()`, gpus))
	p.Press("1")
	p.Settle()
	p.Press("6")
	p.Press(kb.Enter)
	p.Wait(`location.search === "?gpus=16&tp=8"`)
}

func TestSteppersAndKeys(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	value := fmt.Sprintf(`document.querySelector(%q).value`, batch)
	p.Click(`.rail button[data-step="1"][data-for=batch]`)
	p.Wait(value + ` === "128"`)
	p.Click(`.rail button[data-step="-1"][data-for=batch]`)
	p.Click(`.rail button[data-step="-1"][data-for=batch]`)
	p.Wait(value + ` === "32"`)
	Eval[bool](p, `(document.querySelector("input[type=range][data-key=batch]").focus(), true)`)
	for _, c := range []struct{ key, want string }{
		{kb.ArrowRight, "33"}, {kb.ArrowUp, "34"}, {kb.ArrowLeft, "33"}, {kb.PageUp, "64"}, {kb.PageDown, "32"}, {kb.End, "4,096"}, {kb.Home, "1"}, {kb.ArrowLeft, "1"},
	} {
		p.Press(c.key)
		p.Settle()
		if got := Eval[string](p, value); got != c.want {
			t.Errorf("after a key: got batch %s, want %s", got, c.want)
		}
	}
	Eval[bool](p, fmt.Sprintf(`(document.querySelector(%q).focus(), true)`, batch))
	p.Press(kb.ArrowUp)
	p.Press(kb.ArrowUp)
	p.Settle()
	if got := Eval[string](p, value); got != "3" {
		t.Errorf("arrows in the number field: got %s, want 3", got)
	}
	if got := Eval[string](p, `document.querySelector("input[type=range][data-key=batch]").getAttribute("aria-valuetext")`); got != "3" {
		t.Errorf("the slider says %q, want 3", got)
	}
}

// A drag changes the answer while it lasts, and the address once when it rests.
func TestADragIsOneChangeOfTheAddress(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	Eval[bool](p, `(window.writes = 0, ["pushState", "replaceState"].forEach(how => { const own = history[how]; history[how] = function(...a) { window.writes++; return own.apply(this, a) } }), true)`)
	Eval[bool](p, `new Promise(done => { const s = document.querySelector("input[type=range][data-key=batch]"); let i = 0;
		const step = () => { s.value = 500 + 5 * i; s.dispatchEvent(new Event("input", {bubbles: true})); if (++i < 60) requestAnimationFrame(step); else { s.dispatchEvent(new Event("change", {bubbles: true})); done(true) } };
		requestAnimationFrame(step) })`)
	p.Wait(`location.search.includes("batch=")`)
	if got := Eval[int](p, `window.writes`); got != 1 {
		t.Errorf("a drag of 60 steps wrote the address %d times, want 1", got)
	}
	p.MustBeQuiet()
}

// The page does not say each step of a slider aloud, but what it came to.
func TestAFindingIsSaidAfterARest(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	p.Type(gpus, "2")
	p.Wait(`document.querySelector("[data-slot=say]").textContent.includes("does not fit")`)
	said := p.Text("[data-slot=say]")
	if said == "" || strings.Contains(said, "undefined") {
		t.Errorf("got %q", said)
	}
}

// A number that changes is one text that changes: nothing else is touched.
func TestRepaintingTouchesOnlyWhatChanges(t *testing.T) {
	p := Open(t, "/", View{})
	p.WaitLive()
	Eval[bool](p, `(window.kept = [...document.querySelectorAll("[data-slot=strip] button, [data-slot=answer] button")], kept[0].focus(), true)`)
	p.Click(`.rail button[data-step="1"][data-for=batch]`)
	p.Wait(`location.search !== ""`)
	if !Eval[bool](p, `kept.every(e => e.isConnected)`) {
		t.Error("buttons were replaced where their text would have done")
	}
}

// What is typed and chosen while the program is still on its way is applied when it arrives.
func TestWhatIsTypedEarlyIsApplied(t *testing.T) {
	p := Open(t, "/?gpus=16", View{Before: `{
		const real = window.fetch;
		const held = new Promise(done => { window.release = done });
		window.fetch = async (...a) => { if (String(a[0]).includes(".wasm")) await held; return real(...a) };
	}`})
	p.Wait(`typeof moecostLive === "function"`)
	p.Type(model, "mixtral 8x7")
	p.Type(gpus, "24")
	p.Type(batch, "7")
	Eval[bool](p, `(document.querySelector("[data-slot=answer] button[data-figure]").click(), true)`)
	if Eval[bool](p, `document.documentElement.hasAttribute("data-live")`) {
		t.Fatal("the program was not held back")
	}
	Eval[bool](p, `(window.release(), true)`)
	p.WaitLive()
	p.MustSee(answer, "24")
	p.Wait(`location.search === "?model=mixtral-8x7b&gpus=24&batch=7"`)
	Eval[bool](p, `(localStorage.clear(), true)`)
	p.Wait(open) // the press on a number, too
	p.MustBeQuiet()
}

// A fault is said, the last answer stays, and the next change may work.
func TestAFaultIsSaid(t *testing.T) {
	p := Open(t, "/?gpus=16", View{})
	p.WaitLive()
	Eval[bool](p, `(window.kept = moecostCharts.set, moecostCharts.set = () => { throw new Error("made to fail") }, true)`)
	p.Type(gpus, "32")
	p.Wait(`document.querySelector("[data-notices=answer] [data-fault]")`)
	p.MustSee("[data-notices=answer]", "made to fail")
	Eval[bool](p, `(moecostCharts.set = kept, true)`)
	p.Type(gpus, "24")
	p.Wait(`document.querySelector("[data-slot=answer]").textContent.includes("24") && !document.querySelector("[data-fault]")`)
	p.MustBeQuiet("made to fail")
}
