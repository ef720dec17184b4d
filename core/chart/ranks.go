package chart

import (
	"math"
	"strconv"

	"moecost/core/quantity"
	"moecost/core/report"

	"github.com/go-echarts/go-echarts/v2/opts"
)

// ranks is what every rank multiplies in one step of one layer with the experts in
// their order, placed the same step with EPLB. Both have one scale.
func ranks(r *report.Report, box Box, t Theme) Option {
	l := r.LoadedLayer()
	if l == nil {
		return noRanks(t)
	}
	return rankBars(l, &l.Before, box, t)
}

func placed(r *report.Report, box Box, t Theme) Option {
	l := r.LoadedLayer()
	if l == nil {
		return noRanks(t)
	}
	return rankBars(l, &l.After, box, t)
}

func noRanks(t Theme) Option {
	o := base(t, plotTop, ranksRight, plotBottom, ranksLeft)
	o.Series = []Series{}
	return o
}

const (
	ranksLeft  = 34.0
	ranksRight = 6.0
	widestBar  = 30.0
	cellBar    = 8.0 // bars from this width on show the experts that they are made of
	cellHeight = 3.0 // experts below this height are drawn as one
)

// rankBars draws the ranks as bars, the most loaded first: each made of its experts,
// the hottest expert of the layer filled.
func rankBars(l *report.LoadedLayer, side *report.RankLoads, box Box, t Theme) Option {
	o := base(t, plotTop, ranksRight, plotBottom, ranksLeft)
	top, step := linearScale(math.Max(l.Before.MaxOverMean, l.After.MaxOverMean) * 1.06) // room for the number over the first bar
	ticks := ticksTo(top, step)
	n := float64(len(side.Ranks))
	width := box.Width - ranksLeft - ranksRight
	height := box.Height - plotTop - plotBottom
	bar := math.Round(math.Min(width/n*0.78, widestBar)*2) / 2
	names := make([]string, len(side.Ranks)) // an axis of values would make room for half a bar at both ends
	for i := range names {
		names[i] = strconv.Itoa(side.Ranks[i].Rank)
	}
	o.XAxis = hidden("category", 0, n)
	o.XAxis.Data = names
	o.YAxis = yAxis(t, "value", 0, top, ticks)

	var hot, rest []Datum
	for i, rank := range side.Ranks {
		x := float64(i) + 0.5
		tip := []TipRow{
			{rankWord(l) + " " + strconv.Itoa(rank.Rank), ""},
			{"Tokens", quantity.Significant(rank.Load, 3) + " fair shares"},
			{"Experts with tokens", strconv.Itoa(rank.Reads)},
		}
		if rank.Hot > 0 {
			tip = append(tip, TipRow{"Expert " + strconv.Itoa(side.Hottest), quantity.Significant(rank.Hot, 3) + " fair shares"})
		}
		hot = append(hot, Datum{Value: []float64{float64(i), rank.Hot}, Tip: tip})
		rest = append(rest, Datum{Value: []float64{float64(i), rank.Load - rank.Hot}, Tip: tip})
		if bar >= cellBar {
			left := tenth(ranksLeft + x/n*width - bar/2)
			if points := outline(rank, left, box.Height-plotBottom, bar, height/top); len(points) > 1 {
				o.Graphic = append(o.Graphic, Graphic{Type: "polyline", Silent: true, Z: 5,
					Shape: map[string]any{"points": points}, Style: GraphicStyle{Stroke: t.ResidentEdge, LineWidth: 0.75, Fill: "none"}})
			}
		}
	}
	first := rankSeries("the hottest expert", bar, hot)
	first.ItemStyle = fill(t.Routed, t.Routed)
	first.MarkLine = gridLines(t, ticks)
	fair := 1.0
	first.MarkLine.Data = append(first.MarkLine.Data, MarkLineAt{YAxis: &fair, LineStyle: &opts.LineStyle{Color: t.Ink, Width: 1.5, Type: "dashed"}})
	first.MarkLine.Z = 6
	others := rankSeries("the other experts", bar, rest)
	others.ItemStyle = &ItemStyle{ItemStyle: opts.ItemStyle{Color: t.Resident, BorderColor: t.ResidentEdge, BorderWidth: 0.75}}
	o.Series = []Series{first, others}
	o.Graphic = append(o.Graphic, rankWords(l, side, box, t, bar, top)...)
	return o
}

