package measured

import (
	"fmt"
	"strconv"
	"strings"
)

// Point is what was measured at one load.
type Point struct {
	Users   int64   // requests at once
	In, Out int64   // tokens; 0: the scenario's
	TPOT    float64 // seconds per output token, mean; 0: not measured
	TTFT    float64 // seconds to the first token, mean; 0: not measured
}

// Limits of what a link may carry.
const (
	mostPoints = 24
	mostUsers  = 1_000_000
	mostTokens = 10_000_000
	longestMs  = 1e7
)

// Parse reads points as a link has them, joined by "~": "64:31.5~128x8192x512:44:900" is 31.5 ms per token with 64
// users, and 44 ms with 128 users whose prompts have 8,192 tokens and answers 512, the first of them after 900 ms. Either time may
// be empty. The error names the point, what is wrong with it and what would do.
func Parse(text string) ([]Point, error) {
	if text == "" {
		return nil, nil
	}
	parts := strings.Split(text, "~")
	if len(parts) > mostPoints {
		return nil, fmt.Errorf("seen: %d points: at most %d are taken", len(parts), mostPoints)
	}
	var points []Point
	for i, part := range parts {
		p, why := parsePoint(part)
		if why != "" {
			return nil, fmt.Errorf("seen: point %d, %s: %s; such as 64:31.5, users and milliseconds per token", i+1, strconv.Quote(shortened(part)), why)
		}
		points = append(points, p)
	}
	return points, nil
}

func parsePoint(text string) (p Point, why string) {
	load, times, ok := strings.Cut(text, ":")
	if !ok {
		return p, "has no colon between load and time"
	}
	counts := strings.Split(load, "x")
	if len(counts) != 1 && len(counts) != 3 {
		return p, "its load is neither users alone nor users, prompt and output"
	}
	for i, to := range []*int64{&p.Users, &p.In, &p.Out}[:len(counts)] {
		most := int64(mostTokens)
		if i == 0 {
			most = mostUsers
		}
		n, err := strconv.ParseInt(counts[i], 10, 64)
		if err != nil || n < 1 || n > most {
			return p, fmt.Sprintf("%q is not a count from 1 to %d", shortened(counts[i]), most)
		}
		*to = n
	}
	tpot, ttft, _ := strings.Cut(times, ":")
	for _, t := range []struct {
		text string
		to   *float64
	}{{tpot, &p.TPOT}, {ttft, &p.TTFT}} {
		if t.text == "" {
			continue
		}
		ms, err := strconv.ParseFloat(t.text, 64)
		if err != nil || !(ms > 0 && ms <= longestMs) {
			return p, fmt.Sprintf("%q is not a time in milliseconds", shortened(t.text))
		}
		*t.to = ms / 1e3
	}
	if p.TPOT == 0 && p.TTFT == 0 {
		return p, "has no time"
	}
	return p, ""
}

func shortened(s string) string {
	if len(s) > 24 {
		return strings.ToValidUTF8(s[:24], "") + "…"
	}
	return s
}

// Text writes points as Parse reads them.
func Text(points []Point) string {
	var b strings.Builder
	ms := func(s float64) string { return strconv.FormatFloat(s*1e3, 'g', 6, 64) }
	for i, p := range points {
		if i > 0 {
			b.WriteByte('~')
		}
		b.WriteString(strconv.FormatInt(p.Users, 10))
		if p.In > 0 && p.Out > 0 {
			b.WriteString("x" + strconv.FormatInt(p.In, 10) + "x" + strconv.FormatInt(p.Out, 10))
		}
		b.WriteByte(':')
		if p.TPOT > 0 {
			b.WriteString(ms(p.TPOT))
		}
		if p.TTFT > 0 {
			b.WriteString(":" + ms(p.TTFT))
		}
	}
	return b.String()
}
