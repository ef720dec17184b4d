package report

import "moecost/core/serving"

// StepPoint is one decode step at one batch.
type StepPoint struct {
	Batch int64
	Fits  bool // the deployment has room for so many sequences of full length

	Step            serving.Step // calibrated, as the report's own step is
	TPOT, Low, High float64      // seconds per output token, with its 80 % range

	TokensPerS        float64 // output tokens of all users
	TokensPerSPerUser float64
	Distinct          float64 // distinct experts, mean per MoE layer, whole deployment
	TouchedBytes      float64 // weights, each once
	TokensPerExpert   float64 // tokens that one distinct expert multiplies, mean
	RoutingShare      float64 // gate, top-k and permutation in the step
}

// TwinCurve is the throughput of a dense model beside that of the scenario's
// mixture, on the same deployment.
type TwinCurve struct {
	Name   string // "dense twin of equal computed FLOPs"
	Params int64  // of the twin; computed and resident are the same
	Bytes  int64  // of its weights
	Inner  int64  // width of its feed-forward layers
	Layout serving.Layout
	Points []StepPoint
}

// CoveragePoint is how many experts of a layer so many tokens touch.
type CoveragePoint struct {
	Tokens    float64
	Distinct  float64 // at the scenario's skew
	Uniform   float64 // all experts equally popular: the most there can be
	Low, High float64 // sigma 1.1 and 0.9, which measured models mostly lie between
}

// CoverageLine is the same of another model, uniform, as a share of its experts.
type CoverageLine struct {
	ID, Name      string
	Experts, TopK int64
	Tokens, Share []float64
}

// ChunkPoint is one prefill step of a number of tokens.
type ChunkPoint struct {
	Chunk           int64   // tokens of one replica
	TokensPerS      float64 // prompt tokens of the whole deployment
	Low, High       float64
	TokensPerExpert float64 // of the whole deployment
	ActivationBytes int64   // workspace on each GPU
	Fits            bool
}

// Roofline is a step as operators under the accelerator's roofs.
type Roofline struct {
	BytesPerS float64 // of the memory
	Roofs     []Roof  // matrix peaks, highest first
	Points    []RooflinePoint
}

// Roof is the matrix peak of one number format.
type Roof struct {
	Name     string
	FLOPPerS float64
}

// RooflinePoint is one operator of a step. Operators that multiply nothing have
// Intensity 0.
type RooflinePoint struct {
	Operator  serving.Operator
	Name      string
	Intensity float64 // FLOP per byte of device memory
	FLOPPerS  float64 // reached, launches included
	Seconds   float64
	Share     float64 // of the step
}
