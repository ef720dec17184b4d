package claims_test

import (
	"math"
	"strings"
	"sync"
	"testing"

	"moecost/core/claims"
	"moecost/core/report"
)

// checked judges the table once for all tests: it simulates.
var checked = sync.OnceValues(claims.Check)

func check(t *testing.T) map[string]claims.Claim {
	t.Helper()
	list, err := checked()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]claims.Claim{}
	for _, c := range list {
		byID[c.ID] = c
	}
	return byID
}

// Parameters of Mixtral 8x7B, by hand from its config.json: 32 layers, hidden 4096, 8 experts of
// width 14336, 32 query and 8 key-value heads of 128, vocabulary 32000, untied.
const (
	mixtralExpert = 3 * 4096 * 14336
	mixtralLayer  = 2*4096*4096 + 2*4096*1024 + 8*4096 + 2*4096 // attention, router, norms
	mixtralEnds   = 2*32000*4096 + 4096
	mixtralTotal  = 32*(mixtralLayer+8*mixtralExpert) + mixtralEnds
	mixtralActive = 32*(mixtralLayer+2*mixtralExpert) + mixtralEnds
)

// deepseekTotal is the main model of DeepSeek-V3, as its checkpoint's headers add up.
const deepseekTotal = 671026419200

// The values against arithmetic that shares nothing with the report.
func TestValuesByHand(t *testing.T) {
	list := check(t)
	value := func(claim string, n int) float64 { return list[claim].Cases[n].Derivation.Value }
	for _, c := range []struct {
		claim     string
		n         int
		want      float64
		tolerance float64 // relative
		because   string
	}{
		{"mixtral-46-7-12-9", 0, mixtralTotal, 0, "counted"},
		{"mixtral-46-7-12-9", 1, mixtralActive, 0, "counted"},
		{"memory-8-6x", 0, float64(mixtralTotal) / mixtralActive, 1e-12, "the same bytes each"},
		{"deepseek-671-37", 0, deepseekTotal, 0, "counted"},
		{"memory-8-6x", 1, deepseekTotal / 37.552297472e9, 1e-3, "671/37.6; scales are not spread evenly over parameters"},
		{"deepseek-671-37", 1, 37.552297472e9 - 129280*7168, 1e-12, "less the embedding, vocabulary times hidden"},
		{"weights-1-34-tb", 0, 2 * deepseekTotal, 1e-6, "two bytes each; biases of the gates stay in FP32"},
		{"weights-1-34-tb", 1, deepseekTotal, 0.01, "one byte each, and scales"},
		{"requests-32-experts-8", 0, 8 * (1 - math.Pow(0.75, 32)), 1e-9, "8(1 − (1 − 2/8)^32)"},
		{"chunk-32768", 0, 1.0167, 1e-4, "4910.18/4829.57"},
		{"prefetch-14", 0, (169.4 - 146.0) / 169.4, 0.1, "measured: figure 8 of arXiv 2603.19289 at 65,536 tokens; 1.4 points"},
		{"prefetch-14", 1, (158.9 - 144.4) / 158.9, 0.2, "the same at 1,024 tokens"},
		{"multicast", 2, 7.27, 0.02, "32(1 − C(248,8)/C(256,8)) distinct ranks if experts are equally popular; skew makes them fewer"},
		{"five-models", 3, 315684820992, 0, "tensors of the converted checkpoint"},
	} {
		if got := value(c.claim, c.n); math.Abs(got-c.want) > c.tolerance*c.want {
			t.Errorf("%s, %s: got %v, want %v (%s)", c.claim, list[c.claim].Cases[c.n].Says, got, c.want, c.because)
		}
	}
}

