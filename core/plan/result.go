package plan

import (
	"moecost/core/scenario"
	"moecost/core/serving"
)

// Result is what has been found so far. It refines as the search advances.
type Result struct {
	Done  bool     `json:"done"`
	Phase string   `json:"phase"` // "search", "simulate", "change" or "done"
	Notes []string `json:"notes,omitempty"`

	Tried  int `json:"tried"`  // deployments under a load that were looked at
	Shapes int `json:"shapes"` // layouts with spare experts, over all accelerators and formats
	Looked int `json:"looked"` // of these, looked at

	// The space is searched whole, so that by the closed form nothing in it costs less than Bound. What the plan costs more is
	// what its simulation asked for; what a simulation of all the others would find cheaper is not known.
	Bound float64 `json:"bound_usd_per_hour,omitempty"`
	Gap   float64 `json:"gap"` // of the plan's cost over the bound, as a share

	Best   *Plan        `json:"best,omitempty"` // nil: nothing meets the objectives within the budget
	Others []Other      `json:"others,omitempty"`
	Front  []FrontPoint `json:"front,omitempty"`

	Changes []Change `json:"changes,omitempty"`
	Day     *Day     `json:"day,omitempty"` // of the best plan
}

// Plan is a deployment.
type Plan struct {
	GPU       string  `json:"gpu"`
	GPUName   string  `json:"gpu_name"`
	Weights   string  `json:"weights,omitempty"` // scheme; empty: as published
	KV        string  `json:"kv"`
	Engine    string  `json:"engine"`
	Style     string  `json:"style"`
	Split     bool    `json:"split"`
	GPUs      int     `json:"gpus"` // of the whole deployment
	Price     float64 `json:"usd_per_gpu_hour"`
	PriceFrom string  `json:"price_source"` // basis with its date, and address; or the question
	PerHour   float64 `json:"usd_per_hour"`
	Watts     float64 `json:"watts,omitempty"` // of one accelerator; 0: not known
	Requests  float64 `json:"requests_per_s"`  // that it is planned for
	Main      Pool    `json:"main"`            // of all, or of those that decode
	Prefill   *Pool   `json:"prefill,omitempty"`

	TPOT Time `json:"tpot"`
	TTFT Time `json:"ttft"`

	Output float64 `json:"usd_per_m_output"` // all of the cost on output tokens
	Tokens float64 `json:"usd_per_m_tokens"` // on input and output together

	Simulated bool `json:"simulated"` // the percentiles are of a simulation; else of the closed form
	Sure      bool `json:"sure"`      // objectives hold at the high end of the 80 % ranges, too

	Arithmetic []Arithmetic `json:"arithmetic,omitempty"` // of the best plan's figures

	Scenario scenario.Scenario `json:"-"`        // one copy of it, as the page opens it; of a split plan the one that decodes
	Query    string            `json:"scenario"` // its link
}

// Pool is copies of one engine instance.
type Pool struct {
	Copies  int            `json:"copies"`
	GPUs    int            `json:"gpus"` // of one copy
	Layout  serving.Layout `json:"-"`
	TP      int            `json:"tp"`
	PP      int            `json:"pp"`
	EP      int            `json:"ep"`
	DP      int            `json:"dp"`
	Words   string         `json:"layout"`
	Spare   int64          `json:"spare"`
	Chunk   int64          `json:"chunk,omitempty"`
	Draft   int64          `json:"draft"`
	Host    float64        `json:"host,omitempty"`  // share of the routed experts in host memory
	Cache   float64        `json:"cache,omitempty"` // slots on the GPUs for these, as a share of them
	Batch   int64          `json:"batch,omitempty"` // sequences that a copy may run at once (max-num-seqs)
	Seats   int64          `json:"seats"`           // that its memory holds
	Running float64        `json:"running"`         // that decode at once on one copy, mean
	Rate    float64        `json:"requests_per_s"`  // of one copy
	Most    float64        `json:"most_requests_per_s"`
	Busy    float64        `json:"prefill_share,omitempty"` // of the time that prefill takes
	Step    float64        `json:"step_s,omitempty"`
}

// Time is a time with its objective.
type Time struct {
	Mean       float64 `json:"mean_s"`
	Percentile float64 `json:"percentile_s"` // at the question's percentile
	Low        float64 `json:"low_s"`        // 80 % range of that
	High       float64 `json:"high_s"`
	Objective  float64 `json:"objective_s,omitempty"`
	Closed     float64 `json:"closed_form_s"` // what the closed form says of the percentile
}

// Other is the best deployment of another kind, and why it is not the plan.
type Other struct {
	GPU     string  `json:"gpu"`
	GPUName string  `json:"gpu_name"`
	Weights string  `json:"weights,omitempty"`
	KV      string  `json:"kv"`
	Style   string  `json:"style"`
	Reason  string  `json:"reason"` // "dearer", "budget", "tpot", "ttft", "overload", "memory" or "size"
	Over    float64 `json:"over"`   // its cost, or its time, over what is compared with
	Why     string  `json:"why"`    // a sentence
	Plan    *Plan   `json:"plan,omitempty"`
}

// Change is what the plan would be if something were otherwise.
type Change struct {
	ID      string  `json:"id"`
	Name    string  `json:"name"`         // "skew 0 in place of 1"
	PerHour float64 `json:"usd_per_hour"` // of the plan then; 0: nothing meets the objectives
	Ratio   float64 `json:"ratio"`        // over the cost now, both found in the same way
	Shape   bool    `json:"shape"`        // the deployment is another one
	Plan    *Plan   `json:"plan,omitempty"`
}
