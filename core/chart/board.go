package chart

import (
	"math"
	"strconv"

	"moecost/core/board"
)

// BoardPaths are the three SVG paths of the board, the picture of one MoE
// layer in which every routed expert is a cell: hollow cells are only
// resident, mid ones are touched by a step, solid ones computed for a token.
type BoardPaths struct {
	Width, Height               float64 // of the view box
	Resident, Touched, Computed string  // path data; together they show each cell once
}

// Board draws one layer of experts cells, as package board lays them out, into a box of the given
// width, in pixels.
func Board(experts, touched, computed int, width float64) BoardPaths {
	grid := board.New(experts, touched, computed)
	if grid.Columns == 0 {
		return BoardPaths{Width: width}
	}
	// The last cell of a row has no gap after it.
	pitch := width / (float64(grid.Columns) - board.Gap)
	side := pitch * (1 - board.Gap)
	b := BoardPaths{Width: width, Height: pitch * (float64(grid.Rows) - board.Gap)}
	var resident, mid, solid []byte
	for cell, count := range grid.Cells {
		x, y := float64(cell%grid.Columns)*pitch, float64(cell/grid.Columns)*pitch
		switch count {
		case board.Computed:
			solid = appendSquare(solid, x, y, side)
		case board.Touched:
			mid = appendSquare(mid, x, y, side)
		default: // drawn with an outline of one pixel, so half a pixel smaller on each side
			resident = appendSquare(resident, x+0.5, y+0.5, side-1)
		}
	}
	b.Resident, b.Touched, b.Computed = string(resident), string(mid), string(solid)
	return b
}

func appendSquare(path []byte, x, y, side float64) []byte {
	path = append(path, 'M')
	path = appendHundredths(path, x)
	path = append(path, ' ')
	path = appendHundredths(path, y)
	path = append(path, 'h')
	path = appendHundredths(path, side)
	path = append(path, 'v')
	path = appendHundredths(path, side)
	path = append(path, 'h')
	path = appendHundredths(path, -side)
	return append(path, 'z')
}

func appendHundredths(path []byte, v float64) []byte {
	return strconv.AppendFloat(path, math.Round(v*100)/100, 'f', -1, 64)
}
