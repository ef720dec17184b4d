package browser

import "testing"

// longest is the model with the longest name.
const longest = "nemotron-3-ultra-550b-a55b"

// Whatever the page shows, nothing is wider than the screen.
func TestNoStateIsWiderThanTheScreen(t *testing.T) {
	for _, width := range []int{360, 768} { // the widths between the layouts of phones, tablets and desks
		for _, s := range append(states, state{"the longest name", "/?model=" + longest + "&gpus=64", 0, ``, `true`, ""}) {
			if s.width == 1440 || s.width == 390 && width > 640 {
				continue
			}
			p := openState(t, s, View{Width: width})
			if got := Eval[int](p, `document.documentElement.scrollWidth`); got > width {
				t.Errorf("%s at %d px is %d px wide: %s", s.name, width, got, p.tooWide())
			}
			p.Close()
		}
	}
}

// tooWide names what reaches over the right edge.
func (p *Page) tooWide() string {
	p.t.Helper()
	return Eval[string](p, `[...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5 && !e.closest(".tbl,.list,svg")).map(e => e.tagName + "." + e.className).slice(0, 5).join(" ")`)
}
