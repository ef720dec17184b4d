package browser

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// drag moves the batch slider over its track, one input event a frame as a
// reader's hand does, and times each from the event to the frame after the one
// that painted it. The first moves warm the program up and are not counted.
const drag = `(async () => {
  dispatchEvent(new Event("scroll"));
  const slider = document.querySelector('input[type=range][data-key="batch"]');
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => { await frame(); await new Promise((done) => { const c = new MessageChannel(); c.port1.onmessage = done; c.port2.postMessage(0); }); };
  const times = [];
  for (let i = 0; i < 240; i++) {
    slider.value = String(Math.round(500 + 480 * Math.sin(i / 9)));
    const from = performance.now();
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await painted();
    await painted();
    if (i >= 40) times.push(performance.now() - from);
  }
  times.sort((a, b) => a - b);
  return JSON.stringify({ median: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)] });
})()`

// BenchmarkSlider is the budget "slider to all visible charts repainted": in
// milliseconds, frame waits included.
func BenchmarkSlider(b *testing.B) {
	for b.Loop() {
		p := Open(b, "/?gpus=32", View{})
		p.WaitLive()
		p.Wait(`document.querySelector(".plot .live svg") !== null`)
		var text string
		p.run(chromedp.Evaluate(drag, &text, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
		var times struct{ Median, P95 float64 }
		if err := json.Unmarshal([]byte(text), &times); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(times.Median, "ms/median")
		b.ReportMetric(times.P95, "ms/p95")
	}
}
