package quantity

import (
	"math"
	"strings"
	"testing"
)

// plain shows the special spaces and signs of a text so that tests can be typed.
func plain(s string) string {
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(s)
}

// below is the float just under v.
func below(v float64) float64 { return math.Nextafter(v, 0) }

func TestText(t *testing.T) {
	check := func(k Kind, u Units, v float64, want string) {
		t.Helper()
		if got := plain(k.Text(u, v)); got != want {
			t.Errorf("for %g, got %q, want %q", v, got, want)
		}
	}
	check(Bytes, Decimal, 688574839360, "689 GB")
	check(Bytes, Binary, 688574839360, "641 GiB")
	check(Bytes, Decimal, 24.868e9, "24.9 GB")
	check(Bytes, Decimal, 3e9, "3.00 GB")
	check(Bytes, Decimal, 70272, "70.3 kB")
	check(Bytes, Decimal, 999.5e9, "1.00 TB") // 999.5 prints as 1,000
	check(Bytes, Decimal, below(999.5e9), "999 GB")
	check(Bytes, Decimal, 999.4e9, "999 GB")
	check(Bytes, Decimal, 0, "0 GB")
	check(Bytes, Decimal, 999, "999 B")
	check(Bytes, Binary, 81559<<20, "79.6 GiB") // an "80 GB" H100
	check(Bytes, Decimal, 81559<<20, "85.5 GB")
	check(Bytes, Decimal, -24.868e9, "−24.9 GB")
	check(Bytes, Decimal, math.NaN(), "–")
	check(Bytes, Decimal, math.Inf(1), "never")

	check(Parameters, Decimal, 671026419200, "671 B")
	check(Parameters, Decimal, 37.6e9, "37.6 B")
	check(Parameters, Decimal, 1.026e12, "1.03 T")
	check(Parameters, Decimal, 999.6e9, "1.00 T")
	check(Parameters, Decimal, 350e6, "350 M")
	check(Parameters, Decimal, 7168, "7,168")

	check(Seconds, Decimal, 0.0298, "29.8 ms")
	check(Seconds, Decimal, 0.9995, "1.00 s")
	check(Seconds, Decimal, below(0.9995), "999 ms")
	check(Seconds, Decimal, 0.9994, "999 ms")
	check(Seconds, Decimal, 0.0001, "0.100 ms")
	check(Seconds, Decimal, 0.00009994, "99.9 µs")
	check(Seconds, Decimal, 12.3, "12.3 s")
	check(Seconds, Decimal, 1e-6, "1.00 µs")

	check(Tokens, Decimal, 4096, "4,096")
	check(Tokens, Decimal, 1048576, "1,048,576")
	check(Tokens, Decimal, 202.4, "202")
	check(TokensPerSecond, Decimal, 2147.3, "2,150 tok/s")
	check(BytesPerSecond, Decimal, 3.35e12, "3.35 TB/s")
	check(BytesPerSecond, Binary, 3.35e12, "3.05 TiB/s")
	check(FLOPsPerSecond, Decimal, 989e12, "989 TFLOP/s")
	check(FLOPs, Decimal, 74.8e9, "74.8 GFLOP")

	check(Dollars, Decimal, 4.14, "$4.14")
	check(Dollars, Decimal, 1234.5, "$1,234.50")
	check(Dollars, Decimal, 0.01, "$0.01")
	check(Dollars, Decimal, below(0.01), "$0.01")
	check(Dollars, Decimal, 0.0042, "0.42¢")
	check(Dollars, Decimal, -2, "−$2.00")
	check(Dollars, Decimal, 0, "$0")

	check(Share, Decimal, 0.972, "97 %")
	check(Share, Decimal, 0.031, "3.1 %")
	check(Share, Decimal, 0.03, "3 %")
	check(Share, Decimal, 0.0042, "0.42 %")
	check(Share, Decimal, 0.00004, "< 0.01 %")
	check(Share, Decimal, 0.0995, "10 %")
	check(Share, Decimal, 0.997, "99.7 %")
	check(Share, Decimal, 1, "100 %")
	check(Share, Decimal, 0, "0 %")

	check(Ratio, Decimal, 17.87, "17.9×")
	check(Ratio, Decimal, 1.1, "1.10×")
	check(Ratio, Decimal, below(1.1), "110 %")
	check(Ratio, Decimal, 0.97, "97 %")
	check(Watts, Decimal, 700, "700 W")
}

func TestTimes(t *testing.T) {
	for v, want := range map[float64]string{17.87: "17.9 times", 1.85: "1.85 times", 1.05: "105 %", 0.5: "50 %"} {
		if got := plain(Times(v)); got != want {
			t.Errorf("for %g, got %q, want %q", v, got, want)
		}
	}
}

