package fmt_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	small "moecost/scripts/build/small/fmt"
)

type label string
type level uint8

func (l level) String() string { return "level " + string(rune('0'+l)) }

// broken cannot say anything when it is nil.
type broken struct{ text string }

func (b *broken) Error() string { return b.text }

// The small package prints what the standard one does: every verb with every
// flag, width and precision, on every kind of value that the programs print.
func TestPrintsAsTheStandardLibrary(t *testing.T) {
	var formats []string
	for _, verb := range "vsqdxgeftc" {
		for _, flags := range []string{"", "-", "+", "0", "+0", "-0"} {
			for _, width := range []string{"", "1", "12", "30"} {
				for _, precision := range []string{"", ".", ".0", ".1", ".3", ".20"} {
					formats = append(formats, "%"+flags+width+precision+string(verb))
				}
			}
		}
	}
	formats = append(formats, "%T", "%20T", "%-20T|", "100 %%", "%v%%")
	values := []any{
		"", "text", "a \"quoted\" text of more than twenty runes, with ß and 日本", "\xff\x00\n", label("named"), level(3), []byte("bytes"),
		true, false, 0, 1, -1, 42, -98765, int8(-7), int64(math.MaxInt64), int64(math.MinInt64), uint8(200), uint64(math.MaxUint64), 'x', 0x10ffff, 0x110000,
		0.0, 1.0, -1.5, 1e-5, 1e-4, 123456789.0, 1e20, 1e21, 1e22, math.Pi, math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), float32(0.1), math.SmallestNonzeroFloat64, math.MaxFloat64,
		errors.New("an error"), &broken{"said"}, time.Second, []string{"a", "b c"}, []string(nil), []int64{1, -2, 3}, []float64{0.5, 1e30}, [2]int{7, 8}, []level{1, 2}, []any{1, "a", errors.New("e")}, [][]string{{"a"}, {}},
	}
	suits := 0
	for _, f := range formats {
		for _, v := range values {
			want, got := fmt.Sprintf(f, v), small.Sprintf(f, v)
			if strings.Contains(want, "%!") {
				if !strings.Contains(got, "%!") {
					t.Errorf("%s of %T %#v: got %q, the standard library refuses: %q", f, v, v, got, want)
				}
				continue
			}
			suits++
			if got != want && !rare(f, v) {
				t.Errorf("%s of %T %#v: got %q, want %q", f, v, v, got, want)
			}
		}
	}
	if suits < 15000 {
		t.Errorf("only %d pairs of format and value suit", suits)
	}
}

// rare names what the small package prints otherwise or not at all: floating-point numbers in hexadecimal,
// lists of strings in it, quotes in ASCII alone, and a whole number 0 with no digits.
func rare(format string, v any) bool {
	switch verb := format[len(format)-1]; verb {
	case 'x':
		switch v.(type) {
		case float64, float32, []float64:
			return true
		case int:
			return v == 0 && emptyPrecision(format)
		}
	case 'q':
		return strings.Contains(format, "+")
	case 'd', 'v':
		return v == 0 && emptyPrecision(format)
	}
	return false
}

// emptyPrecision tells %.0d and %.d from others.
func emptyPrecision(format string) bool {
	return strings.Contains(format, ".0") || strings.Contains(format, ".") && !strings.ContainsAny(format[strings.Index(format, "."):], "0123456789")
}

func TestNilAndWrongCalls(t *testing.T) {
	var nothing *broken
	for _, c := range []struct {
		got, want string
	}{
		{small.Sprintf("%v %s", nothing, error(nothing)), fmt.Sprintf("%v %s", nothing, error(nothing))},
		{small.Sprintf("%v", nil), fmt.Sprintf("%v", nil)},
		{small.Sprintf("no values"), "no values"},
		{small.Sprintf("%d and %d", 1), "1 and %!d(MISSING)"},
		{small.Sprintf("%d", 1, 2), "1%!(EXTRA)"},
		{small.Sprintf("at the end %"), "at the end %!(NOVERB)"},
		{small.Sprintf("%v", map[string]int{}), "%!v(map[string]int)"},
		{small.Sprintf("%v", struct{}{}), "%!v(struct {})"},
		{small.Sprintf("%[1]d", 1), "%![(int)1]d"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestWrites(t *testing.T) {
	var got, want strings.Builder
	small.Fprintf(&got, "%d %s\n", 1, "a")
	small.Fprint(&got, 1, 2, "b", 3)
	small.Fprintln(&got, "c", 4)
	fmt.Fprintf(&want, "%d %s\n", 1, "a")
	fmt.Fprint(&want, 1, 2, "b", 3)
	fmt.Fprintln(&want, "c", 4)
	if got.String() != want.String() {
		t.Errorf("got %q, want %q", got.String(), want.String())
	}
}

func TestJoinsAsTheStandardLibrary(t *testing.T) {
	for _, args := range [][]any{{}, {"a", "b"}, {1, 2}, {"a", 1, 2, "b", nil, errors.New("e")}, {level(1), 2.5, "x"}} {
		if got, want := small.Sprint(args...), fmt.Sprint(args...); got != want {
			t.Errorf("Sprint(%v): got %q, want %q", args, got, want)
		}
		if got, want := small.Sprintln(args...), fmt.Sprintln(args...); got != want {
			t.Errorf("Sprintln(%v): got %q, want %q", args, got, want)
		}
	}
}

func TestErrorsUnwrap(t *testing.T) {
	cause, other := errors.New("cause"), errors.New("other")
	one := small.Errorf("where: %d: %w", 7, cause)
	if one.Error() != "where: 7: cause" || !errors.Is(one, cause) || errors.Is(one, other) {
		t.Errorf("got %v", one)
	}
	both := small.Errorf("%w and %w", cause, other)
	if both.Error() != "cause and other" || !errors.Is(both, cause) || !errors.Is(both, other) {
		t.Errorf("got %v", both)
	}
	if plain := small.Errorf("%s", "text"); errors.Unwrap(plain) != nil {
		t.Errorf("got %v", errors.Unwrap(plain))
	}
}
