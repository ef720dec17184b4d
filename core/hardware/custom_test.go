package hardware

import (
	"math"
	"reflect"
	"strings"
	"testing"
)

func TestParseCustom(t *testing.T) {
	a, err := Parse("custom~name:My_card~mem:80g~bw:3.35t~bf16:989e12~link:450g~domain:8~host:63gi")
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, got, want any) {
		t.Helper()
		if got != want {
			t.Errorf("for %s, got %v, want %v", what, got, want)
		}
	}
	check("ID", a.ID, "custom")
	check("Name", a.Name, "My card")
	check("MemoryBytes", a.MemoryBytes, int64(80_000_000_000))
	check("MemoryBasis", a.MemoryBasis, MemoryFromLink)
	check("bandwidth", a.BandwidthBytesPerSecond, 3.35e12)
	check("BF16", a.Peaks.BF16, 989e12)
	check("FP8", a.Peaks.FP8, 0.0)
	check("link", a.ScaleUp.BytesPerSecond, 450e9)
	check("domain", a.ScaleUp.GPUs, 8)
	check("host", a.HostLink.BytesPerSecond, 63.0*(1<<30))
	check("Complete", a.Complete(), true)
}

func TestParseLike(t *testing.T) {
	h100, _ := ByID("h100-sxm")
	for _, text := range []string{"custom~like:h100-sxm~mem:141g", "custom~mem:141g~like:h100-sxm"} {
		a, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if a.MemoryBytes != 141e9 || a.Peaks != h100.Peaks || a.Architecture != "hopper" || a.Like != "h100-sxm" {
			t.Errorf("for %s, got %+v", text, a)
		}
		if len(a.Sources.Memory) != 0 {
			t.Errorf("for %s, the derived card cites sources for figures that the link made up", text)
		}
	}
}

// bad are descriptions with the words that their errors must hold.
var bad = []struct{ text, want string }{
	{"", "not a known accelerator"},
	{"h100sxm", "not a known accelerator"},
	{"custom", "mem: missing"},
	{"custom~mem:80g~bw:3t", "bf16: missing"},
	{"custom~mem:80q~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:-80g~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:0x10~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:inf~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:nan~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:1e999~bw:3t~bf16:1p", "not a number"},
	{"custom~mem:1e300~bw:3t~bf16:1p", "out of range"},
	{"custom~mem:0~bw:3t~bf16:1p", "out of range"},
	{"custom~mem:80g~mem:90g", "given twice"},
	{"custom~memory:80g", "not a key"},
	{"custom~mem", "no colon"},
	{"custom~~", "no colon"},
	{"custom~like:h1000", "like"},
	{"custom~name:<b>x</b>", "name"},
	{"custom~name:", "name"},
	{"custom~unified:2~mem:80g~bw:3t~bf16:1p", "out of range"},
	{"custom~domain:0~mem:80g~bw:3t~bf16:1p", "out of range"},
	{"custom~" + strings.Repeat("x", 2000), "1,000"},
}

func TestParseErrors(t *testing.T) {
	for _, c := range bad {
		a, err := Parse(c.text)
		if err == nil {
			t.Errorf("for %q, got %+v, want an error with %q", c.text, a, c.want)
		} else if !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "gpu") || len(err.Error()) > 300 {
			t.Errorf("for %q, got %q, want an error with %q", c.text, err, c.want)
		}
	}
}

func TestEncodeRoundTrip(t *testing.T) {
	for _, text := range []string{
		"h100-sxm",
		"custom~mem:80g~bw:3.35t~bf16:989t",
		"custom~like:b200~mem:180g~fp8:0~price:2.5",
		"custom~like:dgx-spark~unified:0~host:63g",
		"custom~name:My_card~mem:85520809984~bw:1e9~bf16:1p~domain:72",
	} {
		a, err := Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		back, err := Parse(Encode(a))
		if err != nil || !reflect.DeepEqual(a, back) {
			t.Errorf("for %s, got %s (%v): %+v, want %+v", text, Encode(a), err, back, a)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, c := range bad {
		f.Add(c.text)
	}
	f.Add("custom~like:b200~mem:180g~fp8:0~price:2.5")
	f.Add("custom~name:My_card~mem:80gi~bw:3.35t~bf16:989e12")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := Parse(text)
		if err != nil {
			return
		}
		if a.MemoryBytes <= 0 || math.IsInf(a.BandwidthBytesPerSecond, 0) || math.IsNaN(a.Peaks.BF16) {
			t.Fatalf("for %q, got %+v", text, a)
		}
		link := Encode(a)
		if strings.Trim(link, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_~:,") != "" {
			t.Fatalf("for %q, link %q has letters that do not survive", text, link)
		}
		back, err := Parse(link)
		if err != nil || !reflect.DeepEqual(a, back) {
			t.Fatalf("for %q, %q gives %+v (%v), want %+v", text, link, back, err, a)
		}
	})
}
