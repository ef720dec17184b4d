// Package fmt stands in for the standard library's in the page's program: the
// verbs and types that its sentences and errors use, with the same results, at a sixth of the size. Most of the
// standard one is what prints any value whatever, scans, and reaches files.
//
// Verbs: %v %s %q %d %x %g %e %f %t %T %c %w %%, with the flags - + 0, width and precision, on strings, bytes, numbers, truth values, errors, Stringers, and lists
// of these. Anything else prints as %!verb(type), as the standard one does with a verb that does
// not suit; that no call in either program needs it is tested in scripts/build (TestFormatsSuitTheSmallFmt).
package fmt

import (
	"errors"
	"io"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// Stringer is a value that says itself.
type Stringer interface{ String() string }

// Sprintf formats as the verbs say.
func Sprintf(format string, args ...any) string {
	p := printer{args: args}
	p.format(format)
	return string(p.out)
}

// Sprint joins values, with a space between two that are no strings.
func Sprint(args ...any) string {
	var p printer
	for i, a := range args {
		if i > 0 && !isString(a) && !isString(args[i-1]) {
			p.out = append(p.out, ' ')
		}
		p.value(spec{verb: 'v', width: -1, precision: -1}, a)
	}
	return string(p.out)
}

// Sprintln joins values with spaces and ends the line.
func Sprintln(args ...any) string {
	var p printer
	for i, a := range args {
		if i > 0 {
			p.out = append(p.out, ' ')
		}
		p.value(spec{verb: 'v', width: -1, precision: -1}, a)
	}
	return string(append(p.out, '\n'))
}

// Fprintf writes what Sprintf gives.
func Fprintf(w io.Writer, format string, args ...any) (int, error) {
	return io.WriteString(w, Sprintf(format, args...))
}

// Fprint writes what Sprint gives.
func Fprint(w io.Writer, args ...any) (int, error) { return io.WriteString(w, Sprint(args...)) }

// Fprintln writes what Sprintln gives.
func Fprintln(w io.Writer, args ...any) (int, error) { return io.WriteString(w, Sprintln(args...)) }

// Errorf makes an error of a text; the arguments of %w can be had back with errors.Is and As.
func Errorf(format string, args ...any) error {
	p := printer{args: args}
	p.format(format)
	switch text := string(p.out); len(p.wrapped) {
	case 0:
		return errors.New(text)
	case 1:
		return &wrapError{text, p.wrapped[0]}
	default:
		return &wrapErrors{text, p.wrapped}
	}
}

type wrapError struct {
	text string
	err  error
}

func (e *wrapError) Error() string { return e.text }
func (e *wrapError) Unwrap() error { return e.err }

type wrapErrors struct {
	text string
	errs []error
}

func (e *wrapErrors) Error() string   { return e.text }
func (e *wrapErrors) Unwrap() []error { return e.errs }

// spec is one verb with its flags.
type spec struct {
	verb             rune
	minus, plus      bool
	zero             bool
	width, precision int // -1: none
}

// printer is what was printed so far, and what is still to print.
type printer struct {
	out     []byte
	args    []any
	next    int
	wrapped []error
}

// format prints the arguments as a format says.
func (p *printer) format(f string) {
	for i := 0; i < len(f); {
		if f[i] != '%' {
			p.out = append(p.out, f[i])
			i++
			continue
		}
		s := spec{width: -1, precision: -1}
		for i++; i < len(f); i++ {
			switch f[i] {
			case '-':
				s.minus = true
				continue
			case '+':
				s.plus = true
				continue
			case '0':
				s.zero = true
				continue
			}
			break
		}
		s.width, i = number(f, i)
		if i < len(f) && f[i] == '.' {
			if s.precision, i = number(f, i+1); s.precision < 0 {
				s.precision = 0
			}
		}
		if i >= len(f) {
			p.out = append(p.out, "%!(NOVERB)"...)
			break
		}
		verb, size := utf8.DecodeRuneInString(f[i:])
		s.verb = verb
		s.plus = s.plus && verb != 'v' // there it asks for names of fields
		i += size
		switch {
		case verb == '%':
			p.out = append(p.out, '%')
		case p.next >= len(p.args):
			p.out = append(append(append(p.out, "%!"...), string(verb)...), "(MISSING)"...)
		default:
			p.next++
			p.value(s, p.args[p.next-1])
		}
	}
	if p.next < len(p.args) {
		p.out = append(p.out, "%!(EXTRA)"...)
	}
}

// number reads digits; -1 if there are none.
func number(f string, i int) (int, int) {
	n := -1
	for ; i < len(f) && '0' <= f[i] && f[i] <= '9'; i++ {
		n = max(n, 0)*10 + int(f[i]-'0')
	}
	return n, i
}

// value appends one argument.
func (p *printer) value(s spec, a any) {
	if s.verb == 'T' {
		p.pad(s, typeOf(a))
		return
	}
	if a == nil {
		if s.verb == 'v' {
			p.pad(s, "<nil>")
		} else {
			p.bad(s, a)
		}
		return
	}
	if s.verb == 'w' {
		err, is := a.(error)
		if !is {
			p.bad(s, a)
			return
		}
		p.wrapped = append(p.wrapped, err)
		s.verb = 'v'
	}
	v := reflect.ValueOf(a)
	switch s.verb {
	case 'v', 's', 'q', 'x':
		if v.Kind() == reflect.Pointer && v.IsNil() { // its methods may look behind it
			p.pad(s, "<nil>")
			return
		}
		switch a := a.(type) {
		case error:
			p.text(s, a.Error())
			return
		case Stringer:
			p.text(s, a.String())
			return
		}
	}
	p.reflected(s, a, v)
}

// reflected appends a value by its kind, so that a named type prints as what it is made of.
func (p *printer) reflected(s spec, a any, v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		switch s.verb {
		case 'v', 's', 'q', 'x':
			p.text(s, v.String())
			return
		}
	case reflect.Bool:
		if s.verb == 'v' || s.verb == 't' {
			p.pad(s, strconv.FormatBool(v.Bool()))
			return
		}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		n := v.Int()
		if p.integer(s, uint64(max(n, -n)), n < 0) {
			return
		}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		if p.integer(s, v.Uint(), false) {
			return
		}
	case reflect.Float32:
		if p.float(s, v.Float(), 32) {
			return
		}
	case reflect.Float64:
		if p.float(s, v.Float(), 64) {
			return
		}
	case reflect.Slice, reflect.Array:
		if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
			switch s.verb {
			case 's', 'q', 'x':
				p.text(s, string(v.Bytes()))
				return
			}
		}
		p.out = append(p.out, '[')
		for i := range v.Len() {
			if i > 0 {
				p.out = append(p.out, ' ')
			}
			p.value(s, v.Index(i).Interface())
		}
		p.out = append(p.out, ']')
		return
	}
	p.bad(s, a)
}

