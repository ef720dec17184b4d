package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"
)

const (
	simulated = "[data-frame=tail]"
	runOf     = "[data-slot='tail.run']"
	runBar    = simulated + " progress:not([hidden])"
	cancelRun = simulated + " [data-verb=cancel-run]:not([hidden])"
	runAgain  = simulated + " [data-verb=run-again]:not([hidden])"
)

// ways are how a simulation can be done: by a worker, or in slices on the page's own thread.
var ways = map[string]View{
	"worker":                  {},
	"no worker":               {Before: `delete globalThis.Worker`},
	"worker that is refused":  {Before: `globalThis.Worker = class { constructor() { throw new DOMException("no workers here", "SecurityError") } }`},
	"worker that cannot load": {Block: "worker-"},
}

// toTail brings the simulated figures into sight.
func (p *Page) toTail() {
	p.t.Helper()
	Eval[bool](p, `(document.querySelector("`+simulated+`").scrollIntoView(), true)`)
}

// waitRun waits until the scenario that is shown has been simulated to the end.
func (p *Page) waitRun() {
	p.t.Helper()
	p.Wait(fmt.Sprintf(`document.querySelector("%s [data-busy=false]") && !/previous|Stopped/.test(document.querySelector("%s").textContent)`, simulated, runOf))
	p.Settle()
}

// The build has simulated the default scenario: a visit to it simulates nothing.
func TestTheDefaultIsSimulatedAlready(t *testing.T) {
	p := Open(t, "/", View{Before: countWorkers})
	p.WaitLive()
	p.toTail()
	p.Settle()
	p.MustSee(runOf, "steps")
	if n := Eval[int](p, `globalThis.workers`); n != 0 {
		t.Errorf("got %d workers, want none", n)
	}
	p.MustBeQuiet()
}

const countWorkers = `globalThis.workers = 0; globalThis.Worker = class extends Worker { constructor(...a) { super(...a); globalThis.workers++; globalThis.theWorker = this } }`

func TestASimulationRuns(t *testing.T) {
	finding := map[string]string{}
	for name, view := range ways {
		t.Run(name, func(t *testing.T) {
			p := Open(t, "/?batch=48", view)
			p.WaitLive()
			if got := p.Text(runOf); strings.Contains(got, "Simulating") {
				t.Errorf("it simulates out of sight: %s", got)
			}
			p.toTail()
			p.Wait(fmt.Sprintf(`document.querySelector("%s") && /Simulating/.test(document.querySelector("%s").textContent)`, runBar, runOf))
			if got := Eval[float64](p, `document.querySelector("`+runBar+`").position`); got < 0 || got > 1 {
				t.Errorf("progress: got %v", got)
			}
			p.waitRun()
			finding[name] = p.Text("[data-slot='tail.finding']") + p.Text("[data-table=tail]")
			p.MustBeQuiet("worker-") // what is blocked is complained of
		})
	}
	for name, got := range finding {
		if got != finding["worker"] {
			t.Errorf("%s: got %q, with a worker %q", name, got, finding["worker"])
		}
	}
}

// A change while a simulation is under way: the old drawing stays and says what it is, and the new scenario is simulated.
func TestANewScenarioReplacesTheRun(t *testing.T) {
	for name, view := range ways {
		t.Run(name, func(t *testing.T) {
			p := Open(t, "/", view)
			p.WaitLive()
			p.toTail()
			before := p.Text("[data-slot='tail.finding']")
			for _, n := range []string{"40", "41", "42"} {
				p.Type(batch, n)
			}
			p.toTail()
			p.MustSee(runOf, "previous run")
			if got := p.Text("[data-slot='tail.finding']"); got != before {
				t.Errorf("the finding changed before there was a result: %s", got)
			}
			if !Eval[bool](p, `document.querySelector(".plot[data-chart=tail]:not(.empty)").checkVisibility()`) {
				t.Error("the old drawing is gone")
			}
			p.waitRun()
			p.Type(batch, "64") // known already: the default
			p.Settle()
			p.waitRun()
			if got := p.Text("[data-slot='tail.finding']"); got != before {
				t.Errorf("back at the default: got %s, want %s", got, before)
			}
			p.MustBeQuiet("worker-")
		})
	}
}

