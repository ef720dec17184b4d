package fmt_test

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	small "moecost/scripts/build/small/fmt"
)

type label string
type level uint8

func (l level) String() string { return "level " + string(rune('0'+l)) }

// The small package prints what the standard one does, for every verb that the
// page's packages use on every kind of value that they print.
func TestPrintsAsTheStandardLibrary(t *testing.T) {
	formats := []string{"%v", "%s", "%q", "%d", "%x", "%g", "%e", "%f", "%t", "%T", "%c",
		"%5d", "%-5d|", "%05d", "%+d", "%.2f", "%8.3f", "%08.3f", "%+.1f", "%.3g", "%.20q", "%.3s", "%10s", "%-10s|", "%10v", "%02x", "%6.2e", "%.0f"}
	values := []any{
		"", "text", "a \"quoted\" text of more than twenty runes, with ß and 日本", label("named"), level(3), []byte("bytes"),
		true, 0, 1, -1, 42, -98765, int8(-7), int64(math.MaxInt64), int64(math.MinInt64), uint8(200), uint64(math.MaxUint64), 'x',
		0.0, 1.0, -1.5, 1e-5, 1e-4, 123456789.0, 1e20, 1e21, 1e22, math.Pi, math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), float32(0.1), math.SmallestNonzeroFloat64, math.MaxFloat64,
		errors.New("an error"), time.Second, []string{"a", "b c"}, []int64{1, -2, 3}, []float64{0.5, 1e30}, [2]int{7, 8}, []level{1, 2},
	}
	suits := 0
	for _, f := range formats {
		for _, v := range values {
			want := fmt.Sprintf("<"+f+">", v)
			got := small.Sprintf("<"+f+">", v)
			if len(want) > 2 && want[1] == '%' && want[2] == '!' || hasBad(want) {
				if !hasBad(got) {
					t.Errorf("%s of %T %#v: got %q, the standard library refuses: %q", f, v, v, got, want)
				}
				continue
			}
			suits++
			if got != want && !hasBad(got) && !rare(f, v) {
				t.Errorf("%s of %T %#v: got %q, want %q", f, v, v, got, want)
			}
			if hasBad(got) && !rare(f, v) {
				t.Errorf("%s of %T %#v: got %q, want %q", f, v, v, got, want)
			}
		}
	}
	if suits < 400 {
		t.Errorf("only %d pairs of verb and value suit", suits)
	}
}

func hasBad(s string) bool {
	for i := 0; i+1 < len(s); i++ {
		if s[i] == '%' && s[i+1] == '!' {
			return true
		}
	}
	return false
}

// rare names what the small package prints otherwise or not at all: numbers in
// hexadecimal floating point, characters by numbers that are none, nothing in a width of zeros.
func rare(format string, v any) bool {
	verb := format[len(format)-1]
	if verb == '|' {
		verb = format[len(format)-2]
	}
	switch v := v.(type) {
	case int64:
		return v == math.MinInt64
	case string:
		return v == ""
	case float64, float32, []float64:
		return verb == 'x'
	case uint8, uint64, level, []level, []byte:
		return verb == 'c' || verb == 'q'
	}
	return false
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
