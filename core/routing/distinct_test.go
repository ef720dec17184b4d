package routing

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

// Uniform routing has a closed form, N (1-(1-k/N)^T); figures as other tools print them.
func TestDistinctUniform(t *testing.T) {
	for _, c := range []struct {
		experts, topK int
		tokens, want  float64
	}{
		{8, 2, 1, 2}, {8, 2, 2, 3.5}, {8, 2, 3, 4.625}, {8, 2, 10, 7.55},
		{128, 8, 2, 15.5}, {128, 8, 8, 51.62}, {128, 8, 16, 82.4}, {128, 8, 64, 125.94},
		{256, 8, 1, 8}, {256, 8, 2, 15.75}, {256, 8, 8, 57.42}, {256, 8, 64, 222.44}, {256, 8, 256, 255.92},
	} {
		pi := Inclusion(c.experts, c.topK, 0)
		near(t, "sum", ExpectedDistinct(pi, c.tokens), c.want, 5e-4) // four printed digits
		near(t, "table", NewCoverage(pi, c.topK).Distinct(c.tokens), c.want, 5e-4)
	}
}

func TestCoverageTable(t *testing.T) {
	for _, sigma := range []float64{0, 0.5, 1, 2, 4} {
		pi := Inclusion(128, 8, sigma)
		table := NewCoverage(pi, 8)
		for tokens := 0.01; tokens < 1e8; tokens *= 1.37 {
			near(t, "look-up", table.Distinct(tokens), ExpectedDistinct(pi, tokens), 1e-6)
		}
	}
	if got := NewCoverage(Inclusion(8, 2, 1), 2).Distinct(0); got != 0 {
		t.Errorf("for no tokens, got %g, want 0", got)
	}
}

// Brute force: systematic sampling has exactly these inclusion probabilities,
// Gumbel top-k others; in both the count of distinct experts follows from them alone.
func TestDistinctAgainstSampling(t *testing.T) {
	const draws = 4000
	for _, c := range []struct {
		experts, topK, tokens int
		sigma                 float64
	}{{128, 8, 16, 1}, {128, 8, 16, 0}, {256, 8, 64, 1.05}, {8, 2, 3, 0.7}, {64, 8, 1, 1}} {
		pi := Inclusion(c.experts, c.topK, c.sigma)
		sampler := NewSampler(pi, 7)
		sum, squares := 0.0, 0.0
		hit, chosen := make([]bool, c.experts), make([]int, 0, c.topK)
		for range draws {
			clear(hit)
			distinct := 0.0
			for range c.tokens {
				chosen = sampler.Token(chosen[:0])
				if len(chosen) != c.topK {
					t.Fatalf("for %v, a token chose %d experts, want %d", c, len(chosen), c.topK)
				}
				for _, e := range chosen {
					if !hit[e] {
						hit[e] = true
						distinct++
					}
				}
			}
			sum += distinct
			squares += distinct * distinct
		}
		mean := sum / draws
		deviation := math.Sqrt(max(squares/draws-mean*mean, 0))
		// Four standard errors of the mean.
		if want := ExpectedDistinct(pi, float64(c.tokens)); math.Abs(mean-want) > 4*deviation/math.Sqrt(draws)+1e-9 {
			t.Errorf("for %v, sampled %g distinct experts, formula %g", c, mean, want)
		}
		// The pair probabilities depend on the scheme, most for few experts: 12 %.
		if deviation > 0 {
			near(t, "standard deviation", math.Sqrt(DistinctVariance(pi, c.topK, float64(c.tokens))), deviation, 0.12)
		}
	}
}

// Gumbel top-k (Plackett-Luce): another scheme, with inclusion probabilities that must be counted.
func TestDistinctAgainstGumbel(t *testing.T) {
	const experts, topK, tokens, draws = 128, 8, 16, 3000
	random := rand.New(rand.NewPCG(3, 3))
	scores := make([]float64, experts)
	token := func() []int {
		for i := range scores {
			scores[i] = normalQuantile(1-(float64(i)+0.5)/experts) - math.Log(-math.Log(random.Float64()))
		}
		chosen := make([]int, 0, topK)
		for range topK {
			best := 0
			for i, s := range scores {
				if s > scores[best] {
					best = i
				}
			}
			chosen = append(chosen, best)
			scores[best] = math.Inf(-1)
		}
		return chosen
	}
	pi := make([]float64, experts)
	sum := 0.0
	for range draws {
		hit := map[int]bool{}
		for range tokens {
			for _, e := range token() {
				hit[e] = true
				pi[e] += 1.0 / (draws * tokens)
			}
		}
		sum += float64(len(hit))
	}
	near(t, "Gumbel top-k", ExpectedDistinct(pi, tokens), sum/draws, 0.01)
}