func TestSpaces(t *testing.T) {
	if got := Bytes.Text(Decimal, 24.9e9); got != "24.9\u00a0GB" {
		t.Errorf("got %q: value and unit need a no-break space", got)
	}
	if got := Share.Text(Decimal, 0.97); got != "97\u202f%" {
		t.Errorf("got %q: percent needs a narrow no-break space", got)
	}
}

func TestPredicted(t *testing.T) {
	check := func(k Kind, v, low, high float64, want string) {
		t.Helper()
		if got := plain(k.Predicted(Decimal, v, low, high).String()); got != want {
			t.Errorf("for %g (%g to %g), got %q, want %q", v, low, high, got, want)
		}
	}
	check(Seconds, 0.0298, 0.0248, 0.0352, "30 ms (25–35)")
	check(TokensPerSecond, 2147, 1823, 2580, "2,100 tok/s (1,800–2,600)")
	check(Seconds, 0.0298, 0.0295, 0.0301, "29.8 ms (29.5–30.1)")
	check(Seconds, 0.0298, 0.0298, 0.0298, "29.8 ms")
	check(Seconds, 0.997, 0.5, 1.5, "1.0 s (0.5–1.5)")
	check(Seconds, 0.0098, 0.0081, 0.0123, "9.8 ms (8.1–12.3)")
	check(TokensPerSecond, 2147, 12, 2580, "2,100 tok/s (10–2,600)") // never a bound of zero that is not zero
	check(Seconds, 0.030, 0.0002, 0.06, "30 ms (0.2–60)")
	check(Seconds, 9960, 9000, 11000, "10,000 s (9,000–11,000)")
	check(Seconds, 0.03, 0.02, math.Inf(1), "30 ms (20–never)")
	check(Seconds, 0, 0, 0.1, "0 ms")
	check(Dollars, 4.141, 3.4, 4.9, "$4.14 (3.40–4.90)")
	check(Dollars, 0.0042, 0.0031, 0.0049, "0.42¢ (0.31–0.49)")
	check(Share, 0.25, 0.2, 0.3, "25 % (20–30)")
	check(Bytes, math.NaN(), 1, 2, "–")
	if got := plain(Seconds.Predicted(Decimal, 0.0298, 0.0248, 0.0352).Words()); got != "25 to 35 ms" {
		t.Errorf("got %q", got)
	}
}

func TestColumn(t *testing.T) {
	column := []float64{40.312e9, 2.501e9, 3.1e6, 0, -1.5e9}
	scale := Bytes.Column(Decimal, column...)
	var got []string
	for _, v := range column {
		got = append(got, scale.Ledger(v))
	}
	want := "GB: 40.31 2.50 < 0.01 0 −1.50"
	if line := scale.Unit + ": " + strings.Join(got, " "); line != want {
		t.Errorf("got %q, want %q", line, want)
	}
	if scale := Bytes.Column(Decimal, 999.6e6, math.Inf(1)); scale.Unit != "GB" {
		t.Errorf("got %s: one unit, that in which the largest value prints as at least 1", scale.Unit)
	}
	if got := Fixed(0.005, 2); got != "0.01" {
		t.Errorf("for 0.005, got %q: it prints as 0.01 and is not below the resolution", got)
	}
	if got := Fixed(below(0.005), 2); got != "< 0.01" {
		t.Errorf("just below 0.005, got %q", got)
	}
}

func TestFull(t *testing.T) {
	check := func(k Kind, v float64, want string) {
		t.Helper()
		if got := plain(k.Full(v)); got != want {
			t.Errorf("for %g, got %q, want %q", v, got, want)
		}
	}
	check(Bytes, 688574839360, "688,574,839,360 bytes")
	check(Parameters, 671026419200, "671,026,419,200")
	check(Seconds, 0.0298432, "0.0298432 s")
	check(FLOPsPerSecond, 989e12, "989,000,000,000,000 FLOP/s")
	check(Dollars, 4.1415, "$4.1415")
	check(Share, 0.9724, "0.9724")
}

// TestThresholds prints numbers around every power of ten and every unit and
// asks that no printed number has four digits before the point or a unit too small.
func TestThresholds(t *testing.T) {
	for _, k := range []Kind{Bytes, BytesPerSecond, FLOPs} {
		for e := 3; e < 17; e++ {
			for _, m := range []float64{0.9994, 0.9995, 0.99951, 0.9999, 1, 1.0001} {
				v := m * math.Pow(10, float64(e))
				for _, x := range []float64{below(v), v, math.Nextafter(v, math.Inf(1))} {
					number, _, _ := strings.Cut(plain(k.Text(Decimal, x)), " ")
					if digits := strings.Trim(number, "0123456789"); len(number) > 4 || digits != "" && digits != "." {
						t.Errorf("for %.17g, got %q: want three significant digits", x, k.Text(Decimal, x))
					}
				}
			}
		}
	}
}

