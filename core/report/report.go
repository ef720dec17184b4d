// Package report turns a Scenario into a Report: the whole answer, as numbers
// with units, from which the page, the charts, the JSON button and the command
// line all take theirs.
//
// This package is opinionated. It answers whatever was asked: what cannot be
// taken as it stands is replaced, and a Warning says so. It keeps three counts
// apart: resident (what must sit in memory), touched (what a step reads) and
// computed (what a token multiplies). And it shows its work: every number has
// an id, the path of its JSON key, and Explain gives the formula, the values put
// in and where each comes from. Explain evaluates nothing that Build has not
// computed another way, so that a test can compare the two.
//
// What is counted has no range. What is predicted, times and prices, has the 80 %
// range of its class, and shrinks to what is left inside one configuration once
// the user has measured one point of it. What does not fit has counts and no times.
//
// Sections whose phenomenon is not part of the scenario are absent, not zero.
package report

import "moecost/core/tail"

// Report is the answer to one scenario, in SI units that the JSON keys name. Its
// JSON is a contract: keys are added, never renamed.
type Report struct {
	_ [0]func() // no == for it: docs/size.md

	Scenario Scenario  `json:"scenario"`
	Warnings []Warning `json:"warnings"`
	Model    Model     `json:"model"`
	Memory   Memory    `json:"memory"`
	Decode   *Decode   `json:"decode,omitempty"`
	Prefill  *Prefill  `json:"prefill,omitempty"`
	Routing  *Routing  `json:"routing,omitempty"`
	Balance  *Balance  `json:"balance,omitempty"`
	Draft    *Draft    `json:"draft,omitempty"`
	Offload  *Offload  `json:"offload,omitempty"`
	Tail     *Tail     `json:"tail,omitempty"` // once Simulated
	Cost     *Cost     `json:"cost,omitempty"`

	in        inputs
	simulated *tail.Result
}

// Scenario is what was asked with all choices made.
type Scenario struct {
	_ [0]func() // no == for it: docs/size.md

	Query string `json:"query"` // canonical link; choices are not written into it

	Model        string `json:"model"` // preset id or "custom"
	ModelName    string `json:"model_name"`
	Organisation string `json:"organisation,omitempty"`
	Weights      string `json:"weights"` // scheme id, or "published"
	WeightsName  string `json:"weights_name"`
	KV           string `json:"kv"` // format id

	GPU        string `json:"gpu"`
	GPUName    string `json:"gpu_name"`
	GPUs       int    `json:"gpus"`
	TP         int    `json:"tp"`
	PP         int    `json:"pp"`
	EP         int    `json:"ep"`
	DP         int    `json:"dp"`
	Chosen     Chosen `json:"chosen"` // which of these were left to moecost
	Engine     string `json:"engine"`
	EngineName string `json:"engine_name"`

	Batch int64   `json:"batch"`
	In    int64   `json:"in"`
	Out   int64   `json:"out"`
	Chunk int64   `json:"chunk"`
	Skew  float64 `json:"skew"`
	Law   string  `json:"law"`
	Layer int64   `json:"layer,omitempty"` // of the user's counts, drawn rank by rank
	EPLB  string  `json:"eplb"`
	Spare int64   `json:"spare"` // slots in use: 0 while eplb is off
	Split bool    `json:"split"`

	Place    string  `json:"place"` // what a placement evens out: "tokens" or "distinct" experts
	Drift    float64 `json:"drift"`
	Interval int64   `json:"interval"` // decode steps between two online rebalancings
	Moves    string  `json:"moves"`
	Fabric   string  `json:"fabric"`

	Rate    float64 `json:"rate,omitempty"`  // requests per second; absent: a closed loop of batch users
	InCV    float64 `json:"in_cv,omitempty"` // of prompt lengths, lognormal, in the tail; absent: evenly within 11 %
	OutCV   float64 `json:"out_cv,omitempty"`
	Prefix  float64 `json:"prefix,omitempty"` // share of the prompts that the tail does not prefill
	Domain  float64 `json:"domain"`
	Speed   float64 `json:"speed"`             // sigma of the GPUs' speeds, percent
	Without string  `json:"without,omitempty"` // causes of the tail that are left out
	Seed    int64   `json:"seed"`

	Draft    int64   `json:"draft"`
	Accept   float64 `json:"accept"`
	Host     float64 `json:"host"`
	Cache    float64 `json:"cache"`
	Prefetch string  `json:"prefetch"`
	Recall   float64 `json:"recall"`
	Link     float64 `json:"link,omitempty"` // GB/s; absent: the hardware's
	CPU      float64 `json:"cpu,omitempty"`
	Evict    string  `json:"evict"`
	Refetch  bool    `json:"refetch"`
	Experts  string  `json:"experts,omitempty"` // off the GPU: "copy", "cpu" or "hybrid"; absent: the fastest
	RAM      float64 `json:"ram,omitempty"`     // GB; absent: as much as needed
	NVMe     float64 `json:"nvme,omitempty"`    // GB/s; absent: a PCIe 4.0 x4 drive

	MeasuredTPOT float64 `json:"measured_tpot,omitempty"` // milliseconds
	MeasuredTTFT float64 `json:"measured_ttft,omitempty"`
	Seen         string  `json:"seen,omitempty"`  // measured points, as a link has them
	Price        float64 `json:"price,omitempty"` // dollars per GPU-hour: asked for, or the hardware's typical one
	TTFT         float64 `json:"ttft,omitempty"`  // objectives, milliseconds
	TPOT         float64 `json:"tpot,omitempty"`
	Pct          float64 `json:"pct"`
	Units        string  `json:"units"`
	Points       string  `json:"points"` // measurements on the accuracy chart
}

