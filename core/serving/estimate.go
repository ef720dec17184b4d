package serving

// Estimate is what a deployment does under a load, in one call: what the
// report prints.
type Estimate struct {
	Decode Step       // all sequences decode, nothing else happens
	TPOT   Prediction // of one user, with what prompts of others add
	Output float64    // output tokens per second of the deployment, Batch over TPOT

	Prefill     Step       // one chunk on every replica
	TTFT        Prediction // of one request on an idle deployment
	LoadedTTFT  Prediction // in a closed loop of Batch users
	PromptRate  float64    // prompt tokens per second of the deployment when prompts share chunks
	Calibration Calibration
}

// Measured is what a user measured at this very load, seconds; 0 is not measured.
type Measured struct{ TPOT, TTFT float64 }

// Estimate times a load. admitted is how many of its sequences the caches hold,
// 0 for all.
func (t *Timing) Estimate(l Load, admitted int64, m Measured) Estimate {
	e := Estimate{Calibration: t.Calibrate(l, Waves, admitted, m.TPOT, m.TTFT)}
	running := l
	if admitted > 0 {
		running.Batch = min(l.Batch, admitted)
	}
	e.Decode = t.DecodeStep(running)
	e.TPOT = t.PredictTPOT(running, e.Calibration)
	e.Output = float64(running.Batch) / e.TPOT.Seconds
	alone := l
	alone.Batch = 1
	e.TTFT = t.PredictTTFT(alone, Waves, 0, Calibration{Prefill: e.Calibration.Prefill})
	e.LoadedTTFT = t.PredictTTFT(l, Waves, admitted, e.Calibration)
	e.Prefill = t.PrefillStep(l)
	w := t.chunkWork(l, float64(l.Batch), float64(t.d.Layout.DP))
	shared := t.Step(w)
	e.PromptRate = w.Prefill * float64(t.d.Layout.DP) / shared.Seconds
	return e
}

// RoutingShare is the gate, the top-k selection, the permutation, the dispatch and the combine as
// a share of a step.
func (s *Step) RoutingShare() float64 {
	if s.Seconds == 0 {
		return 0
	}
	return (s.Routing() + s.Parts[Dispatch] + s.Parts[Combine]) / s.Seconds
}
