package browser

import "testing"

// pasteMeasured puts the value of an expression into the dialog.
func (p *Page) pasteMeasured(expression string) {
	p.t.Helper()
	Eval[bool](p, `(() => { const t = document.querySelector("#measured [data-paste]"); t.value = `+expression+`; t.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
}

// Results of a benchmark scale the predictions, stand beside them, travel in the link, and can be taken away.
func TestMeasuredPoints(t *testing.T) {
	p := Open(t, "/?gpu=h200&gpus=8", View{})
	p.WaitLive()
	before := p.Text(`[data-slot="strip"]`)
	Eval[bool](p, `(document.querySelector('details:has([data-verb="measured"])').open = true, document.querySelector('[data-verb="measured"]').click(), true)`)
	p.Wait(`document.querySelector("dialog#measured").open`)
	p.pasteMeasured(`"hello"`)
	p.Wait(`/benchmark/.test(document.querySelector('[data-notices="measured"]').textContent)`)
	p.pasteMeasured(`JSON.stringify({max_concurrency: 64, completed: 320, duration: 150, total_input_tokens: 1310720, total_output_tokens: 327680, mean_tpot_ms: 60.5, mean_ttft_ms: 2180})`)
	p.Wait(`/2 measured times at 1 load/.test(document.querySelector('[data-slot="measured.summary"]').textContent)`)
	p.Click(`[data-verb="use-measured"]`)
	p.Wait(`location.search.includes("seen=64x4096x1024:60.5:2180")`)
	p.Wait(`/60\.5.ms/.test(document.querySelector('[data-slot="hint.measured"]').textContent)`)
	if after := p.Text(`[data-slot="strip"]`); after == before {
		t.Error("what was measured changed nothing")
	}
	Eval[bool](p, `([...document.querySelectorAll('[data-slot="hint.measured"] a')].at(-1).click(), true)`)
	p.Wait(`!location.search.includes("seen=")`)
	p.Settle()
	if again := p.Text(`[data-slot="strip"]`); again != before {
		t.Errorf("taken away: got %s, want %s", again, before)
	}
	p.MustBeQuiet()
}
