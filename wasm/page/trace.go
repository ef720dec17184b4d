//go:build js && wasm

package main

import (
	"strings"
	"syscall/js"

	"moecost/core/json"
	"moecost/core/offload/cache"
	"moecost/core/quantity"
)

// mostTrace is the largest trace that is read, as in core/offload/replay.
const mostTrace = 8 << 20

func (p *page) listenToTraces() {
	p.tracing = &paste{
		name: "trace", largest: mostTrace,
		advice: "Give the first thousand tokens.",
		invite: "The trace is read and replayed here, in this page.",
		read:   p.readTrace,
		drop:   func() { p.traced = nil },
	}
	p.listenToPaste(p.tracing)
}

// readTrace asks the reader to replay a trace. Where the model at hand has as many experts as the trace needs, its number counts.
func (p *page) readTrace(data js.Value) (taken, error) {
	experts := 0
	if p.report != nil {
		experts = int(p.report.Model.RoutedExperts)
	}
	curve, err := ask("trace", "curve", data, experts)
	if err != nil {
		return taken{}, err
	}
	c := &cache.Curve{}
	if err := json.Unmarshal([]byte(curve), c); err != nil {
		return taken{}, err
	}
	if c.Name == "" {
		c.Name = "your trace"
	}
	percent := func(share float64) string { return quantity.Share.Text(quantity.Decimal, share) }
	summary := quantity.Integer(int64(c.Steps)) + " steps, " + quantity.Integer(int64(c.Layers)) + " layers of " + quantity.Integer(int64(c.Experts)) + " experts, " +
		quantity.Significant(c.TopK, 3) + " a step. With room for a quarter LRU answers " + percent(c.Rates[5][1]) + ", LFU " + percent(c.Rates[5][2]) + ", the best possible " + percent(c.Rates[5][4]) + "."
	return taken{summary, func() {
		p.traced = c
		p.changed()
	}}, nil
}

// looksTraced tells whether a text may be a trace of routing.
func looksTraced(text string) bool {
	text = strings.TrimSpace(text)
	line, _, _ := strings.Cut(text, "\n")
	line = strings.ToLower(line)
	return strings.HasPrefix(strings.Join(strings.Fields(text[:min(len(text), 40)]), ""), "[[[") || strings.Contains(text, `"decode"`) ||
		strings.HasPrefix(text, "# route_trace") || strings.Contains(line, "step") && strings.Contains(line, "layer") && strings.Contains(line, "expert")
}

// paintTrace shows how to take a trace away, where there is one.
func (p *page) paintTrace() {
	for _, at := range all("[data-trace]") {
		hidden(at, p.traced == nil)
	}
}