// The verdicts, each for a reason that needs no report.
func TestVerdicts(t *testing.T) {
	list := check(t)
	want := map[string]struct {
		verdict claims.Verdict
		because string
	}{
		"memory-8-6x":           {claims.Not, "46.7/12.9 is 3.6 and 671/37.6 is 17.9: neither is near 8.6; 106.9/13.4 is 8.0 and 30.5/3.35 is 9.1"},
		"weights-1-34-tb":       {claims.Under, "671 × 2 is 1,342; the checkpoint is FP8, half"},
		"cluster-32-h100":       {claims.Under, "1,342 GB over 16 is 83.9 GB of 85.5: nothing left for cache; over 24 it is 55.9"},
		"mixtral-46-7-12-9":     {claims.Holds, "46.703 and 12.880"},
		"deepseek-671-37":       {claims.Under, "37.55 with the embedding rounds to 38, 36.63 without it to 37"},
		"total-over-active":     {claims.Under, "32,000 tokens × 64 sequences × 94 layers × 4 heads × 2 × 128 × 2 bytes is 394 GB, beside 470 GB of weights, workspace and reserve"},
		"five-models":           {claims.Under, "one publishes nothing"},
		"routing-5-8":           {claims.Under, "58 layers × 29 µs is 1.7 ms: 16 % of a step of 10.7 ms, 4 % of one of 48 ms"},
		"mixtral-6-45-ms":       {claims.Unchecked, "setup missing; 12.9 GB at 60 % of 3.35 TB/s is 6.4 ms"},
		"batches-1-16":          {claims.Under, "1 − (1 − 2/8)^16 is 0.99, 1 − (1 − 8/256)^16 is 0.40, less with skew"},
		"medium-batches":        {claims.Not, "distinct experts of 256 grow from 102 to 222, 2.2-fold, users fourfold"},
		"requests-32-experts-8": {claims.Under, "7.9992 if equally popular"},
		"chunk-32768":           {claims.Not, "+1.7 % measured"},
		"hot-experts-ep":        {claims.Under, "measured 2.56 times the mean over 32 ranks; nothing if even"},
		"eplb-static":           {claims.Under, "measured 1.49 and 2.54 times; a copy is one more read in a small batch"},
		"eplb-online":           {claims.Under, "pauses of a second against drift"},
		"multicast":             {claims.Not, "each rank still receives tokens × k / ranks vectors"},
		"prefetch-14":           {claims.Under, "13.8 % at 65,536 tokens, 9 % below"},
		"p99-routing":           {claims.Not, "drawn: 1.005 to 1.02 over 58 layers, as luck of layers averages out"},
	}
	for id, c := range list {
		w, ok := want[id]
		if !ok {
			t.Errorf("%s: no verdict is expected of it: add one with its reason", id)
		} else if c.Verdict != w.verdict {
			t.Errorf("%s: got %q, want %q: %s", id, c.Verdict, w.verdict, w.because)
		}
		delete(want, id)
	}
	for id := range want {
		t.Errorf("%s: is not in the table", id)
	}
}

// Whatever is printed can be followed: a scenario to open with pinned hardware, or a source.
func TestClaimsCanBeFollowed(t *testing.T) {
	for id, c := range check(t) {
		opens := false
		if c.Text == "" || c.Where == "" || c.Why == "" || c.Tolerance == "" || len(c.Chain) == 0 {
			t.Errorf("%s: a cell is empty", id)
		}
		for _, s := range c.Chain {
			if !strings.HasPrefix(s.Address, "https://") || s.What == "" || s.Read != "yes" && s.Read != "in part" && s.Read != "no" {
				t.Errorf("%s: source %q is not an address with what was read there", id, s.Address)
			}
		}
		if c.Verdict == claims.Under && len(c.Conditions()) == 0 {
			t.Errorf("%s: holds under conditions that nothing names", id)
		}
		for _, k := range c.Cases {
			d := k.Derivation
			if k.Outcome == claims.Unknown {
				if k.Reason == "" {
					t.Errorf("%s, %s: unknown for no reason", id, k.Says)
				}
				continue
			}
			if d.Words == "" || math.IsNaN(d.Value) || math.IsInf(d.Value, 0) || d.Low > d.Value || d.High != 0 && d.High < d.Value {
				t.Errorf("%s, %s: %+v", id, k.Says, d)
			}
			for _, term := range d.Terms {
				opens = true
				for _, key := range []string{"model=", "gpu=", "gpus="} {
					if !strings.Contains(term.Query, key) {
						t.Errorf("%s, %s: %s leaves %s open", id, k.Says, term.Query, key)
					}
				}
			}
			if len(d.Terms) == 0 && !strings.HasPrefix(k.Measured, "https://") {
				t.Errorf("%s, %s: neither a scenario nor a source", id, k.Says)
			}
		}
		if !opens {
			t.Errorf("%s: no scenario to open", id)
		}
	}
}

func TestConditionsAreThoseOfCasesThatAgree(t *testing.T) {
	list := check(t)
	c := list["memory-8-6x"]
	if got := strings.Join(c.Conditions(), "; "); got != "GLM-4.5-Air; Qwen3-30B-A3B" {
		t.Errorf("memory-8-6x would be right of %q, want the two models with a ratio from 7.7 to 9.5", got)
	}
	c = list["mixtral-46-7-12-9"]
	if got := c.Conditions(); len(got) != 0 {
		t.Errorf("mixtral-46-7-12-9 holds, and has conditions %q", got)
	}
}

func TestUnitsAreOfTheReport(t *testing.T) {
	for id, c := range check(t) {
		for _, k := range c.Cases {
			if k.Outcome != claims.Unknown && len(k.Derivation.Terms) == 1 && k.Derivation.Formula == k.Derivation.Terms[0].Symbol {
				f := k.Derivation.Terms[0].Figure
				if f.Unit != k.Derivation.Unit && !(f.Unit == report.Count) {
					t.Errorf("%s, %s: told in %q, and %s is in %q", id, k.Says, k.Derivation.Unit, f.ID, f.Unit)
				}
				if f.Low != k.Derivation.Low || f.High != k.Derivation.High {
					t.Errorf("%s, %s: range %v to %v, the figure's is %v to %v", id, k.Says, k.Derivation.Low, k.Derivation.High, f.Low, f.High)
				}
			}
		}
	}
}
