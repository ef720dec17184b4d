package chart

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"moecost/core/arch/preset"
	"moecost/core/report"
)

func build(t *testing.T, query string) *report.Report {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	r, err := report.Build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		t.Fatalf("for %q: %v", query, err)
	}
	return r
}

// queries reach the odd corners: dense, recurrent, one GPU, far too little memory, GiB.
var queries = []string{
	"", "model=kimi-k2&gpu=h200&gpus=8", "model=llama-3.1-70b&gpus=1&units=gib", "model=qwen3-next-80b-a3b&gpus=4",
	"model=gpt-oss-120b&gpu=h100-sxm&gpus=1&batch=512", "model=deepseek-v4-pro&gpu=b200&gpus=8&batch=1",
	"model=deepseek-v3&gpu=rtx4090&gpus=1&in=100000", "model=mixtral-8x7b&gpu=a100-80-sxm&gpus=6&tp=2",
}

var boxes = []Box{{1040, 218}, {600, 218}, {358, 100}, {496, 380}, {587, 470}, {320, 320}}

func TestEveryChartOfEveryPresetIsPlainData(t *testing.T) {
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		r := build(t, "model="+p.ID)
		for _, name := range Names() {
			o, err := Draw(name, r, Box{496, 380}, Dark)
			if err != nil {
				t.Fatalf("%s of %s: %v", name, p.ID, err)
			}
			text, err := o.JSON()
			if err != nil {
				t.Errorf("%s of %s: %v", name, p.ID, err)
			}
			if strings.Contains(string(text), "__f__") || strings.Contains(string(text), "function") {
				t.Errorf("%s of %s holds a function", name, p.ID)
			}
		}
	}
}

// Words placed in Go must stay inside the box: the drawing is cut at its edge.
func TestWordsStayInsideTheBox(t *testing.T) {
	for _, q := range queries {
		r := build(t, q)
		for _, name := range Names() {
			for _, box := range boxes {
				o, _ := Draw(name, r, box, Light)
				for _, g := range o.Graphic {
					if g.Type != "text" {
						continue
					}
					w := textWidth(g.Style.Text, fontSize, strings.HasPrefix(g.Style.Font, "600"))
					left := g.X
					switch g.Style.TextAlign {
					case "right":
						left -= w
					case "center":
						left -= w / 2
					}
					if left < -2 || left+w > box.Width+2 {
						t.Errorf("%s at %gx%g for %q: %q runs from %.0f to %.0f", name, box.Width, box.Height, q, g.Style.Text, left, left+w)
					}
				}
			}
		}
	}
}

func TestWordsDoNotTouch(t *testing.T) {
	for _, q := range queries {
		r := build(t, q)
		for _, box := range []Box{{1040, 218}, {600, 218}, {358, 100}} {
			o, _ := Draw("ledger", r, box, Light)
			var taken []rect
			var texts []string
			for _, g := range o.Graphic {
				if g.Type != "text" {
					continue
				}
				w := textWidth(g.Style.Text, fontSize, strings.HasPrefix(g.Style.Font, "600"))
				x := g.X
				if g.Style.TextAlign == "right" {
					x -= w
				}
				at := rect{x, g.Y - 7, x + w, g.Y + 7}
				for i, other := range taken {
					if at.touches(other) {
						t.Errorf("ledger at %g for %q: %q touches %q", box.Width, q, g.Style.Text, texts[i])
					}
				}
				taken, texts = append(taken, at), append(texts, g.Style.Text)
			}
		}
	}
}

// The bar of the ledger is the ledger: its segments add up to the card, or to
// what is used where that is more.
func TestLedgerSegmentsAddUp(t *testing.T) {
	for _, q := range queries {
		r := build(t, q)
		o, _ := Draw("ledger", r, Box{1040, 218}, Light)
		sum := 0.0
		for _, s := range o.Series {
			sum += s.Data[0].Value[0]
		}
		want := o.XAxis.Max.(float64)
		if diff := sum/want - 1; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("for %q, segments add up to %g, want %g", q, sum, want)
		}
	}
}

func TestUnknownChartIsRefusedByName(t *testing.T) {
	if _, err := Draw("pie", build(t, ""), Box{100, 100}, Light); err == nil || !strings.Contains(err.Error(), "ledger") {
		t.Errorf("got %v, want an error that lists the charts", err)
	}
}

func TestCatalogueKnowsTheCharts(t *testing.T) {
	if len(report.Charts) != len(Names()) {
		t.Fatalf("report lists %d charts, chart draws %d", len(report.Charts), len(Names()))
	}
	for i, c := range report.Charts {
		if c.ID != Names()[i] {
			t.Errorf("chart %d is %q in report and %q here", i, c.ID, Names()[i])
		}
	}
}

// The palettes stand twice, because options are data: here and in the style sheet.
func TestPalettesAreThoseOfTheStyleSheet(t *testing.T) {
	css, err := os.ReadFile("../../site/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	for i, light := range Light.Tokens() {
		want := "--" + light.Name + ": light-dark(" + light.Colour + ", " + Dark.Tokens()[i].Colour + ")"
		if !strings.Contains(string(css), want) {
			t.Errorf("site/css/tokens.css lacks %q", want)
		}
	}
}

func TestMixIsInBetween(t *testing.T) {
	if got := mix("#000000", "#FFFFFF", 0.45); got != "#737373" { // 0.45 x 255 = 114.75
		t.Errorf("got %s, want #737373", got)
	}
}

func TestOptionHasWhatEChartsNeeds(t *testing.T) {
	o, _ := Draw("gpus", build(t, ""), Box{496, 380}, Light)
	text, _ := o.JSON()
	var back map[string]any
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back["animation"] != false {
		t.Error("animation is not off")
	}
	axis := back["xAxis"].(map[string]any)
	if axis["type"] != "log" || axis["logBase"] != 2.0 {
		t.Errorf("x axis is %v to base %v, want log to base 2", axis["type"], axis["logBase"])
	}
}
