package csv

import (
	std "encoding/csv"
	"reflect"
	"strings"
	"testing"

	"moecost/assets"
)

var tables = []string{
	"", "\n\n", "a", "a,b\n1,2\n", "a,b\r\n1,2\r\n\r\n3,4", `"a","b ""c"", d"` + "\n" + `"two` + "\n" + `lines",` + "\n", ",\n,", "é,漢\n\"\",x",
}

func TestReadAsEncodingCSV(t *testing.T) {
	for _, text := range append(tables, assets.Hardware(), assets.Sources(), assets.Models(), assets.ModelCounts()) {
		want, err := std.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got, err := Read(text); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%.60q: got %q (%v), want %q", text, got, err, want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"a,b\n1": "row 2: 1 fields, the first row has 2", "a\n\"b": "row 2: a quote is not closed", `a,b"c`: `a quote in "b\"c"`, `"a"b,c`: "text after the quote",
	} {
		if rows, err := Read(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %q, %v, want something about %q", text, rows, err, want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, text := range tables {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Read(text)
		if err != nil || strings.Contains(text, "\r") { // a lone carriage return is a character here
			return
		}
		want, err := std.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q: got %q, want %q (%v)", text, got, want, err)
		}
	})
}
