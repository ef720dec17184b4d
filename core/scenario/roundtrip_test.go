package scenario

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

// random returns a valid Scenario in which each field has an equal chance to be
// default, at a limit, or anywhere in its domain. It fills the struct by hand
// where the layout must agree, and else through the table's limits.
func random(rng *rand.Rand, c *Catalogue) Scenario {
	for {
		s := Default()
		for i := range table {
			f := &table[i]
			if f.Key == versionKey || rng.IntN(2) == 0 {
				continue
			}
			number := []float64{f.Min, f.Max, f.Min + rng.Float64()*(f.Max-f.Min)}[rng.IntN(3)]
			switch at := f.slot(&s).(type) {
			case *int:
				*at = int(number)
			case *float64:
				*at = max(roundNumber(number), f.Min)
			case *bool:
				*at = f.Default != "1"
			case *string:
				if f.Kind == KindPoints {
					*at = f.Example
					break
				}
				choices := f.choices(c)
				first := rng.IntN(len(choices))
				*at = choices[first].ID
				if f.Kind == KindList {
					for _, choice := range choices[first+1:] {
						*at += "," + choice.ID
					}
				}
			}
		}
		switch rng.IntN(8) {
		case 0:
			s.GPU = "custom~mem:80g~name:a.b_c,d=e"
		case 1:
			s.Model = ModelCustom
		case 2:
			s.Unknown = "later=a~b+c%20d&even=more."
		}
		if rng.IntN(2) == 0 { // a layout that agrees; the table's limits rarely make one
			s.TP, s.PP, s.DP = 1<<rng.IntN(4), 1<<rng.IntN(3), 1<<rng.IntN(6)
			s.GPUs = s.TP * s.PP * s.DP
			s.EP = 1 << rng.IntN(3)
		} else {
			s.TP, s.PP, s.DP, s.EP = 0, 0, 0, 0
		}
		trial := s
		if settle(c, &trial) == nil {
			return s
		}
	}
}

// TestRoundTrip: what is encoded is decoded, without a problem, plain and pinned;
// the link is made of the characters that survive being pasted; and net/url, which
// this package does not use, reads the same keys and values.
func TestRoundTrip(t *testing.T) {
	c := catalogue()
	rng := rand.New(rand.NewPCG(5, 6))
	seen := map[string]bool{}
	for range 5_000 {
		s := random(rng, &c)
		for _, link := range []string{Encode(s), EncodePinned(s)} {
			got, problems := c.Decode(link)
			if got != s {
				t.Fatalf("for\n%+v\nthe link ?%s gives\n%+v", s, link, got)
			}
			for _, p := range problems {
				if find(p.Key) != nil {
					t.Fatalf("for %s: %v", link, p)
				}
			}
			if s.Unknown == "" && strings.Trim(link, "abcdefghijklmnopqrstuvwxyz0123456789_-.~:,=&") != "" {
				t.Fatalf("the link %s needs escaping", link)
			}
			values, err := url.ParseQuery(link)
			if err != nil {
				t.Fatal(err)
			}
			for i := range table {
				f := &table[i]
				if text := values.Get(f.Key); text != "" && text != f.text(&s) || text == "" && f.text(&s) != f.Default && f.Default == "" {
					t.Fatalf("for %s in %s, net/url reads %q, want %q", f.Key, link, text, f.text(&s))
				}
			}
		}
		for i := range table {
			d := Default()
			seen[table[i].Key] = seen[table[i].Key] || table[i].text(&s) != table[i].text(&d)
		}
	}
	for i := range table {
		if key := table[i].Key; !seen[key] && key != versionKey {
			t.Errorf("%s never left its default", key)
		}
	}
}

// TestPinned: every key that has a value is in a pinned link, so that defaults
// may change without changing what it shows.
func TestPinned(t *testing.T) {
	s := Default()
	s.GPUs = 16
	const want = "model=deepseek-v3&gpu=h100-sxm&gpus=16&batch=64&in=4096&out=1024&chunk=16384&engine=vllm&skew=1&law=lognormal" +
		"&eplb=off&spare=0&place=tokens&drift=0.12&interval=3000&moves=blocking&fabric=unicast&split=0" +
		"&domain=0.3&speed=2&seed=1&draft=0&accept=0.85&host=0&cache=0&prefetch=none&recall=0.88&evict=static&refetch=1" +
		"&lossy=0&prefix=0&day=flat&autoscale=0&pue=1.3&pct=99&units=gb&points=all"
	if got := EncodePinned(s); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// TestLinkLength: a scenario with many fields set stays short enough for any app.
func TestLinkLength(t *testing.T) {
	c := catalogue()
	s, _ := c.Decode("model=qwen3-235b-a22b&weights=fp8&kv=fp8&gpu=h100-sxm&gpus=16&batch=256&in=8192&out=512&engine=sglang&eplb=static&spare=32&price=2&tpot=50")
	if got := len(Encode(s)); got > 135 { // the length measured for a fully custom scenario when the form of the link was chosen
		t.Errorf("got %d characters, want at most 135: %s", got, Encode(s))
	}
}

func FuzzDecode(f *testing.F) {
	for _, link := range oldLinks(f) {
		f.Add(link.query)
	}
	c := catalogue()
	f.Fuzz(func(t *testing.T, query string) {
		s, problems := c.Decode(query)
		if len(problems) > maxProblems {
			t.Errorf("%d problems", len(problems))
		}
		for _, p := range problems {
			if text := p.String(); !utf8.ValidString(text) || strings.ContainsAny(text, "\x00\n\u202e") {
				t.Errorf("a problem cannot be shown: %q", text)
			}
			if p.What == "" {
				t.Errorf("a problem without words: %+v", p)
			}
			c.Apply(s, p)
		}
		link := Encode(s)
		if strings.ContainsAny(link, " \"<>`#\\^{}|\r\n\t\x00") || !isASCII(link) {
			t.Errorf("for %q, the link %q is not a query", query, link)
		}
		again, left := c.Decode(link)
		if again != s {
			t.Errorf("for %q, the link %q gives\n%+v\nwant\n%+v", query, link, again, s)
		}
		if twice := Encode(again); twice != link {
			t.Errorf("for %q, encoding twice gives %q, then %q", query, link, twice)
		}
		for _, p := range left {
			if find(p.Key) != nil && p.Key != versionKey || p.Key == "" && s.Unknown == "" {
				t.Errorf("for %q, the link %q still has %v", query, link, p)
			}
		}
	})
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func BenchmarkDecode(b *testing.B) {
	c := catalogue()
	b.ReportAllocs()
	for b.Loop() {
		c.Decode("?model=qwen3-235b-a22b&weights=fp8&gpu=h200&gpus=16&batch=256&in=8192&out=512&price=2&tpot=50")
	}
}

func BenchmarkEncode(b *testing.B) {
	c := catalogue()
	s, _ := c.Decode("?model=qwen3-235b-a22b&weights=fp8&gpu=h200&gpus=16&batch=256&in=8192&out=512&price=2&tpot=50")
	b.ReportAllocs()
	for b.Loop() {
		Encode(s)
	}
}
