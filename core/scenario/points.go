package scenario

import (
	"strconv"
	"strings"
)

// Point is what was measured at one load.
type Point struct {
	Users   int     // requests at once
	In, Out int     // tokens; 0: the scenario's
	TPOT    float64 // milliseconds per output token, mean; 0: not measured
	TTFT    float64 // milliseconds to the first token, mean; 0: not measured
}

// Limits of what a link may carry.
const (
	mostPoints = 24
	longestMs  = 1e7
)

// Points reads measured points as a link has them, joined by "~": "64:31.5~128x8192x512:44:900" is 31.5 ms per
// token with 64 users, and 44 ms with 128 users whose prompts have 8,192 tokens and answers 512, the first of them after
// 900 ms. Either time may be empty. Of a text that cannot be read, why says which point, what is wrong with
// it and what would do.
func Points(text string) (points []Point, why string) {
	if text == "" {
		return nil, ""
	}
	parts := strings.Split(text, "~")
	if len(parts) > mostPoints {
		return nil, thousands(float64(len(parts))) + " points are too many: at most " + strconv.Itoa(mostPoints) + " are taken."
	}
	for i, part := range parts {
		p, wrong := readPoint(part)
		if wrong != "" {
			return nil, "Point " + strconv.Itoa(i+1) + ", " + printable(part, 24) + ", " + wrong + ". A point is users and milliseconds per token, such as 64:31.5, or users, prompt and output tokens, and both times, such as 64x4096x1024:31.5:900."
		}
		points = append(points, p)
	}
	return points, ""
}

func readPoint(text string) (p Point, wrong string) {
	load, times, ok := strings.Cut(text, ":")
	if !ok {
		return p, "has no colon between load and time"
	}
	counts := strings.Split(load, "x")
	if len(counts) != 1 && len(counts) != 3 {
		return p, "has a load that is neither users nor users, prompt and output"
	}
	for i, to := range []*int{&p.Users, &p.In, &p.Out}[:len(counts)] {
		most := 1_000_000 // of users, as batch
		if i > 0 {
			most = MaxTokens
		}
		n, err := strconv.Atoi(counts[i])
		if err != nil || n < 1 || n > most || !wholeNumber(counts[i]) {
			return p, "has a count that is not 1 to " + thousands(float64(most))
		}
		*to = n
	}
	if p.In+p.Out > MaxTokens {
		return p, "has more than " + thousands(MaxTokens) + " tokens"
	}
	tpot, ttft, _ := strings.Cut(times, ":")
	for _, t := range []struct {
		text string
		to   *float64
	}{{tpot, &p.TPOT}, {ttft, &p.TTFT}} {
		if t.text == "" {
			continue
		}
		ms, ok := parseNumber(t.text)
		if ms = roundNumber(ms); !ok || !(ms > 0 && ms <= longestMs) {
			return p, "has a time that is not milliseconds above 0"
		}
		*t.to = ms
	}
	if p.TPOT == 0 && p.TTFT == 0 {
		return p, "has no time"
	}
	return p, ""
}

// PointsText writes points as Points reads them.
func PointsText(points []Point) string {
	var b strings.Builder
	for i, p := range points {
		if i > 0 {
			b.WriteByte('~')
		}
		b.WriteString(strconv.Itoa(p.Users))
		if p.In > 0 && p.Out > 0 {
			b.WriteString("x" + strconv.Itoa(p.In) + "x" + strconv.Itoa(p.Out))
		}
		b.WriteByte(':')
		if p.TPOT > 0 {
			b.WriteString(formatNumber(p.TPOT))
		}
		if p.TTFT > 0 {
			b.WriteString(":" + formatNumber(p.TTFT))
		}
	}
	return b.String()
}

// points reads measured points and stores them as PointsText writes them.
func (f *field) points(at *string, text string) *fault {
	points, why := Points(text)
	if why != "" {
		return &fault{what: "is not a list of measured points", why: why}
	}
	*at = PointsText(points)
	return nil
}
