//go:build js && wasm

package main

import (
	"math"
	"strconv"
	"syscall/js"

	"moecost/core/scenario"
	"moecost/core/story"
)

// step moves a field by one (tick false) or to the next round value, as its
// slider has them. At the end of its range nothing happens.
func (p *page) step(key string, direction float64, tick bool) {
	f := p.story.Form.Fields[key]
	v, err := strconv.ParseFloat(scenario.Text(p.ask, key), 64)
	if err != nil { // left open: the page's own choice is where to start from
		var ok bool
		if v, ok = number(f); !ok {
			return
		}
	}
	switch {
	case tick && f.Slider != nil:
		v = f.Slider.Next(v, int(direction))
	case f.Slider != nil && !whole(key):
		v += direction * (f.Slider.Max - f.Slider.Min) / 100
	default:
		v += direction
	}
	if limits, ok := limitsOf(key); !ok || v < limits.Min || v > limits.Max {
		return
	}
	p.editing = editing{}
	p.edit(key, written(key, v))
}

// stepByKey handles the arrows (by one), Page Up and Page Down (by a tick), and on a slider
// Home and End; it says whether the key was one of them.
func (p *page) stepByKey(c *control, event js.Value) bool {
	if c.kind != "text" && c.kind != "range" || event.Get("ctrlKey").Bool() || event.Get("metaKey").Bool() || event.Get("altKey").Bool() {
		return false
	}
	slider := p.story.Form.Fields[c.key].Slider
	switch key := event.Get("key").String(); {
	case key == "ArrowUp", key == "ArrowRight" && c.kind == "range":
		p.step(c.key, 1, false)
	case key == "ArrowDown", key == "ArrowLeft" && c.kind == "range":
		p.step(c.key, -1, false)
	case key == "PageUp":
		p.step(c.key, 1, true)
	case key == "PageDown":
		p.step(c.key, -1, true)
	case key == "Home" && c.kind == "range" && slider != nil:
		p.edit(c.key, written(c.key, slider.Min))
	case key == "End" && c.kind == "range" && slider != nil:
		p.edit(c.key, written(c.key, slider.Max))
	default:
		return false
	}
	return true
}

// atPosition is the value at a place on a slider, as a link writes it. Near a tick it is the tick.
func (p *page) atPosition(key string, position float64) string {
	slider := p.story.Form.Fields[key].Slider
	if slider == nil {
		return ""
	}
	for _, tick := range slider.Ticks {
		if math.Abs(slider.Position(tick)-position) < snap {
			return written(key, tick)
		}
	}
	return written(key, slider.Value(position))
}

// snap is how near a tick catches the thumb: about two pixels of a track of 200.
const snap = 0.01

// written rounds a value to what its field takes.
func written(key string, v float64) string {
	if whole(key) {
		return strconv.FormatFloat(math.Round(v), 'f', 0, 64)
	}
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

func whole(key string) bool {
	f, ok := limitsOf(key)
	return ok && f.Kind == scenario.KindCount
}

func limitsOf(key string) (scenario.Field, bool) {
	for _, f := range scenario.Fields() {
		if f.Key == key {
			return f, true
		}
	}
	return scenario.Field{}, false
}

// position is where a field stands on its slider, 0 to 1.
func position(f story.Field) float64 {
	v, ok := number(f)
	if !ok || f.Slider == nil {
		return 0
	}
	return f.Slider.Position(v)
}