func TestParse(t *testing.T) {
	check := func(k Kind, text string, bare, want float64) {
		t.Helper()
		if got, err := k.Parse(text, bare); err != nil || math.Abs(got-want) > 1e-12*math.Abs(want) {
			t.Errorf("for %q, got %g (%v), want %g", text, got, err, want)
		}
	}
	check(Tokens, "4k", 1, 4000)
	check(Tokens, "4Ki", 1, 4096)
	check(Tokens, "1,024", 1, 1024)
	check(Tokens, " 1,048,576 ", 1, 1048576)
	check(Tokens, "4096 tokens", 1, 4096)
	check(Plain, "1e6", 1, 1e6)
	check(Plain, "1E+2", 1, 100)
	check(Plain, "−3", 1, -3)
	check(Parameters, "671B", 1, 671e9)
	check(Parameters, "1.03 T", 1, 1.03e12)
	check(Bytes, "2.5 GB", 1, 2.5e9)
	check(Bytes, "80gb", 1, 80e9)
	check(Bytes, "80 GiB", 1, 80<<30)
	check(Bytes, "80\u00a0GiB", 1, 80<<30)
	check(Bytes, "24.9", 1e9, 24.9e9)
	check(Bytes, "512 B", 1e9, 512)
	check(BytesPerSecond, "25", 1e9, 25e9)
	check(BytesPerSecond, "25 GB/s", 1e9, 25e9)
	check(BytesPerSecond, "3.35TB/s", 1e9, 3.35e12)
	check(BytesPerSecond, "400 Gb/s", 1e9, 50e9) // networks are sold in bits
	check(Seconds, "50", 1e-3, 0.05)
	check(Seconds, "50 ms", 1e-3, 0.05)
	check(Seconds, "1.5 s", 1e-3, 1.5)
	check(Seconds, "20 µs", 1e-3, 20e-6)
	check(Dollars, "$2", 1, 2)
	check(Dollars, "2.50", 1, 2.5)
	check(Share, "75 %", 1, 0.75)
	check(Share, "0.75", 1, 0.75)
	check(Ratio, "1.5x", 1, 1.5)
	check(FLOPsPerSecond, "989 TFLOP/s", 1, 989e12)
}

// badInput are texts with the words that their errors must hold.
var badInput = []struct {
	kind Kind
	text string
	want string
}{
	{Tokens, "", "no number"},
	{Tokens, "many", "no number"},
	{Tokens, "1,5", "comma separates thousands"},
	{Tokens, "1,00", "comma separates thousands"},
	{Tokens, ",100", "comma separates thousands"},
	{Tokens, "1.5,000", "comma separates thousands"},
	{Tokens, "1.2.3", "not a number"},
	{Tokens, "4 GB", "unit"},
	{Tokens, "4kk", "unit"},
	{Bytes, "5 m²", "unit"},
	{BytesPerSecond, "25 gb/s", "unit"}, // bits or bytes?
	{Plain, "1e999", "not a number"},
	{Plain, "NaN", "no number"},
	{Plain, "Inf", "no number"},
	{Plain, "0x10", "unit"},
	{Bytes, "1e300TB", "too large"},
	{Plain, "<script>", "no number"},
	{Seconds, "5 fortnights" + strings.Repeat("s", 500), "unit"},
}

func TestParseErrors(t *testing.T) {
	for _, c := range badInput {
		v, err := c.kind.Parse(c.text, 1e290)
		if err == nil && c.want != "too large" {
			t.Errorf("for %q, got %g, want an error with %q", c.text, v, c.want)
		} else if err != nil && (!strings.Contains(err.Error(), c.want) || len(err.Error()) > 250) {
			t.Errorf("for %q, got %q, want an error with %q", c.text, err, c.want)
		}
	}
}

// FuzzParse: no input panics, and what is written can be read back.
func FuzzParse(f *testing.F) {
	for _, c := range badInput {
		f.Add(uint8(c.kind), c.text)
	}
	f.Add(uint8(Bytes), "2.5 GB")
	f.Add(uint8(Tokens), "1,024")
	f.Fuzz(func(t *testing.T, kind uint8, text string) {
		k := Kind(kind % uint8(Watts+1))
		v, err := k.Parse(text, 1)
		if err != nil || v == 0 || math.Abs(v) > 1e18 || math.Abs(v) < 1e-9 || k == Ratio || k == Share || k == Dollars {
			return
		}
		written := k.Text(Decimal, v)
		back, err := k.Parse(written, 1)
		if err != nil || math.Abs(back-v) > 0.0051*math.Abs(v) {
			t.Fatalf("for %q, %q reads back as %g (%v), want %g", text, written, back, err, v)
		}
	})
}

func BenchmarkText(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Bytes.Text(Decimal, 24.868e9)
	}
}

func BenchmarkPredicted(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_ = Seconds.Predicted(Decimal, 0.0298, 0.0248, 0.0352)
	}
}
