package serving

import (
	"math"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/routing"
)

// Every preset on every accelerator that can be timed: finite, positive, no slower with the ideal
// profile, and never faster than reading what it touches at full bandwidth.
func TestEveryPresetOnEveryAccelerator(t *testing.T) {
	routes := NewRoutes(routing.Popularity{Skew: 1})
	loads := []Load{{Batch: 1, Prompt: 512, Output: 128}, {Batch: 64, Prompt: 4096, Output: 1024}}
	timed := 0
	for _, p := range preset.All() {
		reading, err := p.Reading()
		if err != nil {
			continue // closed models
		}
		for _, gpu := range hardware.All() {
			if !gpu.Complete() {
				continue
			}
			for _, layout := range []Layout{oneGPU, tp8, {GPUs: 16, TP: 8, PP: 2, EP: 1, DP: 1}, {GPUs: 16, TP: 2, PP: 1, EP: 16, DP: 8}} {
				if layout.Check(reading.Model) != nil {
					continue
				}
				ideal, _ := EngineByID("ideal")
				d := Deployment{Model: reading.Model, GPU: gpu, Layout: layout, KV: format.BF16, Engine: ideal}
				bound := NewTiming(d, Assumptions{Skew: 1, Routes: routes})
				for _, id := range []string{"vllm", "llamacpp"} {
					d.Engine, _ = EngineByID(id)
					real := NewTiming(d, Assumptions{Skew: 1, Routes: routes})
					for _, l := range loads {
						timed++
						s, prompt := real.DecodeStep(l), real.SharedPromptSeconds(l, float64(l.Batch))
						for _, x := range []float64{s.Seconds, prompt, real.TPOT(l), real.TTFT(l, Waves, 0), real.OutputPerSecond(l), real.SaturatedPerSecond(l)} {
							if !(x > 0) || math.IsInf(x, 0) {
								t.Fatalf("%s on %s, %s, %s, %+v: %+v", p.ID, gpu.ID, layout, id, l, s)
							}
						}
						b := bound.DecodeStep(l)
						if b.Seconds > s.Seconds {
							t.Errorf("%s on %s, %s, %s, %+v: the bound takes %g s, the prediction %g", p.ID, gpu.ID, layout, id, l, b.Seconds, s.Seconds)
						}
						if floor := s.Weights / (gpu.BandwidthBytesPerSecond * float64(layout.GPUs)); s.Seconds < floor {
							t.Errorf("%s on %s, %s, %s, %+v: %g s, but reading the weights takes %g", p.ID, gpu.ID, layout, id, l, s.Seconds, floor)
						}
					}
				}
			}
		}
	}
	if timed < 10000 {
		t.Errorf("only %d estimates", timed)
	}
}

// Hardware that nothing was measured on says so by its range.
func TestUnmeasuredHardware(t *testing.T) {
	l := Load{Batch: 8, Prompt: 1000, Output: 100}
	known := NewTiming(deploy(t, "gpt-oss-120b", "h100-sxm", "vllm", tp8), Assumptions{Skew: 1})
	unknown := NewTiming(deploy(t, "gpt-oss-120b", "tpu-v6e", "vllm", tp8), Assumptions{Skew: 1})
	a, b := Predict(known.DecodeClass(l), known.TPOT(l), 0), Predict(unknown.DecodeClass(l), unknown.TPOT(l), 0)
	if b.High/b.Low <= a.High/a.Low {
		t.Errorf("a range of %g to %g on a TPU, %g to %g on an H100", b.Low, b.High, a.Low, a.High)
	}
}
