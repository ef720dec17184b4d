package chart

import (
	"math"

	"moecost/core/offload"
	"moecost/core/quantity"
	"moecost/core/report"
)

// timelineLayers is how many MoE layers are drawn: the cold first one and some that are predicted.
const timelineLayers = 4

// timeline is the first layers of a step on the streams that work: copies on demand at the top,
// the same layers with prefetching below, and the CPU's where it computes.
func timeline(r *report.Report, box Box, t Theme) Option {
	const left, right, head, strip = 5.0, 14.0, 20.0, 18.0
	ways := timelineWays(r)
	end, lanes := 0.0, 0
	var seen [offload.KindOfEvents]bool
	for _, w := range ways {
		end = math.Max(end, offload.End(w.events))
		lanes += len(w.streams)
		for _, e := range w.events {
			seen[e.Kind] = true
		}
	}
	var entries []swatch
	for kind, is := range seen {
		if is {
			name, colour := eventHue(offload.EventKind(kind), t)
			entries = append(entries, swatch{name, colour, 10})
		}
	}
	key, below := keyOf(t, box, entries)
	o := base(t, plotTop+below, right, plotBottom, left)
	o.Series = []Series{}
	if len(ways) == 0 {
		return o
	}
	unit := quantity.Seconds.Scale(quantity.Decimal, end)
	top, step := linearScale(end / unit.Factor)
	o.XAxis = xAxis(t, "value", 0, top, ticksTo(top, step))
	plot := box.Height - plotTop - below - plotBottom
	o.YAxis = hidden("value", 0, plot) // in pixels
	o.Graphic = append(key, text(box.Width-1, box.Height-8, unitName(unit.Unit)+", the first "+quantity.Integer(timelineLayers)+" MoE layers", t.Ink3, "right", 400))
	bars := slabs{perUnit: (box.Width - left - right) / top}
	gap := (plot - head*float64(len(ways)) - strip*float64(lanes)) / float64(lanes+len(ways))
	y := 0.0
	for i, w := range ways {
		if i > 0 {
			y += gap
		}
		name := w.name + ": " + quantity.Seconds.Text(quantity.Decimal, offload.End(w.events))
		o.Graphic = append(o.Graphic, text(1, plotTop+below+y+head/2-2, name, t.Ink, "left", 600))
		y += head
		for _, stream := range w.streams {
			middle := y + strip/2 + gap/3
			for _, e := range w.events {
				if e.Stream == stream {
					kind, colour := eventHue(e.Kind, t)
					bars.add(kind, colour, e.Start/unit.Factor, e.End/unit.Factor, plot-middle, strip, eventTip(kind, w.name, e))
				}
			}
			y += strip + gap
		}
	}
	o.Series = bars.series
	return o
}

// timelineWay is one policy of the picture.
type timelineWay struct {
	name    string
	events  []offload.Event
	streams []offload.Stream
}

func timelineWays(r *report.Report) []timelineWay {
	var out []timelineWay
	for _, w := range []struct {
		name   string
		policy offload.Policy
	}{{"copied when asked for", offload.Cached}, {"prefetched", offload.Prefetch}, {"computed by the CPU", offload.CPU}} {
		way := timelineWay{name: capital(w.name), events: r.OffloadTimeline(w.policy, timelineLayers)}
		var seen [offload.StreamCount]bool
		for _, e := range way.events {
			seen[e.Stream] = true
		}
		for stream, is := range seen {
			if is {
				way.streams = append(way.streams, offload.Stream(stream))
			}
		}
		if len(way.streams) > 0 {
			out = append(out, way)
		}
	}
	return out
}

// eventHue is what an event is called and the hue of who does it.
func eventHue(k offload.EventKind, t Theme) (string, string) {
	switch k {
	case offload.Experts:
		return "experts", t.Routed
	case offload.Copied:
		return "copies", linkHue(t)
	case offload.Predicted:
		return "predicted copies", mix(linkHue(t), t.Paper, 0.45)
	case offload.OnProcessor:
		return "CPU", cpuHue(t)
	case offload.ReadDrive:
		return "drive", driveHue(t)
	}
	return "attention and gate", t.Attention
}

func eventTip(kind, way string, e offload.Event) []TipRow {
	return []TipRow{{way + ", layer " + quantity.Integer(int64(e.Layer+1)), ""}, {capital(kind), quantity.Seconds.Text(quantity.Decimal, e.End-e.Start)},
		{"From", quantity.Seconds.Text(quantity.Decimal, e.Start)}, {"To", quantity.Seconds.Text(quantity.Decimal, e.End)}}
}
