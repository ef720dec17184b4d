package chart

import (
	"strings"
	"testing"

	"moecost/core/board"
)

func TestBoardShowsEachCellOnce(t *testing.T) {
	for _, c := range []struct{ experts, touched, computed, columns int }{
		{256, 172, 8, 16}, {128, 128, 4, 16}, {8, 2, 2, 4}, {384, 0, 0, 24}, {60, 7, 4, 10}, {1, 1, 1, 1}, {7, 3, 1, 3}, {512, 600, 10, 32},
	} {
		b := Board(c.experts, c.touched, c.computed, 200)
		touched := min(c.touched, c.experts)
		got := [3]int{strings.Count(b.Resident, "M"), strings.Count(b.Touched, "M"), strings.Count(b.Computed, "M")}
		want := [3]int{c.experts - touched, touched - c.computed, c.computed}
		if got != want {
			t.Errorf("Board(%d, %d, %d): got cells %v, want %v", c.experts, c.touched, c.computed, got, want)
		}
		if got := board.New(c.experts, 0, 0).Columns; got != c.columns {
			t.Errorf("columns of %d experts: got %d, want %d", c.experts, got, c.columns)
		}
	}
}

func TestBoardOnlyAddsCellsAsTheBatchGrows(t *testing.T) {
	before := cells(Board(256, 0, 0, 200).Touched)
	for touched := 1; touched <= 256; touched++ {
		after := cells(Board(256, touched, 0, 200).Touched)
		for cell := range before {
			if !after[cell] {
				t.Fatalf("cell %q is touched at %d and not at %d", cell, touched-1, touched)
			}
		}
		if len(after) != touched {
			t.Fatalf("got %d distinct cells, want %d", len(after), touched)
		}
		before = after
	}
}

func TestBoardOutOfRange(t *testing.T) {
	if b := Board(-3, 5, 5, 200); b.Resident+b.Touched+b.Computed != "" {
		t.Errorf("a layer without experts: got cells %+v, want none", b)
	}
	b := Board(4, 2, 9, 100)
	if got := strings.Count(b.Computed, "M"); got != 2 {
		t.Errorf("computed above touched: got %d cells, want 2", got)
	}
}

func cells(path string) map[string]bool {
	found := map[string]bool{}
	for _, cell := range strings.Split(path, "M") {
		if cell != "" {
			found[cell] = true
		}
	}
	return found
}