// Cancel is heard within 100 ms, by keyboard too, and the focus is not lost.
func TestCancel(t *testing.T) {
	for name, view := range ways {
		t.Run(name, func(t *testing.T) {
			view.Before += ";" + watchTasks
			p := Open(t, "/?batch=56", view)
			p.WaitLive()
			p.toTail()
			p.Wait(fmt.Sprintf(`document.querySelector("%s")`, cancelRun))
			took := Eval[float64](p, fmt.Sprintf(`new Promise(async done => {
				const from = performance.now();
				document.querySelector("%s").focus();
				document.querySelector("%s").click();
				while (!/Stopped/.test(document.querySelector("%s").textContent)) await new Promise(r => setTimeout(r));
				done(performance.now() - from);
			})`, cancelRun, cancelRun, runOf))
			if took > 100 {
				t.Errorf("the page took %.0f ms to stop", took)
			}
			if got := Eval[string](p, `document.activeElement.dataset.verb ?? document.activeElement.tagName`); got != "run-again" {
				t.Errorf("the focus is at %s, want the button that runs again", got)
			}
			stopped := p.Text(runOf)
			Eval[bool](p, `new Promise(done => setTimeout(() => done(true), 300))`)
			if got := p.Text(runOf); got != stopped {
				t.Errorf("it went on: %s, then %s", stopped, got)
			}
			p.Press(kb.Enter)
			p.waitRun()
			p.MustBeQuiet("worker-")
		})
	}
}

// watchTasks notes every task of the page's thread that blocks it.
const watchTasks = `globalThis.long = []; new PerformanceObserver(list => globalThis.long.push(...list.getEntries().map(e => [Math.round(e.startTime), e.duration]))).observe({type: "longtask"})`

// slowdown is how much longer a fixed piece of work takes now than at its best: others on the machine make every task of
// the page longer than its own work.
const slowdown = `(async () => {
	const times = [];
	for (let i = 0; i < 40; i++) {
		const from = performance.now();
		for (let j = 0, x = 1; j < 2e6; j++) x = (x * 1103515245 + 12345) % 2147483648;
		times.push(performance.now() - from);
		await new Promise(done => setTimeout(done));
	}
	times.sort((a, b) => a - b);
	return times[36] / times[0];
})()`

// The page's own thread is never blocked for 50 ms by a simulation, with a worker or without. The best of a few runs counts.
func TestTheThreadStaysFree(t *testing.T) {
	for name, view := range ways {
		t.Run(name, func(t *testing.T) {
			view.Before += ";" + watchTasks
			p := Open(t, "/?batch=72", view)
			p.WaitLive()
			p.toTail()
			p.waitRun() // the charts are loaded, and everything has been drawn once
			var tried []string
			for i := range 3 {
				p.Type(batch, fmt.Sprint(80+i))
				p.toTail()
				p.Wait(fmt.Sprintf(`/previous/.test(document.querySelector("%s").textContent)`, runOf))
				Eval[bool](p, `(globalThis.long.length = 0, true)`)
				p.waitRun()
				longest := Eval[float64](p, `Math.max(0, ...globalThis.long.map(task => task[1]))`)
				times := Eval[float64](p, slowdown)
				if longest <= 50*max(times, 1) {
					return
				}
				tried = append(tried, fmt.Sprintf("%.0f ms on a machine %.1f times as slow as at its best", longest, times))
			}
			t.Errorf("the longest task of each of three runs: %s", strings.Join(tried, "; "))
		})
	}
}

