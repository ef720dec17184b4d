package report_test

import (
	"math"
	"testing"

	"moecost/core/report"
)

var curveQueries = []string{
	"model=deepseek-v3&gpu=h200&gpus=16", "model=deepseek-v3&gpu=h100-sxm&gpus=64&engine=sglang&batch=100", "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=1&batch=7",
	"model=gpt-oss-120b&gpu=b200&gpus=4&tpot=20&draft=1", "model=llama-4-scout&gpu=h200&gpus=8&pp=2", "model=llama-3.1-70b&gpu=h100-sxm&gpus=4",
	"model=mixtral-8x7b&gpu=h100-sxm&gpus=2&measured_tpot=30&split=1",
}

// TestStepCurve: at the scenario's own batch the curve is the report, more sequences never make a
// step faster or touch less, and no user is faster than alone by more than rounding.
func TestStepCurve(t *testing.T) {
	for _, query := range curveQueries {
		r := build(t, query)
		curve := r.StepCurve()
		own := false
		for i, p := range curve {
			if p.Batch == r.Scenario.Batch {
				own = true
				if p.Step.Seconds != r.Decode.Step || p.TPOT != r.Decode.TPOT || p.Low != r.Decode.TPOTLow || p.High != r.Decode.TPOTHigh || p.Fits != r.Memory.Fits {
					t.Errorf("%s: at its own batch the curve has %g and %g, the report %g and %g", query, p.Step.Seconds, p.TPOT, r.Decode.Step, r.Decode.TPOT)
				}
				if r.Routing != nil && math.Abs(p.RoutingShare/r.Routing.Share-1) > 1e-12 {
					t.Errorf("%s: routing share %g, the report has %g", query, p.RoutingShare, r.Routing.Share)
				}
			}
			if p.TokensPerS*p.TPOT/float64(p.Batch)-1 > 1e-12 || !(p.Low <= p.TPOT && p.TPOT <= p.High) {
				t.Errorf("%s: batch %d: %+v", query, p.Batch, p)
			}
			if i > 0 {
				q := curve[i-1]
				if p.Batch <= q.Batch || p.Step.Seconds < q.Step.Seconds*(1-1e-9) || p.Distinct < q.Distinct-1e-9 || p.TouchedBytes < q.TouchedBytes-1 || p.Fits && !q.Fits {
					t.Errorf("%s: batch %d after %d: %g s after %g, %g experts after %g", query, p.Batch, q.Batch, p.Step.Seconds, q.Step.Seconds, p.Distinct, q.Distinct)
				}
			}
		}
		if !own || curve[0].Batch != 1 || curve[len(curve)-1].Batch < 4096 {
			t.Errorf("%s: from %d to %d, own batch there: %t", query, curve[0].Batch, curve[len(curve)-1].Batch, own)
		}
		counted := r.ByBatch([]int64{r.Scenario.Batch})[0]
		for _, p := range curve {
			// The coverage table interpolates within 1e-6; norms are left out of what a step reads.
			if p.Batch == counted.Batch && r.Scenario.PP == 1 && (math.Abs(p.Distinct-counted.DistinctExperts) > 1e-5*counted.DistinctExperts || math.Abs(p.TouchedBytes/counted.TouchedBytes-1) > 2e-3) {
				t.Errorf("%s: the step touches %g experts and %g bytes, counted %g and %g", query, p.Distinct, p.TouchedBytes, counted.DistinctExperts, counted.TouchedBytes)
			}
		}
	}
}

