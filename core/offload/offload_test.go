package offload

import (
	"math"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/preset"
	"moecost/core/format"
	"moecost/core/hardware"
	"moecost/core/offload/cache"
	"moecost/core/serving"
)

// plan prepares one GPU with the usual host.
func plan(t testing.TB, model, gpu string, change func(*Setting)) *Plan {
	t.Helper()
	return planAt(t, 1, model, gpu, change)
}

// planAt does so with another skew of popularity.
func planAt(t testing.TB, skew float64, model, gpu string, change func(*Setting)) *Plan {
	t.Helper()
	p, ok := preset.ByID(model)
	if !ok {
		t.Fatal(model)
	}
	reading, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	a, err := hardware.Parse(gpu)
	if err != nil {
		t.Fatal(err)
	}
	engine, _ := serving.EngineByID("vllm")
	d := serving.Deployment{Model: reading.Model, GPU: a, Layout: serving.Layout{GPUs: 1, TP: 1, PP: 1, EP: 1, DP: 1}, KV: format.BF16, Engine: engine}
	h := a.Host()
	s := Setting{Host: 1, Evict: cache.Static, Drift: 0.12, Recall: 0.88, Waste: 0.12, Refetch: true,
		Link: h.LinkBytesPerSecond, CPU: h.CPUBytesPerSecond, NVMe: 7e9}
	if change != nil {
		change(&s)
	}
	return New(serving.NewTiming(d, serving.Assumptions{Skew: skew}), float64(reading.Model.WeightBytesByRole()[arch.RoutedExperts].Bytes()), s)
}

var (
	one   = serving.Work{Decode: 1, Context: 4096}
	eight = serving.Work{Decode: 8, Context: 4096}
)

func near(t *testing.T, what string, got, want, relative float64) {
	t.Helper()
	if !(math.Abs(got-want) <= relative*math.Abs(want)) {
		t.Errorf("%s: got %g, want %g", what, got, want)
	}
}

// TestEnds holds every policy continuous at its ends, for every cache policy.
func TestEnds(t *testing.T) {
	const exact, close = 1e-12, 1e-3
	for _, model := range []string{"qwen3-30b-a3b", "gpt-oss-120b", "deepseek-v3"} {
		for _, w := range []serving.Work{one, eight} {
			for _, evict := range cache.Policies {
				base := func(s *Setting) { s.Evict = evict }
				on := plan(t, model, "rtx4090", base).Times(w)
				resident := plan(t, model, "rtx4090", base).timing.Resident(w).Seconds
				what := model + ", " + string(evict)

				empty := plan(t, model, "rtx4090", func(s *Setting) { base(s); s.Cache = 1e-7 }).Times(w)
				near(t, what+": cache 0 is on-demand", empty[Cached].Seconds, on[OnDemand].Seconds, close)
				near(t, what+": no cache is on-demand", on[Cached].Seconds, on[OnDemand].Seconds, exact)
				full := plan(t, model, "rtx4090", func(s *Setting) { base(s); s.Cache = 1 }).Times(w)
				for p := Cached; p < PolicyCount; p++ {
					near(t, what+": cache 1 is resident: "+p.String(), full[p].Seconds, resident, exact)
				}
				none := plan(t, model, "rtx4090", func(s *Setting) { base(s); s.Host, s.Cache = 0, 0.3 }).Times(w)
				for p := range PolicyCount {
					near(t, what+": host 0 is resident: "+p.String(), none[p].Seconds, resident, exact)
				}
				half := plan(t, model, "rtx4090", func(s *Setting) { base(s); s.Host = 0.5 }).Times(w)
				near(t, what+": half of the experts, no cache", half[Cached].Seconds, half[OnDemand].Seconds, exact)
			}
			blind := plan(t, model, "rtx4090", func(s *Setting) { s.Recall, s.Waste = 0, 0 }).Times(w)
			near(t, model+": recall 0 without waste is on-demand", blind[Prefetch].Seconds, blind[OnDemand].Seconds, exact)
			fast := plan(t, model, "rtx4090", func(s *Setting) { s.Link = math.Inf(1); s.CPU = math.Inf(1) }).Times(w)
			resident := plan(t, model, "rtx4090", nil).timing.Resident(w).Seconds
			for _, p := range []Policy{OnDemand, Cached, Prefetch} {
				near(t, model+": an infinite link is resident: "+p.String(), fast[p].Seconds, resident, exact)
			}
			ample := plan(t, model, "rtx4090", func(s *Setting) { s.RAM = 2e12 }).Times(w)
			asNeeded := plan(t, model, "rtx4090", nil).Times(w)
			almost := plan(t, model, "rtx4090", func(s *Setting) { s.RAM = (1-1e-7)*plan(t, model, "rtx4090", nil).experts + HostReserve }).Times(w)
			for p := range PolicyCount {
				near(t, model+": enough memory reads no drive: "+p.String(), ample[p].Seconds, asNeeded[p].Seconds, exact)
				near(t, model+": hardly too little: "+p.String(), almost[p].Seconds, asNeeded[p].Seconds, close)
			}
		}
	}
}

