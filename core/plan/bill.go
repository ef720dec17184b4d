package plan

// Use is what a service takes and serves in a day.
type Use struct {
	GPUHours float64
	Price    float64 // USD per GPU-hour
	Share    float64 // of the GPU-hours that go into prompts: the split of the cost between input and output

	Fresh, Cached, Output float64 // tokens

	Watts float64 // of one accelerator; 0: not known
	PUE   float64
	KWh   float64 // USD; 0: the price of a GPU contains it

	APIIn, APICached, APIOut float64 // USD per million tokens, to compare with; 0: none
}

// Bill is what a day costs.
type Bill struct {
	PerDay   float64 `json:"usd_per_day"`
	GPUHours float64 `json:"gpu_hours"`
	Energy   float64 `json:"energy_kwh,omitempty"` // of accelerators at their rated power, and of what cools and feeds them
	Power    float64 `json:"power_usd,omitempty"`  // of the day, where electricity is paid apart; it is in usd_per_day

	Fresh  float64 `json:"fresh_tokens"` // input that is prefilled
	Cached float64 `json:"cached_tokens"`
	Output float64 `json:"output_tokens"`

	Share     float64 `json:"input_share"`            // of the cost, by GPU time
	PerInput  float64 `json:"usd_per_m_input"`        // on all input, cached or not
	PerFresh  float64 `json:"usd_per_m_fresh_input"`  // on what is prefilled
	PerOutput float64 `json:"usd_per_m_output"`       // on output, its own share of the cost
	AllOutput float64 `json:"usd_per_m_output_alone"` // all of the cost on output
	PerToken  float64 `json:"usd_per_m_tokens"`       // all of the cost on all tokens
	PerKWh    float64 `json:"tokens_per_kwh,omitempty"`

	API      float64 `json:"api_usd_per_day,omitempty"` // the same tokens at the API's prices
	Ratio    float64 `json:"api_over_cost,omitempty"`
	Saving   float64 `json:"saving_usd_per_day,omitempty"` // below zero: the API is cheaper
	BreakAt  float64 `json:"break_even,omitempty"`         // share of the traffic at which both cost the same, with GPUs that run all the same
	Compared bool    `json:"compared"`
}

// Bill is arithmetic alone:
//
//	USD per day = GPU-hours × price + kWh × price of one
//	kWh = GPU-hours × watts / 1000 × PUE
//	USD per million input = USD per day × share / input
//
// A cached token takes no time of prefill: what its cache costs to keep and to read back is not in the bill.
func (u Use) Bill() Bill {
	b := Bill{
		GPUHours: u.GPUHours, Fresh: u.Fresh, Cached: u.Cached, Output: u.Output, Share: u.Share,
		Energy: u.GPUHours * u.Watts / 1000 * max(u.PUE, 1),
	}
	b.Power = b.Energy * u.KWh
	b.PerDay = u.GPUHours*u.Price + b.Power
	per := func(usd, tokens float64) float64 {
		if tokens <= 0 {
			return 0
		}
		return usd / tokens * 1e6
	}
	input := u.Fresh + u.Cached
	b.PerInput, b.PerFresh = per(b.PerDay*u.Share, input), per(b.PerDay*u.Share, u.Fresh)
	b.PerOutput, b.AllOutput = per(b.PerDay*(1-u.Share), u.Output), per(b.PerDay, u.Output)
	b.PerToken = per(b.PerDay, input+u.Output)
	if b.Energy > 0 {
		b.PerKWh = (input + u.Output) / b.Energy
	}
	if u.APIIn > 0 && u.APIOut > 0 {
		cached := u.APICached
		if cached == 0 {
			cached = u.APIIn
		}
		b.Compared = true
		b.API = (u.Fresh*u.APIIn + u.Cached*cached + u.Output*u.APIOut) / 1e6
		b.Ratio, b.Saving, b.BreakAt = b.API/b.PerDay, b.API-b.PerDay, b.PerDay/b.API
	}
	return b
}