// text appends a string, cut to the precision, as the verb writes it.
func (p *printer) text(s spec, text string) {
	if s.precision >= 0 {
		n := 0
		for i := range text {
			if n == s.precision {
				text = text[:i]
				break
			}
			n++
		}
	}
	switch s.verb {
	case 'q':
		text = strconv.Quote(text)
	case 'x':
		var hex []byte
		for _, b := range []byte(text) {
			hex = append(hex, digits[b>>4], digits[b&15])
		}
		text = string(hex)
	}
	p.pad(s, text)
}

const digits = "0123456789abcdef"

// integer appends a whole number by its magnitude; false if the verb does not suit.
func (p *printer) integer(s spec, n uint64, negative bool) bool {
	base := 10
	switch s.verb {
	case 'v', 'd':
	case 'x':
		base = 16
	case 'c', 'q':
		char := utf8.RuneError
		if !negative && n <= utf8.MaxRune {
			char = rune(n)
		}
		if s.verb == 'c' {
			p.pad(s, string(char))
		} else {
			p.pad(s, strconv.QuoteRune(char))
		}
		return true
	default:
		return false
	}
	text := strconv.FormatUint(n, base)
	for len(text) < s.precision {
		text = "0" + text
	}
	s.zero = s.zero && s.precision < 0
	p.signed(s, text, negative)
	return true
}

// float appends a number of 32 or 64 bits; false if the verb does not suit.
func (p *printer) float(s spec, x float64, bits int) bool {
	precision := s.precision
	verb := byte('g')
	switch s.verb {
	case 'v', 'g':
	case 'e', 'f':
		verb = byte(s.verb)
		if precision < 0 {
			precision = 6
		}
	default:
		return false
	}
	text := strconv.FormatFloat(x, verb, precision, bits)
	negative := text[0] == '-'
	if text[0] == '-' || text[0] == '+' {
		text = text[1:]
	}
	if text == "Inf" || text == "NaN" {
		s.zero = false
		s.plus = s.plus || text == "Inf"
	}
	p.signed(s, text, negative)
	return true
}

// signed appends a number with its sign; zeros of a width stand behind it.
func (p *printer) signed(s spec, text string, negative bool) {
	sign := ""
	if negative {
		sign = "-"
	} else if s.plus {
		sign = "+"
	}
	if s.zero && !s.minus {
		for len(sign)+len(text) < s.width {
			text = "0" + text
		}
	}
	p.pad(s, sign+text)
}

// pad appends a text in its width, filled with spaces or zeros.
func (p *printer) pad(s spec, text string) {
	missing := s.width - utf8.RuneCountInString(text)
	filler := byte(' ')
	if s.zero && !s.minus {
		filler = '0'
	}
	if s.minus {
		p.out = append(p.out, text...)
	}
	for range missing {
		p.out = append(p.out, filler)
	}
	if !s.minus {
		p.out = append(p.out, text...)
	}
}

// bad says that a verb does not suit a value.
func (p *printer) bad(s spec, a any) {
	p.out = append(append(append(p.out, "%!"...), string(s.verb)...), '(')
	p.out = append(append(p.out, typeOf(a)...), ')')
}

func typeOf(a any) string {
	if a == nil {
		return "<nil>"
	}
	return reflect.TypeOf(a).String()
}

func isString(a any) bool { return a != nil && reflect.TypeOf(a).Kind() == reflect.String }
