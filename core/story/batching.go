package story

import (
	"math"
	"strings"

	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/serving"
)

func exchange(s *serving.Step) float64 {
	return s.Parts[serving.Dispatch] + s.Parts[serving.Combine]
}

// batching is the third section: how sequences share what a step reads.
func (v *voice) batching() Section {
	steps := v.stepTable()
	frames := []Frame{v.bytesFrame(), v.tpotFrame(steps), v.batchFrame(steps), v.throughputFrame(), v.rooflineFrame(), v.draftFrame(), v.chunkFrame()}
	if v.moe() {
		frames = append([]Frame{v.boardsFrame(), v.coverageFrame()}, frames...)
	} else {
		boards, coverage := v.boardsFrame(), v.coverageFrame()
		boards.Empty, coverage.Empty = v.nothingRouted(), v.nothingRouted()
		frames = append([]Frame{boards, coverage}, frames...)
	}
	return Section{
		ID: "batching", Number: 3, Name: "Batching",
		Finding: v.batchingFinding(), Prose: v.batchingProse(), Frames: frames,
	}
}

// batchingFinding is the first of these that is true.
func (v *voice) batchingFinding() Text {
	s, m := &v.r.Scenario, &v.r.Model
	if !v.moe() || v.r.Decode == nil {
		return say("A dense model reads all its weights once a step, however many users share it.")
	}
	times := v.r.Decode.DistinctExperts / float64(min(m.TopK, m.RoutedExperts))
	share := v.r.Decode.DistinctExperts / float64(m.RoutedExperts)
	ratio := v.as("decode.distinct_experts", quantity.Times(times))
	switch {
	case s.Batch == 1 && s.Draft == 0:
		return say("A step for one sequence reads " + quantity.Integer(m.TopK) + " of " + quantity.Integer(m.RoutedExperts) + " experts; the next user brings their own.")
	case share > 0.95:
		return say("A step for "+count(s.Batch, "sequence")+" reads ", ratio, " the experts of one, nearly all: more users are nearly free.")
	default:
		return say("A step for "+count(s.Batch, "sequence")+" reads ", ratio, " the experts of one, so the first users share little.")
	}
}

func (v *voice) batchingProse() Text {
	if !v.moe() {
		return say("Up to the batch at which arithmetic takes longer than reading, another user costs almost nothing. A mixture gets there later, because each user brings experts of their own.")
	}
	m := &v.r.Model
	// 1 - (1-k/N)^B = 0.95 is where equal popularity reads 95 % of the experts.
	k, n := float64(min(m.TopK, m.RoutedExperts)), float64(m.RoutedExperts)
	t := say("Each sequence brings its own " + count(m.TopK, "expert") + " of every layer. Until most of a layer is being read anyway, another user means more bytes; after that, another user is nearly free. ")
	if k < n {
		at := math.Ceil(math.Log(0.05) / math.Log(1-k/n))
		t = append(t, say("With equally popular experts that point comes near batch "+quantity.Integer(int64(at))+", the batch that reads 95\u202f% of them. Real traffic favours some experts, so it comes later. ")...)
	}
	if d := v.r.Decode; v.timed() && d.KneeBatch > 0 {
		t = append(t, say("From batch ", v.as("decode.knee_batch", quantity.Integer(d.KneeBatch)), " on, doubling it costs each user more speed than all of them gain.")...)
	}
	return t
}

func (v *voice) boardsFrame() Frame {
	m := &v.r.Model
	f := Frame{
		Chart: "boards", Title: "Experts read by one step",
		Unit:       "One layer of " + v.r.Scenario.ModelName + ", " + quantity.Integer(m.RoutedExperts) + " routed experts, " + v.r.PopularityName(),
		Source:     say("Σ 1 − (1 − π)ᴮ, expected value"),
		Derivation: "decode.distinct_experts",
	}
	if !v.moe() {
		f.Derivation = "model.total_params"
		return f
	}
	scale := v.byteUnit(float64(v.r.Memory.ExpertsBytes))
	t := Table{Columns: []Column{{Name: "Batch"}, {Name: "Distinct experts", Numeric: true}, {Name: "Experts touched", Unit: scale.Unit, Numeric: true}}}
	f.Name = "Distinct experts of a layer that one step reads:"
	for _, p := range v.r.ByBatch(report.BoardBatches) {
		t.Rows = append(t.Rows, Row{Head: quantity.Integer(p.Batch), Cells: []string{quantity.Fixed(p.DistinctExperts, 1), scale.Ledger(p.TouchedExpertsBytes)}})
		f.Name += " " + quantity.Significant(p.DistinctExperts, 3) + " at batch " + quantity.Integer(p.Batch) + ";"
	}
	f.Name += " of " + quantity.Integer(m.RoutedExperts)
	f.Table = t
	return f
}

