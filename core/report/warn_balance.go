package report

import (
	"fmt"
	"strconv"

	"moecost/core/quantity"
)

// notWorse is by how much a step with EPLB may be longer before it is said.
const notWorse = 0.005

// warnBalance says where spare experts do nothing, do not fit, or cost more than they gain.
func (r *Report) warnBalance(askedSpare int64) {
	in, b := &r.in, r.Balance
	if in.load.Spare == 0 && askedSpare > 0 {
		r.add(Warning{ID: "balance.spare", At: "load",
			Text: "Spare experts have no effect without EPLB.", WayOut: "Switch EPLB on, or leave them out.", Apply: "eplb=static"})
	}
	if b == nil || !r.spreads() || r.Scenario.EPLB == "off" {
		return
	}
	if !r.Memory.Fits && in.load.Spare > 0 {
		r.warnSpareMemory()
	}
	if b.GainEPLB > 0 && b.GainEPLB < 1-notWorse {
		w := Warning{ID: "balance.worse", At: "load",
			Text: fmt.Sprintf("Here EPLB makes a decode step longer: %s, and %s with the experts in order. Its copies are more weights to read than its balance saves at this batch.",
				seconds(b.StepEPLB), seconds(b.StepOff)),
			WayOut: "Without it the step is shorter.", Apply: "eplb=off"}
		if b.BestSpare != nil && *b.BestSpare < in.load.Spare {
			for _, p := range r.SpareCurve() {
				if p.Spare == *b.BestSpare && p.Gain > 1 {
					w.WayOut = fmt.Sprintf("With %s it takes %s.", spareWords(p.Spare), seconds(p.Step))
					w.Apply = "spare=" + strconv.FormatInt(p.Spare, 10)
				}
			}
		}
		r.add(w)
	}
}

// warnSpareMemory says what spare slots would have to make room for.
func (r *Report) warnSpareMemory() {
	in := &r.in
	bytes := r.spareBytes(in.load.Spare)
	if r.Memory.PerGPU.Free+bytes < 0 {
		return // it does not fit without them either
	}
	w := Warning{ID: "balance.memory", At: "load",
		Text: fmt.Sprintf("The %s take %s on each GPU, and %s is missing.", spareWords(in.load.Spare), r.bytes(bytes), r.bytes(-r.Memory.PerGPU.Free))}
	for _, p := range r.SpareCurve() {
		if p.Fits && p.Spare < in.load.Spare {
			w.WayOut, w.Apply = "There is room for "+spareWords(p.Spare)+".", "spare="+strconv.FormatInt(p.Spare, 10)
		}
	}
	r.add(w)
}

func spareWords(n int64) string {
	switch n {
	case 0:
		return "no spare experts"
	case 1:
		return "1 spare expert"
	}
	return quantity.Integer(n) + " spare experts"
}

func seconds(s float64) string { return quantity.Seconds.Text(quantity.Decimal, s) }