// Chosen tells which parts of the scenario were left open and filled in.
type Chosen struct {
	Weights bool `json:"weights"` // as published
	KV      bool `json:"kv"`
	GPUs    bool `json:"gpus"` // the fewest that an engine would run on
	Layout  bool `json:"layout"`
}

// Warning states a fact that the reader must know and offers the way out.
type Warning struct {
	_ [0]func() // no == for it: docs/size.md

	ID     string `json:"id"`                // what it is about: "memory.fits", "link", "model.unread"
	At     string `json:"at"`                // the part of the scenario it belongs to: "link", "model", "hardware", "load"
	Text   string `json:"text"`              // a sentence
	WayOut string `json:"way_out,omitempty"` // a sentence with the number in it
	Apply  string `json:"apply,omitempty"`   // pairs of a link that do what WayOut says
}

// Model is what the architecture determines.
type Model struct {
	_ [0]func() // no == for it: docs/size.md

	TotalParams  int64 `json:"total_params"` // main text model, as stored
	MTPParams    int64 `json:"mtp_params"`
	VisionParams int64 `json:"vision_params"`
	ExpertParams int64 `json:"expert_params"` // all routed experts

	ActiveParams                      int64 `json:"active_params"` // with embedding and head
	ActiveParamsWithoutInputEmbedding int64 `json:"active_params_without_input_embedding"`
	ActiveParamsWithoutEmbeddings     int64 `json:"active_params_without_embedding_and_head"`

	ParamsByPart Parts `json:"params_by_part"`

	KVBytesPerToken          float64 `json:"kv_bytes_per_token"`           // all layers
	KVBytesPerTokenUnbounded float64 `json:"kv_bytes_per_token_unbounded"` // layers without a window
	IndexBytesPerToken       int64   `json:"index_bytes_per_token"`        // keys of sparse attention's indexers
	KVBytesPerSequence       int64   `json:"kv_bytes_per_sequence"`        // at full length, index keys included
	StateBytesPerSequence    int64   `json:"state_bytes_per_sequence"`
	StateElementsPerSequence int64   `json:"state_elements_per_sequence"`

	Layers        int64 `json:"layers"`
	MoELayers     int64 `json:"moe_layers"`
	RoutedExperts int64 `json:"routed_experts"`
	SharedExperts int64 `json:"shared_experts"`
	TopK          int64 `json:"top_k"`
	Hidden        int64 `json:"hidden"`
	Vocabulary    int64 `json:"vocabulary"`
	MaxContext    int64 `json:"max_context,omitempty"`

	FLOPsPerToken       float64 `json:"flops_per_token"` // one decoded token at the mean decode context
	FLOPsPerTokenByPart FLOPs   `json:"flops_per_token_by_part"`

	PublishedTotal  string   `json:"published_total,omitempty"` // as the publisher prints them
	PublishedActive string   `json:"published_active,omitempty"`
	Source          string   `json:"source"` // where the architecture was read
	Unread          []string `json:"unread,omitempty"`
	Assumed         []string `json:"assumed,omitempty"`
	Notes           []string `json:"notes,omitempty"`
}

// Parts divides a count into the components of the ledger.
type Parts struct {
	RoutedExperts int64 `json:"routed_experts"`
	SharedExperts int64 `json:"shared_experts"`
	Dense         int64 `json:"dense"`
	Attention     int64 `json:"attention"`
	Embedding     int64 `json:"embedding"`
	Router        int64 `json:"router"`
}

// FLOPs divides what a token multiplies.
type FLOPs struct {
	RoutedExperts float64 `json:"routed_experts"`
	SharedExperts float64 `json:"shared_experts"`
	Dense         float64 `json:"dense"`
	Projections   float64 `json:"attention_projections"`
	Core          float64 `json:"attention_core"`
	Router        float64 `json:"router"`
	Head          float64 `json:"head"`
}

