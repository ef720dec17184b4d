package report

// StepCurve is the decode step against the batch.
func (r *Report) StepCurve() []StepPoint { return nil }

// TwinCurves are the same of two dense models.
func (r *Report) TwinCurves() []TwinCurve { return nil }

// Coverage is the distinct experts against the tokens of a layer; nil for a dense model.
func (r *Report) Coverage() []CoveragePoint { return nil }

// OtherCoverage is that of the other presets.
func (r *Report) OtherCoverage() []CoverageLine { return nil }

// ChunkCurve is prefill against its chunk; saturation is the chunk from which on
// an expert's matrices wait for multiplications, 0 if there is none.
func (r *Report) ChunkCurve() (points []ChunkPoint, saturation float64) { return nil, 0 }

// Roofline is the scenario's decode step.
func (r *Report) Roofline() Roofline { return Roofline{} }
