package report

import "testing"

func TestWarningsOfWhatHasNoEffectOrNoSource(t *testing.T) {
	check := func(query, id string, want bool) {
		t.Helper()
		s, problems := Catalogue().Decode(query)
		r, err := Build(Question{Scenario: s, Problems: problems})
		if err != nil {
			t.Fatal(err)
		}
		got := false
		for _, w := range r.Warnings {
			got = got || w.ID == id
		}
		if got != want {
			t.Errorf("for %q, warning %s is %v, want %v", query, id, got, want)
		}
	}
	check("spare=32", "balance.spare", true)
	check("spare=32&eplb=static", "balance.spare", false)
	check("", "balance.spare", false)
	const card = "gpu=custom~mem:80g~bw:3.35t~bf16:989t"
	check(card+"&gpus=16", "gpu.links", true)
	check(card+"~link:450g~net:50g&gpus=16", "gpu.links", false)
	check(card+"&gpus=1&model=llama-3.1-8b", "gpu.links", false)
}
