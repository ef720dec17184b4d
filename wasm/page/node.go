//go:build js && wasm

package main

import "syscall/js"

// node is an element or a text as the templates write it. The page describes
// what it wants as nodes and patch changes the elements that stand there, so
// that a number that changes is one text that changes: focus, selection and
// open popovers stay.
type node struct {
	tag   string // empty for a text
	attrs []attr
	text  string
	kids  []*node

	at js.Value // what shows it
}

type attr struct{ name, value string }

// volatile attributes belong to the moment, not to the description: patch sets
// them when it creates an element and leaves them alone afterwards.
var volatile = map[string]bool{"aria-expanded": true, "aria-disabled": true, "data-wait": true}

const svgNamespace = "http://www.w3.org/2000/svg"

// el is an element; attributes are name and value in turn.
func el(tag string, attributes []string, kids ...*node) *node {
	n := &node{tag: tag, kids: kids}
	for i := 0; i+1 < len(attributes); i += 2 {
		n.attrs = append(n.attrs, attr{attributes[i], attributes[i+1]})
	}
	return n
}

// is spells the attributes of el.
func is(attributes ...string) []string { return attributes }

// words is a text. It is never read as HTML.
func words(text string) *node { return &node{text: text} }

// join makes one list of nodes; neighbouring texts become one, as a parser of HTML would have them, and empty ones none.
func join(lists ...[]*node) []*node {
	var out []*node
	for _, list := range lists {
		for _, n := range list {
			last := len(out) - 1
			switch {
			case n.tag == "" && n.text == "":
			case n.tag == "" && last >= 0 && out[last].tag == "":
				out[last] = words(out[last].text + n.text)
			default:
				out = append(out, n)
			}
		}
	}
	return out
}

// place is an element whose content the page writes.
type place struct {
	host    js.Value
	kids    []*node
	adopted bool
}

// show makes the content of a place what is wanted, with as few changes as possible. What stands
// there at first came from the templates and is taken over.
func (p *place) show(want []*node) {
	if !p.adopted {
		p.kids = adopt(p.host)
		p.adopted = true
	}
	p.kids = patch(p.host, p.kids, want)
}

// adopt describes what an element contains. Notices that the shell has put there
// (data-shell, data-fault) are not the page's to change.
func adopt(host js.Value) []*node {
	var kids []*node
	list := host.Get("childNodes")
	for i := range list.Length() {
		at := list.Index(i)
		switch at.Get("nodeType").Int() {
		case 3:
			kids = append(kids, &node{text: at.Get("nodeValue").String(), at: at})
		case 1:
			if element(at).HasAttribute("data-shell") || element(at).HasAttribute("data-fault") {
				continue
			}
			n := &node{tag: at.Get("localName").String(), at: at, kids: adopt(at)}
			attributes := at.Get("attributes")
			for j := range attributes.Length() {
				a := attributes.Index(j)
				if name := a.Get("name").String(); !volatile[name] {
					n.attrs = append(n.attrs, attr{name, a.Get("value").String()})
				}
			}
			kids = append(kids, n)
		}
	}
	return kids
}

// patch turns the children that an element has into those that it should have.
func patch(host js.Value, have, want []*node) []*node {
	for i, w := range want {
		switch {
		case i >= len(have):
			insertAfter(host, want, i, create(w))
		case have[i].tag != w.tag:
			fresh := create(w)
			have[i].at.Call("replaceWith", fresh)
		default:
			update(have[i], w)
		}
	}
	for _, old := range have[min(len(want), len(have)):] {
		old.at.Call("remove")
	}
	return want
}

// insertAfter keeps new nodes behind the page's own, in front of what others have put there.
func insertAfter(host js.Value, want []*node, i int, fresh js.Value) {
	switch {
	case i > 0:
		want[i-1].at.Call("after", fresh)
	default:
		host.Call("prepend", fresh)
	}
}

// update changes one node that stands on the page.
func update(have, want *node) {
	want.at = have.at
	if want.tag == "" {
		if have.text != want.text {
			want.at.Set("nodeValue", want.text)
		}
		return
	}
	for _, a := range want.attrs {
		if volatile[a.name] {
			continue
		}
		if old, ok := have.attr(a.name); !ok || old != a.value {
			element(want.at).SetAttribute(a.name, a.value)
		}
	}
	for _, a := range have.attrs {
		if _, ok := want.attr(a.name); !ok && !volatile[a.name] {
			element(want.at).RemoveAttribute(a.name)
		}
	}
	patch(want.at, have.kids, want.kids)
}

func (n *node) attr(name string) (string, bool) {
	for _, a := range n.attrs {
		if a.name == name {
			return a.value, true
		}
	}
	return "", false
}

// create makes the elements that a node describes.
func create(n *node) js.Value { return createIn(n, false) }

func createIn(n *node, svg bool) js.Value {
	if n.tag == "" {
		n.at = document.Call("createTextNode", n.text)
		return n.at
	}
	svg = svg || n.tag == "svg"
	if svg {
		n.at = document.Call("createElementNS", svgNamespace, n.tag)
	} else {
		n.at = document.Call("createElement", n.tag)
	}
	for _, a := range n.attrs {
		element(n.at).SetAttribute(a.name, a.value)
	}
	for _, kid := range n.kids {
		n.at.Call("append", createIn(kid, svg))
	}
	return n.at
}
