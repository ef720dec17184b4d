package browser

import (
	"testing"
	"time"
)

// The answer to a plain address stands in the HTML: the program is fetched, and runs once somebody is there.
// The press that wakes it is answered. What a link asks for is answered at once.
func TestThePlainPageWaitsForAReader(t *testing.T) {
	p := Open(t, "/", View{})
	p.Wait(`performance.getEntriesByType("resource").some(r => r.name.includes("/page-") && r.responseEnd)`)
	time.Sleep(500 * time.Millisecond) // longer than compiling takes
	if Eval[bool](p, `document.documentElement.hasAttribute("data-live")`) {
		t.Error("the program runs although nobody is there")
	}
	Eval[bool](p, `(document.querySelector("[data-slot=answer] button[data-figure]").click(), true)`)
	p.Wait(`document.querySelector("#derivation:popover-open .res")`)
	p.WaitLive()
	p.MustBeQuiet()

	p = Open(t, "/?batch=9", View{})
	p.Wait(`document.documentElement.hasAttribute("data-live")`)
}

// What is out of sight at the start is said soon after, and at once if it comes near.
func TestSectionsFollowTheStart(t *testing.T) {
	const last = "#batching h2"
	plain := Open(t, "/", View{}).Text(last)
	p := Open(t, "/?model=mixtral-8x7b", View{})
	p.Wait(`document.documentElement.dataset.live === "all"`)
	if got := p.Text(last); got == plain {
		t.Errorf("%s says for Mixtral what it says for the default model: %q", last, got)
	}
	p.MustBeQuiet()
}
