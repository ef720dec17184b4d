package hardware

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"moecost/assets"
)

// Host is the machine around an accelerator: what its memory gives to the
// accelerator, and what its processor makes of experts by itself. Both are rates
// that programs reached, not those of the parts.
type Host struct {
	ID   string // "pcie4-server"; empty if no host like it was measured
	Name string

	LinkBytesPerSecond float64 // from pinned host memory to one accelerator; 0 if memory is unified or unknown
	CPUBytesPerSecond  float64 // at which the processor reads experts that it multiplies with one token each; 0 if unknown

	Sources []Source // none: derived from the link's own rate
}

// hostRow is a line of hosts.csv: the host, and the accelerators that it is taken for.
type hostRow struct {
	Host
	accelerators []string // ids
	link         string   // name of the host link, for all others; may be empty
}

var hostTable = sync.OnceValue(func() []hostRow {
	rows, err := parseHosts(assets.Hosts())
	if err != nil {
		panic(err) // embedded data: a test reads all of it
	}
	return rows
})

func parseHosts(text string) ([]hostRow, error) {
	rows, err := readTable(text, "hosts.csv")
	if err != nil {
		return nil, err
	}
	var out []hostRow
	for _, r := range rows {
		where := "hosts.csv: " + r["id"]
		h := hostRow{Host: Host{ID: r["id"], Name: r["name"]}, accelerators: strings.Fields(r["accelerators"]), link: r["host_link"]}
		for column, at := range map[string]*float64{"link_gb_per_s": &h.LinkBytesPerSecond, "cpu_gb_per_s": &h.CPUBytesPerSecond} {
			if r[column] == "" {
				continue
			}
			v, err := strconv.ParseFloat(r[column], 64)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %q is not a number", where, column, r[column])
			}
			*at = v * giga
		}
		if h.Sources, err = sourcesOf(where, r["source"]); err != nil {
			return nil, err
		}
		out = append(out, h)
	}
	return out, nil
}

// reached is what copies of experts reached of the rate of their PCIe link: 0.75 to 0.84 on
// the seven machines of hosts.csv, whose peaks are 15.75, 31.5 and 63 GB/s.
const reached = 0.79

// Host is the machine that the accelerator is taken to be in: one that was measured with it, else
// one with the same kind of link. Where there is none the link reaches the usual share of its rate
// and the CPU's rate is unknown.
func (a *Accelerator) Host() Host {
	if a.Unified {
		return Host{}
	}
	own := a.ID
	if a.Like != "" {
		own = a.Like
	}
	like, known := ByID(own)
	if known && like.HostLink == a.HostLink {
		for _, h := range hostTable() {
			if slices.Contains(h.accelerators, own) {
				return h.Host
			}
		}
	}
	for _, h := range hostTable() {
		if h.link != "" && h.link == a.HostLink.Name && (!known || like.HostLink == a.HostLink) {
			return h.Host
		}
	}
	return Host{LinkBytesPerSecond: reached * a.HostLink.BytesPerSecond}
}
