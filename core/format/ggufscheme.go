package format

// llamaQuant is where the mixtures are defined. The rules here are its rules,
// for tensors under the names that Hugging Face checkpoints use.
const llamaQuant = "llama.cpp, src/llama-quant.cpp, llama_tensor_get_type_impl"

// Conditions on a tensor's place, named after what llama.cpp asks.

// moreBits is use_more_bits: the first and last eighth of the layers and every
// third one between.
func moreBits(p Place) bool {
	n, i := p.Layers, p.Layer
	return i < n/8 || i >= 7*n/8 || (i-n/8)%3 == 2
}

func firstEighth(p Place) bool    { return p.Layer < p.Layers/8 }
func firstSixteenth(p Place) bool { return p.Layer < p.Layers/16 }
func middle(p Place) bool         { return p.Layer >= p.Layers/8 && p.Layer < 7*p.Layers/8 }
func firstTwo(p Place) bool       { return p.Layer < 2 }
func firstFour(p Place) bool      { return p.Layer < 4 }

// grouped is n_gqa >= 4: the value matrix is small, so more bits cost little.
func grouped(p Place) bool          { return p.QueryPerKV >= 4 }
func groupedOrExperts(p Place) bool { return p.QueryPerKV >= 4 || p.Experts >= 4 }

// eight is the special case of Mixtral-like models with eight experts.
func eight(p Place) bool    { return p.Experts == 8 }
func notEight(p Place) bool { return p.Experts != 8 }

// seventy is LLM_TYPE_70B, the dense models of 80 layers whose value matrices
// are an eighth of the queries'.
func seventy(p Place) bool { return p.Layers == 80 && p.Experts == 0 && p.QueryPerKV == 8 }

var (
	valueLike   = []Part{ValuePart, FusedQKVPart}
	keyOnly     = []Part{KeyPart}
	queryAndKey = []Part{QueryPart, KeyPart}
	outputOnly  = []Part{OutputPart}
	downOnly    = []Part{DownPart}
	gateAndUp   = []Part{GatePart, UpPart}
)

// Rules that several mixtures share.
var (
	fullSmall     = rule{kinds: small, format: &FP32} // routers, norms and biases stay in FP32
	eightValues   = rule{parts: valueLike, when: eight, format: &Q8_0}
	seventyValues = rule{parts: valueLike, when: seventy, format: &Q5_K} // where they would get Q3_K or Q4_K
	eightKeys     = rule{parts: keyOnly, when: eight, format: &Q8_0}
	eightOutput   = rule{parts: outputOnly, when: eight, format: &Q5_K}
)

// mixture is a file type of llama-quantize: its default type, the type of the
// head and of the embedding, and the rules for the tensors that differ.
type mixture struct {
	id, name        string
	base            *Format
	head, embedding *Format
	rule            string
	more            []rule
}

func ggufSchemes() []Scheme {
	schemes := make([]Scheme, len(mixtures))
	for i, m := range mixtures {
		head, embedding := m.head, m.embedding
		if head == nil {
			head = &Q6_K
		}
		if embedding == nil {
			embedding = m.base
		}
		blocks := int64(m.base.BlockCols)
		rules := []rule{
			fullSmall,
			{kinds: []Kind{Head}, when: func(p Place) bool { return p.Columns%blocks != 0 }, format: &Q8_0},
			{kinds: []Kind{Head}, format: head},
			{kinds: []Kind{Embedding}, format: embedding},
		}
		rules = append(rules, m.more...)
		schemes[i] = Scheme{
			ID: m.id, Name: m.name, Rule: m.rule + " Norms, biases and routers in FP32.",
			Source: llamaQuant, rules: append(rules, rule{format: m.base}),
		}
	}
	return schemes
}