// A worker that dies is said in the figure, with the way to run again.
func TestAWorkerThatDies(t *testing.T) {
	p := Open(t, "/?batch=88", View{Before: countWorkers})
	p.WaitLive()
	p.toTail()
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, runBar))
	Eval[bool](p, `(theWorker.dispatchEvent(new MessageEvent("message", {data: {ended: "out of memory"}})), true)`)
	p.Wait(fmt.Sprintf(`document.querySelector("%s")`, runAgain))
	p.MustSee(runOf, "failed", "out of memory")
	p.Click(runAgain)
	p.waitRun()
	if n := Eval[int](p, `globalThis.workers`); n != 2 {
		t.Errorf("got %d workers, want a second one", n)
	}
}

// In a frame without an origin of its own, as in somebody's post, there are no workers, and the page simulates all the same.
func TestASandboxedPageSimulates(t *testing.T) {
	target, err := url.Parse(siteURL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.ModifyResponse = func(r *http.Response) error {
		if r.Request.URL.Path == "/" {
			r.Header.Add("Content-Security-Policy", "sandbox allow-scripts") // the attribute of a frame, for a page of its own
		}
		return nil
	}
	sandbox := httptest.NewServer(proxy)
	t.Cleanup(sandbox.Close)
	p := OpenIn(t, chrome, sandbox.URL+"/?batch=96", View{})
	p.WaitLive()
	if got := Eval[string](p, `origin`); got != "null" {
		t.Fatalf("the page has the origin %s: it is not in a sandbox", got)
	}
	p.toTail()
	p.waitRun()
	p.MustBeQuiet(sandbox.URL)
}

// A model of one's own travels to the worker.
func TestACustomModelIsSimulated(t *testing.T) {
	p := Open(t, "/?gpus=1", View{})
	p.WaitLive()
	p.drop(map[string]string{"config.json": smallMixture})
	p.Wait(`location.search.includes("model=custom")`)
	p.toTail()
	p.waitRun()
	p.MustBeQuiet()
}

const smallMixture = `{"model_type": "mixtral", "hidden_size": 1024, "num_hidden_layers": 8, "num_attention_heads": 8, "num_key_value_heads": 2, "head_dim": 128,
	"intermediate_size": 2048, "num_local_experts": 16, "num_experts_per_tok": 2, "vocab_size": 32000, "max_position_embeddings": 8192, "tie_word_embeddings": false}`

// shifts adds up how much of what is seen moves without anybody having touched it.
const shifts = `globalThis.shifted = []; new PerformanceObserver(list => { for (const e of list.getEntries()) if (!e.hadRecentInput) globalThis.shifted.push([e.value, ...e.sources.map(s => (s.node?.parentElement?.closest("[data-slot],[data-frame],section") ?? s.node)?.outerHTML?.slice(0, 80)), document.querySelector("#tail-finding").offsetHeight, document.querySelector("#tail .prose").offsetHeight]) }).observe({type: "layout-shift", buffered: true})`

// A run that begins, is shown, refines and ends moves nothing, whether there was one before it or not.
func TestARunMovesNothing(t *testing.T) {
	for _, width := range []int{390, 1440} {
		for _, query := range []string{"/", "/?batch=104"} {
			p := Open(t, query, View{Width: width, Before: shifts})
			p.WaitLive()
			p.toTail()
			p.waitRun()
			first := Eval[[][]any](p, `globalThis.shifted`)
			// What a change itself moves, a hand has moved; from there on nothing may.
			Eval[bool](p, `(() => { const slider = document.querySelector("input[type=range][data-key=batch]"); slider.value = "520"; slider.dispatchEvent(new Event("input", {bubbles: true})); return true })()`)
			p.Wait(fmt.Sprintf(`/previous/.test(document.querySelector("%s").textContent)`, runOf))
			p.Settle()
			Eval[bool](p, `(globalThis.shifted = [], true)`)
			p.waitRun()
			sum := 0.0
			all := append(first, Eval[[][]any](p, `globalThis.shifted`)...)
			for _, s := range all {
				sum += s[0].(float64)
			}
			if sum > 0.01 {
				t.Errorf("%s at %d px: shifts add up to %.3f: %v", query, width, sum, all)
			}
		}
	}
}
