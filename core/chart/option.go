package chart

import (
	"moecost/core/json"

	"github.com/go-echarts/go-echarts/v2/opts"
	"github.com/go-echarts/go-echarts/v2/types"
)

// Option is an ECharts option without JavaScript functions, so that it is data:
// the same from the build, the browser and a test. go-echarts' option structs
// are used wherever they have the field; the types below add what ECharts 6
// has and they lack (log axes with chosen ticks, end labels, graphic elements).
// The charts package of go-echarts is not used: it adds 115 kB of compressed
// wasm and writes its own nine-colour palette into every option.
type Option struct {
	Animation bool           `json:"animation"`
	TextStyle opts.TextStyle `json:"textStyle"`
	Grid      Grid           `json:"grid"`
	XAxis     Axis           `json:"xAxis"`
	YAxis     Axis           `json:"yAxis"`
	Series    []Series       `json:"series"`
	Graphic   []Graphic      `json:"graphic,omitempty"`
	Tooltip   *opts.Tooltip  `json:"tooltip,omitempty"`
}

// JSON is the option as ECharts reads it.
func (o Option) JSON() ([]byte, error) { return json.Marshal(o) }

// Grid is the plot area. OuterBoundsMode "none" keeps ECharts 6 from moving it.
type Grid struct {
	opts.Grid
	OuterBoundsMode string `json:"outerBoundsMode"`
}

// Axis adds to go-echarts' axis the base of a log scale and ticks at chosen values.
type Axis struct {
	opts.XAxis
	LogBase   float64    `json:"logBase,omitempty"`
	AxisLabel *AxisLabel `json:"axisLabel,omitempty"`
	AxisTick  *AxisTick  `json:"axisTick,omitempty"`
	MinorTick *Shown     `json:"minorTick,omitempty"`
	NameStyle *NameStyle `json:"nameTextStyle,omitempty"`
}

// NameStyle places the title of an axis.
type NameStyle struct {
	Color    string `json:"color,omitempty"`
	FontSize int    `json:"fontSize,omitempty"`
	Align    string `json:"align,omitempty"`
	Padding  []int  `json:"padding,omitempty"`
}

// Shown switches a part of an axis.
type Shown struct {
	Show bool `json:"show"`
}

// AxisLabel labels an axis at CustomValues, or where ECharts likes.
type AxisLabel struct {
	Show         bool      `json:"show"`
	Color        string    `json:"color,omitempty"`
	FontSize     float64   `json:"fontSize,omitempty"`
	Margin       float64   `json:"margin,omitempty"`
	HideOverlap  bool      `json:"hideOverlap,omitempty"`
	Formatter    string    `json:"formatter,omitempty"` // a template such as "{value} GB", never a function
	CustomValues []float64 `json:"customValues,omitempty"`
	Interval     *int      `json:"interval,omitempty"`
}

// AxisTick marks an axis at CustomValues.
type AxisTick struct {
	Show         bool            `json:"show"`
	Length       float64         `json:"length,omitempty"`
	CustomValues []float64       `json:"customValues,omitempty"`
	LineStyle    *opts.LineStyle `json:"lineStyle,omitempty"`
}

// Series is one set of marks.
type Series struct {
	Name       string          `json:"name,omitempty"`
	Type       string          `json:"type"`
	Stack      string          `json:"stack,omitempty"`
	Data       []Datum         `json:"data"`
	Symbol     string          `json:"symbol,omitempty"`
	SymbolSize float64         `json:"symbolSize,omitempty"`
	ShowSymbol types.Bool      `json:"showSymbol,omitempty"`
	Smooth     types.Bool      `json:"smooth,omitempty"`
	Silent     bool            `json:"silent,omitempty"`
	Z          int             `json:"z,omitempty"`
	Clip       types.Bool      `json:"clip,omitempty"`
	BarWidth   float64         `json:"barWidth,omitempty"`
	ItemStyle  *ItemStyle      `json:"itemStyle,omitempty"`
	LineStyle  *opts.LineStyle `json:"lineStyle,omitempty"`
	AreaStyle  *AreaStyle      `json:"areaStyle,omitempty"`
	Label      *Label          `json:"label,omitempty"`
	EndLabel   *Label          `json:"endLabel,omitempty"`
	Layout     *LabelLayout    `json:"labelLayout,omitempty"`
	Emphasis   *Emphasis       `json:"emphasis,omitempty"`
	MarkLine   *MarkLine       `json:"markLine,omitempty"`
}

