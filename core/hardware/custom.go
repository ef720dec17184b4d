package hardware

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// customPrefix opens the description of an accelerator that is not in the table.
const customPrefix = "custom"

// customField is one key of a custom accelerator. Set writes a number that is
// in range; get reads it back, 0 when there is nothing to say.
type customField struct {
	key, meaning string
	min, max     float64
	whole        bool
	get          func(*Accelerator) float64
	set          func(*Accelerator, float64)
}

// customFields in the order in which Encode writes them.
var customFields = [...]customField{
	{"mem", "bytes of memory", 1e8, 1e14, true,
		func(a *Accelerator) float64 { return float64(a.MemoryBytes) },
		func(a *Accelerator, v float64) {
			a.MemoryBytes, a.MemoryBasis, a.MemorySold = int64(v), MemoryFromLink, ""
		}},
	{"bw", "bytes per second of memory bandwidth", 1e9, 1e15, false,
		func(a *Accelerator) float64 { return a.BandwidthBytesPerSecond },
		func(a *Accelerator, v float64) { a.BandwidthBytesPerSecond = v }},
	{"bf16", "dense BF16 FLOP/s", 1e10, 1e18, false,
		func(a *Accelerator) float64 { return a.Peaks.BF16 },
		func(a *Accelerator, v float64) { a.Peaks.BF16 = v }},
	{"fp8", "dense FP8 FLOP/s, 0 if none", 0, 1e18, false,
		func(a *Accelerator) float64 { return a.Peaks.FP8 },
		func(a *Accelerator, v float64) { a.Peaks.FP8 = v }},
	{"fp4", "dense FP4 FLOP/s, 0 if none", 0, 1e18, false,
		func(a *Accelerator) float64 { return a.Peaks.FP4 },
		func(a *Accelerator, v float64) { a.Peaks.FP4 = v }},
	{"int8", "dense INT8 OP/s, 0 if none", 0, 1e18, false,
		func(a *Accelerator) float64 { return a.Peaks.INT8 },
		func(a *Accelerator, v float64) { a.Peaks.INT8 = v }},
	{"link", "bytes per second and direction between the GPUs of a domain", 0, 1e14, false,
		func(a *Accelerator) float64 { return a.ScaleUp.BytesPerSecond },
		func(a *Accelerator, v float64) { a.ScaleUp.BytesPerSecond, a.ScaleUp.Name = v, "custom link" }},
	{"domain", "GPUs that such links join", 1, 65536, true,
		func(a *Accelerator) float64 { return float64(a.ScaleUp.GPUs) },
		func(a *Accelerator, v float64) { a.ScaleUp.GPUs = int(v) }},
	{"net", "bytes per second and direction between domains, per GPU", 0, 1e13, false,
		func(a *Accelerator) float64 { return a.ScaleOutBytesPerSecond },
		func(a *Accelerator, v float64) { a.ScaleOutBytesPerSecond = v }},
	{"host", "bytes per second from host memory", 0, 1e13, false,
		func(a *Accelerator) float64 { return a.HostLink.BytesPerSecond },
		func(a *Accelerator, v float64) { a.HostLink = HostLink{"custom link", v} }},
	{"unified", "1 if CPU and GPU share the memory", 0, 1, true,
		func(a *Accelerator) float64 {
			if a.Unified {
				return 1
			}
			return 0
		},
		func(a *Accelerator, v float64) { a.Unified = v == 1 }},
	{"watts", "watts under load", 0, 1e5, true,
		func(a *Accelerator) float64 { return float64(a.Watts) },
		func(a *Accelerator, v float64) { a.Watts = int(v) }},
	{"price", "dollars per hour", 0, 1e4, false,
		func(a *Accelerator) float64 { return a.Price.USDPerHour },
		func(a *Accelerator, v float64) {
			a.Price = Price{USDPerHour: v, Low: v, High: v, Basis: "as the link says"}
		}},
}

// Parse reads the value of gpu= in a link: an id of the table, or
//
//	custom~mem:80g~bw:3.35t~bf16:989t
//
// where each part after the first is key:number. Numbers are plain, in
// scientific notation without a plus sign, or with one of k m g t p (powers of
// 1,000) or ki mi gi ti (powers of 1,024). mem, bw and bf16 are needed, unless
// like:ID takes what is not given from a known accelerator, its efficiencies
// included. name:WORD names the result. Whatever the input, the error names the
// part, what was wrong with it and what would do.
func Parse(text string) (Accelerator, error) {
	parts := strings.Split(text, "~")
	if parts[0] != customPrefix {
		if a, ok := ByID(text); ok {
			return a, nil
		}
		return Accelerator{}, fmt.Errorf("gpu: %q: not a known accelerator; use an id of the list or custom~mem:80g~bw:3.35t~bf16:989t", clip(text))
	}
	if len(text) > 1000 {
		return Accelerator{}, fmt.Errorf("gpu=custom: %d characters: a description has at most 1,000", len(text))
	}
	a := blank()
	given := make(map[string]bool, len(parts))
	for _, part := range parts[1:] {
		if id, ok := strings.CutPrefix(part, "like:"); ok {
			base, ok := ByID(id)
			if !ok {
				return Accelerator{}, fmt.Errorf("gpu=custom: like: %q: not a known accelerator; use an id of the list, such as h100-sxm", clip(id))
			}
			a = base.asCustom()
		}
	}
	for _, part := range parts[1:] {
		if err := a.setPart(part, given); err != nil {
			return Accelerator{}, err
		}
	}
	for _, f := range customFields[:3] {
		if f.get(&a) == 0 {
			return Accelerator{}, fmt.Errorf("gpu=custom: %s: missing: give the %s, or like:h100-sxm to start from a known accelerator", f.key, f.meaning)
		}
	}
	return a, nil
}

