package story

import (
	"math"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/scenario"
)

// Sliders, by key. Their ends are the round values that people compare; the
// number field beside a slider takes everything in the field's domain.
var sliders = map[string]Slider{
	"batch": {
		Min: 1, Max: 4096, Log: true,
		Ticks:  []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096},
		Labels: []float64{1, 8, 64, 512, 4096},
	},
	"accept": {
		Min: 0, Max: 1,
		Ticks:  []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1},
		Labels: []float64{0, 0.5, 1},
	},
	"host": {
		Min: 0, Max: 1,
		Ticks:  []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1},
		Labels: []float64{0, 0.5, 1},
	},
	"cache": {
		Min: 0, Max: 1,
		Ticks:  []float64{0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.75, 1},
		Labels: []float64{0, 0.5, 1},
	},
	"recall": {
		Min: 0, Max: 1,
		Ticks:  []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1},
		Labels: []float64{0, 0.5, 1},
	},
	"skew": {
		Min: 0, Max: 2,
		Ticks:  []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2},
		Labels: []float64{0, 1, 2},
	},
}

// form is the state of the controls: what was asked, and what was chosen where
// nothing was.
func (v *voice) form() Form {
	ask, s := &v.ask, &v.r.Scenario
	c := catalogue()
	whole := func(n int) string { return quantity.Integer(int64(n)) }
	f := Form{Fields: map[string]Field{
		"model":         {Value: s.ModelName, Chosen: s.Model},
		"weights":       {Chosen: ask.Weights, Value: s.WeightsName, Auto: ask.Weights == "", Options: v.weightOptions(c)},
		"kv":            {Chosen: ask.KV, Value: s.KV, Auto: ask.KV == "", Options: v.kvOptions(c)},
		"gpu":           {Value: s.GPUName, Chosen: s.GPU},
		"gpus":          {Value: whole(s.GPUs), Auto: ask.GPUs == 0},
		"tp":            {Value: whole(s.TP), Auto: ask.TP == 0},
		"pp":            {Value: whole(s.PP), Auto: ask.PP == 0},
		"ep":            {Value: whole(s.EP), Auto: ask.EP == 0},
		"dp":            {Value: whole(s.DP), Auto: ask.DP == 0},
		"batch":         {Value: quantity.Integer(s.Batch)},
		"draft":         {Value: quantity.Integer(s.Draft)},
		"accept":        {Value: quantity.Fixed(s.Accept, 2)},
		"in":            {Value: quantity.Integer(s.In)},
		"out":           {Value: quantity.Integer(s.Out)},
		"chunk":         {Value: quantity.Integer(s.Chunk)},
		"engine":        {Value: s.EngineName, Chosen: s.Engine, Options: choices(c.Engines)},
		"tpot":          {Value: objective(ask.TPOT)},
		"measured_tpot": {Value: objective(ask.MeasuredTPOT)},
		"measured_ttft": {Value: objective(ask.MeasuredTTFT)},
		"price":         {Value: quantity.Fixed(v.price(), 2), Auto: ask.Price == 0},
		"points":        {Value: s.Points, Chosen: s.Points, Options: pointOptions()},
		"pct":           {Chosen: objective(s.Pct), Options: v.percentileOptions()},
		"rate":          {Value: objective(ask.Rate)},
		"seed":          {Value: quantity.Integer(s.Seed)},
		"without":       {Chosen: ask.Without, Options: causeOptions()},
		"units":         {Value: s.Units, Chosen: s.Units, Options: []Option{{"gb", "GB"}, {"gib", "GiB"}}},
	}}
	v.expertFields(f.Fields)
	v.offloadFields(f.Fields)
	planFields(ask, f.Fields)
	for key, slider := range sliders {
		if field, ok := f.Fields[key]; ok {
			field.Slider = &slider
			f.Fields[key] = field
		}
	}
	f.Hints = v.hints()
	f.Dock = [2]string{s.ModelName, quantity.Integer(int64(s.GPUs)) + " × " + s.GPUName + ", " + v.weightsFormat()}
	return f
}

func skewText(skew float64) string {
	if skew == math.Trunc(skew*10)/10 {
		return quantity.Fixed(skew, 1)
	}
	return quantity.Significant(skew, 3)
}

