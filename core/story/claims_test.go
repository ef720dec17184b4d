package story

import (
	"strings"
	"testing"

	"moecost/core/claims"
)

func TestClaimsFinding(t *testing.T) {
	of := func(verdicts ...claims.Verdict) (list []claims.Claim) {
		for _, v := range verdicts {
			list = append(list, claims.Claim{Verdict: v})
		}
		return list
	}
	for want, list := range map[string][]claims.Claim{
		"Of 1 claims, 1 holds.": of(claims.Holds),
		"Of 4 claims, 1 holds under conditions that it leaves out, 2 do not hold and 1 cannot be checked.": of(claims.Not, claims.Unchecked, claims.Not, claims.Under),
		"Of 5 claims, 2 hold, 2 hold under conditions that they leave out and 1 does not hold.":            of(claims.Holds, claims.Under, claims.Not, claims.Under, claims.Holds),
	} {
		if got := claimsFinding(list); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The words of three claims whose numbers are known by hand.
func TestCheckClaims(t *testing.T) {
	said, err := CheckClaims()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]Claim{}
	for _, c := range said.List {
		byID[c.ID] = c
	}
	c := byID["memory-8-6x"]
	if c.Kind != "not" || c.First[0].Value != "3.63×" || c.First[1].Value != "17.9×" || c.First[0].Said != "7.74× to 9.46×" {
		t.Errorf("memory-8-6x: got %q, %q, %q, said %q", c.Kind, c.First[0].Value, c.First[1].Value, c.First[0].Said)
	}
	if want := "/?model=mixtral-8x7b&gpu=h100-sxm&gpus=2#figure=memory.ratio_to_dense_twin"; c.First[0].Link != want {
		t.Errorf("memory-8-6x: opens %s, want %s", c.First[0].Link, want)
	}
	c = byID["cluster-32-h100"]
	if got := c.More[0].Value; got != "24\u00a0GPUs" {
		t.Errorf("cluster-32-h100: got %q, want 24 GPUs: 1,342 GB on servers of 8 × 85.5 GB", got)
	}
	if got := plainParts(c.First[0].Numbers); got != "116\u00a0GB / 85.5\u00a0GB" {
		t.Errorf("cluster-32-h100: got %q", got)
	}
	c = byID["mixtral-6-45-ms"]
	if !strings.HasPrefix(c.If, "it leaves out accelerators") || c.First[0].Range == "" {
		t.Errorf("mixtral-6-45-ms: got %q, range %q", c.If, c.First[0].Range)
	}
	c = byID["five-models"]
	if last := c.First[len(c.First)-1]; last.Value != "–" || last.Reason == "" || !strings.Contains(last.Link, "gemini-1.5") {
		t.Errorf("five-models: a closed model says %+v", last)
	}
}

func plainParts(parts []ClaimPart) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString(p.Text)
	}
	return b.String()
}