// TestKnee: the doublings behind the knee multiply the throughput by at most √2, the one before it by more.
func TestKnee(t *testing.T) {
	for _, query := range curveQueries {
		r := build(t, query)
		at := map[int64]float64{}
		for _, p := range r.StepCurve() {
			at[p.Batch] = p.TokensPerS
		}
		knee := r.Decode.KneeBatch
		for b := max(knee, 1); b <= 2048 && knee > 0; b *= 2 {
			if at[2*b] > math.Sqrt2*at[b]*(1+1e-12) {
				t.Errorf("%s: knee at %d, and %d to %d still gives %g times", query, knee, b, 2*b, at[2*b]/at[b])
			}
		}
		if knee > 1 && at[knee] <= math.Sqrt2*at[knee/2] {
			t.Errorf("%s: the doubling to the knee, %d, gives %g times", query, knee, at[knee]/at[knee/2])
		}
		if want := r.Scenario.TPOT / 1e3; want > 0 && (r.Decode.BestBatch > 0) != (at[1] >= 1/want) {
			t.Errorf("%s: best batch %d for %g s, alone a token takes %g", query, r.Decode.BestBatch, want, 1/at[1])
		}
	}
}

// TestTwins: the twin of equal FLOPs multiplies as much per token as the mixture, that of equal bytes holds as
// much, within the rounding of a width and the gate that they lack: 0.5 %. At batch 1 the first reads as
// much as the mixture, in a full batch the second does.
func TestTwinCurves(t *testing.T) {
	for _, query := range curveQueries[:4] {
		r := build(t, query)
		twins := r.TwinCurves()
		if len(twins) != 2 {
			t.Fatalf("%s: %d twins", query, len(twins))
		}
		if got, want := float64(twins[0].Params), float64(r.Model.ActiveParams); math.Abs(got/want-1) > 0.01 {
			t.Errorf("%s: the twin of equal FLOPs has %g parameters, %g are active", query, got, want)
		}
		if got, want := float64(twins[1].Bytes), float64(r.Memory.WeightsBytes); math.Abs(got/want-1) > 0.005 {
			t.Errorf("%s: the twin of equal bytes has %g, the model %g", query, got, want)
		}
		for _, twin := range twins {
			if len(twin.Points) != len(r.StepCurve()) || twin.Points[0].TPOT <= 0 || twin.Points[0].Distinct != 0 {
				t.Errorf("%s: %s has %d points, first %+v", query, twin.Name, len(twin.Points), twin.Points[0])
			}
		}
	}
	if twins := build(t, "model=llama-3.1-70b&gpu=h100-sxm&gpus=4").TwinCurves(); twins != nil {
		t.Errorf("a dense model has %d twins", len(twins))
	}
}

// TestChunkCurve: about 295 E/k tokens saturate the experts on an H100 in FP8 and in BF16 (989e12 × 2 / (2 × 3.35e12)):
// 9.4k for DeepSeek-V3, 1.2k for Mixtral. More tokens per step never lower the rate of the ideal profile.
func TestChunkCurve(t *testing.T) {
	for model, want := range map[string]float64{"deepseek-v3": 295.2 * 32, "mixtral-8x7b": 295.2 * 4, "qwen3-30b-a3b": 295.2 * 16} {
		r := build(t, "model="+model+"&gpu=h100-sxm&engine=ideal&chunk=3000")
		points, saturation := r.ChunkCurve()
		if math.Abs(saturation*float64(r.Scenario.DP)/want-1) > 0.02 { // scales of FP8 blocks
			t.Errorf("%s: saturated from %g tokens, want %g", model, saturation, want)
		}
		for i, p := range points {
			if i > 0 && (p.TokensPerS < points[i-1].TokensPerS*(1-1e-9) || p.ActivationBytes < points[i-1].ActivationBytes) {
				t.Errorf("%s: %d tokens per step give %g tokens/s after %g", model, p.Chunk, p.TokensPerS, points[i-1].TokensPerS)
			}
		}
		if len(points) != 9 || points[0].Chunk != 512 || points[3].Chunk != 3000 || points[8].Chunk != 65536 {
			t.Errorf("%s: %d chunks", model, len(points))
		}
	}
	if _, saturation := build(t, "model=llama-3.1-70b&gpu=h100-sxm&gpus=4").ChunkCurve(); saturation != 0 {
		t.Errorf("a dense model saturates its experts at %g", saturation)
	}
}

