package format

// Scheme says which format each tensor gets when a whole model is converted:
// what weights= in a link names. It reproduces what publishers and tools do, so
// that the bytes are those of a file that one could download.
type Scheme struct {
	ID     string // as in the link: "fp8", "q4_k_m"
	Name   string // "FP8", "Q4_K_M"
	Rule   string // which tensors get what, in one sentence
	Source string // who converts so

	rules []rule
}

// Place is what a scheme may ask about a tensor.
type Place struct {
	Kind    Kind
	Part    Part
	Layer   int   // counted from 0
	Layers  int   // of the whole model
	Columns int64 // elements per row; 0 if unknown

	Experts    int64 // routed experts per layer of the model; 0 for dense models
	QueryPerKV int64 // query heads per KV head; 1 for MLA
}

// rule gives a format to some tensors. Empty lists match all.
type rule struct {
	kinds  []Kind
	parts  []Part
	when   func(Place) bool
	format *Format // nil: the tensor keeps the format that it is stored in
}

func (r rule) matches(p Place) bool {
	return has(r.kinds, p.Kind) && has(r.parts, p.Part) && (r.when == nil || r.when(p))
}

func has[T comparable](list []T, x T) bool {
	for _, y := range list {
		if x == y {
			return true
		}
	}
	return len(list) == 0
}

// FormatOf returns the format of a tensor under the scheme. converted is false
// for tensors that the scheme leaves as the checkpoint stores them: norms,
// biases and routers.
func (s Scheme) FormatOf(p Place) (f Format, converted bool) {
	for _, r := range s.rules {
		if r.matches(p) {
			if r.format == nil {
				return Format{}, false
			}
			return fitting(*r.format, p.Columns), true
		}
	}
	return Format{}, false
}

var (
	layerMatrices = []Kind{RoutedExpert, SharedExpert, DenseLayer, Attention}
	feedForward   = []Kind{RoutedExpert, SharedExpert, DenseLayer}
	small         = []Kind{Router, Vector}
)

// keepSmall leaves routers, norms and biases as they are.
var keepSmall = rule{kinds: small}

// linears converts the matrices of every layer and leaves embedding and head
// in BF16.
func linears(to *Format) []rule {
	return []rule{keepSmall, {kinds: layerMatrices, format: to}, {format: &BF16}}
}

// Schemes returns every scheme in the order in which to offer them.
func Schemes() []Scheme { return append([]Scheme(nil), schemes...) }

// SchemeByID finds a scheme.
func SchemeByID(id string) (Scheme, bool) {
	for _, s := range schemes {
		if s.ID == id {
			return s, true
		}
	}
	return Scheme{}, false
}

var schemes = append([]Scheme{
	{ID: "bf16", Name: "BF16", Rule: "Every matrix in BF16.", Source: "torch_dtype bfloat16",
		rules: []rule{keepSmall, {format: &BF16}}},
	{ID: "fp16", Name: "FP16", Rule: "Every matrix in FP16.", Source: "torch_dtype float16",
		rules: []rule{keepSmall, {format: &FP16}}},
	{ID: "fp8", Name: "FP8", Rule: "Matrices of attention, dense layers and experts in FP8 with a scale per 128 × 128 block; embedding and head in BF16.",
		Source: "as DeepSeek-V3 is published", rules: linears(&FP8)},
	{ID: "int8", Name: "INT8", Rule: "Matrices of attention, dense layers and experts in INT8 with a scale per output row; embedding and head in BF16.",
		Source: "as compressed-tensors W8A8 checkpoints are published", rules: linears(&INT8)},
	{ID: "int4", Name: "INT4", Rule: "Matrices of attention, dense layers and experts in INT4 with a scale and a zero point per 128; embedding and head in BF16.",
		Source: "as AWQ and GPTQ checkpoints are published", rules: linears(&INT4)},
	{ID: "mxfp4", Name: "MXFP4", Rule: "Routed experts in MXFP4; everything else in BF16.",
		Source: "as gpt-oss is published", rules: []rule{keepSmall, {kinds: []Kind{RoutedExpert}, format: &MXFP4}, {format: &BF16}}},
	{ID: "nvfp4", Name: "NVFP4", Rule: "Experts and dense layers in NVFP4; attention, embedding and head in BF16.",
		Source: "as nvidia/DeepSeek-R1-FP4 is published. nvidia/DeepSeek-V3.1-NVFP4 and -V3.2-NVFP4 also convert attention's output projection, nvidia/Qwen3-235B-A22B-NVFP4 all of attention",
		rules:  []rule{keepSmall, {kinds: feedForward, format: &NVFP4}, {format: &BF16}}},
}, ggufSchemes()...)
