//go:build js && wasm

package main

import (
	"strconv"

	"moecost/core/chart"
)

// boardWidth is that of the board's view box, as scripts/build draws it.
const boardWidth = 200

// paintBoard draws the picture of one layer of experts, or hides it for a model without them.
func (p *page) paintBoard() {
	box := first("[data-board]")
	if box.IsNull() {
		return
	}
	b := p.story.Board
	hidden(box, b.Resident == 0)
	if b.Resident == 0 {
		return
	}
	to := linkTo(p.to)
	p.show("board.caption", to.sentence(b.Caption))
	p.show("board.computed", to.span(b.Counts.Computed))
	p.show("board.touched", to.span(b.Counts.Touched))
	p.show("board.resident", to.span(b.Counts.Resident))
	if b.Name == p.boardName {
		return // the name holds all three counts
	}
	p.boardName = b.Name
	svg := box.Call("querySelector", "svg.board")
	paths := chart.Board(b.Resident, b.Touched, b.Computed, boardWidth)
	height := strconv.FormatFloat(paths.Height, 'f', 2, 64)
	element(svg).SetAttribute("viewBox", "0 0 "+strconv.Itoa(boardWidth)+" "+height)
	element(svg).SetAttribute("height", height)
	element(svg).SetAttribute("aria-label", b.Name)
	for class, d := range map[string]string{".bd-r": paths.Resident, ".bd-t": paths.Touched, ".bd-c": paths.Computed} {
		element(svg.Call("querySelector", class)).SetAttribute("d", d)
	}
}
