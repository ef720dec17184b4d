package preset

import (
	"reflect"
	"strings"
	"testing"

	"moecost/assets"
	"moecost/assets/models/configs"
	"moecost/core/arch"
	"moecost/core/arch/hf"
)

// A description says what the reader of configs makes of the config today.
func TestDescriptionsAreFresh(t *testing.T) {
	stale := map[string]bool{}
	for line := range strings.Lines(assets.ModelDescriptions()) {
		if id, is := strings.CutPrefix(strings.TrimSpace(line), "# "); is {
			stale[id] = true
		}
	}
	for _, p := range All() {
		if p.Kind == Closed {
			continue
		}
		delete(stale, p.ID)
		config, err := configs.Files().ReadFile(strings.Replace(p.HubID, "/", "__", 1) + ".json")
		if err != nil {
			t.Fatal(err)
		}
		want, err := hf.Read(config)
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
			continue
		}
		want.Model.Name, want.Model.Organisation = p.Name, p.Organisation
		got, err := p.Reading()
		if err != nil {
			t.Error(err)
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the description is not what its config says: run go generate ./core/arch/preset", p.ID)
		}
	}
	for id := range stale {
		t.Errorf("descriptions.txt: %s: no preset has this id: run go generate ./core/arch/preset", id)
	}
}

func TestCountsAreFresh(t *testing.T) {
	for _, p := range All() {
		r, err := p.Reading()
		if err != nil {
			if p.Counted != (Counts{}) {
				t.Errorf("%s: counted %+v without a description", p.ID, p.Counted)
			}
			continue
		}
		m := r.Model
		want := Counts{m.TotalParams(), m.ActiveParams(arch.WithEmbeddingAndHead), m.RoutedExperts(), m.TopK()}
		if p.Counted != want {
			t.Errorf("%s: got %+v, want %+v: run go generate ./core/arch/preset", p.ID, p.Counted, want)
		}
	}
}

func BenchmarkReading(b *testing.B) {
	p, _ := ByID("deepseek-v3")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := read(p); err != nil {
			b.Fatal(err)
		}
	}
}
