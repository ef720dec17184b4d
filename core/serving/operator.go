package serving

// Operator is one line of a step's account.
type Operator uint8

// The operators, in the order in which a layer runs them.
const (
	AttentionProjections Operator = iota // q, k, v, output; of recurrent mixers too
	AttentionCore                        // scores and values over the cache; index of sparse attention
	RecurrentState                       // read, update and write of the state
	DenseMatrices                        // feed-forward layers every token goes through
	RouterGate                           // gate matrix and top-k selection
	Permute                              // sort tokens by expert, and back
	Dispatch                             // tokens to the GPUs of their experts
	RoutedExpertMatrices                 // grouped GEMMs over the distinct experts
	Combine                              // results back to the tokens' GPUs
	SharedExpertMatrices                 //
	AllReduce                            // tensor-parallel sums, two per layer
	PipelineTransfer                     // activations to the next stage
	HeadAndSampling                      // logits, sampling and what a step costs besides its layers
	DraftPasses                          // the model's own drafting modules, with their logits
	ExpertWait                           // for experts that are not in GPU memory: copies, the CPU, the drive
	OperatorCount
)

// Name is the operator's key in the report.
func (o Operator) Name() string { return operatorNames[o] }

var operatorNames = [OperatorCount]string{
	"attention_projections", "attention_core", "recurrent_state", "dense", "router_gate", "permute",
	"dispatch", "routed_experts", "combine", "shared_experts", "all_reduce", "pipeline", "head", "draft", "expert_wait",
}

// Bound is what a step mostly waits for.
type Bound uint8

// The bounds.
const (
	BoundMemory  Bound = iota // device memory bandwidth
	BoundCompute              // matrix units
	BoundNetwork              // links between GPUs
	BoundLaunch               // kernels too small to fill the device, and the host
	BoundHost                 // experts in host memory or on a drive
	BoundCount
)

// String is the bound's value in the report.
func (b Bound) String() string {
	return [BoundCount]string{"memory", "compute", "network", "launch", "host"}[b]
}

// Step is what one forward pass takes.
type Step struct {
	Seconds  float64
	Parts    [OperatorCount]float64 // sum to Seconds
	Waits    [BoundCount]float64    // the same seconds by what they wait for
	Distinct float64                // distinct experts hit, mean per MoE layer, whole deployment; 0 without MoE layers
	Weights  float64                // bytes of weights touched, each once, whole deployment
}

// Bound is the largest of Waits.
func (s *Step) Bound() Bound {
	largest := BoundMemory
	for b := range BoundCount {
		if s.Waits[b] > s.Waits[largest] {
			largest = b
		}
	}
	return largest
}

// Routing is what choosing experts costs, apart from moving tokens between GPUs.
func (s *Step) Routing() float64 { return s.Parts[RouterGate] + s.Parts[Permute] }

func (s *Step) add(o Operator, b Bound, seconds float64) {
	s.Seconds += seconds
	s.Parts[o] += seconds
	s.Waits[b] += seconds
}

// roof adds the slower of reading bytes and multiplying.
func (s *Step) roof(o Operator, read, multiply float64) {
	if read >= multiply {
		s.add(o, BoundMemory, read)
	} else {
		s.add(o, BoundCompute, multiply)
	}
}
