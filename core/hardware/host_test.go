package hardware

import (
	"math"
	"testing"

	"moecost/assets"
)

func TestHosts(t *testing.T) {
	rows, err := parseHosts(assets.Hosts())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, h := range rows {
		if seen[h.ID] || h.ID == "" || h.Name == "" || len(h.Sources) == 0 || h.LinkBytesPerSecond <= 0 {
			t.Errorf("%q: an id used twice, no name, no source or no link: %+v", h.ID, h)
		}
		seen[h.ID] = true
		for _, id := range h.accelerators {
			if a, ok := ByID(id); !ok || a.Host().ID != h.ID {
				t.Errorf("%s: %s is in %+v", h.ID, id, a.Host())
			}
		}
	}
}

// TestHostsReachTheirLinks holds every accelerator's host between half of its link and all
// of it: what was measured is never above the link's rate.
func TestHostsReachTheirLinks(t *testing.T) {
	for _, a := range All() {
		h := a.Host()
		if a.Unified || a.HostLink.BytesPerSecond == 0 {
			if h.LinkBytesPerSecond != 0 {
				t.Errorf("%s: a link of %g bytes/s where there is none", a.ID, h.LinkBytesPerSecond)
			}
			continue
		}
		if share := h.LinkBytesPerSecond / a.HostLink.BytesPerSecond; share < 0.5 || share > 1 {
			t.Errorf("%s: %s reaches %.2f of %s", a.ID, h.Name, share, a.HostLink.Name)
		}
	}
}

func TestHostOfCustom(t *testing.T) {
	check := func(text string, link, cpu float64) {
		t.Helper()
		a, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		h := a.Host()
		if math.Abs(h.LinkBytesPerSecond-link) > 1 || h.CPUBytesPerSecond != cpu {
			t.Errorf("for %s, got %+v, want a link of %g and a CPU of %g", text, h, link, cpu)
		}
	}
	check("rtx4090", 25.1e9, 63.2e9)
	check("h100-sxm", 51.5e9, 178e9)
	check("a100-80-sxm", 25.1e9, 63.2e9)
	check("gb300", 359e9, 0)
	check("strix-halo", 0, 0)
	check("custom~like:rtx4090~mem:48g", 25.1e9, 63.2e9)
	check("custom~like:rtx4090~host:63g", 0.79*63e9, 0) // another link: another machine
	check("custom~mem:80g~bw:3t~bf16:1p~host:10g", 7.9e9, 0)
}
