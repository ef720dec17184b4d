package plan

import (
	"math"

	"moecost/core/scenario"
)

// Day is a plan over the hours of a day.
type Day struct {
	Curve      [24]float64 `json:"traffic"`     // of each hour over the mean
	GPUs       [24]int     `json:"gpus"`        // that run in each hour
	Peak       float64     `json:"peak"`        // over the mean
	Utilised   float64     `json:"utilisation"` // mean traffic over what the GPUs that run were planned for
	Autoscaled bool        `json:"autoscaled"`
	Bill       Bill        `json:"bill"`

	Arithmetic []Arithmetic `json:"arithmetic"`
}

// curve is the traffic of each hour over the mean. The shapes are round assumptions, not measurements: "wave" falls to a
// half of the mean at night and rises to one and a half; "office" is busy from 9 to 18 and has a tenth of that at night.
func curve(s *scenario.Scenario) [24]float64 {
	var c [24]float64
	for h := range c {
		switch s.Day {
		case "wave":
			c[h] = 1 + 0.5*math.Cos(2*math.Pi*float64(h-15)/24)
		case "office":
			c[h] = 0.1
			if h >= 9 && h < 18 {
				c[h] = 1
			} else if h == 8 || h == 18 {
				c[h] = 0.5
			}
		default:
			c[h] = 1
		}
	}
	level(&c)
	if s.Peak > 0 {
		stretch(&c, s.Peak)
	}
	return c
}

// level makes the mean one, and returns the greatest.
func level(c *[24]float64) float64 {
	sum, most := 0.0, 0.0
	for _, x := range c {
		sum += x
		most = max(most, x)
	}
	for h := range c {
		c[h] *= 24 / sum
	}
	return most * 24 / sum
}

// busiest is the hour that is raised alone where a whole curve cannot be.
const busiest = 15

// stretch raises the curve to a power, so that its peak over the mean is what was asked for. Where no power does it, as for a
// flat curve, one busy hour has the rest.
func stretch(c *[24]float64, peak float64) {
	shape := *c
	low, high := 0.0, 40.0
	for range 60 {
		power := (low + high) / 2
		for h := range c {
			c[h] = math.Pow(shape[h], power)
		}
		if level(c) < peak {
			low = power
		} else {
			high = power
		}
	}
	if level(c) >= peak*(1-1e-9) {
		return
	}
	others := 24 - c[busiest]
	for h := range c {
		c[h] *= (24 - peak) / others
	}
	c[busiest] = peak
}

// Day bills a plan. Its requests are those of the busiest hour, because that is what must be served; the day has
// less by the peak of its curve. Autoscaled, every hour runs the copies that it needs, and starting them takes no time.
func (p *Plan) Day(s scenario.Scenario) Day {
	d := Day{Curve: curve(&s), Autoscaled: s.Autoscale}
	for _, x := range d.Curve {
		d.Peak = max(d.Peak, x)
	}
	hours, prefill, main := 0.0, 0.0, 0.0
	pools := []*Pool{&p.Main}
	if p.Prefill != nil {
		pools = append(pools, p.Prefill)
	}
	for h, x := range d.Curve {
		for i, pool := range pools {
			copies := pool.Copies
			if s.Autoscale {
				copies = max(int(math.Ceil(float64(copies)*x/d.Peak-1e-9)), 1)
			}
			n := copies * pool.GPUs
			d.GPUs[h] += n
			hours += float64(n)
			if i == 1 {
				prefill += float64(n)
			} else {
				main += float64(n)
			}
		}
	}
	d.Utilised = float64(p.GPUs) * 24 / d.Peak / hours
	requests := p.Requests / d.Peak * 86400
	fresh := max(float64(s.In)*(1-s.Prefix), 1)
	share := prefill / hours
	if p.Prefill == nil {
		share = p.Main.Busy
	}
	use := Use{
		GPUHours: hours, Price: p.Price, Share: share,
		Fresh: requests * fresh, Cached: requests * (float64(s.In) - fresh), Output: requests * float64(s.Out),
		Watts: p.Watts, PUE: s.PUE, KWh: s.KWh, APIIn: s.APIIn, APICached: s.APICached, APIOut: s.APIOut,
	}
	d.Bill = use.Bill()
	d.Arithmetic = d.Bill.arithmetic(use)
	return d
}
