package json

import (
	"bytes"
	std "encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

type base struct {
	Name  string `json:"name"`
	Width int64
	Note  string `json:"note,omitempty"`
}

type number float32

type sample struct {
	base
	*hidden
	Width   string `json:"Width"` // hides that of base
	Many    []base `json:"many"`
	None    []int  `json:"none"`
	Left    []int  `json:"left,omitempty"`
	Pointer *base  `json:"pointer"`
	Absent  *base  `json:"absent,omitempty"`
	Any     any    `json:"any"`
	Map     map[string]float64
	Shape   map[string]any `json:"shape,omitempty"`
	Array   [2]bool
	Small   number
	Float   float64 `json:"float,omitempty"`
	Uint    uint16
	Skipped string `json:"-"`
	private int
	Pair    []any
}

type hidden struct {
	Depth int
	Twice string `json:"twice"`
}

func samples() []any {
	full := sample{
		base: base{"<a href=\"x\"> & 'b' \\ \u2028\u2029 \x00\x1f\x7f é 漢 𝄞 \xff \n\r\t\b\f", 7, "n"}, hidden: &hidden{3, "t"},
		Width: "w", Many: []base{{}, {"x", math.MinInt64, ""}}, Left: []int{1}, Pointer: &base{}, Any: []any{1, "2", nil, 3.5, true, map[string]any{}},
		Map: map[string]float64{"b": 1e-7, "a": 1e21, "": 123456789.125}, Shape: map[string]any{"r": 2, "x": []float64{-0.5}},
		Array: [2]bool{true}, Small: 0.1, Float: 5e-324, Uint: 65535, private: 1, Pair: []any{base{}, &base{}},
	}
	return []any{
		nil, true, "", 0, -12, int64(math.MaxInt64), uint64(math.MaxUint64), 0.0, math.Copysign(0, -1), 1.0, 0.1, 1e20, 1e21, 1e-6, 9.99e-7, 1e-10, 1e100, -1e-300, math.MaxFloat64,
		float32(0.1), float32(1e-6), float32(9.9e-7), float32(1e21), float32(3.4e38), []string(nil), []string{}, []int{1, 2}, map[string]int(nil), map[string]int{}, [3]int{},
		struct{}{}, &struct{ A, B int }{1, 2}, sample{}, full, &full, []sample{full, {}}, (*sample)(nil),
	}
}

func TestMarshalAsEncodingJSON(t *testing.T) {
	for _, v := range samples() {
		want, err := std.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Marshal(v)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%T: got %s (%v), want %s", v, got, err, want)
		}
		var indented bytes.Buffer
		if err := std.Indent(&indented, want, "", "  "); err != nil {
			t.Fatal(err)
		}
		if got := Indent(want); !bytes.Equal(got, indented.Bytes()) {
			t.Errorf("%T: got %s, want %s", v, got, indented.Bytes())
		}
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		f := math.Float64frombits(random.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			continue
		}
		want, _ := std.Marshal([]any{f, float32(f / 1e280)})
		if got, err := Marshal([]any{f, float32(f / 1e280)}); err == nil && !bytes.Equal(got, want) {
			t.Errorf("%g: got %s, want %s", f, got, want)
		}
	}
}

func TestMarshalRefuses(t *testing.T) {
	for _, v := range []any{math.NaN(), math.Inf(-1), make(chan int), func() {}, []byte("x"), map[int]string{}, struct{ F complex64 }{}, []any{math.NaN()}} {
		if text, err := Marshal(v); err == nil || !strings.HasPrefix(err.Error(), "json: ") {
			t.Errorf("%v: got %s, %v", v, text, err)
		}
	}
}

