package browser

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// holdPlanner keeps the planner's program back until the test lets it go, or breaks it off.
const holdPlanner = `
	globalThis.tried = 0;
	globalThis.held = new Promise((go, breakOff) => Object.assign(globalThis, {letGo: go, breakOff}));
	const real = fetch;
	globalThis.fetch = async (address, options) => {
		if (!String(address).includes("planner-")) return real(address, options);
		globalThis.tried++;
		await globalThis.held;
		return real(address, options);
	}`

const freeMemory = `[data-slot=answer] button[data-figure="memory.per_gpu.free_bytes"]`

// A number opens at once, before its arithmetic is there, and nothing of it moves when that comes.
func TestANumberOpensBeforeItsArithmetic(t *testing.T) {
	const place = `(() => { const r = document.querySelector("#derivation").getBoundingClientRect(); return [Math.round(r.left), Math.round(r.top), Math.round(r.width)] })()`
	for _, width := range []int{390, 1440} {
		p := Open(t, "/?gpus=16", View{Width: width, Height: 900, Before: holdPlanner})
		p.WaitLive()
		p.Click(freeMemory)
		p.Wait(`document.querySelector("#derivation").matches(":popover-open")`)
		p.MustSee("#derivation", "Free memory on each GPU", "GB")
		if Eval[bool](p, open) {
			t.Fatal("the arithmetic is there already: nothing was held back")
		}
		p.Wait(`document.querySelector("#derivation").textContent.includes("Working it out")`)
		before := Eval[[]int](p, place)
		Eval[bool](p, `(letGo(), true)`)
		p.Wait(open)
		p.MustSee("#derivation", "capacity", "85,520,809,984")
		if got := Eval[[]int](p, place); width > 600 && fmt.Sprint(got) != fmt.Sprint(before) { // the sheet of a phone stands on the lower edge
			t.Errorf("at %d px left, top, width: got %v, before the arithmetic came %v", width, got, before)
		}
		p.MustBeQuiet()
	}
}

// Without the planner's program a number says what is missing, the page works on, and a second try mends it.
func TestANumberWithoutItsArithmetic(t *testing.T) {
	p := Open(t, "/?gpus=16", View{Before: holdPlanner})
	p.WaitLive()
	p.Click(freeMemory)
	Eval[bool](p, `(breakOff(new TypeError("cut off")), true)`)
	p.Wait(`document.querySelector("#derivation [data-verb=explain-again]")`)
	p.MustSee("#derivation", "Free memory on each GPU", "The arithmetic is missing.", "cut off")
	if !Eval[bool](p, `document.querySelector("[data-verb=copy-figure]").disabled`) {
		t.Error("a number without its arithmetic can be copied")
	}
	before := p.Text("[data-slot=answer]")
	p.Press(kb.Escape)
	p.Type(batch, "200")
	p.Wait(fmt.Sprintf(`document.querySelector("[data-slot=answer]").textContent.replace(/\s+/g, " ").trim() !== %q`, strings.TrimSpace(before)))
	p.Click(freeMemory)
	p.Wait(`document.querySelector("#derivation [data-verb=explain-again]")`)
	Eval[bool](p, `(globalThis.held = undefined, true)`)
	p.Click(`#derivation [data-verb=explain-again]`)
	p.Wait(open)
	p.MustSee("#derivation", "capacity", "85,520,809,984")
}

// Without workers the planner runs on the page's thread, and says the same.
func TestArithmeticIsTheSameOnEveryThread(t *testing.T) {
	said := map[string]string{}
	for name, view := range ways {
		p := Open(t, "/?gpus=16&model=kimi-k2", view)
		p.WaitLive()
		p.Click(`[data-slot=strip] button[data-figure]`)
		p.Wait(open)
		said[name] = p.Text("#derivation")
		if !strings.Contains(said[name], "bytes = elements") {
			t.Errorf("%s: got %q, want the weights of Kimi K2", name, said[name])
		}
		if said[name] != said["worker"] && said["worker"] != "" {
			t.Errorf("%s: got %q, with a worker %q", name, said[name], said["worker"])
		}
		p.MustBeQuiet("worker-")
	}
}

// A model and a simulation that no link holds travel to the planner: numbers that rest on them open.
func TestNumbersOfOnesOwnOpen(t *testing.T) {
	p := Open(t, "/?gpus=1", View{})
	p.WaitLive()
	p.drop(map[string]string{"config.json": smallMixture})
	p.Wait(`location.search.includes("model=custom")`)
	p.Click(`[data-slot=strip] button[data-figure]`)
	p.Wait(open)
	p.MustSee("#derivation", "the config.json given")
	p.Press(kb.Escape)
	p.toTail()
	p.waitRun()
	p.Click(`[data-slot="tail.finding"] button[data-figure^=tail]`)
	p.Wait(open)
	p.MustSee("#derivation", "simulated:")
	p.MustBeQuiet()
}

// Nobody fetches the planner who does nothing.
func TestThePlannerComesWithTheFirstSign(t *testing.T) {
	p := Open(t, "/", View{Before: holdPlanner + `; globalThis.held = undefined`})
	p.Wait(`document.readyState === "complete"`)
	p.Settle()
	if n := Eval[int](p, `globalThis.tried`); n != 0 {
		t.Errorf("fetched %d times before anybody did anything", n)
	}
	p.Press(kb.Tab)
	p.Wait(`globalThis.tried === 1`)
	p.MustBeQuiet()
}
