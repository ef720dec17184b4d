package scenario

import (
	"strings"
	"testing"
)

// rename and scale are the two kinds of step that a real upgrader would take.
func rename(from, to string) func([]entry) []entry {
	return func(entries []entry) []entry {
		for i := range entries {
			if entries[i].key == from {
				entries[i].key = to
			}
		}
		return entries
	}
}

func scale(key, suffix string) func([]entry) []entry {
	return func(entries []entry) []entry {
		for i := range entries {
			if entries[i].key == key {
				entries[i].raw += suffix
			}
		}
		return entries
	}
}

// TestUpgraders runs a made-up history: version 2 renamed "bs" to "batch", version
// 3 counts it in ones instead of thousands.
func TestUpgraders(t *testing.T) {
	history := mustBeComplete(chain{rename("bs", "batch"), scale("batch", "000")}, 3)
	for _, test := range []struct {
		from        int
		query, want string
	}{
		{1, "bs=2&zz=1", "batch=2000&zz=1"},
		{2, "batch=2&zz=1", "batch=2000&zz=1"},
		{3, "batch=2&zz=1", "batch=2&zz=1"},
		{4, "batch=2&zz=1", "batch=2&zz=1"},
	} {
		entries, _ := split(test.query)
		var got []string
		for _, e := range history.run(entries, test.from) {
			got = append(got, pair(e.key, e.raw))
		}
		if got := strings.Join(got, "&"); got != test.want {
			t.Errorf("from version %d, for %s, got %s, want %s", test.from, test.query, got, test.want)
		}
	}
}

// TestMissingUpgrader: a missing step stops the program when it starts.
func TestMissingUpgrader(t *testing.T) {
	none := rename("", "")
	for _, test := range []struct {
		name    string
		chain   chain
		version int
		panics  bool
	}{
		{"none needed", chain{}, 1, false},
		{"one step", chain{none}, 2, false},
		{"a step too few", chain{none}, 3, true},
		{"a step too many", chain{none, none}, 2, true},
		{"a hole", chain{none, nil, none}, 4, true},
	} {
		panicked := func() (yes bool) {
			defer func() { yes = recover() != nil }()
			mustBeComplete(test.chain, test.version)
			return false
		}()
		if panicked != test.panics {
			t.Errorf("for %s, got a panic: %v, want %v", test.name, panicked, test.panics)
		}
	}
}

// TestNewerVersionIsKept, so that a reload with the newer page reads it rightly.
func TestNewerVersionIsKept(t *testing.T) {
	c := catalogue()
	s, _ := c.Decode("gpus=16&v=7")
	s, _ = c.Set(s, "batch", "8")
	if got := Encode(s); got != "v=7&gpus=16&batch=8" {
		t.Errorf("got %s", got)
	}
}
