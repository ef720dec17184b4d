package plan

import (
	"math"
	"testing"

	"moecost/core/scenario"
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("for %s, got %.6g, want %.6g ± %.3g %%", what, got, want, 100*relative)
	}
}

// DeepSeek's day: $87,072 exactly; the theoretical income within the rounding of the tokens (342 and 608 billion); the
// node-hours that the throughput takes are those that ran; and the price per million tokens that follows, worked out by hand
// from $16 per node-hour: 16/(0.0737·3600) and 16/(0.0148·3600).
func TestPublishedDay(t *testing.T) {
	d := DeepSeekDay()
	b := d.Use.Bill()
	near(t, "the cost of the day", b.PerDay, d.Cost, 1e-12)
	near(t, "its theoretical income", b.API, d.Income, 3e-4)
	near(t, "cached share of the input", d.Use.Cached/(d.Use.Cached+d.Use.Fresh), 0.563, 2e-3)
	near(t, "profit over cost", b.Saving/b.PerDay, 5.45, 2e-3)
	nodeHours := (d.Use.Cached+d.Use.Fresh)/d.InputPerNode/3600 + d.Use.Output/d.OutputPerNode/3600
	near(t, "node-hours by throughput", nodeHours, d.Nodes*24, 1e-3)
	near(t, "USD per million input", b.PerInput, 16/(0.0737*3600), 1e-3)
	near(t, "USD per million output", b.PerOutput, 16/(0.0148*3600), 1e-3)
	near(t, "all on output", b.AllOutput, 87072.0/168000, 1e-9)
	near(t, "break-even", b.BreakAt, 87072/562027.0, 3e-4)
}

// Bills by hand.
func TestBill(t *testing.T) {
	u := Use{GPUHours: 240, Price: 2.5, Share: 0.25, Fresh: 6e9, Cached: 2e9, Output: 1e9, Watts: 700, PUE: 1.25, KWh: 0.1, APIIn: 0.5, APIOut: 2}
	b := u.Bill()
	near(t, "energy", b.Energy, 210, 1e-12)
	near(t, "a day", b.PerDay, 621, 1e-12)
	near(t, "fresh input", b.PerFresh, 621*0.25/6000, 1e-12)
	near(t, "input", b.PerInput, 621*0.25/8000, 1e-12)
	near(t, "output", b.PerOutput, 621*0.75/1000, 1e-12)
	near(t, "all", b.PerToken, 621.0/9000, 1e-12)
	near(t, "the API, cached input at the price of input", b.API, 0.5*8000+2*1000, 1e-12)
	if nothing := (Use{}).Bill(); nothing.PerOutput != 0 || nothing.Compared {
		t.Errorf("for nothing, got %+v", nothing)
	}
}

// Curves have a mean of one and the peak asked for; their GPUs never fall short of the hour.
func TestDay(t *testing.T) {
	for _, shape := range []string{"flat", "wave", "office"} {
		for _, peak := range []float64{0, 1.226, 2, 8} {
			s := scenario.Default()
			s.Day, s.Peak = shape, peak
			c := curve(&s)
			sum, most := 0.0, 0.0
			for _, x := range c {
				sum += x
				most = max(most, x)
				if x < 0 {
					t.Errorf("%s %g: %v", shape, peak, c)
				}
			}
			near(t, shape+", mean", sum/24, 1, 1e-9)
			if peak > 0 {
				near(t, shape+", peak", most, peak, 1e-6)
			}
		}
	}
	p := Plan{GPUs: 64, Price: 2, Requests: 30, Main: Pool{Copies: 4, GPUs: 8, Busy: 0.4}, Prefill: &Pool{Copies: 2, GPUs: 16}}
	s := scenario.Default()
	s.Day, s.Peak, s.Prefix = "wave", 2, 0.5
	fixed := p.Day(s)
	near(t, "fixed: GPU-hours", fixed.Bill.GPUHours, 64*24, 1e-12)
	near(t, "fixed: utilisation", fixed.Utilised, 0.5, 1e-6)
	near(t, "output of a day at half the peak", fixed.Bill.Output, 15*86400*1024, 1e-6)
	near(t, "cached", fixed.Bill.Cached, fixed.Bill.Fresh, 1e-9)
	near(t, "share of prefill", fixed.Bill.Share, 0.5, 1e-9)
	s.Autoscale = true
	scaled := p.Day(s)
	if !(scaled.Bill.GPUHours < fixed.Bill.GPUHours && scaled.Utilised > fixed.Utilised && scaled.Utilised <= 1) {
		t.Errorf("autoscaled: %.0f GPU-hours, utilisation %.2f", scaled.Bill.GPUHours, scaled.Utilised)
	}
	for h, x := range scaled.Curve {
		if need := 64 * x / scaled.Peak; float64(scaled.GPUs[h]) < need-1e-6 {
			t.Errorf("hour %d: %d GPUs for %.1f", h, scaled.GPUs[h], need)
		}
	}
}
