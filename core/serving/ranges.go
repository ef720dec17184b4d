package serving

// Class groups predictions that are wrong by about as much.
type Class uint8

// The classes. LoadedFirst, ClosedLoopRate and SaturatedRate hang on the engine's
// scheduler more than on arithmetic, and their ranges are honestly wide.
const (
	OneGPUFew      Class = iota // decode on one accelerator, up to 4 sequences
	OneGPUMany                  // from 5
	NodeFew                     // decode on several, up to 16 sequences
	NodeMany                    // from 17
	WideParallel                // whole experts on GPUs with their own attention replicas
	PrefillRate                 // prompt tokens per second
	FirstToken                  // TTFT of one request on an idle deployment
	LoadedFirst                 // TTFT under load
	ClosedLoopRate              // output rate of so many users, prefill included
	SaturatedRate               // output rate when requests always wait
	Unmeasured                  // accelerators of a kind that no row was measured on
	Offloaded                   // experts in host memory
	OnDrive                     // and some on a drive
	ClassCount
)

var classNames = [ClassCount]string{
	"one-GPU decode, 1-4", "one-GPU decode, 5+", "node decode, 1-16", "node decode, 17+", "wide EP",
	"prefill", "TTFT, 1 request", "TTFT under load", "closed-loop throughput", "saturated throughput", "unmeasured hardware",
	"experts in host memory", "experts on a drive",
}

// String names the class as docs/accuracy.md does.
func (c Class) String() string { return classNames[c] }

// Range is the 80 % range of measured over predicted time: of measurements that
// no constant was fitted on, eight in ten lie between Low and High.
type Range struct {
	Low, High float64
	// Nearby is the same once the prediction is scaled by one measurement of this
	// configuration at another load.
	NearbyLow, NearbyHigh float64
}

// RangeOf returns the range of a class.
func RangeOf(c Class) Range {
	if c >= Offloaded {
		return offloaded[c-Offloaded]
	}
	return ranges[c]
}

// offloaded are the ranges of the last two classes, which scripts/accuracy finds from other rows: docs/offload.md.
var offloaded = [ClassCount - Offloaded]Range{
	{0.78, 1.35, 0.79, 1.20},
	{0.30, 3.20, 0.60, 1.70},
}

// DecodeClass is the class of the deployment's decode time under a load.
func (t *Timing) DecodeClass(l Load) Class {
	layout := &t.d.Layout
	switch {
	case t.f == familyOther:
		return Unmeasured
	case layout.DP > 1 && layout.TP == 1 && layout.EP > 1:
		return WideParallel
	case layout.GPUs == 1 && l.Batch <= 4:
		return OneGPUFew
	case layout.GPUs == 1:
		return OneGPUMany
	case l.Batch <= 16:
		return NodeFew
	}
	return NodeMany
}

// Prediction is a time with its 80 % range, seconds.
type Prediction struct{ Seconds, Low, High float64 }

// Calibration is what was measured over what is predicted, at one load of one
// configuration. 0 is not measured. What is left of the error inside one configuration is a third of
// what it is between configurations, so the ranges shrink.
type Calibration struct{ Decode, Prefill float64 }

// Predict puts a range around a predicted time. factor is the Calibration's
// part for it, 0 if there is none.
func Predict(class Class, seconds, factor float64) Prediction {
	r := RangeOf(class)
	if factor > 0 {
		seconds *= factor
		return Prediction{seconds, seconds * r.NearbyLow, seconds * r.NearbyHigh}
	}
	return Prediction{seconds, seconds * r.Low, seconds * r.High}
}
