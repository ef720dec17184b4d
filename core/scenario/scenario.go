package scenario

// ModelCustom is the model id that stands for an architecture in the link's
// fragment (see DecodeFragment).
const ModelCustom = "custom"

// Scenario is what was asked, in the units of the link.
//
// In an optional field the zero value means absent: the page's own choice, the
// published format or nothing measured, as Field.Absent says. No optional field has zero in
// its domain, so absent and given are never confused. The other fields always
// hold a value; start from Default, because the zero Scenario is not a valid one.
//
// A Scenario is comparable and can be a map key.
type Scenario struct {
	// Version is the schema version of the link. It is the constant Version,
	// except for a link made by a newer page, whose number is kept so that a
	// reload with that page reads the link as it was meant.
	Version int `json:"v"`

	Model   string `json:"model"`             // preset id, or ModelCustom
	Weights string `json:"weights,omitempty"` // weight scheme id; empty: as published
	KV      string `json:"kv,omitempty"`      // KV cache format id; empty: the model's default

	GPU  string `json:"gpu"`            // accelerator id, or a custom accelerator's canonical text
	GPUs int    `json:"gpus,omitempty"` // 0: the fewest that fit
	TP   int    `json:"tp,omitempty"`   // tensor parallel; 0: chosen
	PP   int    `json:"pp,omitempty"`   // pipeline parallel; 0: chosen
	EP   int    `json:"ep,omitempty"`   // expert parallel; 0: chosen
	DP   int    `json:"dp,omitempty"`   // attention-data parallel; 0: chosen

	Batch  int    `json:"batch"` // sequences decoding at once over the whole deployment
	In     int    `json:"in"`    // prompt tokens
	Out    int    `json:"out"`   // generated tokens
	Chunk  int    `json:"chunk"` // prefill tokens per step and attention replica
	Engine string `json:"engine"`

	Skew     float64 `json:"skew"`            // of expert popularity: lognormal sigma, or alpha of the power law
	Law      string  `json:"law"`             // "lognormal" or "power"
	Layer    int     `json:"layer,omitempty"` // of the user's counts, drawn rank by rank, from 1; 0: the least even
	EPLB     string  `json:"eplb"`
	Spare    int     `json:"spare"`    // redundant expert slots over the deployment
	Place    string  `json:"place"`    // what a placement evens out: "tokens" or "distinct" experts
	Drift    float64 `json:"drift"`    // lognormal sigma between the placement's statistics and the traffic
	Interval int     `json:"interval"` // decode steps between two online rebalancings
	Moves    string  `json:"moves"`    // of weights: "blocking" or "layerwise"
	Fabric   string  `json:"fabric"`   // copies that dispatch sends: "unicast" (per expert), "node" or "multicast"
	Split    bool    `json:"split"`    // prefill and decode on separate GPUs

	Rate    float64 `json:"rate,omitempty"`    // requests per second; 0: a closed loop of Batch users
	Domain  float64 `json:"domain"`            // lognormal sigma of popularity from step to step
	Speed   float64 `json:"speed"`             // sigma of the GPUs' speeds, percent
	Without string  `json:"without,omitempty"` // causes of the tail left out, in the order of the table, joined by ","
	Seed    int     `json:"seed"`              // of the simulation

	Draft  int     `json:"draft"`  // drafted tokens per step
	Accept float64 `json:"accept"` // acceptance per drafted token, 0 to 1

	Host     float64 `json:"host"`  // share of routed experts in host memory, 0 to 1
	Cache    float64 `json:"cache"` // GPU slots for experts, as a share of those in host memory
	Prefetch string  `json:"prefetch"`
	Recall   float64 `json:"recall"`            // of the prefetch predictor, 0 to 1
	Evict    string  `json:"evict"`             // of the GPU's expert cache: "static", "lru", "lfu" or "global"
	Refetch  bool    `json:"refetch"`           // copy what the prefetch missed; else execute what it predicted
	Experts  string  `json:"experts,omitempty"` // off the GPU: "copy", "cpu" or "hybrid"; empty: the fastest
	RAM      float64 `json:"ram,omitempty"`     // host memory, GB; 0: as much as needed
	NVMe     float64 `json:"nvme,omitempty"`    // GB/s; 0: a PCIe 4.0 x4 drive
	Link     float64 `json:"link,omitempty"`    // host-to-GPU GB/s; 0: the hardware's
	CPU      float64 `json:"cpu,omitempty"`     // CPU expert GB/s; 0: the hardware's

	Among     string  `json:"among,omitempty"`      // accelerators that a plan may choose from, with prices: see Accelerators; empty: GPU alone
	Budget    float64 `json:"budget,omitempty"`     // most dollars per hour of a plan; 0: no limit
	Lossy     bool    `json:"lossy"`                // a plan may store weights and cache in narrower formats
	Prefix    float64 `json:"prefix"`               // share of the prompt tokens whose cache is there already
	InCV      float64 `json:"in_cv,omitempty"`      // of prompt lengths; 0: evenly within 11 %
	OutCV     float64 `json:"out_cv,omitempty"`     // of output lengths; 0: evenly within 11 %
	Day       string  `json:"day"`                  // traffic curve: "flat", "wave" or "office"
	Peak      float64 `json:"peak,omitempty"`       // traffic of the busiest hour over the mean; 0: the curve's own
	Autoscale bool    `json:"autoscale"`            // GPUs are given back in quiet hours
	KWh       float64 `json:"kwh,omitempty"`        // dollars per kWh; 0: the price of a GPU contains it
	PUE       float64 `json:"pue"`                  // of the data centre
	APIIn     float64 `json:"api_in,omitempty"`     // dollars per million prompt tokens of an API; 0: no comparison
	APIOut    float64 `json:"api_out,omitempty"`    // and per million generated ones
	APICached float64 `json:"api_cached,omitempty"` // and per million cached ones; 0: APIIn

	MeasuredTPOT float64 `json:"measured_tpot,omitempty"` // milliseconds; 0: not measured
	MeasuredTTFT float64 `json:"measured_ttft,omitempty"` // milliseconds; 0: not measured
	Seen         string  `json:"seen,omitempty"`          // measured points, as PointsText writes them

	Price float64 `json:"price,omitempty"` // dollars per GPU-hour; 0: the hardware's typical price
	TTFT  float64 `json:"ttft,omitempty"`  // objective, milliseconds; 0: none
	TPOT  float64 `json:"tpot,omitempty"`  // objective, milliseconds; 0: none
	Pct   float64 `json:"pct"`             // percentile at which the objectives hold

	Units  string `json:"units"`           // "gb" or "gib"
	Points string `json:"points"`          // measurements on the accuracy chart: "all", or those of the "model", "gpu" or "engine"
	Chart  string `json:"chart,omitempty"` // of an embed; empty: the whole page

	// Unknown holds the pairs whose keys this version does not know, joined by
	// "&", as the link had them except that unsafe bytes are percent-escaped.
	Unknown string `json:"-"`
}

// Default is the scenario of an empty link.
func Default() Scenario {
	s := Scenario{Version: Version}
	for i := range table {
		f := &table[i]
		switch at := f.slot(&s).(type) {
		case *int:
			if at != &s.Version {
				*at = int(mustNumber(f.Default))
			}
		case *float64:
			*at = mustNumber(f.Default)
		case *bool:
			*at = f.Default == "1"
		case *string:
			*at = f.Default
		}
	}
	return s
}

// mustNumber reads a default of the table; empty means absent, which is zero.
func mustNumber(text string) float64 {
	if text == "" {
		return 0
	}
	x, ok := parseNumber(text)
	if !ok {
		panic("scenario: the table's default " + text + " is not a number")
	}
	return x
}