// blank is what a description without like: starts from.
func blank() Accelerator {
	return Accelerator{ID: customPrefix, Name: "Custom accelerator", ScaleUp: ScaleUp{Name: "none", GPUs: 1}}
}

// asCustom is what a description with like: starts from.
func (a Accelerator) asCustom() Accelerator {
	a.Like, a.ID = a.ID, customPrefix
	a.Note = "As the link describes it; what it does not say is that of " + a.Name + "."
	a.Name = "Custom, like " + a.Name
	a.Vendor, a.Year, a.Sources = "", 0, Sources{}
	return a
}

// setPart applies one key:value.
func (a *Accelerator) setPart(part string, given map[string]bool) error {
	key, value, ok := strings.Cut(part, ":")
	if !ok {
		return fmt.Errorf("gpu=custom: %q: no colon; write key:number, such as mem:80g", clip(part))
	}
	if given[key] {
		return fmt.Errorf("gpu=custom: %q: given twice; keep one", key)
	}
	given[key] = true
	switch key {
	case "like":
		return nil
	case "name":
		if !validName(value) {
			return fmt.Errorf("gpu=custom: name: %q: use 1 to 40 letters, digits, dots, hyphens and underscores", clip(value))
		}
		a.Name = strings.ReplaceAll(value, "_", " ")
		return nil
	}
	for _, f := range customFields {
		if f.key != key {
			continue
		}
		v, err := parseScaled(value)
		if err != nil {
			return fmt.Errorf("gpu=custom: %s: %q: %w", key, clip(value), err)
		}
		if v < f.min || v > f.max {
			return fmt.Errorf("gpu=custom: %s: %q: out of range: the %s are %s to %s", key, clip(value), f.meaning, scaled(f.min), scaled(f.max))
		}
		if f.whole {
			v = math.Round(v)
		}
		f.set(a, v)
		return nil
	}
	return fmt.Errorf("gpu=custom: %q: not a key; known are name, like, %s", clip(key), strings.Join(customKeys(), ", "))
}

// Encode writes an accelerator so that Parse gives back the same figures: its
// id if the table has it, else the custom form.
func Encode(a Accelerator) string {
	if a.ID != customPrefix {
		return a.ID
	}
	var b strings.Builder
	b.WriteString(customPrefix)
	start := blank()
	if base, ok := ByID(a.Like); ok {
		start = base.asCustom()
		b.WriteString("~like:" + a.Like)
	}
	if name := strings.ReplaceAll(a.Name, " ", "_"); a.Name != start.Name && validName(name) {
		b.WriteString("~name:" + name)
	}
	for _, f := range customFields {
		if v := f.get(&a); v != f.get(&start) {
			b.WriteString("~" + f.key + ":" + scaled(v))
		}
	}
	return b.String()
}

func customKeys() []string {
	keys := make([]string, len(customFields))
	for i, f := range customFields {
		keys[i] = f.key
	}
	return keys
}

func validName(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_') {
			return false
		}
	}
	return len(s) >= 1 && len(s) <= 40
}

// scales of a number's last letters, longest first.
var scales = [...]struct {
	suffix string
	factor float64
}{
	{"ki", 1 << 10}, {"mi", 1 << 20}, {"gi", 1 << 30}, {"ti", 1 << 40},
	{"k", 1e3}, {"m", 1e6}, {"g", 1e9}, {"t", 1e12}, {"p", 1e15},
}

func parseScaled(s string) (float64, error) {
	digits, factor := strings.ToLower(s), 1.0
	for _, scale := range scales {
		if cut, ok := strings.CutSuffix(digits, scale.suffix); ok {
			digits, factor = cut, scale.factor
			break
		}
	}
	for _, r := range digits {
		if !(r >= '0' && r <= '9' || r == '.' || r == 'e') {
			return 0, errNumber
		}
	}
	v, err := strconv.ParseFloat(digits, 64)
	if err != nil {
		return 0, errNumber
	}
	return v * factor, nil
}

var errNumber = errors.New("not a number; write 80g, 80e9 or 3.35t")

// scaled writes a number in the shortest form that parseScaled reads back
// exactly.
func scaled(v float64) string {
	for i := len(scales) - 1; i >= 4; i-- {
		s := scales[i]
		text := strconv.FormatFloat(v/s.factor, 'f', -1, 64)
		if back, err := parseScaled(text + s.suffix); v >= s.factor && err == nil && back == v && len(text) < 12 {
			return text + s.suffix
		}
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// clip keeps a hostile value from filling an error message.
func clip(s string) string {
	if len(s) > 40 {
		return s[:40] + "…"
	}
	return s
}