func rankSeries(name string, bar float64, data []Datum) Series {
	return Series{Name: name, Type: "bar", Stack: "rank", Data: data, BarWidth: bar, Emphasis: &Emphasis{Disabled: true}}
}

// outline is the lines between the experts of a bar, as far as they are tall enough
// to be told apart: across, up the edge, back, up the other edge.
func outline(rank report.RankLoad, x, bottom, width, perShare float64) [][2]float64 {
	y := bottom - rank.Hot*perShare
	points := [][2]float64{{x, y}}
	sides := [2]float64{x, x + width}
	for _, s := range rank.Slots {
		if s*perShare < cellHeight {
			break
		}
		y -= s * perShare
		from := len(points) / 2 % 2
		points = append(points, [2]float64{sides[from], tenth(y)}, [2]float64{sides[1-from], tenth(y)})
	}
	return points
}

func tenth(v float64) float64 { return math.Round(v*10) / 10 }

// rankWords are the numbers of the ranks, the busiest one's load, and the name of the
// hottest expert.
func rankWords(l *report.LoadedLayer, side *report.RankLoads, box Box, t Theme, bar, top float64) []Graphic {
	n := float64(len(side.Ranks))
	width, height := box.Width-ranksLeft-ranksRight, box.Height-plotTop-plotBottom
	at := func(i int) float64 { return ranksLeft + (float64(i)+0.5)/n*width }
	y := func(v float64) float64 { return box.Height - plotBottom - v/top*height }
	out := []Graphic{
		text(0, 8, "Fair shares", t.Ink3, "left", 400),
		text(box.Width-1, box.Height-8, rankWord(l)+", the busiest first", t.Ink3, "right", 400),
	}
	if width/n >= 8+textWidth(strconv.Itoa(len(side.Ranks)-1), fontSize, true) {
		for i, rank := range side.Ranks {
			colour, weight := t.Ink3, 400
			if rank.Hot > 0 {
				colour, weight = t.Ink, 600
			}
			g := text(at(i), box.Height-plotBottom+14, strconv.Itoa(rank.Rank), colour, "center", weight)
			out = append(out, g)
		}
	}
	busiest := quantity.Fixed(side.MaxOverMean, 2) + "×"
	out = append(out, text(ranksLeft+2, y(side.Ranks[0].Load)-9, busiest, t.Ink, "left", 600))

	words := "expert " + strconv.Itoa(side.Hottest) + ", " + quantity.Significant(l.Hottest, 2) + "× the mean expert"
	if side == &l.After {
		words = "the same expert, " + copies(l)
	}
	if w := textWidth(words, fontSize, false); w+18 < width*0.8 {
		x := box.Width - ranksRight - w
		out = append(out,
			Graphic{Type: "rect", Silent: true, Z: 10, X: x - 18, Y: plotTop - 8, Shape: map[string]any{"x": 0, "y": 0, "width": 11, "height": 11}, Style: GraphicStyle{Fill: t.Routed}},
			text(x, plotTop-2, words, t.Ink2, "left", 400))
	}
	return out
}

// copies says how often the hottest expert is held with EPLB.
func copies(l *report.LoadedLayer) string {
	one, many := "GPU", "GPUs"
	if l.Shared {
		one, many = "rank", "ranks"
	}
	switch n, on := l.After.Copies, l.After.HotRanks; {
	case n == 1:
		return "once"
	case on == 1:
		return strconv.Itoa(n) + " copies on one " + one
	default:
		return strconv.Itoa(n) + " copies on " + strconv.Itoa(on) + " " + many
	}
}

func rankWord(l *report.LoadedLayer) string {
	if l.Shared {
		return "Rank"
	}
	return "GPU"
}
