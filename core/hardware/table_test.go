package hardware

import (
	"strings"
	"testing"

	"moecost/assets"
	"moecost/core/format"
)

// TestTable reads every cell and asks for what a reader would notice missing.
func TestTable(t *testing.T) {
	all, err := parseTable(assets.Hardware())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, a := range all {
		if seen[a.ID] || a.ID == "" || a.ID == customPrefix || strings.ToLower(a.ID) != a.ID || strings.Contains(a.ID, "~") {
			t.Errorf("%q: the id is missing, used twice, reserved or not fit for a link", a.ID)
		}
		seen[a.ID] = true
		if a.Name == "" || a.Vendor == "" || a.Architecture == "" || a.MemorySold == "" || a.Year < 2018 || a.Year > 2026 {
			t.Errorf("%s: a description is missing: %+v", a.ID, a)
		}
		if len(a.Sources.Memory) == 0 {
			t.Errorf("%s: memory has no source", a.ID)
		}
		if a.BandwidthBytesPerSecond > 0 && len(a.Sources.Bandwidth) == 0 {
			t.Errorf("%s: bandwidth has no source", a.ID)
		}
		if a.Peaks != (Peaks{}) && len(a.Sources.Peaks) == 0 {
			t.Errorf("%s: peaks have no source", a.ID)
		}
		if (a.ScaleUp.BytesPerSecond > 0 || a.ScaleOutBytesPerSecond > 0 || a.HostLink.BytesPerSecond > 0 || a.Watts > 0) && len(a.Sources.Links) == 0 {
			t.Errorf("%s: links and power have no source", a.ID)
		}
		if p := a.Price; p.USDPerHour > 0 && (len(a.Sources.Price) == 0 || p.Basis == "" || p.Low > p.USDPerHour || p.High < p.USDPerHour || p.Low <= 0) {
			t.Errorf("%s: price %+v from %v: wants a basis, a source and a range around it", a.ID, p, a.Sources.Price)
		}
		if a.MemoryBasis == MemoryFromDriver && a.MemoryBytes%4096 != 0 {
			t.Errorf("%s: %d bytes: drivers report whole pages", a.ID, a.MemoryBytes)
		}
		if a.ScaleUp.GPUs < 1 {
			t.Errorf("%s: a domain of %d GPUs", a.ID, a.ScaleUp.GPUs)
		}
		if !a.Complete() && !strings.HasPrefix(a.Note, "Incomplete:") {
			t.Errorf("%s: cannot be timed, and its note does not say so: %q", a.ID, a.Note)
		}
	}
}

// TestEverySourceIsCited keeps the table of sources from collecting leftovers.
func TestEverySourceIsCited(t *testing.T) {
	cited := map[string]bool{}
	for _, a := range All() {
		for _, group := range [][]Source{a.Sources.Memory, a.Sources.Bandwidth, a.Sources.Peaks, a.Sources.Links, a.Sources.Price} {
			for _, s := range group {
				cited[s.ID] = true
			}
		}
	}
	for _, h := range hostTable() {
		for _, s := range h.Sources {
			cited[s.ID] = true
		}
	}
	for id, s := range sources() {
		if !cited[id] || !strings.HasPrefix(s.Address, "https://") || s.Read == "" || s.Licence == "" {
			t.Errorf("%s: cited %v, %+v", id, cited[id], s)
		}
	}
}

// TestMemoryIsNotTheVendorsNumber holds the figures that people correct each
// other on, as published in https://github.com/unslothai/unsloth/pull/6895 and
// https://github.com/modal-labs/modal-client/pull/2797.
func TestMemoryIsNotTheVendorsNumber(t *testing.T) {
	for id, mib := range map[string]int64{"a100-80-sxm": 81920, "h100-sxm": 81559, "b200": 183359, "l40s": 46068, "l4": 23034} {
		a, ok := ByID(id)
		if !ok || a.MemoryBytes != mib<<20 {
			t.Errorf("for %s, got %d MiB, want %d", id, a.MemoryBytes>>20, mib)
		}
	}
}

func TestParseTableErrors(t *testing.T) {
	header, _, _ := strings.Cut(assets.Hardware(), "\n")
	columns := strings.Split(header, ",")
	row := make([]string, len(columns))
	for i, c := range columns {
		switch c {
		case "id":
			row[i] = "x1"
		case "watts":
			row[i] = "much"
		}
	}
	_, err := parseTable(header + "\n" + strings.Join(row, ",") + "\n")
	if err == nil || err.Error() != `hardware.csv: x1: watts: "much" is not a number` {
		t.Errorf("got %v", err)
	}
}

func TestPeaksUsed(t *testing.T) {
	check := func(id, arithmetic, want string, rate float64) {
		t.Helper()
		a, _ := ByID(id)
		got, r := a.Peaks.Used(format.Arithmetic(arithmetic))
		if string(got) != want || r != rate {
			t.Errorf("for %s on %s, got %s at %g, want %s at %g", arithmetic, id, got, r, want, rate)
		}
	}
	check("h100-sxm", "fp8", "fp8", 1979e12)
	check("h100-sxm", "fp4", "bf16", 989e12) // MXFP4 on Hopper is weight-only
	check("a100-80-sxm", "fp8", "bf16", 312e12)
	check("b300", "int8", "bf16", 2250e12) // B300 has next to no INT8
	check("gaudi3", "fp8", "bf16", 1677e12)
}
