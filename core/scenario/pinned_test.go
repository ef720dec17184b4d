package scenario

import (
	"math/rand/v2"
	"testing"
)

// A published link holds what it held when it was made, whatever the defaults are by then.
func TestPinnedSurvivesOtherDefaults(t *testing.T) {
	c := catalogue()
	rng := rand.New(rand.NewPCG(7, 8))
	for i := range table {
		f := &table[i]
		if f.Default == "" || f.Key == versionKey {
			continue
		}
		before := f.Default
		t.Cleanup(func() { f.Default = before })
		for range 50 {
			s := random(rng, &c)
			link := EncodePinned(s)
			f.Default = f.Example
			if got, _ := c.Decode(link); got != s {
				t.Errorf("with %s=%s by default, ?%s gives\n%+v, and was\n%+v", f.Key, f.Example, link, got, s)
			}
			f.Default = before
		}
	}
}