// TestCoverage: closed form for uniform routing, skew never covers more, and the lines of
// other models leave out the shape of this one.
func TestCoverage(t *testing.T) {
	r := build(t, "model=deepseek-v3&gpu=h200&gpus=16")
	for _, p := range r.Coverage() {
		want := 256 * (1 - math.Pow(1-8.0/256, p.Tokens))
		if math.Abs(p.Uniform/want-1) > 1e-5 || p.Distinct > p.Uniform*(1+1e-9) || p.Low > p.Distinct*(1+1e-9) || p.High < p.Distinct*(1-1e-9) {
			t.Errorf("%g tokens: %+v, want %g uniform", p.Tokens, p, want)
		}
	}
	for _, line := range r.OtherCoverage() {
		if line.Experts == 256 && line.TopK == 8 || len(line.Share) != 13 || math.Abs(line.Share[0]*float64(line.Experts)/float64(line.TopK)-1) > 1e-9 {
			t.Errorf("%s: %+v", line.ID, line)
		}
	}
}

// TestRoofline: no operator is above the roof of its bytes or the highest peak, shares add up.
func TestRoofline(t *testing.T) {
	for _, query := range curveQueries {
		r := build(t, query)
		f := r.Roofline()
		shares := 0.0
		for _, p := range f.Points {
			shares += p.Share
			if p.FLOPPerS > f.Roofs[0].FLOPPerS*(1+1e-9) || p.Intensity > 0 && p.FLOPPerS > p.Intensity*f.BytesPerS*(1+1e-9) {
				t.Errorf("%s: %s reaches %g FLOP/s at %g FLOP/byte", query, p.Name, p.FLOPPerS, p.Intensity)
			}
		}
		if math.Abs(shares-1) > 1e-9 {
			t.Errorf("%s: shares add up to %g", query, shares)
		}
		for i := range f.Roofs[1:] {
			if f.Roofs[i+1].FLOPPerS > f.Roofs[i].FLOPPerS {
				t.Errorf("%s: roofs out of order: %+v", query, f.Roofs)
			}
		}
	}
}

// BenchmarkSeries is all that a slider's move asks of routing and batching: a report and the data of its charts.
func BenchmarkSeries(b *testing.B) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h100-sxm&gpus=16")
	q := report.Question{Scenario: s}
	subject, err := report.Prepare(q)
	if err != nil {
		b.Fatal(err)
	}
	report.Accuracy()
	for name, ask := range map[string]func(*report.Report){
		"report": func(*report.Report) {},
		"steps":  func(r *report.Report) { r.StepCurve() },
		"twins":  func(r *report.Report) { r.TwinCurves() },
		"all": func(r *report.Report) {
			r.StepCurve()
			r.TwinCurves()
			r.Coverage()
			r.OtherCoverage()
			r.ChunkCurve()
			r.Roofline()
			r.LoadedLayer()
			r.SpareCurve()
			r.ImbalanceCurve()
		},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				q.Scenario.Batch = q.Scenario.Batch%512 + 1
				r, err := subject.Build(q)
				if err != nil {
					b.Fatal(err)
				}
				ask(r)
			}
		})
	}
}

// BenchmarkSkew is what a move of the skew's slider asks of hot experts: nothing that was
// prepared for the last skew serves the next.
func BenchmarkSkew(b *testing.B) {
	s, _ := report.Catalogue().Decode("model=deepseek-v3&gpu=h100-sxm&gpus=16")
	q := report.Question{Scenario: s}
	subject, err := report.Prepare(q)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		q.Scenario.Skew = math.Mod(q.Scenario.Skew+0.01, 2)
		r, err := subject.Build(q)
		if err != nil {
			b.Fatal(err)
		}
		r.LoadedLayer()
		r.SpareCurve()
		r.ImbalanceCurve()
	}
}
