package measured

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"strings"

	"moecost/core/json"
	"moecost/core/scenario"
)

// result is what a run of a benchmark writes: those of vLLM, SGLang and TensorRT-LLM have the same names for what is
// read here; the last four are llama-bench's.
type result struct {
	Users     float64 `json:"max_concurrency"` // requests at once; 0 if there was no limit
	Completed float64 `json:"completed"`
	Duration  float64 `json:"duration"` // seconds
	In        float64 `json:"total_input_tokens"`
	Out       float64 `json:"total_output_tokens"`
	TPOT      float64 `json:"mean_tpot_ms"`
	TTFT      float64 `json:"mean_ttft_ms"`

	Prompt float64 `json:"n_prompt"`
	Gen    float64 `json:"n_gen"`
	Depth  float64 `json:"n_depth"`
	Rate   float64 `json:"avg_ts"` // tokens per second
}

// Bench reads the results that the benchmarks of vLLM (vllm bench serve --save-result), SGLang (sglang.bench_serving --output-file),
// TensorRT-LLM (benchmark_serving --save-result) and llama.cpp (llama-bench --output json) write: one JSON object,
// an array of them, or one on each line. Means are taken. The error says which result cannot be used, and why.
//
// A text that begins with a digit is a list written by hand, as scenario.Points reads it, a point on each line or between commas.
func Bench(text []byte) ([]scenario.Point, error) {
	if hand := bytes.TrimSpace(text); len(hand) > 0 && hand[0] >= '0' && hand[0] <= '9' {
		points, why := scenario.Points(strings.Join(strings.FieldsFunc(string(hand), func(r rune) bool { return strings.ContainsRune("~,; \t\r\n", r) }), "~"))
		if why != "" {
			return nil, errors.New("benchmark: " + why)
		}
		return points, nil
	}
	results, err := split(text)
	if err != nil {
		return nil, err
	}
	var points []scenario.Point
	for i := range results {
		p, err := results[i].point()
		if err != nil {
			return nil, fmt.Errorf("benchmark: result %d: %w", i+1, err)
		}
		points = append(points, p)
	}
	written := scenario.PointsText(points)
	if points, why := scenario.Points(written); why == "" {
		return points, nil // as a link keeps them
	} else {
		return nil, errors.New("benchmark: " + why)
	}
}

// split finds the results in a file.
func split(text []byte) ([]result, error) {
	text = finite(bytes.TrimSpace(bytes.TrimPrefix(text, []byte("\ufeff"))))
	switch {
	case len(text) == 0:
		return nil, errors.New("benchmark: the file is empty")
	case text[0] == '[':
		var list []result
		if err := json.Unmarshal(text, &list); err != nil {
			return nil, fmt.Errorf("benchmark: %w", err)
		}
		if len(list) == 0 {
			return nil, errors.New("benchmark: the list of results is empty")
		}
		return list, nil
	}
	var one result
	whole := json.Unmarshal(text, &one)
	if whole == nil {
		return []result{one}, nil
	}
	var list []result
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		var r result
		if err := json.Unmarshal([]byte(line), &r); err != nil {
			return nil, fmt.Errorf("benchmark: is neither one JSON object, nor a list of them, nor one on each line: %w", whole)
		}
		list = append(list, r)
	}
	return list, nil
}

// finite puts 0 in the place of what Python writes for numbers that JSON has no form for: Infinity, -Infinity and NaN.
func finite(text []byte) []byte {
	if !bytes.Contains(text, []byte("Infinity")) && !bytes.Contains(text, []byte("NaN")) {
		return text
	}
	out := make([]byte, 0, len(text))
	for inside := false; len(text) > 0; {
		if !inside {
			number := 0
			for _, word := range []string{"-Infinity", "Infinity", "NaN"} {
				if bytes.HasPrefix(text, []byte(word)) {
					number = len(word)
					break
				}
			}
			if number > 0 {
				out, text = append(out, '0'), text[number:]
				continue
			}
		}
		n := 1
		switch {
		case text[0] == '"':
			inside = !inside
		case inside && text[0] == '\\' && len(text) > 1:
			n = 2
		}
		out, text = append(out, text[:n]...), text[n:]
	}
	return out
}

// point is the load of a result and its times.
func (r *result) point() (scenario.Point, error) {
	if r.Rate > 0 {
		return r.llama()
	}
	if !(r.TPOT > 0) && !(r.TTFT > 0) {
		return scenario.Point{}, errors.New("has neither mean_tpot_ms nor mean_ttft_ms nor avg_ts: is it the result of a benchmark?")
	}
	if !(r.Completed >= 1) || !(r.In >= r.Completed) || !(r.Out >= r.Completed) {
		return scenario.Point{}, errors.New("has no requests: completed, total_input_tokens and total_output_tokens must be at least 1")
	}
	p := scenario.Point{In: whole(r.In / r.Completed), Out: whole(r.Out / r.Completed), TPOT: r.TPOT, TTFT: r.TTFT}
	users := r.Users
	if !(users > 0) {
		if !(r.Duration > 0) {
			return p, errors.New("has neither max_concurrency nor duration: how many requests ran at once is not known")
		}
		// Little's law: as many are under way as arrive in the time that one takes.
		users = r.Completed / r.Duration * (r.TTFT + r.TPOT*(r.Out/r.Completed-1)) / 1e3
	}
	p.Users = max(whole(min(users, r.Completed)), 1)
	return p, nil
}

// llama is a row of llama-bench: one sequence, prompt or output.
func (r *result) llama() (scenario.Point, error) {
	switch {
	case r.Gen > 0 && r.Prompt == 0:
		return scenario.Point{Users: 1, In: max(whole(r.Depth), 1), Out: whole(r.Gen), TPOT: 1e3 / r.Rate}, nil
	case r.Prompt > 0 && r.Gen == 0:
		return scenario.Point{Users: 1, In: whole(r.Depth + r.Prompt), Out: 1, TTFT: 1e3 * r.Prompt / r.Rate}, nil
	}
	return scenario.Point{}, errors.New("times prompt and output together: run llama-bench with -p and -n, not -pg")
}

// whole rounds what a link can hold.
func whole(x float64) int {
	if !(x < scenario.MaxTokens) {
		return scenario.MaxTokens
	}
	return int(math.Round(x))
}
