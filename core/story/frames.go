package story

import (
	"math"

	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

func (v *voice) capacitySource() string {
	s := &v.r.Scenario
	source := s.GPUName + ": " + quantity.Bytes.Text(v.units, float64(v.r.Memory.GPUBytes))
	if sold := v.r.GPU().MemorySold; sold != "" {
		source += ", sold as " + sold
	}
	return source
}

// byteUnit is the unit of a column that holds up to most bytes: "GB".
func (v *voice) byteUnit(most float64) quantity.Scale {
	return quantity.Bytes.Column(v.units, most)
}

func (v *voice) unitWord() string {
	if v.units == quantity.Binary {
		return "Gibibytes"
	}
	return "Gigabytes"
}

func (v *voice) ledgerFrame() Frame {
	s, mem := &v.r.Scenario, &v.r.Memory
	unit := "All " + quantity.Integer(int64(s.GPUs)) + " hold the same. "
	switch {
	case s.GPUs == 1:
		unit = ""
	case s.PP > 1:
		unit = "The fullest of " + quantity.Integer(int64(s.GPUs)) + ", in pipeline stage " + quantity.Integer(int64(mem.Stage+1)) + ". "
	}
	text := func(n int64) string { return quantity.Bytes.Text(v.units, float64(n)) }
	name := "One GPU: weights " + text(mem.PerGPUWeightsBytes) + ", KV cache " + text(mem.PerGPU.KV) +
		", activations " + text(mem.PerGPU.Activation) + ", communication and runtime " + text(mem.PerGPU.Comm+mem.PerGPU.Runtime)
	if mem.Fits {
		name += ", free " + text(mem.PerGPU.Free) + " of " + text(mem.GPUBytes)
	} else {
		name += "; " + text(-mem.PerGPU.Free) + " more than the " + text(mem.GPUBytes) + " that it has"
	}
	return Frame{
		Chart: "ledger", Title: "What one GPU holds", Unit: unit + v.unitWord() + ", resident", Name: name,
		Source:     say("Architecture: " + v.r.Model.Source + ". " + v.capacitySource()),
		Table:      v.account(),
		Derivation: "memory.per_gpu.free_bytes",
	}
}

func (v *voice) accountFrame() Frame {
	return Frame{
		Chart: "account", Title: "The account", Unit: "Per GPU, resident", TableOnly: true,
		Name:       "What one GPU holds, line by line",
		Source:     say(v.r.Scenario.EngineName + " on " + v.r.Scenario.GPUName),
		Table:      v.account(),
		Derivation: "memory.per_gpu_used_bytes",
	}
}

// account is the ledger of one GPU as a table.
func (v *voice) account() Table {
	p, mem := v.r.Memory.PerGPU, &v.r.Memory
	scale := v.byteUnit(float64(mem.GPUBytes))
	t := Table{Columns: []Column{{Name: "Resident"}, {Unit: scale.Unit, Numeric: true}, {Name: "% of GPU", Numeric: true}}}
	row := func(kind RowKind, swatch, head string, bytes int64, always bool) {
		if bytes != 0 || always {
			share := 100 * float64(bytes) / float64(mem.GPUBytes)
			t.Rows = append(t.Rows, Row{Kind: kind, Swatch: swatch, Head: head,
				Cells: []string{scale.Ledger(float64(bytes)), quantity.Fixed(share, 1)}})
		}
	}
	row(RowPlain, "routed", "Routed experts", p.RoutedExperts, false)
	row(RowPlain, "shared", "Shared experts", p.SharedExperts, false)
	row(RowPlain, "dense", "Dense layers", p.Dense, false)
	row(RowPlain, "attention", "Attention", p.Attention, false)
	row(RowPlain, "embedding", "Embedding and head", p.Embedding, false)
	row(RowPlain, "router", "Router", p.Router, false)
	row(RowPlain, "routed", "Kernels’ padding", p.Padding, false)
	row(RowPlain, "routed", "Drafting modules", p.MTP, false)
	row(RowPlain, "dense", "Vision", p.Vision, false)
	row(RowSubtotal, "", "Weights", mem.PerGPUWeightsBytes, true)
	row(RowPlain, "kv", "KV cache", p.KV, true)
	row(RowPlain, "activations", "Activations", p.Activation, false)
	row(RowPlain, "comm", "Communication buffers", p.Comm, false)
	row(RowPlain, "runtime", "Runtime and reserve", p.Runtime, false)
	row(RowSubtotal, "", "Used", mem.PerGPUUsedBytes, true)
	free := "Free"
	if p.Free < 0 {
		free = "Missing"
	}
	row(RowPlain, "free", free, p.Free, true)
	row(RowTotal, "", v.r.Scenario.GPUName, mem.GPUBytes, true)
	return t
}

func (v *voice) modelsFrame() Frame {
	points := report.AllPublished()
	moe, dense := int64(0), int64(0)
	var ratios []float64
	for _, p := range points {
		if p.Dense {
			dense++
			continue
		}
		moe++
		ratios = append(ratios, p.Ratio())
	}
	m := &v.r.Model
	middle := quantity.Ratio.Text(v.units, medianOf(ratios))
	title := v.r.Scenario.ModelName + " is dense; the median mixture keeps " + middle + " the weights it uses"
	if v.moe() {
		title = v.r.Scenario.ModelName + " keeps " + quantity.Significant(float64(m.TotalParams)/float64(m.ActiveParams), 3) + " weights for each that it uses; the median model, " + quantity.Significant(medianOf(ratios), 3)
	}
	t := Table{Columns: []Column{{Name: "Model"}, {Name: "Resident", Unit: "B", Numeric: true}, {Name: "Active", Unit: "B", Numeric: true}, {Name: "Resident for each active", Numeric: true}}}
	add := func(kind RowKind, p report.Published) {
		t.Rows = append(t.Rows, Row{Kind: kind, Head: p.Name, Cells: []string{
			quantity.Fixed(billions(p.Total), 1), quantity.Fixed(billions(p.Active), 1), quantity.Ratio.Text(v.units, p.Ratio())}})
	}
	own := report.Published{ID: v.r.Scenario.Model, Name: v.r.Scenario.ModelName, Total: m.TotalParams, Active: m.ActiveParams}
	if own.ID == scenario.ModelCustom {
		add(RowChosen, own)
	}
	for _, p := range publishedByTotal() {
		kind := RowPlain
		if p.ID == own.ID {
			kind = RowChosen
		}
		add(kind, p)
	}
	return Frame{
		Chart: "models", Title: title,
		Unit:   quantity.Integer(moe) + " mixture-of-experts models, filled, and " + quantity.Integer(dense) + " dense, open",
		Source: say("Counted from each published config; active with embedding and head"), Table: t,
		Name:       "Resident against active weights of " + quantity.Integer(moe) + " mixture-of-experts and " + quantity.Integer(dense) + " dense models; " + title,
		Derivation: "memory.ratio_to_dense_twin",
	}
}

func (v *voice) gpusFrame() Frame {
	s, mem := &v.r.Scenario, &v.r.Memory
	scale := v.byteUnit(float64(mem.GPUBytes))
	t := Table{Columns: []Column{{Name: "GPUs", Numeric: true}, {Name: "Layout"}, {Name: "Weights", Unit: scale.Unit, Numeric: true},
		{Name: "KV cache", Unit: scale.Unit, Numeric: true}, {Name: "Everything", Unit: scale.Unit, Numeric: true}, {Name: "Fits"}}}
	for _, p := range v.r.SizeCurve() {
		row := Row{Head: quantity.Integer(int64(p.GPUs)), Cells: []string{p.Layout.String(),
			scale.Ledger(float64(p.PerGPU.Weights())), scale.Ledger(float64(p.PerGPU.KV)), scale.Ledger(float64(p.PerGPU.Used())), yes(p.Fits)}}
		if p.GPUs == s.GPUs {
			row.Kind = RowChosen
		}
		t.Rows = append(t.Rows, row)
	}
	title := "No number of these GPUs holds the load"
	if mem.MinGPUsEngine > 0 {
		title = "From " + count(int64(mem.MinGPUsEngine), "GPU") + " on, the load fits"
	}
	if mem.MinGPUs > 0 && mem.MinGPUs < mem.MinGPUsEngine {
		title += "; by memory alone, from " + quantity.Integer(int64(mem.MinGPUs))
	}
	derivation := "memory.min_gpus"
	if mem.MinGPUs == 0 {
		derivation = "memory.per_gpu_used_bytes"
	}
	return Frame{
		Chart: "gpus", Title: title, Unit: scale.Unit + " on one GPU, resident, against how many there are",
		Source: say("Layout chosen at each number, " + s.EngineName), Table: t,
		Name:       "What one GPU holds against the number of GPUs. " + title,
		Derivation: derivation,
	}
}

func (v *voice) kvFrame() Frame {
	points := v.r.CacheCurve()
	refs := v.r.References()
	most := 0.0
	for _, p := range points {
		most = math.Max(most, float64(p.Bytes()))
	}
	scale := v.byteUnit(most)
	t := Table{Columns: []Column{{Name: "Tokens"}, {Name: v.r.Scenario.ModelName, Unit: scale.Unit, Numeric: true}}}
	for _, ref := range refs {
		t.Columns = append(t.Columns, Column{Name: ref.Name, Unit: scale.Unit, Numeric: true})
	}
	for i, p := range points {
		if i%2 == 1 {
			continue // whole doublings only: the half steps are for the curve
		}
		row := Row{Head: quantity.Integer(p.Tokens), Cells: []string{scale.Ledger(float64(p.Bytes()))}}
		for _, ref := range refs {
			cell := quantity.Unknown
			if i < len(ref.Points) {
				cell = scale.Ledger(float64(ref.Points[i].Bytes()))
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	each := quantity.Bytes.Text(v.units, float64(v.r.Model.KVBytesPerSequence+v.r.Model.StateBytesPerSequence))
	tokens := quantity.Integer(v.r.Scenario.In + v.r.Scenario.Out)
	title := "A sequence of " + tokens + " tokens keeps " + each
	return Frame{
		Chart: "kv", Title: title, Unit: "Cache and state of one sequence, whole model, one copy",
		Source: say("Counted from each published config; others in their default cache format"), Table: t,
		Name:       "Cache of one sequence against its length. " + title,
		Derivation: "model.kv_bytes_per_sequence",
	}
}
