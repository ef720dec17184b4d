package story

import (
	"moecost/core/offload"
	"moecost/core/quantity"
	"moecost/core/report"
)

// noneElsewhere takes a figure away where no expert is off the GPUs.
func (v *voice) noneElsewhere(f *Frame) bool {
	f.Empty = v.notOffloaded()
	if f.Empty == nil {
		return false
	}
	f.Absent, f.Derivation = true, "memory.experts_bytes"
	if !v.moe() {
		f.Derivation = "model.total_params"
	}
	return true
}

func (v *voice) offloadFrame() Frame {
	f := Frame{
		Chart: "offload", Title: "What a missing expert costs, by what is done about it", Unit: "One decode step",
		Source:     v.hostSource(),
		Derivation: "offload.cached_s",
	}
	if v.noneElsewhere(&f) {
		f.Absent = false // it stands for the others, and says why there is nothing
		return f
	}
	o := v.r.Offload
	f.Unit += " of " + count(o.Batch, "sequence") + ", cache and all"
	scale := v.byteUnit(float64(v.r.Memory.GPUBytes))
	t := Table{Columns: []Column{{Name: "Missing experts"}, {Name: "Step", Unit: "ms", Numeric: true}, {Name: "80\u202f% range", Unit: "ms", Numeric: true},
		{Name: "All users", Unit: "tok/s", Numeric: true}, {Name: "Copied", Unit: scale.Unit, Numeric: true}, {Name: "Read by the CPU", Unit: scale.Unit, Numeric: true}, {Name: "From the drive", Unit: scale.Unit, Numeric: true}}}
	best := ""
	for _, p := range v.r.OffloadTimes() {
		row := Row{Head: capital(p.Name), Cells: []string{quantity.Fixed(1e3*p.Step, 1), quantity.Fixed(1e3*p.Low, 1) + "–" + quantity.Fixed(1e3*p.High, 1),
			quantity.Significant(p.TokensPerS, 3), scale.Ledger(p.LinkBytes), scale.Ledger(p.CPUBytes), scale.Ledger(p.DriveBytes)}}
		if p.Chosen {
			row.Kind, best = RowChosen, p.Name
			f.Derivation = "offload." + p.ID + "_s"
			f.Title = policyTitles[p.Policy] + " make " + quantity.Significant(p.TokensPerS, 2) + " tokens a second"
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Time of a decode step by what is done about an expert that is not on the GPU: " + best + " here"
	return f
}

// policyTitles are the policies as subjects of a sentence.
var policyTitles = [offload.PolicyCount]string{"Copies on demand", "Copies into a cache", "Prefetched copies", "Experts on the CPU", "Copies and the CPU together"}

// hostSource says which rates the machine has.
func (v *voice) hostSource() Text {
	link, cpu, drive := v.r.HostRates()
	rate := func(r float64) string { return quantity.Significant(r/1e9, 3) + " GB/s" }
	switch {
	case v.r.Unified():
		return say("Drive " + rate(drive))
	case link == 0:
		return say("Rates of the host as measured where they are known")
	case cpu == 0:
		return say("Link " + rate(link))
	}
	return say("Link " + rate(link) + ", experts by the CPU " + rate(cpu))
}

func (v *voice) timelineFrame() Frame {
	f := Frame{
		Chart: "timeline", Title: "Prefetch fills the wait, as far as there is one", Unit: "The first MoE layers of a step on GPU, link and CPU",
		Source: say("The step run event by event; the first layer cannot be predicted"), Derivation: "offload.prefetch_s",
	}
	if v.noneElsewhere(&f) {
		return f
	}
	o := v.r.Offload
	f.Name = "Work of the GPU, copies and the CPU in the first layers of a step, copied on demand, prefetched and computed by the CPU"
	what := "Copies take "
	if o.Pages {
		what = "Reads and copies take "
	}
	f.Title = what + quantity.Significant(max(o.Cached-o.Resident, 0)/o.Resident, 2) + " times as long as the GPU works"
	t := Table{Columns: []Column{{Name: "Stream"}, {Name: "Layer", Numeric: true}, {Name: "What"}, {Name: "From", Unit: "ms", Numeric: true}, {Name: "To", Unit: "ms", Numeric: true}}}
	for _, w := range []struct {
		name   string
		policy offload.Policy
	}{{"On demand: ", offload.Cached}, {"Prefetched: ", offload.Prefetch}} {
		for _, e := range v.r.OffloadTimeline(w.policy, 3) {
			t.Rows = append(t.Rows, Row{Head: w.name + [...]string{"GPU", "link", "CPU"}[e.Stream], Cells: []string{
				quantity.Integer(int64(e.Layer + 1)), eventWords[e.Kind], quantity.Fixed(1e3*e.Start, 2), quantity.Fixed(1e3*e.End, 2)}})
		}
	}
	f.Table = t
	return f
}

var eventWords = [offload.KindOfEvents]string{"attention and gate", "experts", "copy of what was predicted", "copy of what was asked for", "read of the drive", "experts by the CPU", "head"}

func (v *voice) savingFrame() Frame {
	f := Frame{
		Chart: "saving", Title: "Overlap hides the shorter of computing and copying", Unit: "Per cent of a step saved by prefetching, against the ratio of copies to the GPU’s work",
		Source:     say("At best min / (sum), never more than half. Recall " + quantity.Fixed(v.r.Scenario.Recall, 2)),
		Derivation: "offload.saving",
	}
	if v.noneElsewhere(&f) {
		return f
	}
	curve, own := v.r.OffloadSavings()
	f.Title = "At best, guessing could save " + quantity.Share.Text(v.units, max(own.Ceiling, 0)) + " of a step; here it "
	if own.Saving < 0 {
		f.Title += "costs " + quantity.Share.Text(v.units, -own.Saving)
	} else {
		f.Title += "saves " + quantity.Share.Text(v.units, own.Saving)
	}
	t := Table{Columns: []Column{{Name: "Copies for each of the GPU’s seconds", Numeric: true}, {Name: "At best", Unit: "%", Numeric: true}, {Name: "Misses copied after all", Unit: "%", Numeric: true}}}
	for i, p := range curve {
		if i%4 == 0 {
			t.Rows = append(t.Rows, Row{Head: quantity.Significant(p.Ratio, 2), Cells: []string{quantity.Fixed(100*p.Ceiling, 1), quantity.Fixed(100*p.Refetch, 1)}})
		}
	}
	t.Rows = append(t.Rows, Row{Kind: RowChosen, Head: quantity.Significant(own.Ratio, 2) + ", here", Cells: []string{quantity.Fixed(100*own.Executed, 1), quantity.Fixed(100*own.Refetch, 1)}})
	f.Table = t
	f.Name = "Saving by prefetching against the ratio of copies to computing. " + f.Title
	return f
}

// savingsFrame is what prefetching would save with one thing changed.
func (v *voice) savingsFrame() Frame {
	f := Frame{
		Chart: "savings", Title: "What prefetching would save otherwise", Unit: "One thing changed, the rest as here", TableOnly: true,
		Source: say("Each row is a step of its own, with and without prefetching"), Derivation: "offload.saving",
		Name: "What prefetching saves with another cache, recall, context, batch or number format",
	}
	if v.noneElsewhere(&f) {
		return f
	}
	s := &v.r.Scenario
	t := Table{Columns: []Column{{Name: "Changed"}, {Name: "Saved", Unit: "%", Numeric: true}, {Name: "Step", Unit: "ms", Numeric: true}}}
	whole := func(x float64) string { return quantity.Integer(int64(x)) }
	for _, a := range []struct {
		axis report.SavingAxis
		name string
		say  func(float64) string
		xs   []float64
	}{
		{report.SavingByCache, "cache", func(x float64) string { return quantity.Share.Text(v.units, x) + " of the host’s experts" }, []float64{0, 0.25, 0.5}},
		{report.SavingByRecall, "recall", func(x float64) string { return quantity.Fixed(x, 2) }, []float64{0.5, 0.8, 0.95}},
		{report.SavingByContext, "context", func(x float64) string { return whole(x) + " tokens" }, []float64{1024, 16384, 65536}},
		{report.SavingByBatch, "batch", whole, []float64{1, 8, 64}},
		{report.SavingByBits, "experts", func(x float64) string { return "in " + whole(x) + " bits over the link" }, []float64{16, 8, 4}},
	} {
		if a.axis == report.SavingByBits && v.r.Unified() {
			continue // there is no link
		}
		for _, p := range v.r.OffloadSavingBy(a.axis, a.xs) {
			t.Rows = append(t.Rows, Row{Head: capital(a.name) + ": " + a.say(p.X), Cells: []string{quantity.Fixed(100*p.Saving, 1), quantity.Fixed(1e3*p.Step, 1)}})
		}
	}
	t.Rows = append(t.Rows, Row{Kind: RowChosen, Head: "As here, context " + quantity.Integer(s.In+s.Out/2), Cells: []string{quantity.Fixed(100*v.r.Offload.Saving, 1), quantity.Fixed(1e3*v.r.Offload.Prefetch, 1)}})
	f.Table = t
	return f
}

func (v *voice) hitsFrame() Frame {
	f := Frame{
		Chart: "hits", Title: "Caches of experts", Unit: "Per cent of requests for experts that a cache on the GPU answers, against its size",
		Source:     v.hitsSource(),
		Derivation: "decode.distinct_experts",
	}
	if !v.moe() {
		f.Derivation = "model.total_params"
		f.Empty = v.nothingRouted()
		return f
	}
	if v.offloaded() && v.r.Offload.HitRate > 0 {
		f.Derivation = "offload.hit_rate"
	}
	fifth := v.r.HitsAt(0.2)
	name, rate := "A hot list", fifth.Rates[0]
	if fifth.Rates[1] > rate {
		name, rate = "An LRU cache", fifth.Rates[1]
	}
	f.Title = name + " of a fifth of the experts answers " + quantity.Share.Text(v.units, rate) + " of the requests"
	t := Table{Columns: []Column{{Name: "Room for"}, {Name: "Hot list", Unit: "%", Numeric: true}, {Name: "LRU", Unit: "%", Numeric: true}, {Name: "LFU", Unit: "%", Numeric: true}, {Name: "LRU over all layers", Unit: "%", Numeric: true}}}
	replays := v.r.Replayed()
	for _, c := range replays {
		t.Columns = append(t.Columns, Column{Name: "LRU, " + c.Name, Unit: "%", Numeric: true})
	}
	for i, share := range report.ReplayedShares() {
		row := Row{Head: quantity.Share.Text(v.units, share)}
		for _, rate := range v.r.HitsAt(share).Rates {
			row.Cells = append(row.Cells, quantity.Fixed(100*rate, 1))
		}
		for _, c := range replays {
			row.Cells = append(row.Cells, quantity.Fixed(100*c.Rates[i][1], 1))
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Share of requests for experts that a cache answers against its size, by policy, with replayed traces. " + f.Title
	return f
}

// hitsSource says what the lines and the points are.
func (v *voice) hitsSource() Text {
	t := say("Lines: closed forms. ")
	if all := v.r.Replayed(); all[len(all)-1].Own {
		t = append(t, words("Filled points: LRU on "+all[len(all)-1].Name+". "))
	}
	if v.r.ReplaysCompare() {
		return append(t, words("Points: LRU on traces of one answer (BigMoeOnEdge)"))
	}
	return append(t, words("Replayed traces are of one sequence: "), Span{Text: "see them at batch 1", Apply: applied(v.ask, "draft=0&batch=1")})
}

func (v *voice) vramFrame() Frame {
	f := Frame{
		Chart: "vram", Title: "What more memory on the card would bring", Unit: "Tokens per second of all users, this machine with more or less GPU memory",
		Source: say("What the load leaves of the memory caches experts"), Derivation: "offload.gpu_share",
	}
	if v.noneElsewhere(&f) {
		return f
	}
	if v.r.Offload.GPUShare == 0 {
		f.Derivation = "memory.per_gpu.free_bytes"
	}
	points := v.r.MemoryCurve()
	if len(points) < 2 {
		f.Absent, f.Empty = v.r.Unified(), say("The load leaves no room for experts on any such card.")
		return f
	}
	scale := v.byteUnit(float64(v.r.Memory.GPUBytes))
	t := Table{Columns: []Column{{Name: "One GPU", Unit: scale.Unit, Numeric: true}, {Name: "Experts on GPUs", Unit: "%", Numeric: true}, {Name: "Requests they answer", Unit: "%", Numeric: true},
		{Name: "Copied", Unit: "tok/s", Numeric: true}, {Name: "Prefetched", Unit: "tok/s", Numeric: true}, {Name: "CPU", Unit: "tok/s", Numeric: true}, {Name: "Hybrid", Unit: "tok/s", Numeric: true}}}
	for _, p := range points {
		row := Row{Head: quantity.Significant(p.Bytes/scale.Factor, 3), Cells: []string{quantity.Fixed(100*p.OnGPU, 0), quantity.Fixed(100*p.HitRate, 0)}}
		for _, policy := range []offload.Policy{offload.Cached, offload.Prefetch, offload.CPU, offload.Hybrid} {
			cell := quantity.Unknown
			if rate := p.TokensPerS[policy]; rate > 0 {
				cell = quantity.Significant(rate, 3)
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Tokens per second against the memory of one GPU, by what is done about experts that do not fit"
	return f
}