// Datum is one mark. Name, Value and Tip are all that a tooltip shows; the page
// sets them as text.
type Datum struct {
	Name       string     `json:"name,omitempty"`
	Value      []float64  `json:"value"`
	Tip        []TipRow   `json:"tip,omitempty"`
	ItemStyle  *ItemStyle `json:"itemStyle,omitempty"`
	Label      *Label     `json:"label,omitempty"`
	Symbol     string     `json:"symbol,omitempty"`
	SymbolSize any        `json:"symbolSize,omitempty"` // a number, or width and height
}

// TipRow is one line of a tooltip: a name at the left, a value with unit at the right.
type TipRow [2]string

// Label is text at a mark.
type Label struct {
	Show            bool      `json:"show"`
	Position        string    `json:"position,omitempty"`
	Distance        float64   `json:"distance,omitempty"`
	Formatter       string    `json:"formatter,omitempty"` // a template such as "{b}", never a function
	Color           string    `json:"color,omitempty"`
	FontSize        float64   `json:"fontSize,omitempty"`
	FontWeight      int       `json:"fontWeight,omitempty"`
	LineHeight      float64   `json:"lineHeight,omitempty"`
	Align           string    `json:"align,omitempty"`
	VerticalAlign   string    `json:"verticalAlign,omitempty"`
	Offset          []float64 `json:"offset,omitempty"`
	TextBorderColor string    `json:"textBorderColor,omitempty"` // the halo of paper
	TextBorderWidth float64   `json:"textBorderWidth,omitempty"`
}

// LabelLayout drops or moves labels that would touch.
type LabelLayout struct {
	HideOverlap bool   `json:"hideOverlap,omitempty"`
	MoveOverlap string `json:"moveOverlap,omitempty"`
}

// Emphasis is the look under the pointer. Nothing on the page dims or grows.
type Emphasis struct {
	Disabled bool `json:"disabled"`
}

// AreaStyle fills under a line.
type AreaStyle struct {
	Color   string  `json:"color,omitempty"`
	Opacity float64 `json:"opacity"`
}

// MarkLine is a set of reference lines.
type MarkLine struct {
	Z         int             `json:"z"` // 0 draws under all marks
	Silent    bool            `json:"silent"`
	Symbol    []string        `json:"symbol"`
	LineStyle *opts.LineStyle `json:"lineStyle,omitempty"`
	Label     *Label          `json:"label,omitempty"`
	Data      []any           `json:"data"` // MarkLineAt, or a pair of MarkLineEnd
}

// MarkLineAt is a line at one value of an axis.
type MarkLineAt struct {
	Name      string          `json:"name,omitempty"`
	XAxis     *float64        `json:"xAxis,omitempty"`
	YAxis     *float64        `json:"yAxis,omitempty"`
	LineStyle *opts.LineStyle `json:"lineStyle,omitempty"`
	Label     *Label          `json:"label,omitempty"`
}

// MarkLineEnd is one end of a line between two points.
type MarkLineEnd struct {
	Name      string          `json:"name,omitempty"`
	Coord     []float64       `json:"coord"`
	LineStyle *opts.LineStyle `json:"lineStyle,omitempty"`
	Label     *Label          `json:"label,omitempty"`
}

// Graphic is a drawing in pixels over the plot: leaders, braces, labels whose
// place was computed for this width.
type Graphic struct {
	Type   string         `json:"type"` // "text", "polyline", "rect", "line"
	Silent bool           `json:"silent"`
	Z      int            `json:"z,omitempty"`
	X      float64        `json:"x"`
	Y      float64        `json:"y"`
	Shape  map[string]any `json:"shape,omitempty"`
	Style  GraphicStyle   `json:"style"`
}

// GraphicStyle is how a Graphic is painted.
type GraphicStyle struct {
	Text              string    `json:"text,omitempty"`
	Font              string    `json:"font,omitempty"`
	TextAlign         string    `json:"align,omitempty"`
	TextVerticalAlign string    `json:"verticalAlign,omitempty"`
	Fill              string    `json:"fill,omitempty"`
	Stroke            string    `json:"stroke,omitempty"`
	LineWidth         float64   `json:"lineWidth,omitempty"`
	LineDash          []float64 `json:"lineDash,omitempty"`
}

// ItemStyle adds the dashed outline of what is free.
type ItemStyle struct {
	opts.ItemStyle
	BorderType string `json:"borderType,omitempty"`
}

// fill is a plain fill with a hairline of paper to its neighbour.
func fill(colour, paper string) *ItemStyle {
	return &ItemStyle{ItemStyle: opts.ItemStyle{Color: colour, BorderColor: paper, BorderWidth: 1}}
}
