//go:build js && wasm

package main

import (
	"strings"

	"moecost/core/hardware"
	"moecost/core/quantity"
)

// acceleratorGroups lists the accelerators by vendor, with memory and bandwidth.
func (p *page) acceleratorGroups() []group {
	var groups []group
	at := map[string]int{}
	units := quantity.Decimal
	if p.ask.Units == "gib" {
		units = quantity.Binary
	}
	for _, a := range hardware.All() {
		i, ok := at[a.Vendor]
		if !ok {
			i = len(groups)
			at[a.Vendor] = i
			groups = append(groups, group{title: a.Vendor})
		}
		bandwidth := quantity.Unknown
		if a.BandwidthBytesPerSecond > 0 {
			bandwidth = quantity.BytesPerSecond.Text(quantity.Decimal, a.BandwidthBytesPerSecond)
		}
		groups[i].options = append(groups[i].options, option{
			id: a.ID, name: a.Name,
			columns: [2]string{quantity.Bytes.Text(units, float64(a.MemoryBytes)), bandwidth},
			also:    strings.Join([]string{a.ID, a.Vendor, a.Architecture, a.MemorySold, strings.ReplaceAll(a.MemorySold, " ", "")}, " "),
		})
	}
	return groups
}

func (p *page) pickAccelerator(o option) {
	if p.edit("gpu", o.id) {
		p.link.chosen(p)
	}
}
