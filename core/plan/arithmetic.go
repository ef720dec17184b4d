package plan

import "moecost/core/hardware"

// Arithmetic is how one figure comes about: a formula, the values put in, and where each is from.
type Arithmetic struct {
	ID      string `json:"id"`      // the path of its JSON key: "best.usd_per_hour"
	Words   string `json:"words"`   // the formula in words
	Formula string `json:"formula"` // + - * / ^, parentheses and ceil, of the symbols in Terms
	Terms   []Term `json:"terms"`

	Value float64 `json:"value"`
	Unit  string  `json:"unit"`
}

// Term is one symbol of a formula.
type Term struct {
	Symbol string  `json:"symbol"`
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit,omitempty"`
	Source string  `json:"source"`
}

// Where terms come from, in the words of the page.
const (
	fromQuestion = "the question"
	fromPlan     = "the plan"
	fromModel    = "the model of a step: docs/model.md"
	fromClosed   = "the closed form: docs/plan.md"
)

// priceSource says where a price is from.
func priceSource(c *candidate) string {
	if c.given {
		return fromQuestion
	}
	return sourceOf(c.gpu.Price.Basis, c.gpu.Sources.Price)
}

func sourceOf(basis string, sources []hardware.Source) string {
	for _, s := range sources {
		return basis + ": " + s.Address
	}
	return basis
}

// arithmetic is that of a plan's own figures.
func (s *Search) arithmetic(c *choice, p *Plan) []Arithmetic {
	can := c.main.shape.of
	price := Term{"P", "price of one " + can.gpu.Name, can.price, "USD per GPU-hour", priceSource(can)}
	copies := Term{"c", "copies", float64(c.copies), "", fromPlan}
	gpus := Term{"n", "GPUs of a copy", float64(c.main.shape.layout.GPUs), "GPUs", fromPlan}
	hour := Arithmetic{ID: "best.usd_per_hour", Words: "cost of an hour = price of one GPU × GPUs", Formula: "P*c*n", Terms: []Term{price, copies, gpus}, Value: p.PerHour, Unit: "USD"}
	if c.prefill != nil {
		copies.Name, gpus.Name = "copies that decode", "GPUs of one"
		hour.Formula = "P*(c*n + d*m)"
		hour.Terms = []Term{price, copies, gpus,
			{"d", "copies that prefill", float64(c.feeding), "", fromPlan}, {"m", "GPUs of one", float64(c.prefill.shape.layout.GPUs), "GPUs", fromPlan}}
	}
	all := []Arithmetic{hour}

	rate := Term{"R", "requests of all copies", p.Requests, "requests/s", fromQuestion}
	if s.t.rate == 0 {
		rate.Source = fromClosed
	}
	output, prompt := Term{"O", "tokens of an output, mean", s.t.output, "tokens", fromQuestion}, Term{"I", "tokens of a prompt, mean", s.t.prompt, "tokens", fromQuestion}
	cost := Term{"H", "cost of an hour", p.PerHour, "USD", fromPlan}
	all = append(all,
		Arithmetic{ID: "best.usd_per_m_output", Words: "all of the cost over the output tokens of an hour", Formula: "10^6*H/(3600*R*O)", Terms: []Term{cost, rate, output}, Value: p.Output, Unit: "USD"},
		Arithmetic{ID: "best.usd_per_m_tokens", Words: "all of the cost over all tokens of an hour", Formula: "10^6*H/(3600*R*(I + O))", Terms: []Term{cost, rate, prompt, output}, Value: p.Tokens, Unit: "USD"})

	u, ok := s.unitOf(c.main)
	if !ok {
		return all
	}
	step := Term{"s", "time of a decode step at the sequences that run, on the slowest GPU", c.at.step, "s", fromModel}
	made := Term{"a", "tokens that a step makes of a sequence", u.perStep, "tokens", "accepted drafts: 1 + a + a² + …"}
	tpot := Arithmetic{ID: "best.tpot.closed_mean_s", Words: "time per output token = step / tokens that it makes / share of the time that prefill leaves", Formula: "s/a/(1 - f)",
		Terms: []Term{step, made, {"f", "share of the time that prefill takes", c.at.prefill, "share", fromClosed}}, Value: c.at.tpot, Unit: "s"}
	if c.prefill != nil {
		tpot.Words, tpot.Formula, tpot.Terms = "time per output token = step / tokens that it makes", "s/a", []Term{step, made}
	}
	each := Term{"r", "requests of a copy", c.at.rate, "requests/s", fromPlan}
	return append(all, tpot, Arithmetic{
		ID: "best.main.running", Words: "sequences that decode at once = requests × tokens × time of one (Little)", Formula: "r*O*t",
		Terms: []Term{each, output, {"t", "time per output token, mean", c.at.tpot, "s", fromClosed}}, Value: c.at.running, Unit: "sequences",
	})
}

