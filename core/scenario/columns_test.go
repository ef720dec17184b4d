package scenario

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// What a comparison's link holds is decoded again, scenario by scenario, without a problem.
func TestColumnsRoundTrip(t *testing.T) {
	c := catalogue()
	rng := rand.New(rand.NewPCG(7, 8))
	for range 2_000 {
		columns := []Scenario{random(rng, &c)}
		columns[0].Unknown = ""
		for len(columns) < 1+rng.IntN(MaxColumns) {
			other := random(rng, &c)
			if rng.IntN(3) == 0 {
				other = columns[0]
			}
			other.Unknown = ""
			if rng.IntN(4) == 0 {
				other.Unknown = "later=1"
			}
			columns = append(columns, other)
		}
		link := EncodeColumns(columns)
		got, problems := c.DecodeColumns(link)
		if !slices.Equal(got, columns) {
			t.Fatalf("?%s gives\n%+v\nwant\n%+v", link, got, columns)
		}
		for _, p := range problems {
			if !strings.HasSuffix(p.Key, "later") {
				t.Fatalf("?%s: %v", link, p)
			}
		}
	}
}

func TestDecodeColumns(t *testing.T) {
	c := catalogue()
	for _, test := range []struct {
		link  string
		gpus  []string // accelerators of the columns
		again string   // the link as it is written
		faults,
		mend string
	}{
		{link: "", gpus: []string{"h100-sxm"}},
		{link: "gpus=16&b.gpu=h200&b.gpus=8", gpus: []string{"h100-sxm", "h200"}, again: "gpus=16&b.gpu=h200&b.gpus=8"},
		{link: "gpus=16&b.gpus=", gpus: []string{"h100-sxm", "h100-sxm"}, again: "gpus=16&b.gpus="},
		{link: "gpu=h200&b.gpu=", gpus: []string{"h200", "h100-sxm"}, again: "gpu=h200&b.gpu=h100-sxm"},
		{link: "d.gpu=h200", gpus: []string{"h100-sxm", "h200"}, again: "b.gpu=h200"}, // letters close up
		{link: "A.batch=8&B.GPU=h200", gpus: []string{"h100-sxm", "h200"}, again: "batch=8&b.gpu=h200"},
		{link: "b%2Egpu=h200", gpus: []string{"h100-sxm", "h200"}, again: "b.gpu=h200"},
		{link: "b.model=deepseek-v3", gpus: []string{"h100-sxm", "h100-sxm"}, again: "b.model=deepseek-v3"}, // two alike
		{link: "b.gpu=h20O", gpus: []string{"h100-sxm", "h100-sxm"}, again: "b.model=deepseek-v3", faults: "b.gpu", mend: "b.gpu=h200"},
		{link: "gpu=nope&b.batch=8", gpus: []string{"h100-sxm", "h100-sxm"}, again: "b.batch=8", faults: "gpu"}, // said once
		{link: "e.gpu=h200", gpus: []string{"h100-sxm"}, faults: "e.gpu"},
	} {
		columns, problems := c.DecodeColumns(test.link)
		var gpus, keys []string
		for _, s := range columns {
			gpus = append(gpus, s.GPU)
		}
		for _, p := range problems {
			keys = append(keys, p.Key)
			if test.mend != "" && p.Suggestion != test.mend {
				t.Errorf("?%s: suggests %q, want %q", test.link, p.Suggestion, test.mend)
			}
		}
		if !slices.Equal(gpus, test.gpus) || EncodeColumns(columns) != test.again || strings.Join(keys, " ") != test.faults {
			t.Errorf("?%s: got %v, again %q, faults %q; want %v, %q, %q", test.link, gpus, EncodeColumns(columns), strings.Join(keys, " "), test.gpus, test.again, test.faults)
		}
	}
	if got := EncodeColumns(nil); got != "" {
		t.Errorf("of nothing: %q", got)
	}
}
