package chart

import (
	"math"
	"strconv"
)

// BoardPaths are the three SVG paths of the board, the picture of one MoE
// layer in which every routed expert is a cell: hollow cells are only
// resident, mid ones are touched by a step, solid ones computed for a token.
type BoardPaths struct {
	Width, Height               float64 // of the view box
	Resident, Touched, Computed string  // path data; together they show each cell once
}

// boardGap is the share of a cell's pitch that stays paper.
const boardGap = 0.22

// Board draws one layer of experts cells into a box of the given width, in
// pixels. Counts are nested: the computed cells are among the touched ones.
// Counts out of range are clipped to 0..experts. The cells are laid out in the most
// nearly square grid that they fill, and which of them are touched is fixed by
// a permutation of their numbers, so that a growing batch only adds cells.
func Board(experts, touched, computed int, width float64) BoardPaths {
	experts = max(experts, 0)
	if experts == 0 {
		return BoardPaths{Width: width}
	}
	touched = min(max(touched, 0), experts)
	computed = min(max(computed, 0), touched)
	columns := boardColumns(experts)
	rows := (experts + columns - 1) / columns
	// The last cell of a row has no gap after it.
	pitch := width / (float64(columns) - boardGap)
	side := pitch * (1 - boardGap)
	b := BoardPaths{Width: width, Height: pitch * (float64(rows) - boardGap)}
	order := boardOrder(experts)
	var resident, mid, solid []byte
	for cell, rank := range order {
		x, y := float64(cell%columns)*pitch, float64(cell/columns)*pitch
		switch {
		case rank < computed:
			solid = appendSquare(solid, x, y, side)
		case rank < touched:
			mid = appendSquare(mid, x, y, side)
		default: // drawn with an outline of one pixel, so half a pixel smaller on each side
			resident = appendSquare(resident, x+0.5, y+0.5, side-1)
		}
	}
	b.Resident, b.Touched, b.Computed = string(resident), string(mid), string(solid)
	return b
}

// boardColumns is the width of the most nearly square full grid, at most
// twice as wide as high; a number with no such divisors gets a ragged square.
func boardColumns(experts int) int {
	root := int(math.Ceil(math.Sqrt(float64(experts))))
	for columns := root; columns*columns <= 2*experts; columns++ {
		if experts%columns == 0 {
			return columns
		}
	}
	return root
}

// boardOrder gives each cell its rank in a fixed shuffle (Fisher and Yates,
// driven by the 64-bit generator of Knuth, MMIX), the same for ever so that a
// picture does not change between visits.
func boardOrder(experts int) []int {
	order := make([]int, experts)
	for i := range order {
		order[i] = i
	}
	state := uint64(256)
	for i := experts - 1; i > 0; i-- {
		state = state*6364136223846793005 + 1442695040888963407
		j := int((state >> 33) % uint64(i+1))
		order[i], order[j] = order[j], order[i]
	}
	return order
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
