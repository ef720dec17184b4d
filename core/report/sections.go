package report

// Prefill is what happens before the first token of an answer.
type Prefill struct {
	TTFT     float64 `json:"ttft_s"` // one request on an idle deployment
	TTFTLow  float64 `json:"ttft_low_s"`
	TTFTHigh float64 `json:"ttft_high_s"`

	Loaded     float64 `json:"ttft_loaded_s"` // with the scenario's other users
	LoadedLow  float64 `json:"ttft_loaded_low_s"`
	LoadedHigh float64 `json:"ttft_loaded_high_s"`

	Step            float64            `json:"step_s"`      // one full chunk on every replica
	StepTokens      float64            `json:"step_tokens"` // of the prompts, on one replica
	TokensPerS      float64            `json:"tokens_per_s"`
	TokensPerSOfGPU float64            `json:"tokens_per_s_per_gpu"`
	Parts           map[string]float64 `json:"parts"` // operator: seconds; they sum to step_s
	Bound           string             `json:"bound"`
	Class           string             `json:"class"` // of predictions, whose errors make the range

	PromptStep  float64            `json:"prompt_step_s"` // one chunk of a prompt alone, behind ttft_s
	PromptSteps float64            `json:"prompt_steps"`  // chunks of a prompt
	PromptParts map[string]float64 `json:"prompt_parts"`  // they sum to prompt_step_s
}

// Routing is what a decode step spends on choosing experts and getting to them.
type Routing struct {
	Gate     float64 `json:"gate_s"`    // gate matrix and the norm in front of it
	TopK     float64 `json:"top_k_s"`   // selection
	Permute  float64 `json:"permute_s"` // sort tokens by expert, and back
	Dispatch float64 `json:"dispatch_s"`
	Combine  float64 `json:"combine_s"`

	PerLayer      float64 `json:"per_layer_s"`    // gate, top-k and permute of one MoE layer
	Share         float64 `json:"share"`          // gate, top-k and permute in the decode step
	ExchangeShare float64 `json:"exchange_share"` // dispatch and combine in the decode step

	// What dispatch carries for one token in one layer, one way; absent where tokens do not travel.
	PerExpert float64 `json:"dispatch_bytes_per_expert,omitempty"` // a copy for every chosen expert
	PerRank   float64 `json:"dispatch_bytes_per_rank,omitempty"`   // one for every rank that holds some
	PerNode   float64 `json:"dispatch_bytes_per_node,omitempty"`   // one for every scale-up domain
	Multicast float64 `json:"dispatch_bytes_multicast,omitempty"`  // one, copied by the switch

	Inject  float64 `json:"inject_s,omitempty"`  // dispatch of one layer is no faster than a rank's link sends
	Receive float64 `json:"receive_s,omitempty"` // nor than the busiest rank's link receives
}

// Cost is what tokens cost at the price of the GPUs.
type Cost struct {
	PerHour float64 `json:"usd_per_hour"`
	Output  float64 `json:"usd_per_m_output"` // a million output tokens: the decode steps that make them
	Input   float64 `json:"usd_per_m_input"`  // a million prompt tokens: the prefill steps that read them
}