// Memory is what is resident.
type Memory struct {
	_ [0]func() // no == for it: docs/size.md

	Fits          bool `json:"fits"`
	MinGPUs       int  `json:"min_gpus,omitempty"`        // fewest in any layout that works; absent if none up to 4,096 does
	MinGPUsEngine int  `json:"min_gpus_engine,omitempty"` // fewest that an engine would be run on

	WeightsBytes         int64 `json:"weights_bytes"` // main text model, scales included
	ScalesBytes          int64 `json:"scales_bytes"`  // of these, scales and zero points
	ExpertsBytes         int64 `json:"experts_bytes"` // of these, routed experts
	MTPBytes             int64 `json:"mtp_bytes,omitempty"`
	VisionBytes          int64 `json:"vision_bytes,omitempty"`
	WeightsDeployedBytes int64 `json:"weights_deployed_bytes"` // on all GPUs, every copy counted
	HostBytes            int64 `json:"host_bytes,omitempty"`   // routed experts in host memory

	KVBytes         int64 `json:"kv_bytes"`          // one copy, all sequences at full length, with index keys and state
	KVDeployedBytes int64 `json:"kv_deployed_bytes"` // on all GPUs, every copy counted

	GPUBytes int64   `json:"gpu_bytes"` // capacity of one accelerator
	PerGPU   PerGPU  `json:"per_gpu"`   // the fullest one; adds up to gpu_bytes
	Runtime  Runtime `json:"runtime"`
	Stage    int     `json:"stage"` // pipeline stage of the fullest GPU, from 0

	PerGPUWeightsBytes int64 `json:"per_gpu_weights_bytes"`
	PerGPUUsedBytes    int64 `json:"per_gpu_used_bytes"`
	PerGPUSequence     int64 `json:"per_gpu_bytes_per_sequence"` // cache and state of one sequence at full length
	PerGPUPoolBytes    int64 `json:"per_gpu_pool_bytes"`         // for cache and state, in use and free

	KVCapacityTokens int64 `json:"kv_capacity_tokens"` // in sequences of this length
	MaxBatch         int64 `json:"max_batch"`          // sequences of full length that fit

	DenseTwinBytes       int64   `json:"dense_twin_bytes"` // a dense model of the same computed parameters
	RatioToDenseTwin     float64 `json:"ratio_to_dense_twin"`
	RatioToDenseTwinKV   float64 `json:"ratio_to_dense_twin_with_kv"`
	EqualBytesTwinParams int64   `json:"equal_bytes_twin_params"` // a dense model of the same resident bytes computes these
}

// PerGPU is the ledger of one GPU.
type PerGPU struct {
	RoutedExperts int64 `json:"routed_experts_bytes"`
	SharedExperts int64 `json:"shared_experts_bytes"`
	Dense         int64 `json:"dense_bytes"`
	Attention     int64 `json:"attention_bytes"`
	Embedding     int64 `json:"embedding_bytes"`
	Router        int64 `json:"router_bytes"`
	Padding       int64 `json:"padding_bytes,omitempty"` // columns that kernels add to routed experts
	MTP           int64 `json:"mtp_bytes,omitempty"`     // drafting modules
	Vision        int64 `json:"vision_bytes,omitempty"`  // towers and projectors
	KV            int64 `json:"kv_bytes"`                // with index keys and recurrent state
	Activation    int64 `json:"activation_bytes"`
	Comm          int64 `json:"comm_bytes"`
	Runtime       int64 `json:"runtime_bytes"` // driver, libraries, graphs and what the engine keeps clear
	Free          int64 `json:"free_bytes"`    // below zero: missing
}

// Runtime divides per_gpu.runtime_bytes.
type Runtime struct {
	Driver    int64 `json:"driver_bytes"`
	Libraries int64 `json:"libraries_bytes"`
	Graphs    int64 `json:"graphs_bytes"`
	Clear     int64 `json:"clear_bytes"`
}

// Decode is one step in which every sequence decodes a token.
type Decode struct {
	Context float64 `json:"context_tokens"` // mean length of a sequence at a step

	DistinctExperts     float64 `json:"distinct_experts"` // mean per MoE layer, whole deployment
	TouchedShare        float64 `json:"touched_share"`    // of the routed experts
	TouchedBytes        float64 `json:"touched_bytes"`    // weights that a step reads, one copy
	TouchedExpertsBytes float64 `json:"touched_experts_bytes"`
	TouchedKVBytes      float64 `json:"touched_kv_bytes"` // cache that a step reads, one copy

	// The time is absent where it cannot be told: a warning says why.
	Step            float64            `json:"step_s,omitempty"` // one step in which the whole batch decodes
	TPOT            float64            `json:"tpot_s,omitempty"` // per output token of a user; with the prompts of others unless split
	TPOTLow         float64            `json:"tpot_low_s,omitempty"`
	TPOTHigh        float64            `json:"tpot_high_s,omitempty"`
	TokensPerStep   float64            `json:"tokens_per_step,omitempty"` // of one sequence; above 1 with a draft
	TokensPerS      float64            `json:"tokens_per_s,omitempty"`    // batch / TPOT
	TokensPerSOfGPU float64            `json:"tokens_per_s_per_gpu,omitempty"`
	TokensPerSUser  float64            `json:"tokens_per_s_per_user,omitempty"`
	Parts           map[string]float64 `json:"parts,omitempty"`      // operator: seconds; they sum to step_s
	Bound           string             `json:"bound,omitempty"`      // what the step mostly waits for: memory, compute, network, launch
	Class           string             `json:"class,omitempty"`      // of predictions, whose errors make the range
	KneeBatch       int64              `json:"knee_batch,omitempty"` // from here on doubling the batch costs users more speed than it gains
	BestBatch       int64              `json:"best_batch,omitempty"` // largest whose TPOT keeps the objective
}