func choices(list []scenario.Choice) []Option {
	var out []Option
	for _, c := range list {
		out = append(out, Option{c.ID, c.Name})
	}
	return out
}

// weightOptions start with the published format, which a link leaves out.
func (v *voice) weightOptions(c scenario.Catalogue) []Option {
	first := Option{"", "As published"}
	if v.r.Scenario.Chosen.Weights {
		first.Label = v.weightsFormat() + ", published"
	}
	return append([]Option{first}, choices(c.Weights)...)
}

func (v *voice) kvOptions(c scenario.Catalogue) []Option {
	first := Option{"", "Default"}
	if v.r.Scenario.Chosen.KV {
		for _, k := range c.KVs {
			if k.ID == v.r.Scenario.KV {
				first.Label = k.Name + ", default"
			}
		}
	}
	return append([]Option{first}, choices(c.KVs)...)
}

// hints are the lines at the controls, by what they belong to.
func (v *voice) hints() map[string]Text {
	ask, m, mem := &v.ask, &v.r.Model, &v.r.Memory
	size := quantity.Parameters.Text(v.units, float64(m.TotalParams)) + " resident, "
	if v.moe() {
		size += quantity.Parameters.Text(v.units, float64(m.ActiveParams)) + " active, " + quantity.Integer(m.TopK) + " of " + quantity.Integer(m.RoutedExperts)
	} else {
		size += "all active"
	}
	h := map[string]Text{"model": say(size), "gpus": v.gpusHint()}
	if ask.Weights == "" {
		h["weights"] = say("published")
	}
	if ask.KV == "" {
		h["kv"] = say("default")
	}
	if ask.TP == 0 && ask.PP == 0 && ask.EP == 0 && ask.DP == 0 {
		h["parallel"] = say("chosen for you")
	}
	h["price"] = v.priceHint()
	if v.moe() {
		h["skew"] = v.skewHint()
	}
	h["measured"] = say("Your own time at this very scenario scales the prediction and narrows its range")
	if ask.MeasuredTPOT > 0 || ask.MeasuredTTFT > 0 {
		h["measured"] = say("Scaled by your measurement: what is left is the error between scenarios of one configuration")
	}
	if seen := v.r.Seen(); len(seen) > 0 {
		h["measured"] = v.seenHint(seen)
	}
	if mem.Fits {
		h["load"] = say("Room for " + count(mem.MaxBatch, "sequence") + " of this length")
	}
	return h
}

// gpusHint says how many GPUs would do.
func (v *voice) gpusHint() Text {
	m := &v.r.Memory
	switch {
	case m.MinGPUsEngine == 0:
		return say("No number up to 4,096 fits")
	case v.ask.GPUs == 0:
		return say("The fewest that fit, as engines deploy them")
	default:
		return say("Fewest that fit, as engines deploy them: ", v.as("memory.min_gpus_engine", quantity.Integer(int64(m.MinGPUsEngine))))
	}
}

// objective is a limit in milliseconds as its field shows it; empty for none.
func objective(milliseconds float64) string {
	if milliseconds == 0 {
		return ""
	}
	return strconv.FormatFloat(milliseconds, 'f', -1, 64)
}

// price is the dollars for a GPU-hour that the cost is reckoned with.
func (v *voice) price() float64 {
	if v.ask.Price > 0 {
		return v.ask.Price
	}
	return v.r.GPU().Price.USDPerHour
}

// priceHint says whose price it is.
func (v *voice) priceHint() Text {
	p := v.r.GPU().Price
	switch {
	case v.ask.Price > 0 && p.USDPerHour > 0:
		return say("Seen: $" + quantity.Fixed(p.USDPerHour, 2) + ", " + p.Basis)
	case p.USDPerHour > 0:
		return say("Typical, " + p.Basis)
	default:
		return say("No price of " + v.r.Scenario.GPUName + " is known")
	}
}

// pointOptions are the sets of measurements that the accuracy chart can show.
func pointOptions() []Option {
	for _, f := range scenario.Fields() {
		if f.Key == "points" {
			return choices(f.Choices)
		}
	}
	return nil
}