func TestUnmarshal(t *testing.T) {
	want := sample{
		base: base{"a\"\\/\n\u2028 𝄞", 7, ""}, Width: "w", Many: []base{{"x", math.MinInt64, "n"}, {}}, Left: []int{}, Pointer: &base{Width: 2}, Small: 0.5, Float: -1.5e3, Uint: 9,
	}
	text := ` {"name":"a\"\\\/\n\u2028 \ud834\udd1e","Width":"w", "unknown":[{"a":[1,-2.5e-3,null,true,false,"x"]},[]] ,"many":[{"name":"x","Width":-9223372036854775808,"note":"n"},{}],
		"none":null,"left":[],"pointer":{"Width":2},"Small":0.5,"float":-1.5e+3,"Uint":9,"Skipped":"no","private":3} `
	text = strings.Replace(text, `"name":"a`, `"Width":"first","name":"a`, 1) // the last of two counts
	var got sample
	if err := Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want.base.Width = 0 // hidden by the outer one
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestUnmarshalRefuses(t *testing.T) {
	for text, want := range map[string]string{
		``: "a value is missing", `{`: "is missing", `{"Uint":1`: "is missing", `{"Uint":}`: "a value is missing", `{"Uint" 1}`: `':' is missing`, `{,}`: `'"' is missing`,
		`{"Uint":1,}`: `'"' is missing`, `{"many":[{},]}`: "a value is missing", `{"Uint":70000}`: "70000 is no uint16", `{"Uint":-1}`: "-1 is no uint16", `{"Uint":1.5}`: "1.5 is no uint16",
		`{"Uint":01}`: "is missing", `{"Uint":1.}`: "a digit", `{"Uint":-}`: "a digit", `{"Uint":1e}`: "a digit", `{"Uint":"1"}`: "a string is no uint16", `{"name":1}`: "a number is no string",
		`{"many":{}}`: "a struct is no []json.base", `{"many":[[]]}`: "a slice is no json.base", `{"Array":[true]}`: "a slice is no [2]bool", `{"name":tru}`: "a value is missing", `{"name":"a`: "does not end",
		"{\"name\":\"a\nb\"}": "control character", `{"name":"\x"}`: "escape", `{"name":"\u12"}`: "digits", `{"name":"\u12g4"}`: "digits", `{} {}`: "after the end", `nul`: "a value is missing",
		`{"unknown":` + strings.Repeat("[", 1000): "nested", `{"Depth":1}`: "embedded pointer",
	} {
		var got sample
		if err := Unmarshal([]byte(text), &got); err == nil || !strings.HasPrefix(err.Error(), "json: byte ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want something about %q", text, err, want)
		}
	}
	if err := Unmarshal([]byte("{}"), sample{}); err == nil {
		t.Error("no error for a value that cannot be set")
	}
}

// FuzzUnmarshal compares with encoding/json: what this package reads, that one reads alike.
func FuzzUnmarshal(f *testing.F) {
	for _, v := range samples() {
		text, err := std.Marshal(v)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte(`{"name":"\ud834\u0041\udd1e\ud834\ud834\udd1e","many":[{"Width":1e3}],"left":[1,2,3,4,5,6]}`))
	type plain struct {
		Name  string `json:"name"`
		Many  []base `json:"many"`
		Left  []int  `json:"left"`
		Float float64
		Inner *struct{ A, B bool }
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var got, want plain
		err := Unmarshal(text, &got)
		wantErr := std.Unmarshal(text, &want)
		if err != nil {
			return // keys that differ in case only are matched there, and a whole number may be nested deeper
		}
		if wantErr != nil {
			if strings.Contains(wantErr.Error(), "cannot unmarshal") {
				return // of such a key
			}
			t.Fatalf("%q: no error here, there %v", text, wantErr)
		}
		again, _ := std.Marshal(got)
		theirs, _ := std.Marshal(want)
		if !bytes.Equal(again, theirs) && !strings.Contains(strings.ToLower(string(again)), "null") && bytes.Equal(bytes.ToLower(text), text) {
			t.Errorf("%q: got %s, want %s", text, again, theirs)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	rows := make([]base, 200)
	for i := range rows {
		rows[i] = base{"name", int64(i), ""}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Marshal(rows); err != nil {
			b.Fatal(err)
		}
	}
}
