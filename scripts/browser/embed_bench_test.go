package browser

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// presses keeps how long each press of the post's button took to be seen, as the browser counts it.
const presses = `
	globalThis.took = [];
	if (self === top) new PerformanceObserver((list) => {
		for (const entry of list.getEntries()) if (entry.name === "click") took.push(entry.duration);
	}).observe({type: "event", durationThreshold: 16, buffered: true})`

// BenchmarkEmbed: how long the first embed of a post takes until its chart stands, with nothing in the browser's cache; and
// the longest of 20 presses of the post's own button while the embed's slider moves, in milliseconds. All frames
// have one thread here, which is the worst case.
func BenchmarkEmbed(b *testing.B) {
	blog := serveBlog(b)
	for b.Loop() {
		from := time.Now()
		p := OpenPost(b, blog+"/plain.html", View{Height: 1000, Before: presses})
		opened := time.Now()
		frame := p.WaitFrames(3)[0]
		frame.Wait(drawn)
		b.ReportMetric(float64(time.Since(opened).Milliseconds()), "ms/drawn")
		b.ReportMetric(float64(opened.Sub(from).Milliseconds()), "ms/browser")
		for range 20 {
			In[bool](frame, `(document.querySelector(".own input[type=range]").focus(), true)`)
			p.Press(kb.PageUp)
			p.Press(kb.PageDown)
			p.run(chromedp.Click("button", chromedp.ByQuery))
		}
		p.Settle()
		b.ReportMetric(Eval[float64](p, `Math.max(16, ...took)`), "ms/press")
	}
}

// BenchmarkTwentyEmbeds: what twenty embeds in one post take of the machine's memory beyond the browser itself, when all have been seen.
func BenchmarkTwentyEmbeds(b *testing.B) {
	blog := serveBlog(b)
	for b.Loop() {
		p := OpenPost(b, blog+"/favicon.ico", View{Height: 1000})
		before := memoryOf(b, p)
		p.run(chromedp.Navigate(blog + "/twenty.html"))
		for i, f := range p.WaitFrames(20) {
			Eval[bool](p, `(document.querySelectorAll("iframe")[`+strconv.Itoa(i)+`].scrollIntoView(), true)`)
			f.Wait(drawn)
			if i == 0 {
				b.ReportMetric((memoryOf(b, p)-before)/1e6, "MB/first")
			}
		}
		b.ReportMetric((memoryOf(b, p)-before)/1e6, "MB/twenty")
	}
}

// memoryOf is the memory of the browser and its processes in bytes, each shared page counted in parts (Linux).
func memoryOf(b *testing.B, p *Page) float64 {
	b.Helper()
	parents := map[int]int{}
	all, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range all {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		parents[pid], _ = strconv.Atoi(fields[1])
	}
	root := chromedp.FromContext(p.ctx).Browser.Process().Pid
	kilobytes := 0
	for pid := range parents {
		for at := pid; at > 1; at = parents[at] {
			if at != root {
				continue
			}
			text, _ := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/smaps_rollup")
			for _, line := range strings.Split(string(text), "\n") {
				if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
					n, _ := strconv.Atoi(strings.Fields(rest)[0])
					kilobytes += n
				}
			}
			break
		}
	}
	return float64(kilobytes) * 1024
}
