package board

import "testing"

// Counts are nested: each cell is in the innermost of its counts, and there are as many of each as asked for.
func TestCells(t *testing.T) {
	for _, c := range []struct{ experts, touched, computed, columns, rows int }{
		{256, 172, 8, 16, 16}, {128, 128, 4, 16, 8}, {8, 2, 2, 4, 2}, {384, 0, 0, 24, 16}, {60, 7, 4, 10, 6}, {1, 1, 1, 1, 1}, {7, 3, 1, 3, 3},
		{512, 600, 10, 32, 16}, {4, 2, 9, 2, 2}, {0, 5, 5, 0, 0}, {-3, 5, 5, 0, 0},
	} {
		b := New(c.experts, c.touched, c.computed)
		var got [3]int
		for _, cell := range b.Cells {
			got[cell]++
		}
		experts := max(c.experts, 0)
		touched := min(c.touched, experts)
		computed := min(c.computed, touched)
		if want := [3]int{experts - touched, touched - computed, computed}; got != want || b.Columns != c.columns || b.Rows != c.rows {
			t.Errorf("New(%d, %d, %d): got %v in %d × %d, want %v in %d × %d", c.experts, c.touched, c.computed, got, b.Columns, b.Rows, want, c.columns, c.rows)
		}
	}
}

func TestAGrowingBatchOnlyAddsCells(t *testing.T) {
	before := New(96, 0, 0)
	for touched := 1; touched <= 96; touched++ {
		after := New(96, touched, 0)
		added := 0
		for i := range after.Cells {
			if before.Cells[i] == Touched && after.Cells[i] != Touched {
				t.Fatalf("cell %d is touched at %d and not at %d", i, touched-1, touched)
			}
			if before.Cells[i] != after.Cells[i] {
				added++
			}
		}
		if added != 1 {
			t.Fatalf("%d cells are new at %d, want 1", added, touched)
		}
		before = after
	}
}
