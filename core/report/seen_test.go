package report

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"moecost/core/scenario"
	"moecost/core/serving"
)

const seenBase = "model=deepseek-v3&gpu=h200&gpus=8&tp=8&pp=1&dp=1&ep=1&batch=64" // one layout, whatever the batch

func seenReport(t *testing.T, query string) *Report {
	t.Helper()
	s, problems := Catalogue().Decode(query)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r, err := Build(Question{Scenario: s})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Points that are as predicted change nothing but the range; points that all take 1.2 times as long pull the prediction towards
// that, further the more there are, and never beyond.
func TestSeenPointsScale(t *testing.T) {
	plain := seenReport(t, seenBase)
	var points []scenario.Point
	before := 1.0
	for _, users := range []int{8, 16, 32, 64} {
		at := seenReport(t, strings.Replace(seenBase, "batch=64", "batch="+strconv.Itoa(users), 1))
		points = append(points, scenario.Point{Users: users, TPOT: math.Round(1.2e9*at.Decode.TPOT) / 1e6})
		r := seenReport(t, seenBase+"&seen="+scenario.PointsText(points))
		factor := r.Decode.TPOT / plain.Decode.TPOT
		if factor <= before || factor >= 1.2 {
			t.Errorf("%d points of 1.2: scaled by %.3f, after %.3f with one less", len(points), factor, before)
		}
		before = factor
		span := serving.RangeOf(r.in.clock.class)
		if math.Abs(r.Decode.TPOTLow/(r.Decode.TPOT*span.NearbyLow)-1) > 1e-9 || math.Abs(r.Decode.TPOTHigh/(r.Decode.TPOT*span.NearbyHigh)-1) > 1e-9 {
			t.Errorf("%d points: range %.4f to %.4f around %.4f is not that inside a configuration", len(points), r.Decode.TPOTLow, r.Decode.TPOTHigh, r.Decode.TPOT)
		}
		if r.Prefill.TTFT != plain.Prefill.TTFT {
			t.Error("times per token scaled the time to first token")
		}
		seen := r.Seen()
		if len(seen) != len(points) {
			t.Fatalf("got %d points with predictions, want %d", len(seen), len(points))
		}
		for i, s := range seen {
			if math.Abs(s.Measured/s.Predicted/1.2-1) > 1e-4 || math.Abs(s.Fitted/s.Predicted/factor-1) > 1e-9 { // the link keeps a nanosecond
				t.Errorf("point %d: measured %.5f, predicted %.5f, fitted %.5f", i, s.Measured, s.Predicted, s.Fitted)
			}
		}
	}
	if before < 1.15 {
		t.Errorf("four points of 1.2 scale by %.3f only", before)
	}
}

func TestSeenFirstTokens(t *testing.T) {
	plain := seenReport(t, seenBase)
	r := seenReport(t, seenBase+"&seen=32::3000~64::6000")
	if r.Decode.TPOT != plain.Decode.TPOT {
		t.Error("times to first token scaled the time per token")
	}
	if !(r.Prefill.Loaded > plain.Prefill.Loaded) {
		t.Errorf("loaded TTFT %.3f, %.3f without points of several times that", r.Prefill.Loaded, plain.Prefill.Loaded)
	}
}

// What was measured at the very scenario counts as it is; the points then only stand beside it.
func TestSeenBesideMeasured(t *testing.T) {
	r := seenReport(t, seenBase+"&measured_tpot=50&seen=16:10~32:10")
	if math.Abs(r.Decode.TPOT-0.050) > 1e-12 {
		t.Errorf("TPOT %.4f, want the 50 ms that were measured", r.Decode.TPOT)
	}
}

// Points are said, and a far one is questioned; every printed formula still gives its number.
func TestSeenIsSaidAndExplained(t *testing.T) {
	r := seenReport(t, seenBase+"&seen=16:200~64:300:9000")
	said := ""
	for _, w := range r.Warnings {
		if w.ID == "time.seen" {
			said = w.Text + " " + w.WayOut
		}
	}
	for _, want := range []string{"3 measured times", "time per output token by", "time to first token by", "outside the 80 % range"} {
		if !strings.Contains(said, want) {
			t.Errorf("got %q, want %q in it", said, want)
		}
	}
	d, err := r.Explain("decode.tpot_s")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(d.Note, "Scaled by your measurement") {
		t.Errorf("the derivation does not tell of the scaling: %q", d.Note)
	}
}