// mixtures, most bits first. The importance matrix that low-bit files need is
// taken as given; it changes which type some of them use.
var mixtures = [...]mixture{
	{"q8_0", "Q8_0", &Q8_0, &Q8_0, nil, "Every matrix in Q8_0.", nil},
	{"q6_k", "Q6_K", &Q6_K, nil, nil, "Every matrix in Q6_K; of eight-expert models keys and values in Q8_0.",
		[]rule{eightValues, eightKeys}},
	{"q5_k_m", "Q5_K_M", &Q5_K, nil, nil, "Q5_K; half of the value and down matrices and the head in Q6_K.", []rule{
		eightValues, eightKeys,
		{parts: valueLike, when: moreBits, format: &Q6_K},
		{parts: downOnly, when: moreBits, format: &Q6_K},
	}},
	{"q5_k_s", "Q5_K_S", &Q5_K, nil, nil, "Q5_K; head in Q6_K.", []rule{eightValues, eightKeys}},
	{"q4_k_m", "Q4_K_M", &Q4_K, nil, nil, "Q4_K; half of the value and down matrices and the head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput,
		{parts: valueLike, when: moreBits, format: &Q6_K}, seventyValues,
		{parts: downOnly, when: moreBits, format: &Q6_K},
	}},
	{"q4_k_s", "Q4_K_S", &Q4_K, nil, nil, "Q4_K; values of the first four layers and down matrices of the first eighth in Q5_K, head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, when: firstFour, format: &Q5_K},
		{parts: downOnly, when: firstEighth, format: &Q5_K},
	}},
	{"q4_0", "Q4_0", &Q4_0, nil, nil, "Q4_0; head in Q6_K, with an importance matrix the down matrices of the first eighth in Q4_1.", []rule{
		eightValues, eightKeys,
		{parts: downOnly, when: firstEighth, format: &Q4_1},
	}},
	{"mxfp4_moe", "MXFP4_MOE", &Q8_0, &Q8_0, nil, "Routed experts in MXFP4, every other matrix in Q8_0.",
		[]rule{{kinds: []Kind{RoutedExpert}, format: &MXFP4GGUF}}},
	{"iq4_nl", "IQ4_NL", &IQ4_NL, nil, nil, "IQ4_NL; values of grouped-query models in Q5_K, head in Q6_K.",
		[]rule{eightValues, eightKeys, eightOutput, {parts: valueLike, when: grouped, format: &Q5_K}}},
	{"iq4_xs", "IQ4_XS", &IQ4_XS, nil, nil, "IQ4_XS; values of grouped-query models in Q5_K, head in Q6_K.",
		[]rule{eightValues, eightKeys, eightOutput, {parts: valueLike, when: grouped, format: &Q5_K}}},
	{"q3_k_l", "Q3_K_L", &Q3_K, nil, nil, "Q3_K; values, attention outputs and down matrices in Q5_K, head in Q6_K.", []rule{
		eightValues, eightKeys,
		{parts: valueLike, format: &Q5_K},
		{parts: downOnly, format: &Q5_K},
		{parts: outputOnly, when: notEight, format: &Q5_K},
	}},
	{"q3_k_m", "Q3_K_M", &Q3_K, nil, nil, "Q3_K; values, attention outputs and down matrices in Q4_K, the first few in Q5_K, head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, when: firstTwo, format: &Q5_K},
		{parts: valueLike, format: &Q4_K},
		{parts: downOnly, when: firstSixteenth, format: &Q5_K},
		{parts: downOnly, format: &Q4_K},
		{parts: outputOnly, format: &Q4_K},
	}},
	{"iq3_m", "IQ3_M", &IQ3_S, nil, nil, "IQ3_S; values, attention outputs and down matrices of the first eighth in Q4_K, head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, format: &Q4_K},
		{parts: downOnly, when: firstEighth, format: &Q4_K},
		{parts: downOnly, when: func(p Place) bool { return eight(p) && moreBits(p) }, format: &Q4_K},
		{parts: outputOnly, format: &Q4_K},
	}},
	{"q3_k_s", "Q3_K_S", &Q3_K, nil, nil, "Q3_K; head in Q6_K.", []rule{eightValues, eightKeys, eightOutput, seventyValues}},
	{"iq3_s", "IQ3_S", &IQ3_S, nil, nil, "IQ3_S; values of grouped-query models in Q4_K, head in Q6_K.",
		[]rule{eightValues, eightKeys, eightOutput, seventyValues, {parts: valueLike, when: grouped, format: &Q4_K}}},
	{"iq3_xs", "IQ3_XS", &IQ3_S, nil, nil, "IQ3_S; queries, keys and the middle layers' gate and up matrices in IQ3_XXS, values of grouped-query models in Q4_K, head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, when: grouped, format: &Q4_K},
		{parts: queryAndKey, format: &IQ3_XXS},
		{parts: gateAndUp, when: middle, format: &IQ3_XXS},
	}},
	{"iq3_xxs", "IQ3_XXS", &IQ3_XXS, &Q5_K, &IQ3_S, "IQ3_XXS; queries and keys in IQ2_S, attention outputs and embedding in IQ3_S, values of grouped-query models in Q4_K, head in Q5_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, when: grouped, format: &Q4_K},
		{parts: queryAndKey, format: &IQ2_S},
		{parts: outputOnly, format: &IQ3_S},
	}},
	{"q2_k", "Q2_K", &Q2_K, nil, nil, "Q2_K; down matrices and attention outputs in Q3_K, values in Q3_K or Q4_K, head in Q6_K.", []rule{
		eightValues, eightKeys, eightOutput, seventyValues,
		{parts: valueLike, when: grouped, format: &Q4_K},
		{parts: valueLike, format: &Q3_K},
		{parts: downOnly, format: &Q3_K},
		{parts: outputOnly, format: &Q3_K},
	}},
	{"iq2_m", "IQ2_M", &IQ2_S, &Q5_K, &IQ3_S, "IQ2_S; values in Q4_K, attention outputs, embedding and the first eighth's down matrices in IQ3_S, head in Q5_K.", lowBits(&IQ3_S, &IQ3_S)},
	{"iq2_s", "IQ2_S", &IQ2_XS, &Q5_K, &IQ3_S, "IQ2_XS; values in Q4_K, attention outputs, embedding and the first eighth's down matrices in IQ3_S, head in Q5_K.", lowBits(&IQ3_S, &IQ3_S)},
	{"iq2_xs", "IQ2_XS", &IQ2_XS, &Q5_K, &Q2_K, "IQ2_XS; values in Q4_K, embedding and the first eighth's down matrices in Q2_K, head in Q5_K.", lowBits(&Q2_K, nil)},
	{"iq2_xxs", "IQ2_XXS", &IQ2_XXS, &Q5_K, &Q2_K, "IQ2_XXS; values in Q4_K, embedding and the first eighth's down matrices in Q2_K, head in Q5_K.", lowBits(&Q2_K, nil)},
	{"iq1_m", "IQ1_M", &IQ1_M, &Q5_K, &Q2_K, "IQ1_M; values in Q4_K, attention outputs in IQ2_XXS, embedding and the first eighth's down matrices in Q2_K, head in Q5_K.", lowBits(&Q2_K, &IQ2_XXS)},
	{"iq1_s", "IQ1_S", &IQ1_S, &Q5_K, &Q2_K, "IQ1_S; values in Q4_K, attention outputs in IQ2_XXS, embedding and the first eighth's down matrices in Q2_K, head in Q5_K.", lowBits(&Q2_K, &IQ2_XXS)},
}