// TestParts holds the parts to the sum, and hybrid to the best of its two ends.
func TestParts(t *testing.T) {
	for _, setting := range []func(*Setting){
		nil,
		func(s *Setting) { s.Cache = 0.3 },
		func(s *Setting) { s.Host, s.RAM = 0.8, 20e9 },
		func(s *Setting) { s.Refetch = false },
		func(s *Setting) { s.Unified, s.CPU = true, 0; s.Cache = 0.5 },
		func(s *Setting) { s.Mapped, s.Cache, s.RAM = 61e9, 0.4, 32e9 },
	} {
		for _, w := range []serving.Work{one, eight, {Decode: 64, Context: 1000, Drafted: 1}, {Prefill: 2048, PrefillReach: 1000, Prompts: 1, Eager: true}} {
			p := plan(t, "qwen3-30b-a3b", "rtx4090", setting)
			times := p.Times(w)
			for policy := range PolicyCount {
				x := times[policy]
				if policy >= CPU && !p.Computes() {
					if x != (Time{}) {
						t.Errorf("%s without a CPU: %+v", policy, x)
					}
					continue
				}
				near(t, policy.String()+": parts", x.Compute+x.Exposed+x.CPU+x.Drive, x.Seconds, 1e-12)
				if x.Compute <= 0 || x.Exposed < 0 || x.Hidden < 0 || x.CPU < 0 || x.Drive < 0 || x.HitRate < 0 || x.HitRate > 1 || x.Local < 0 || x.Local > 1+1e-12 {
					t.Errorf("%s: %+v", policy, x)
				}
				step := p.Timing(policy, policy).Step(w)
				near(t, policy.String()+": the step", step.Seconds, x.Seconds, 1e-9)
			}
			if h := times[Hybrid].Seconds; p.Computes() && w.Prefill == 0 && h > min(times[CPU].Seconds, times[Cached].Seconds)*(1+1e-12) && p.Setting.Mapped == 0 {
				t.Errorf("%+v: hybrid %g, CPU %g, cached %g", w, h, times[CPU].Seconds, times[Cached].Seconds)
			}
		}
	}
}

// TestTimeline holds the closed forms to the same step run event by event.
func TestTimeline(t *testing.T) {
	settings := map[string]func(*Setting){
		"plain":       nil,
		"cache":       func(s *Setting) { s.Cache = 0.3 },
		"balanced":    func(s *Setting) { s.Cache = 0.9; s.Link = 50e9 },
		"executed":    func(s *Setting) { s.Refetch = false; s.Cache = 0.6 },
		"drive":       func(s *Setting) { s.RAM = 30e9; s.Cache = 0.2 },
		"no waste":    func(s *Setting) { s.Waste = 0 },
		"whole layer": func(s *Setting) { s.Mapped, s.Cache, s.RAM = 61e9, 0.4, 32e9 },
	}
	for name, setting := range settings {
		for _, model := range []string{"qwen3-30b-a3b", "gpt-oss-120b", "deepseek-v3"} {
			for _, w := range []serving.Work{one, {Decode: 1, Context: 65536}, {Decode: 100, Context: 1000}} {
				p := plan(t, model, "rtx4090", setting)
				for policy := range PolicyCount {
					if policy == Prefetch && w.Decode == 1 && p.Setting.Cache > 0 {
						continue // by chance: TestChanceOfMisses
					}
					closed, events := p.Time(policy, w), p.Timeline(policy, w)
					// Where a policy reads the drive the streams may overlap what the closed forms add up: at most what is read.
					got := End(events)
					if slack := closed.Drive + 1e-9*got; got > closed.Seconds*(1+1e-9) || got < closed.Seconds-slack {
						t.Errorf("%s, %s, %s, %+v: events end at %g, the closed form says %g (drive %g)", name, model, policy, w, got, closed.Seconds, closed.Drive)
					}
				}
			}
		}
	}
}
