package browser

import "testing"

// What to run: commands with the layout that the page shows, and the runs to measure, from a planner in a worker.
func TestWhatToRun(t *testing.T) {
	p := Open(t, "/?model=deepseek-v3&gpu=h200&gpus=8&tp=8&pp=1&dp=1&ep=1&engine=sglang", View{})
	p.WaitLive()
	p.Click(`[data-verb="launch"]`)
	p.Wait(`document.querySelector("dialog#launch").open && document.querySelector("#launch pre")`)
	p.MustSee("#launch", "With SGLang", "sglang.launch_server", "--tp-size 8", "deepseek-ai/DeepSeek-V3", "What to measure first", "sglang.bench_serving", "the range spans", "Copy")
	if got := Eval[int](p, `document.querySelectorAll("#launch .cmd").length`); got < 4 || got > 6 {
		t.Errorf("%d commands, want that of the server and three to five runs", got)
	}
	if got := Eval[string](p, `[...document.querySelectorAll("#launch a")].map((a) => new URL(a.href).host).filter((h) => h !== "github.com" && h !== "docs.sglang.io").join(" ")`); got != "" {
		t.Errorf("options are documented at %s", got)
	}
	Eval[bool](p, `(document.querySelector("#launch [data-close]").click(), true)`)
	p.Wait(`!document.querySelector("dialog#launch").open`)
	p.MustBeQuiet("worker-", "planner-")
}

func TestNothingToRun(t *testing.T) {
	p := Open(t, "/?model=deepseek-v3&gpu=h100-sxm&gpus=8", View{Width: 390, Height: 844})
	p.WaitLive()
	p.Click(`[data-verb="launch"]`)
	p.Wait(`/does not fit/.test(document.querySelector("#launch").textContent)`)
	if wide := Eval[int](p, `document.documentElement.scrollWidth`); wide > 390 {
		t.Errorf("the page is %d px wide", wide)
	}
}
