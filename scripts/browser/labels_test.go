package browser

import (
	"strings"
	"testing"
)

// touching lists the texts of drawings in sight that lie over one another. Boxes of text have air above and below the letters,
// so what counts is more than three tenths of a line.
const touching = `(() => {
	const bad = [];
	for (const plot of document.querySelectorAll(".plot[data-chart]:not(.empty):not([hidden])")) {
		const boxes = [...plot.querySelectorAll(".live text, .still svg text")].filter(e => e.checkVisibility() && e.textContent.trim())
			.map(e => ({ text: e.textContent.trim(), box: e.getBoundingClientRect(), turned: /rotate|matrix\((?!1,0,0,1)/.test(e.getAttribute("transform") ?? "") }))
			.filter(e => e.box.width > 0 && !e.turned);
		for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
			const a = boxes[i].box, b = boxes[j].box;
			const over = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
			if (over > 1 && high > 0.3 * Math.min(a.height, b.height)) bad.push(plot.dataset.chart + ": " + boxes[i].text + " / " + boxes[j].text);
		}
		const frame = plot.closest("figure").getBoundingClientRect();
		for (const { text, box } of boxes) if (box.left < Math.min(frame.left, 0) - 1 || box.right > Math.max(frame.right, innerWidth) + 1) bad.push(plot.dataset.chart + ": " + text + " leaves the page");
	}
	return [...new Set(bad)];
})()`

// No label of a chart touches another, in any figure, whatever the width.
func TestNoLabelTouchesAnother(t *testing.T) {
	for _, query := range []string{"", "?model=" + longest + "&gpus=64", "?model=mixtral-8x7b&gpu=rtx4090&gpus=1&host=0.5"} {
		for _, width := range []int{360, 390, 768, 1024, 1440} {
			p := Open(t, "/"+query, View{Width: width, Height: 30_000}) // all figures are in sight
			p.WaitLive()
			p.Wait(`document.querySelectorAll(".plot .live svg").length > 8`)
			p.Settle()
			if found := Eval[[]string](p, touching); len(found) > 0 {
				t.Errorf("%q at %d px:\n%s", query, width, strings.Join(found, "\n"))
			}
			p.Close()
		}
	}
}
