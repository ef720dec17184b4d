package scenario

import (
	"errors"
	"strings"
)

// Choice is one value that a field may take.
type Choice struct {
	ID      string   // canonical, as Encode writes it: lower-case letters, digits, "-", "_" and "."
	Name    string   // as people write it: "H100 SXM"
	Aliases []string // earlier or alternative ids, resolved to ID without a word
}

// Catalogue holds the lists that other packages own. Its order matters only
// between equally good corrections: the first one is proposed.
type Catalogue struct {
	Models  []Choice // presets; ModelCustom is always allowed besides
	GPUs    []Choice
	Weights []Choice
	KVs     []Choice
	Engines []Choice
	Charts  []Choice

	// CustomGPU checks the text of a custom accelerator ("custom~mem=80e9~…") and
	// returns it in canonical form, which CustomGPU must return unchanged. Nil
	// means that custom accelerators are not supported.
	CustomGPU func(text string) (canonical string, err error)
}

// customGPUPrefix starts every custom accelerator, and no accelerator's id.
const customGPUPrefix = "custom"

// maxCustomGPU bounds the text of a custom accelerator, in bytes, so that a
// canonical link always stays below maxQuery.
const maxCustomGPU = 1024

// Check reports faults of the lists: an id that a link cannot carry, an id or
// alias that stands for two things, a default that does not exist.
func (c Catalogue) Check() error {
	var faults []error
	for i := range table {
		f := &table[i]
		choices := f.choices(&c)
		if choices == nil {
			continue
		}
		fail := func(id, why string) {
			faults = append(faults, errors.New("scenario: "+f.List+" "+id+": "+why))
		}
		taken := map[string]bool{}
		for _, choice := range choices {
			for _, id := range append([]string{choice.ID}, choice.Aliases...) {
				if taken[id] {
					fail(id, "stands for two things; an id once published is never reused")
				}
				taken[id] = true
				if !plainID(id) {
					fail(id, "an id is made of lower-case letters, digits, \"-\", \"_\" and \".\", and starts and ends with a letter or digit")
				}
				if reserved(f.Key, id) {
					fail(id, "is reserved for custom ones")
				}
			}
			if choice.Name == "" {
				fail(choice.ID, "has no name")
			}
		}
		if f.Default != "" && f.lookup(&c, f.Default) == nil {
			fail(f.Default, "is the default, but is not in the list")
		}
	}
	return errors.Join(faults...)
}

// choices is the list of a choice field, fixed or from the Catalogue; nil for
// other kinds.
func (f *field) choices(c *Catalogue) []Choice {
	if f.list != nil {
		return f.list(c)
	}
	return f.Choices
}

// lookup finds a choice by id or alias, or returns nil.
func (f *field) lookup(c *Catalogue, id string) *Choice {
	choices := f.choices(c)
	for i := range choices {
		if choices[i].ID == id {
			return &choices[i]
		}
		for _, alias := range choices[i].Aliases {
			if alias == id {
				return &choices[i]
			}
		}
	}
	return nil
}

// plainID says whether an id can stand in a link, in a file name and at the end
// of a sentence without being escaped or cut.
func plainID(id string) bool {
	if id == "" || !alphanumeric(id[0]) || !alphanumeric(id[len(id)-1]) {
		return false
	}
	for i := range len(id) {
		if b := id[i]; b >= 'A' && b <= 'Z' || !alphanumeric(b) && b != '-' && b != '_' && b != '.' {
			return false
		}
	}
	return true
}

func reserved(key, id string) bool {
	return key == "model" && id == ModelCustom || key == "gpu" && strings.HasPrefix(id, customGPUPrefix)
}

func alphanumeric(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}
