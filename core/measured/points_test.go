package measured

import (
	"math"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	got, err := Parse("64:31.5~128x8192x512:44:900~16::250")
	want := []Point{{Users: 64, TPOT: 0.0315}, {128, 8192, 512, 0.044, 0.9}, {Users: 16, TTFT: 0.25}}
	if err != nil || len(got) != len(want) {
		t.Fatalf("got %+v, %v", got, err)
	}
	for i := range want {
		if got[i].Users != want[i].Users || got[i].In != want[i].In || got[i].Out != want[i].Out || math.Abs(got[i].TPOT-want[i].TPOT) > 1e-15 || math.Abs(got[i].TTFT-want[i].TTFT) > 1e-15 {
			t.Errorf("point %d: got %+v, want %+v", i+1, got[i], want[i])
		}
	}
	if text := Text(got); text != "64:31.5~128x8192x512:44:900~16::250" {
		t.Errorf("written again: %s", text)
	}
	if none, err := Parse(""); none != nil || err != nil {
		t.Errorf("nothing: got %v, %v", none, err)
	}
}

func TestPointsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"64": "no colon", "64:": "no time", ":31": "is not a count", "0:31": "is not a count", "64x1:31": "neither users alone", "64:0": "not a time", "64:-1": "not a time", "64:NaN": "not a time",
		"64:1e99": "not a time", "99999999999999999999:1": "is not a count", "64:31~": "point 2", strings.Repeat("1:1~", 30) + "1:1": "at most 24", "64:" + strings.Repeat("9", 5000): "…",
	} {
		if got, err := Parse(text); err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 200 {
			t.Errorf("%.40s: got %v, %v, want an error with %q", text, got, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"64:31.5~128x8192x512:44:900", "16::250", "x:", "~", "1x1x1:1:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		points, err := Parse(text)
		if err != nil {
			return
		}
		again, err := Parse(Text(points))
		if err != nil || len(again) != len(points) {
			t.Errorf("%q: written as %q, which gives %v", text, Text(points), err)
		}
	})
}
