package scenario

import "testing"

// possible says by trying everything whether a layout of the given degrees
// exists: tp·pp·dp = gpus, and ep divides the GPUs of a stage. Zero is free.
func possible(gpus, tp, pp, dp, ep int) bool {
	free := func(given, n int) bool { return given == 0 || given == n }
	for n := 1; n <= 64; n++ {
		if !free(gpus, n) {
			continue
		}
		for t := 1; t <= n; t++ {
			for p := 1; p*t <= n; p++ {
				d := n / (p * t)
				if p*t*d == n && free(tp, t) && free(pp, p) && free(dp, d) && (ep == 0 || (n/p)%ep == 0) {
					return true
				}
			}
		}
	}
	return false
}

// TestSettleLayout: what is possible stays, what is not gets reported, and what
// is left and what is proposed is possible. Degrees up to 4 keep any
// number of GPUs that they need within the 64 that are tried.
func TestSettleLayout(t *testing.T) {
	c := catalogue()
	for gpus := range 13 {
		for degrees := range 5 * 5 * 5 * 5 {
			s := Default()
			s.GPUs, s.TP, s.PP, s.DP, s.EP = gpus, degrees%5, degrees/5%5, degrees/25%5, degrees/125
			asked := s
			problems := settle(&c, &s)
			if want := possible(gpus, asked.TP, asked.PP, asked.DP, asked.EP); want != (len(problems) == 0) {
				t.Fatalf("for %s, got %v, want possible: %v", Encode(asked), problems, want)
			}
			if len(problems) == 0 && s != asked {
				t.Fatalf("for %s, got %s without a problem", Encode(asked), Encode(s))
			}
			if !possible(s.GPUs, s.TP, s.PP, s.DP, s.EP) {
				t.Fatalf("for %s, %s is left, which is impossible", Encode(asked), Encode(s))
			}
			if again := settle(&c, &s); again != nil {
				t.Fatalf("for %s, settling twice reports %v", Encode(asked), again)
			}
			for _, p := range problems {
				// More GPUs may need another ep: one more proposal then ends it.
				fixed, left := c.Apply(s, p)
				for _, l := range left {
					if _, last := c.Apply(fixed, l); l.Suggestion == "" || len(last) > 0 {
						t.Fatalf("for %s, the proposal %q leaves %v", Encode(asked), p.Suggestion, left)
					}
				}
				if p.Suggestion == "" {
					t.Fatalf("for %s, nothing is proposed", Encode(asked))
				}
			}
		}
	}
}

func TestSettleContext(t *testing.T) {
	c := catalogue()
	for _, test := range []struct {
		in, out int
		want    int
	}{
		{9_999_999, 1, 9_999_999},
		{9_000_000, 1_000_000, 9_000_000},
		{9_000_001, 1_000_000, 4096},
		{10_000_000, 1, 4096},
	} {
		s := Default()
		s.In, s.Out = test.in, test.out
		problems := settle(&c, &s)
		if s.In != test.want || s.Out != test.out || (len(problems) > 0) != (test.in != test.want) {
			t.Errorf("for in=%d and out=%d, got in=%d and out=%d, %v", test.in, test.out, s.In, s.Out, problems)
		}
	}
}