func (v *voice) coverageFrame() Frame {
	f := Frame{
		Chart: "coverage", Title: "Coverage flattens, and skew flattens it sooner", Unit: "Distinct experts read per layer and step",
		Source:     say("Band: σ 0.9 to 1.1, where measured models mostly lie. Pale: other models, equal popularity"),
		Derivation: "decode.distinct_experts",
	}
	if !v.moe() {
		f.Derivation = "model.total_params"
		return f
	}
	t := Table{Columns: []Column{{Name: "Tokens"}, {Name: "Here", Numeric: true}, {Name: "Equal popularity", Numeric: true}, {Name: "σ 1.1", Numeric: true}, {Name: "σ 0.9", Numeric: true}}}
	for _, p := range v.r.Coverage() {
		if math.Log2(p.Tokens) == math.Trunc(math.Log2(p.Tokens)) {
			t.Rows = append(t.Rows, Row{Head: quantity.Integer(int64(p.Tokens)), Cells: []string{
				quantity.Fixed(p.Distinct, 1), quantity.Fixed(p.Uniform, 1), quantity.Fixed(p.Low, 1), quantity.Fixed(p.High, 1)}})
		}
	}
	f.Table = t
	f.Name = "Distinct experts of a layer against the batch: " + quantity.Significant(v.r.Decode.DistinctExperts, 3) + " of " + quantity.Integer(v.r.Model.RoutedExperts) + " at batch " + quantity.Integer(v.r.Scenario.Batch)
	return f
}

func (v *voice) tpotFrame(steps Table) Frame {
	f := Frame{
		Chart: "tpot", Title: "What each user waits for a token", Unit: "Pale: 80\u202f% of other configurations. Stronger: comparisons inside this one, far more certain",
		Source:     say("Prefill of the others included, " + v.r.Scenario.EngineName),
		Derivation: "decode.tpot_s",
	}
	if v.leaveEmpty(&f) {
		return f
	}
	if o := v.r.Scenario.TPOT; o > 0 {
		switch best := v.r.Decode.BestBatch; {
		case best > 0:
			f.Title = "Your objective of " + objective(o) + "\u00a0ms holds up to batch " + quantity.Integer(best)
		default:
			f.Title = "Your objective of " + objective(o) + "\u00a0ms is missed at any batch"
		}
	}
	f.Table = steps
	f.Name = "Time per token of one user against the batch: " + v.predicted("decode.tpot_s", quantity.Seconds).Text + " at batch " + quantity.Integer(v.r.Scenario.Batch)
	return f
}

func (v *voice) batchFrame(steps Table) Frame {
	f := Frame{
		Chart: "batch", Title: "Where the time of a step goes", Unit: "One decode step by operator, against the batch",
		Source:     say("Operators at fitted efficiencies, " + v.r.Scenario.EngineName),
		Derivation: "decode.step_s",
	}
	if v.leaveEmpty(&f) {
		return f
	}
	f.Table = steps
	f.Name = "Time of one decode step against the batch, by operator: " + v.predicted("decode.step_s", quantity.Seconds).Text + " at batch " + quantity.Integer(v.r.Scenario.Batch)
	return f
}

func (v *voice) stepTable() Table {
	t := Table{Columns: []Column{{Name: "Batch"}, {Name: "Step", Unit: "ms", Numeric: true}, {Name: "Per token", Unit: "ms", Numeric: true}, {Name: "80\u202f% range", Unit: "ms", Numeric: true},
		{Name: "All users", Unit: "tok/s", Numeric: true}, {Name: "Each user", Unit: "tok/s", Numeric: true}, {Name: "Tokens of each expert", Numeric: true}, {Name: "Fits"}}}
	t.Rows = v.byBatch(func(p *report.StepPoint) []string {
		return []string{
			quantity.Fixed(1e3*p.Step.Seconds, 1), quantity.Fixed(1e3*p.TPOT, 1), quantity.Fixed(1e3*p.Low, 1) + "–" + quantity.Fixed(1e3*p.High, 1),
			quantity.Significant(p.TokensPerS, 3), quantity.Significant(p.TokensPerSPerUser, 3), quantity.Fixed(p.TokensPerExpert, 1), yes(p.Fits)}
	})
	return t
}

// byBatch has a row for each power of two and for the scenario's own batch.
func (v *voice) byBatch(cells func(*report.StepPoint) []string) []Row {
	var rows []Row
	points := v.r.StepCurve()
	for i := range points {
		p := &points[i]
		own := p.Batch == v.r.Scenario.Batch
		if p.Batch&(p.Batch-1) != 0 && !own {
			continue
		}
		row := Row{Head: quantity.Integer(p.Batch), Cells: cells(p)}
		if own {
			row.Kind = RowChosen
		}
		rows = append(rows, row)
	}
	return rows
}

// leaveEmpty says in a frame that needs times why there are none, if there are none.
func (v *voice) leaveEmpty(f *Frame) bool {
	if v.timed() {
		return false
	}
	f.Empty, f.Derivation = v.untimed(), "memory.per_gpu.free_bytes"
	return true
}

