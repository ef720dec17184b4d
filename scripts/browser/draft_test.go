package browser

import "testing"

// The figure's own controls draft and accept: its title, the time per token and the address follow,
// and a loss is said at the load with a way out that mends it.
func TestDraftingAtItsFigure(t *testing.T) {
	p := Open(t, "/?model=mixtral-8x7b&gpu=h200&gpus=1&batch=1", View{})
	p.WaitLive()
	title := `document.querySelector("[data-slot='draft.title']").textContent`
	p.Click(`[data-frame=draft] button[data-step="1"][data-for=draft]`)
	p.Wait(title + `.startsWith("Drafting 1\u00a0token makes each user")`)
	p.Click(`[data-frame=draft] button[data-step="1"][data-for=draft]`)
	p.Wait(`location.search.endsWith("&draft=2")`)
	p.Type(`[data-frame=draft] input[type=text][data-key=accept]`, "10%")
	p.Wait(title + `.includes("is a loss here")`)
	p.Wait(`document.querySelector("[data-notices=load]").textContent.includes("Drafting 2 tokens is a loss")`)
	p.Click(`[data-notices=load] a[data-apply*="draft=0"], [data-notices=load] a[data-apply]`)
	p.Wait(`!location.search.includes("draft=2")`)
	p.MustBeQuiet()
}