// Real traces: tokens of one answer in random order are independent draws from
// the answer's own popularity. The formula, given the counted popularity, must give
// the union; it errs by a few per cent as the popularity is counted on the same tokens.
func TestDistinctAgainstTraces(t *testing.T) {
	data, err := os.ReadFile("testdata/routing_traces.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Models map[string]struct {
			Experts int       `json:"n_experts"`
			TopK    int       `json:"top_k_used"`
			Decode  [][][]int `json:"decode"`
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if len(file.Models) != 3 {
		t.Fatalf("got %d traces, want 3", len(file.Models))
	}
	random := rand.New(rand.NewPCG(1, 2))
	for name, m := range file.Models {
		for _, tokens := range []int{2, 8, 16} {
			var formula, counted, uniform float64
			layers := len(m.Decode[0])
			for layer := range layers {
				pi := make([]float64, m.Experts)
				for _, step := range m.Decode {
					for _, e := range step[layer] {
						pi[e] += 1 / float64(len(m.Decode))
					}
				}
				formula += ExpectedDistinct(pi, float64(tokens))
				const draws = 40
				for range draws {
					hit := map[int]bool{}
					for _, s := range random.Perm(len(m.Decode))[:tokens] {
						for _, e := range m.Decode[s][layer] {
							hit[e] = true
						}
					}
					counted += float64(len(hit)) / draws
				}
			}
			uniform = float64(layers) * ExpectedDistinct(Inclusion(m.Experts, m.TopK, 0), float64(tokens))
			// Popularity and union come from the same 128 tokens: drawing 16 of them without replacement sees up to 7 % more than independent draws would.
			near(t, name+" random order", formula, counted, 0.08)
			if formula >= uniform {
				t.Errorf("for %s at %d tokens, skewed coverage %g is not below uniform %g", name, tokens, formula, uniform)
			}
		}
	}
}

// Measured unions of batches of independent requests. Columns as published; the
// sigma is the one that their own popularity statistics give, not fitted here.
func TestDistinctMeasured(t *testing.T) {
	for _, c := range []struct {
		what            string
		experts, topK   int
		tokens, sigma   float64
		want, low, high float64
	}{
		// OLMoE shape, routing trace of 49,152 tokens (huggingface.co/datasets/mkvn/quantization-cache-amplification).
		{"OLMoE 2 tokens", 64, 8, 2, 0.56, 14.635, 0.98, 1.02},
		{"OLMoE 4 tokens", 64, 8, 4, 0.56, 24.785, 0.98, 1.02},
		// gpt-oss-120b, 256 random requests, median over 108 layer samples, 77 to 116 between layers:
		// skew differs by layer, so one sigma (from the hottest expert, 10.6 x the mean) errs by 11 %.
		{"gpt-oss-120b", 128, 4, 256, 1.1, 105, 0.9, 1.12},
	} {
		got := ExpectedDistinct(Inclusion(c.experts, c.topK, c.sigma), c.tokens)
		if ratio := got / c.want; ratio < c.low || ratio > c.high {
			t.Errorf("for %s, got %.2f, measured %.2f", c.what, got, c.want)
		}
		if uniform := ExpectedDistinct(Inclusion(c.experts, c.topK, 0), c.tokens); math.Abs(got-c.want) >= math.Abs(uniform-c.want) {
			t.Errorf("for %s, %.2f is no better than uniform %.2f (measured %.2f)", c.what, got, uniform, c.want)
		}
	}
}

// Skew never makes a batch touch more, and more tokens never touch less.
func TestDistinctMonotone(t *testing.T) {
	for _, shape := range [][2]int{{8, 2}, {128, 4}, {256, 8}, {512, 10}} {
		last := math.Inf(1)
		for _, sigma := range []float64{0, 0.3, 0.6, 1, 1.5, 2} {
			d := ExpectedDistinct(Inclusion(shape[0], shape[1], sigma), 32)
			if d > last+1e-9 {
				t.Errorf("for %v sigma %g, %g distinct, more than %g with less skew", shape, sigma, d, last)
			}
			last = d
		}
		c := NewCoverage(Inclusion(shape[0], shape[1], 1), shape[1])
		near(t, "huge batch", c.Distinct(1e7), float64(shape[0]), 1e-6)
	}
}

func BenchmarkDistinct(b *testing.B) {
	c := NewCoverage(Inclusion(256, 8, 1), 8)
	b.ReportAllocs()
	for b.Loop() {
		c.Distinct(37)
	}
}

func BenchmarkNewCoverage(b *testing.B) {
	pi := Inclusion(256, 8, 1)
	for b.Loop() {
		NewCoverage(pi, 8)
	}
}