// arithmetic is that of a bill, from the use that it was made from.
func (b Bill) arithmetic(u Use) []Arithmetic {
	hours, price := Term{"G", "GPU-hours of a day", u.GPUHours, "GPU-hours", "the plan over the hours of the day"}, Term{"P", "price of one", u.Price, "USD per GPU-hour", fromPlan}
	day := Term{"D", "cost of a day", b.PerDay, "USD", "as above"}
	share := Term{"x", "share of the GPU time that goes into prompts", u.Share, "share", fromPlan}
	fresh, cached := Term{"F", "input that is prefilled", u.Fresh, "tokens", "requests × tokens"}, Term{"C", "input that is cached", u.Cached, "tokens", "requests × tokens × prefix"}
	output := Term{"O", "output", u.Output, "tokens", "requests × tokens"}
	all := []Arithmetic{{ID: "day.bill.usd_per_day", Words: "GPU-hours × price", Formula: "G*P", Terms: []Term{hours, price}, Value: b.PerDay, Unit: "USD"}}
	if u.Watts > 0 {
		energy := []Term{hours, {"W", "rated power of one accelerator", u.Watts, "W", "the table of hardware"}, {"e", "PUE", max(u.PUE, 1), "", fromQuestion}}
		all = append(all, Arithmetic{ID: "day.bill.energy_kwh", Words: "GPU-hours × rated power × PUE", Formula: "G*W/1000*e", Terms: energy, Value: b.Energy, Unit: "kWh"})
		if u.KWh > 0 {
			all[0].Words, all[0].Formula = "GPU-hours × price + energy × price of a kWh", "G*P + E*k"
			all[0].Terms = append(all[0].Terms, Term{"E", "energy of the day", b.Energy, "kWh", "as below"}, Term{"k", "price of a kWh", u.KWh, "USD", fromQuestion})
		}
	}
	all = append(all,
		Arithmetic{ID: "day.bill.usd_per_m_input", Words: "cost × share of prompts / input", Formula: "10^6*D*x/(F + C)", Terms: []Term{day, share, fresh, cached}, Value: b.PerInput, Unit: "USD"},
		Arithmetic{ID: "day.bill.usd_per_m_fresh_input", Words: "cost × share of prompts / input that is prefilled", Formula: "10^6*D*x/F", Terms: []Term{day, share, fresh}, Value: b.PerFresh, Unit: "USD"},
		Arithmetic{ID: "day.bill.usd_per_m_output", Words: "cost × share of the rest / output", Formula: "10^6*D*(1 - x)/O", Terms: []Term{day, share, output}, Value: b.PerOutput, Unit: "USD"})
	if b.Compared {
		asked := u.APICached
		if asked == 0 {
			asked = u.APIIn
		}
		all = append(all, Arithmetic{ID: "day.bill.api_usd_per_day", Words: "the same tokens at the API's prices", Formula: "(F*i + C*j + O*o)/10^6", Terms: []Term{fresh, cached, output,
			{"i", "API price of input", u.APIIn, "USD per million", fromQuestion}, {"j", "API price of cached input", asked, "USD per million", fromQuestion}, {"o", "API price of output", u.APIOut, "USD per million", fromQuestion}}, Value: b.API, Unit: "USD"})
	}
	return all
}