func (v *voice) throughputFrame() Frame {
	f := Frame{
		Chart: "throughput", Title: "What all users gain, each user pays for", Unit: "Batch 1 at the right to 4,096 at the left; dense twins dashed",
		Source:     say("The same deployment; a twin has one dense layer in place of the experts"),
		Derivation: "decode.tokens_per_s",
	}
	if v.leaveEmpty(&f) {
		return f
	}
	t := Table{Columns: []Column{{Name: "Batch"}, {Name: v.r.Scenario.ModelName, Unit: "tok/s", Numeric: true}}}
	curves := v.r.TwinCurves()
	for _, c := range curves {
		t.Columns = append(t.Columns, Column{Name: c.Name, Unit: "tok/s", Numeric: true})
	}
	for i, p := range v.r.StepCurve() {
		if p.Batch&(p.Batch-1) != 0 {
			continue
		}
		row := Row{Head: quantity.Integer(p.Batch), Cells: []string{quantity.Significant(p.TokensPerS, 3)}}
		for _, c := range curves {
			cell := quantity.Unknown
			if i < len(c.Points) && c.Points[i].Batch == p.Batch {
				cell = quantity.Significant(c.Points[i].TokensPerS, 3)
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Tokens per second of all users against those of each user, with the dense twins"
	return f
}

func (v *voice) bytesFrame() Frame {
	f := Frame{
		Chart: "bytes", Title: "What a token has to read is shared late", Unit: "Weights touched by a step, for each of its tokens; dense twins dashed",
		Source:     say("Distinct experts at " + v.r.PopularityName() + ", all other weights once a step"),
		Derivation: "decode.touched_bytes",
	}
	if !v.timed() {
		f.Empty = v.untimed()
		return f
	}
	scale := v.byteUnit(v.r.Decode.TouchedBytes)
	t := Table{Columns: []Column{{Name: "Batch"}, {Name: "Read by a step", Unit: scale.Unit, Numeric: true}, {Name: "for each token", Unit: scale.Unit, Numeric: true}, {Name: "Tokens of each expert", Numeric: true}}}
	t.Rows = v.byBatch(func(p *report.StepPoint) []string {
		return []string{scale.Ledger(p.TouchedBytes), scale.Ledger(p.TouchedBytes / float64(p.Batch)), quantity.Fixed(p.TokensPerExpert, 1)}
	})
	f.Table = t
	f.Name = "Bytes of weights read for one token against the batch; here " + quantity.Bytes.Text(v.units, v.r.Decode.TouchedBytes/float64(v.r.Scenario.Batch))
	return f
}

func (v *voice) rooflineFrame() Frame {
	f := Frame{
		Chart: "roofline", Title: "The step under the roofs of " + v.r.Scenario.GPUName, Unit: "Operators of this decode step; area: share of its time",
		Source:     say("Memory bandwidth and dense peaks as published"),
		Derivation: "decode.step_s",
	}
	if v.leaveEmpty(&f) {
		return f
	}
	t := Table{Columns: []Column{{Name: "Operator"}, {Name: "Time", Unit: "ms", Numeric: true}, {Name: "of the step", Unit: "%", Numeric: true},
		{Name: "FLOP per byte", Numeric: true}, {Name: "Reached", Unit: "TFLOP/s", Numeric: true}}}
	for _, p := range v.r.Roofline().Points {
		t.Rows = append(t.Rows, Row{Head: capital(strings.ReplaceAll(p.Name, "_", " ")), Cells: []string{quantity.Fixed(1e3*p.Seconds, 2), quantity.Fixed(100*p.Share, 1),
			quantity.Significant(p.Intensity, 2), quantity.Significant(p.FLOPPerS/1e12, 2)}})
	}
	f.Table = t
	f.Name = "Roofline of the decode step: operators by FLOP per byte and TFLOP per second; the step is bound by " + v.r.Decode.Bound
	return f
}

func (v *voice) chunkFrame() Frame {
	f := Frame{
		Chart: "chunk", Title: "Prefill against its chunk", Unit: "Prompt tokens per second of all GPUs; band: 80\u202f%",
		Source:     say("Full chunks on every replica"),
		Derivation: "prefill.tokens_per_s",
	}
	points, saturation := v.r.ChunkCurve()
	if v.r.Prefill == nil || len(points) == 0 {
		f.Empty, f.Derivation = v.untimed(), "memory.per_gpu.free_bytes"
		return f
	}
	if v.moe() && saturation > 0 {
		f.Title = "Experts are busy from chunks of " + quantity.Significant(saturation, 2) + " tokens on"
	}
	scale := v.byteUnit(float64(v.r.Memory.GPUBytes))
	t := Table{Columns: []Column{{Name: "Chunk"}, {Name: "Prompt tokens", Unit: "tok/s", Numeric: true}, {Name: "Tokens of each expert", Numeric: true}, {Name: "Workspace", Unit: scale.Unit, Numeric: true}, {Name: "Fits"}}}
	for _, p := range points {
		row := Row{Head: quantity.Integer(p.Chunk), Cells: []string{quantity.Significant(p.TokensPerS, 3), quantity.Fixed(p.TokensPerExpert, 1), scale.Ledger(float64(p.ActivationBytes)), yes(p.Fits)}}
		if p.Chunk == v.r.Scenario.Chunk {
			row.Kind = RowChosen
		}
		t.Rows = append(t.Rows, row)
	}
	f.Table = t
	f.Name = "Prompt tokens per second against the tokens of a prefill step"
	return f
}
