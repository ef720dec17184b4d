package chart

// Theme is one of the two palettes, as literal colours because chart options
// are data. The same values stand in site/css/tokens.css; a test compares them.
type Theme struct {
	Name string // "light" or "dark"

	Paper, Lift, Ink, Ink2, Ink3, Edge, Line, Rule string

	// Hue says what a thing is.
	Routed, Shared, Dense, Attention, Embedding, Router string
	KV, Activations, Comm, Runtime                      string

	// Fill says which count.
	Resident, ResidentEdge, Touched, Computed string
}

// Light and Dark are the palettes of the page.
var (
	Light = Theme{
		Name:  "light",
		Paper: "#FFFFFF", Lift: "#FFFFFF", Ink: "#15181B", Ink2: "#3F464E", Ink3: "#505861",
		Edge: "#7B838B", Line: "#15181B", Rule: "#DDE0DD",
		Routed: "#1D4482", Shared: "#A7CBEE", Dense: "#3A724D", Attention: "#40A9AA",
		Embedding: "#CFD672", Router: "#775FAB", KV: "#E2882D", Activations: "#F9E0C0",
		Comm: "#78274B", Runtime: "#747D7E",
		Resident: "#E6EDF6", ResidentEdge: "#7389A6", Touched: "#6A96CE", Computed: "#14386F",
	}
	Dark = Theme{
		Name:  "dark",
		Paper: "#121517", Lift: "#1E2326", Ink: "#EDEFEC", Ink2: "#C2C8CD", Ink3: "#A9B1B8",
		Edge: "#78818A", Line: "#8E979E", Rule: "#2D3337",
		Routed: "#6AA5E5", Shared: "#234D86", Dense: "#A1DAC9", Attention: "#408385",
		Embedding: "#DFD99F", Router: "#8766B9", KV: "#F1AB35", Activations: "#76591F",
		Comm: "#EE6D70", Runtime: "#485151",
		Resident: "#18222D", ResidentEdge: "#56708C", Touched: "#3667A3", Computed: "#D6E7FC",
	}
)

// Token is one named colour of a theme, under the name it has in the style sheet.
type Token struct{ Name, Colour string }

// Tokens lists the palette under the names of the style sheet, so that a
// prerendered picture can refer to variables and serve both themes.
func (t Theme) Tokens() []Token {
	return []Token{
		{"paper", t.Paper}, {"lift", t.Lift}, {"ink", t.Ink}, {"ink-2", t.Ink2}, {"ink-3", t.Ink3},
		{"edge", t.Edge}, {"line", t.Line}, {"rule", t.Rule},
		{"routed", t.Routed}, {"shared", t.Shared}, {"dense", t.Dense}, {"attention", t.Attention},
		{"embedding", t.Embedding}, {"router", t.Router}, {"kv", t.KV}, {"activations", t.Activations},
		{"comm", t.Comm}, {"runtime", t.Runtime},
		{"resident", t.Resident}, {"resident-edge", t.ResidentEdge}, {"touched", t.Touched}, {"computed", t.Computed},
	}
}

// Colour returns the colour of a component or count by its token; ink if unknown.
func (t Theme) Colour(token string) string {
	for _, k := range t.Tokens() {
		if k.Name == token {
			return k.Colour
		}
	}
	return t.Ink
}

// onDark reports whether text inside a fill must be paper-coloured to reach
// 7:1. Labels elsewhere are always ink, beside a swatch or a leader.
func (t Theme) onDark(token string) bool {
	if t.Name == "dark" {
		return token == "shared" || token == "activations" || token == "runtime" || token == "attention" || token == "router"
	}
	return token == "routed" || token == "comm" || token == "router" || token == "dense"
}

// mix blends two colours given as #RRGGBB; share is that of the second.
func mix(a, b string, share float64) string {
	out := []byte("#000000")
	const hex = "0123456789ABCDEF"
	for i := 1; i < 7; i += 2 {
		v := int(float64(channel(a[i:]))*(1-share) + float64(channel(b[i:]))*share + 0.5)
		out[i], out[i+1] = hex[v>>4], hex[v&15]
	}
	return string(out)
}

func channel(hex string) int { return digit(hex[0])<<4 | digit(hex[1]) }

func digit(c byte) int {
	if c >= 'A' {
		return int(c|0x20-'a') + 10
	}
	return int(c - '0')
}
