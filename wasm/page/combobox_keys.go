//go:build js && wasm

package main

import (
	"strconv"
	"strings"
	"syscall/js"

	"honnef.co/go/js/dom/v2"
)

// press handles a key in the field and says whether it was one of the list's:
// the arrows open it and move in it, Enter chooses.
func (c *combobox) press(event js.Value) bool {
	key := event.Get("key").String()
	switch {
	case key == "ArrowDown" || key == "ArrowUp":
		switch {
		case !c.open:
			c.all()
		case len(c.shown) > 0:
			step := 1
			if key == "ArrowUp" {
				step = len(c.shown) - 1
				if c.at < 0 {
					step = len(c.shown)
				}
			}
			c.activate((c.at + step) % len(c.shown))
		}
	case c.open && (key == "PageDown" || key == "PageUp") && len(c.shown) > 0:
		step := 8
		if key == "PageUp" {
			step = -8
		}
		c.activate(max(0, min(len(c.shown)-1, c.at+step)))
	case c.open && key == "Home" && len(c.shown) > 0:
		c.activate(0)
	case c.open && key == "End" && len(c.shown) > 0:
		c.activate(len(c.shown) - 1)
	case c.open && key == "Enter":
		c.enter()
	default:
		return false
	}
	return true
}

func (p *page) listenToLists() {
	// What is on top takes Escape for itself: the settings behind it stay open.
	document.Call("addEventListener", "keydown", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		if arguments[0].Get("key").String() != "Escape" {
			return nil
		}
		guard(func() {
			taken := p.popover.isOpen()
			for _, c := range p.lists {
				if c != nil && c.open {
					c.close()
					taken = true
				}
			}
			if taken {
				arguments[0].Call("stopPropagation")
			}
		})
		return nil
	}), true)

	of := func(e *dom.BasicEvent, selector, name string) *combobox {
		at := closest(target(e), selector)
		if at.IsNull() {
			return nil
		}
		return p.lists[data(at, name)]
	}
	on("keydown", func(e *dom.BasicEvent) {
		if c := of(e, "input[role=combobox]", "key"); c != nil && c.press(e.Underlying()) {
			e.PreventDefault()
		}
	})
	on("mousedown", func(e *dom.BasicEvent) {
		if c := of(e, ".list[data-for]", "for"); c != nil {
			e.PreventDefault() // the field keeps the focus
		} else if c := of(e, "[data-open-list]", "open-list"); c != nil {
			e.PreventDefault()
		}
	})
	on("click", func(e *dom.BasicEvent) {
		switch {
		case of(e, "[data-open-list]", "open-list") != nil:
			c := of(e, "[data-open-list]", "open-list")
			if c.open {
				c.close()
				return
			}
			c.field.Call("focus")
			c.all()
		case of(e, "input[role=combobox]", "key") != nil:
			if c := of(e, "input[role=combobox]", "key"); !c.open {
				c.field.Call("select")
				c.all()
			}
		default:
			if c := of(e, ".list[data-for]", "for"); c != nil {
				if row := closest(target(e), "[role=option]"); !row.IsNull() {
					i, _ := strconv.Atoi(strings.TrimPrefix(row.Get("id").String(), c.key+"-option-"))
					c.choose(i)
				}
			}
		}
	})
	on("focusout", func(e *dom.BasicEvent) {
		if c := of(e, "input[role=combobox]", "key"); c != nil && (c.open || c.typing) {
			c.close()
		}
	})
}