// lowBits is the branch for one- and two-bit files. early is what the first
// eighth's down matrices and, in models with one query head per KV head and no
// experts, the values get; output what attention's output gets, nil for the base type.
func lowBits(early, output *Format) []rule {
	rules := []rule{
		{parts: valueLike, when: groupedOrExperts, format: &Q4_K},
		{parts: valueLike, format: early},
		{parts: keyOnly, when: eight, format: &Q4_K},
		{parts: downOnly, when: firstEighth, format: early},
		{parts: outputOnly, when: eight, format: &Q5_K},
	}
	if output != nil {
		rules = append(rules, rule{parts: outputOnly, format: output})
	}
	return rules
}

// fallbacks are what llama.cpp takes when rows are not whole blocks of 256.
var fallbacks = map[string]*Format{
	"iq1_s": &IQ4_NL, "iq1_m": &IQ4_NL, "iq2_xxs": &IQ4_NL, "iq2_xs": &IQ4_NL, "iq2_s": &IQ4_NL,
	"iq3_xxs": &IQ4_NL, "iq3_s": &IQ4_NL, "iq4_xs": &IQ4_NL,
	"q2_k": &Q4_0, "q3_k": &Q4_0, "tq1_0": &Q4_0, "tq2_0": &Q4_0,
	"q4_k": &Q5_0, "q5_k": &Q5_1, "q6_k": &Q8_0,
}

// fitting returns the format, or its fallback where the rows of a tensor are
// not whole GGUF blocks.
func fitting(f Format, columns int64) Format {
	if f.Source != ggufSource || columns == 0 || columns%int64(f.BlockCols) == 0 {
		return f
	}
	if other, ok := fallbacks[f.ID]; ok {
		f = *other
	}
	if columns%int64(f.BlockCols) != 0 {
		return FP16
	}
	return f
}
