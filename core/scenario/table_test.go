package scenario

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// published are the keys, in order, that links have been made with. Keys are only
// ever added; this list is typed from the description of the link, not from the table.
const published = "v model weights kv gpu gpus tp pp ep dp batch in out chunk engine " +
	"skew law layer eplb spare place drift interval moves fabric split rate domain speed without seed " +
	"draft accept host cache prefetch recall evict refetch experts ram nvme link cpu " +
	"among budget lossy prefix in_cv out_cv day peak autoscale kwh pue api_in api_out api_cached measured_tpot measured_ttft seen price ttft tpot pct units points chart"

func TestKeys(t *testing.T) {
	var keys []string
	for _, f := range Fields() {
		keys = append(keys, f.Key)
	}
	if got := strings.Join(keys, " "); got != published {
		t.Errorf("got keys\n%s, want\n%s", got, published)
	}
}

// TestScenarioMatchesTable: each field of the struct has one row, and its JSON name
// is the key.
func TestScenarioMatchesTable(t *testing.T) {
	var s Scenario
	at := map[any]string{} // address of each struct field
	v := reflect.ValueOf(&s).Elem()
	for i := range v.NumField() {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if name != "-" {
			at[v.Field(i).Addr().Interface()] = name
		}
	}
	if len(at) != len(table) {
		t.Errorf("Scenario has %d fields with a key, the table has %d rows", len(at), len(table))
	}
	for i := range table {
		if got := at[table[i].slot(&s)]; got != table[i].Key {
			t.Errorf("for the row %s, got the struct field %q", table[i].Key, got)
		}
	}
}

// TestRowsAreComplete checks what forms and manuals rely on.
func TestRowsAreComplete(t *testing.T) {
	c := catalogue()
	for i := range table {
		f := &table[i]
		if f.Label == "" || f.Meaning == "" || f.Example == "" || strings.HasSuffix(f.Meaning, ".") {
			t.Errorf("%s: label %q, meaning %q, example %q: all are needed, the meaning without a full stop", f.Key, f.Label, f.Meaning, f.Example)
		}
		if (f.Default == "") != f.Optional() {
			t.Errorf("%s: default %q, absent %q: exactly one of them says what an empty link means", f.Key, f.Default, f.Absent)
		}
		switch f.slot(new(Scenario)).(type) {
		case *int:
			wantKind(t, f, KindCount)
		case *float64:
			wantKind(t, f, KindNumber)
		case *bool:
			wantKind(t, f, KindFlag)
		case *string:
			if f.Kind == KindPoints {
				break
			}
			if f.Kind != KindList {
				wantKind(t, f, KindChoice)
			}
			if f.List == "" || (f.list == nil) == (f.Choices == nil) {
				t.Errorf("%s: needs a name of its list, and the list either here or in the Catalogue", f.Key)
			}
		}
		if f.Kind == KindCount || f.Kind == KindNumber {
			if f.Min >= f.Max || f.Max > 1e7 {
				t.Errorf("%s: domain %g to %g: want a range below 1e7, where a millionth is exact", f.Key, f.Min, f.Max)
			}
			if f.Optional() && f.Min <= 0 {
				t.Errorf("%s: zero means absent and must lie outside the domain, which starts at %g", f.Key, f.Min)
			}
		}
		for _, text := range []string{f.Default, f.Example} {
			s := Default()
			if text == "" {
				continue
			}
			if flt := f.read(&c, &s, text); flt != nil {
				t.Errorf("%s: %q %s", f.Key, text, flt.what)
			} else if got := f.text(&s); got != text {
				t.Errorf("%s: for %q, got canonical text %q", f.Key, text, got)
			}
		}
		if f.Example == f.Default && f.Key != versionKey {
			t.Errorf("%s: the example is the default", f.Key)
		}
	}
}

func wantKind(t *testing.T, f *field, want Kind) {
	t.Helper()
	if f.Kind != want {
		t.Errorf("%s: kind %s, but its slot wants %s", f.Key, f.Kind, want)
	}
}

// TestNamesOfKeys: no name of a key stands for two keys.
func TestNamesOfKeys(t *testing.T) {
	names := map[string]string{}
	for _, f := range Fields() {
		for _, name := range append([]string{f.Key}, f.Also...) {
			name = letters(name)
			if other := names[name]; other != "" {
				t.Errorf("%q stands for %s and %s", name, other, f.Key)
			}
			names[name] = f.Key
			if got := nearestKey(name); got != f.Key {
				t.Errorf("for the key %q, got the proposal %q, want %q", name, got, f.Key)
			}
		}
	}
}

// TestDefault compares with the defaults as the project's design states them.
func TestDefault(t *testing.T) {
	want := Scenario{
		Version: 1, Model: "deepseek-v3", GPU: "h100-sxm",
		Batch: 64, In: 4096, Out: 1024, Chunk: 16384, Engine: "vllm",
		Skew: 1, Law: "lognormal", EPLB: "off", Place: "tokens", Drift: 0.12, Interval: 3000, Moves: "blocking", Fabric: "unicast",
		Domain: 0.3, Speed: 2, Seed: 1,
		Accept: 0.85, Prefetch: "none", Recall: 0.88, Evict: "static", Refetch: true,
		Day: "flat", PUE: 1.3,
		Pct: 99, Units: "gb", Points: "all",
	}
	if got := Default(); got != want {
		t.Errorf("got\n%+v, want\n%+v", got, want)
	}
	if got := Encode(Default()); got != "" {
		t.Errorf("for the default, got the link %q, want an empty one", got)
	}
}

func TestFieldsAreCopies(t *testing.T) {
	i := slices.IndexFunc(table, func(f field) bool { return f.Key == "eplb" })
	Fields()[i].Choices[0].ID = "changed"
	if got := Fields()[i].Choices[0].ID; got != "off" {
		t.Errorf("a caller changed the table to %q", got)
	}
}

func TestDomain(t *testing.T) {
	for key, want := range map[string]string{
		"gpus":    "1 to 4,096",
		"in":      "1 to 10,000,000 tokens",
		"price":   "0.001 to 10,000 USD per GPU-hour",
		"pct":     "50 to 99.9",
		"eplb":    "off, static or online",
		"units":   "gb or gib",
		"split":   "0 or 1",
		"speed":   "0 to 50 %",
		"without": "any of routing, batch, domain, prefill, moves, speed, joined by commas",
		"gpu":     "an accelerator id",
		"model":   "a model id",
	} {
		if got := find(key).Domain(); got != want {
			t.Errorf("for %s, got %q, want %q", key, got, want)
		}
	}
}

func TestText(t *testing.T) {
	s := Default()
	s.GPUs, s.Skew, s.Split = 16, 0.5, true
	for key, want := range map[string]string{"gpus": "16", "tp": "", "skew": "0.5", "split": "1", "weights": "", "model": "deepseek-v3", "nonsense": ""} {
		if got := Text(s, key); got != want {
			t.Errorf("for %s, got %q, want %q", key, got, want)
		}
	}
}

// TestJSON: absent fields are absent in JSON too, and names are the keys.
func TestJSON(t *testing.T) {
	s := Default()
	s.GPUs = 16
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	if m["gpus"] != 16.0 || m["skew"] != 1.0 || m["spare"] != 0.0 {
		t.Errorf("got %s", data)
	}
	if _, ok := m["tp"]; ok {
		t.Errorf("an absent field is present: %s", data)
	}
}
