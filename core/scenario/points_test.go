package scenario

import (
	"strings"
	"testing"
)

func TestPoints(t *testing.T) {
	got, why := Points("64:31.5~128x8192x512:44:900~16::250")
	want := []Point{{Users: 64, TPOT: 31.5}, {128, 8192, 512, 44, 900}, {Users: 16, TTFT: 250}}
	if why != "" || len(got) != len(want) {
		t.Fatalf("got %+v, %s", got, why)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("point %d: got %+v, want %+v", i+1, got[i], want[i])
		}
	}
	if text := PointsText(got); text != "64:31.5~128x8192x512:44:900~16::250" {
		t.Errorf("written again: %s", text)
	}
	if none, why := Points(""); none != nil || why != "" {
		t.Errorf("nothing: got %v, %s", none, why)
	}
}

func TestPointsThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"64": "no colon", "64:": "no time", ":31": "a count that is not 1", "0:31": "a count", "64x1:31": "neither users nor", "64:0": "a time", "64:-1": "a time", "64:NaN": "a time",
		"64:1e99": "a time", "99999999999999999999:1": "a count", "+64:1": "a count", "64:31~": "Point 2", "1x6000000x6000000:1": "more than 10,000,000 tokens",
		strings.Repeat("1:1~", 30) + "1:1": "at most 24", "64:" + strings.Repeat("9", 5000): "a time",
	} {
		if got, why := Points(text); got != nil || !strings.Contains(why, want) || len(why) > 400 {
			t.Errorf("%.40s: got %v, %q, want %q in it", text, got, why, want)
		}
	}
}

func FuzzPoints(f *testing.F) {
	for _, seed := range []string{"64:31.5~128x8192x512:44:900", "16::250", "x:", "~", "1x1x1:1:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		points, why := Points(text)
		if why != "" {
			return
		}
		again, why := Points(PointsText(points))
		if why != "" || len(again) != len(points) || PointsText(again) != PointsText(points) {
			t.Errorf("%q: written as %q, which gives %s", text, PointsText(points), why)
		}
	})
}
