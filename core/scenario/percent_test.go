package scenario

import (
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"
)

// TestUnescape compares with net/url on valid text, and keeps what net/url refuses.
func TestUnescape(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		raw := make([]byte, rng.IntN(12))
		for i := range raw {
			raw[i] = byte(rng.IntN(256))
		}
		for _, escaped := range []string{url.PathEscape(string(raw)), strings.ToLower(url.PathEscape(string(raw)))} {
			want, err := url.PathUnescape(escaped)
			if err != nil {
				t.Fatal(err)
			}
			if got := unescape(escaped); got != want {
				t.Fatalf("for %q, got %q, want %q", escaped, got, want)
			}
		}
		if got, err := url.QueryUnescape(escapeValue(string(raw))); err != nil || got != string(raw) {
			t.Fatalf("for %q, net/url reads %q as %q, %v", raw, escapeValue(string(raw)), got, err)
		}
	}
	for text, want := range map[string]string{"100%": "100%", "%zz": "%zz", "%4": "%4", "%%41": "%A", "%25": "%"} {
		if got := unescape(text); got != want {
			t.Errorf("for %q, got %q, want %q", text, got, want)
		}
	}
}

func TestEscapeValue(t *testing.T) {
	for value, want := range map[string]string{
		"h100-sxm":                  "h100-sxm",
		"custom~mem:80g~bw:3.35t":   "custom~mem:80g~bw:3.35t",
		"ends.":                     "ends%2E",
		"a b":                       "a%20b",
		"a+b&c=d":                   "a%2Bb%26c=d",
		"<script>alert(1)</script>": "%3Cscript%3Ealert%281%29%3C/script%3E",
		"é":                         "%C3%A9",
	} {
		if got := escapeValue(value); got != want {
			t.Errorf("for %q, got %q, want %q", value, got, want)
		}
	}
}

func TestEscapeUnsafe(t *testing.T) {
	for segment, want := range map[string]string{
		"a=b+c%20d":     "a=b+c%20d",
		"a=100%":        "a=100%25",
		`a="<b>"`:       "a=%22%3Cb%3E%22",
		"a=b c":         "a=b%20c",
		"a=#\x00\u202e": "a=%23%00%E2%80%AE",
	} {
		got := escapeUnsafe(segment)
		if got != want || escapeUnsafe(got) != got || unescape(got) != unescape(segment) {
			t.Errorf("for %q, got %q, want %q, and the same meaning and no further change", segment, got, want)
		}
	}
}
