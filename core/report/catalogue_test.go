package report

import "testing"

func TestCatalogueNamesNothingTwice(t *testing.T) {
	if err := Catalogue().Check(); err != nil {
		t.Error(err)
	}
}

func TestShortNamesBelongToAccelerators(t *testing.T) {
	known := map[string]bool{}
	for _, g := range Catalogue().GPUs {
		known[g.ID] = true
	}
	for id := range shortGPU {
		if !known[id] {
			t.Errorf("%s has short names but is not an accelerator", id)
		}
	}
}
