// Package board lays out the picture of one MoE layer, in which every routed expert is
// a cell: hollow cells are only resident, mid ones are touched by a step, solid ones computed for
// a token. It says which cell is what; who draws it is above.
package board

import "math"

// Gap is the share of a cell's pitch that stays paper.
const Gap = 0.22

// Count is the innermost of the three nested counts that a cell belongs to.
type Count uint8

// The counts, from the outermost.
const (
	Resident Count = iota
	Touched
	Computed
)

// Board is a grid of cells, row by row; the last row may be short.
type Board struct {
	Columns, Rows int
	Cells         []Count
}

// New lays out a layer of experts. Counts out of range are clipped to 0..experts, and computed cells
// are among the touched ones. The grid is the most nearly square one that is filled, and which cells
// are touched is fixed by a permutation of their numbers, so that a growing batch only adds cells.
func New(experts, touched, computed int) Board {
	if experts <= 0 {
		return Board{}
	}
	touched = min(max(touched, 0), experts)
	computed = min(max(computed, 0), touched)
	b := Board{Columns: columns(experts), Cells: make([]Count, experts)}
	b.Rows = (experts + b.Columns - 1) / b.Columns
	for cell, rank := range order(experts) {
		switch {
		case rank < computed:
			b.Cells[cell] = Computed
		case rank < touched:
			b.Cells[cell] = Touched
		}
	}
	return b
}

// columns is the width of the most nearly square full grid, at most
// twice as wide as high; a number with no such divisors gets a ragged square.
func columns(experts int) int {
	root := int(math.Ceil(math.Sqrt(float64(experts))))
	for columns := root; columns*columns <= 2*experts; columns++ {
		if experts%columns == 0 {
			return columns
		}
	}
	return root
}

// order gives each cell its rank in a fixed shuffle (Fisher and Yates,
// driven by the 64-bit generator of Knuth, MMIX), the same for ever so that a
// picture does not change between visits.
func order(experts int) []int {
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
