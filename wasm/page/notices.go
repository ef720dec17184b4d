//go:build js && wasm

package main

import (
	"strconv"
	"strings"

	"moecost/core/scenario"
	"moecost/core/story"
)

// paintNotices writes each notice where its cause is.
func (p *page) paintNotices() {
	at := map[string][]*node{"answer": p.linkNotice()}
	if p.refused != "" {
		at["model"] = append(at["model"], notice("error", marked(p.refused), []*node{words("The numbers shown are those of the last scenario that worked.")}))
	}
	if p.ask.Model == scenario.ModelCustom && p.own != nil {
		for _, remark := range p.own.remarks(p.link.excuse) {
			at["model"] = append(at["model"], notice("warning", marked(remark[0]), marked(remark[1])))
		}
	}
	for _, n := range p.story.Notices {
		at[n.At] = append(at[n.At], linkTo(p.to).notice(n))
	}
	for name, place := range p.places {
		if where, ok := strings.CutPrefix(name, "notices:"); ok && where != "config" && where != "counts" && where != "measured" {
			place.show(at[where])
		}
	}
}

// linkNotice says what the opened link asks for and cannot have: one notice,
// with a list if there are several.
func (p *page) linkNotice() []*node {
	switch len(p.problems) {
	case 0:
		return nil
	case 1:
		return []*node{notice(string(story.NoticeError), p.problem(0), nil)}
	}
	list := el("ul", is("class", "faults"))
	for i := range p.problems {
		list.kids = append(list.kids, el("li", nil, p.problem(i)...))
	}
	n := notice(string(story.NoticeError), []*node{words(strconv.Itoa(len(p.problems)) + " things in the link could not be used as they stand.")}, nil)
	said := n.kids[len(n.kids)-1]
	said.kids = append(said.kids, list)
	return []*node{n}
}

// problem is one thing wrong with a link; its suggestion is a link that takes it.
func (p *page) problem(i int) []*node {
	problem := p.problems[i]
	const offer = "Did you mean `"
	said := problem.String()
	at := strings.LastIndex(said, offer)
	if problem.Suggestion == "" || at < 0 {
		return marked(said)
	}
	before, rest := said[:at+len(offer)-1], said[at+len(offer):]
	meant, after, _ := strings.Cut(rest, "`")
	taken, _ := p.catalogue.Apply(p.ask, problem)
	offered := el("a", is("class", "link", "href", p.to(scenario.Encode(taken)), "data-apply", problem.Suggestion, "data-mend", strconv.Itoa(i)),
		el("code", nil, words(meant)))
	return join(marked(before), []*node{offered}, marked(after))
}

// marked sets what stands between backquotes in monospace.
func marked(text string) []*node {
	var out []*node
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			out = append(out, el("code", nil, words(part)))
		} else {
			out = append(out, texts(part)...)
		}
	}
	return join(out)
}

// mend takes the suggestion of a problem of the link.
func (p *page) mend(i int) {
	if i >= len(p.problems) {
		return
	}
	p.ask, _ = p.catalogue.Apply(p.ask, p.problems[i])
	p.problems = append(p.problems[:i:i], p.problems[i+1:]...)
	p.chosen()
}

// apply takes a suggestion of the report, which is the whole scenario.
func (p *page) apply(query string) {
	p.ask, _ = p.catalogue.Decode(query)
	p.refusals = map[string]refusal{}
	p.chosen()
}
