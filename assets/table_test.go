package assets

import (
	"encoding/csv"
	"reflect"
	"strings"
	"testing"
)

// All tables read as encoding/csv reads them.
func TestTableAsTheStandardLibrary(t *testing.T) {
	for name, text := range map[string]string{
		"hardware": Hardware(), "hosts": Hosts(), "sources": Sources(), "models": Models(), "counts": ModelCounts(),
		"quotes":        "a,b\n\"x, y\",\"say \"\"so\"\"\"\n\"two\nlines\",\n,\"\"\n",
		"no line break": "a,b\n1,2",
		"returns":       "a,b\r\n\"1\",2\r\n",
		"nothing":       "",
	} {
		want, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, err := Table(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(got)+len(want) > 0 && !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestTableRefuses(t *testing.T) {
	for _, text := range []string{"a,\"b", "a,b\"c", "\"a\"b,c", "a,b\n1", "a\n1,2"} {
		if _, err := csv.NewReader(strings.NewReader(text)).ReadAll(); err == nil {
			t.Errorf("%q: the standard library takes it", text)
		}
		if rows, err := Table(text); err == nil {
			t.Errorf("%q: got %q, want an error", text, rows)
		}
	}
}
