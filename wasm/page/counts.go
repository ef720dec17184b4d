//go:build js && wasm

package main

import (
	"errors"
	"math"
	"strconv"
	"syscall/js"

	"moecost/core/quantity"
	"moecost/core/routing"
)

// counted is how often the reader's own router chose each expert.
type counted struct {
	counts *routing.Counts
	rows   string // the same as wasm/reader wrote it and wasm/planner takes it: a line per layer
	spread routing.Spread
}

// mostCounts is the largest file of counts that is read, as in core/routing/counts.
const mostCounts = 64 << 20

func (p *page) listenToCounts() {
	p.counting = &paste{
		name: "counts", largest: mostCounts,
		advice: "Give sums over steps, one row per layer.",
		invite: "The counts are read here, in this page.",
		read:   p.readCounts,
		drop:   func() { p.counted = nil },
	}
	p.listenToPaste(p.counting)
}

// readCounts asks the reader for counts of the model that is shown.
func (p *page) readCounts(data js.Value) (taken, error) {
	sizes := p.layerSizes()
	if len(sizes) == 0 {
		return taken{}, errors.New("counts: " + p.report.Scenario.ModelName + " has no routed experts: choose the model that they were counted on")
	}
	rows, err := ask("counts", "rows", data, integers(sizes))
	if err != nil {
		return taken{}, err
	}
	counts, err := routing.DecodeCounts(rows)
	if err != nil {
		return taken{}, err
	}
	c := &counted{counts, rows, counts.Spread()}
	return taken{c.summary(), func() { p.useCounts(c) }}, nil
}

// layerSizes are the numbers of experts that counts of a layer may have.
func (p *page) layerSizes() (sizes []int) {
	if p.report == nil {
		return nil
	}
	seen := map[int]bool{}
	for _, b := range p.report.Architecture().Blocks {
		for _, s := range b.Sublayers {
			if s.MoE == nil || s.MoE.Experts == 0 {
				continue
			}
			for _, n := range []int{int(s.MoE.Experts), int(s.MoE.Experts + s.MoE.Zero)} {
				if !seen[n] {
					seen[n] = true
					sizes = append(sizes, n)
				}
			}
		}
	}
	return sizes
}

// summary is what was read, in a line.
func (c *counted) summary() string {
	s := c.spread
	layers := " layers of "
	if s.Layers == 1 {
		layers = " layer of "
	}
	return quantity.Integer(int64(s.Layers)) + layers + quantity.Integer(int64(s.Experts)) + " experts. Gini " + quantity.Fixed(s.Gini, 2) +
		", CV " + quantity.Fixed(s.CV, 2) + ", hottest expert " + quantity.Significant(s.MaxOverMean, 3) + " times the mean; like a lognormal skew of " + skewOf(s) + "."
}

// skewOf is the fitted skew as a link carries it.
func skewOf(s routing.Spread) string { return strconv.FormatFloat(fitted(s), 'f', -1, 64) }

func fitted(s routing.Spread) float64 { return math.Min(math.Round(100*s.Sigma)/100, 4) }

// useCounts lets counts drive every section. The link takes the skew that is fitted to them.
func (p *page) useCounts(c *counted) {
	p.link.flush(p)
	p.counted = c
	p.ask.Skew, p.ask.Law = fitted(c.spread), "lognormal"
	p.mended("skew")
	delete(p.refusals, "skew")
	p.chosen()
}

// paintCounts says which counts are in use, and how to take them away.
func (p *page) paintCounts() {
	for _, at := range all("[data-counts]") {
		hidden(at, (data(at, "counts") == "on") != (p.counted != nil))
	}
	if p.counted != nil {
		p.show("counts.used", texts("Your router’s counts, "+p.counted.summary()+" A link cannot hold them: it carries that skew."))
	}
}
