package counts

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
)

// isMetrics tells whether a text is what a metrics endpoint answers: comments
// "# HELP" and "# TYPE", or a sample with labels first.
func isMetrics(data []byte) bool {
	line, _, _ := bytes.Cut(data, []byte("\n"))
	if bytes.HasPrefix(line, []byte("# HELP ")) || bytes.HasPrefix(line, []byte("# TYPE ")) {
		return true
	}
	at := bytes.IndexByte(line, '{')
	return at > 0 && bytes.IndexByte(line[at:], '=') > 0 && !bytes.ContainsAny(line[:at], ", \t;")
}

// readMetrics reads the samples of the first metric that has a label for the layer
// and one for the expert. Samples of one cell are added up: they are of different engines.
func readMetrics(data []byte, g *grid) error {
	chosen := ""
	number := 0
	for text := range bytes.Lines(data) {
		number++
		line := strings.TrimSpace(string(text))
		name, rest, found := strings.Cut(line, "{")
		// A counter's _created sample is a time.
		if !found || strings.HasPrefix(line, "#") || strings.HasSuffix(name, "_created") || chosen != "" && name != chosen {
			continue
		}
		labels, value := parts(rest)
		layer, expert := label(labels, layerNames), label(labels, expertNames)
		if layer == "" || expert == "" {
			continue
		}
		l, err := strconv.Atoi(layer)
		if err != nil {
			return fmt.Errorf("line %d: layer %s: no whole number", number, clip([]byte(layer)))
		}
		e, err := strconv.Atoi(expert)
		if err != nil {
			return fmt.Errorf("line %d: layer %d, expert %s: no whole number", number, l, clip([]byte(expert)))
		}
		x, err := parse(value)
		if err == nil {
			err = g.add(l, e, x)
		} else {
			err = fmt.Errorf("layer %d, expert %d: %w", l, e, err)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", number, err)
		}
		chosen = name
	}
	if chosen == "" {
		return fmt.Errorf("no metric has a label for the layer and one for the expert: give vllm:eplb_tokens_routed_to_expert or one like it")
	}
	return nil
}

// parts cuts what follows the brace into names and values of labels, in turn,
// and the sample's value. A time stamp after the value is left out.
func parts(rest string) (labels []string, value string) {
	for {
		rest = strings.TrimLeft(rest, ", ")
		if after, end := strings.CutPrefix(rest, "}"); end {
			value, _, _ = strings.Cut(strings.TrimSpace(after), " ")
			return labels, value
		}
		name, quoted, found := strings.Cut(rest, `="`)
		if !found {
			return labels, ""
		}
		end := 0
		for end < len(quoted) && quoted[end] != '"' {
			if quoted[end] == '\\' {
				end++
			}
			end++
		}
		if end >= len(quoted) {
			return labels, ""
		}
		labels = append(labels, strings.TrimSpace(name), quoted[:end])
		rest = quoted[end+1:]
	}
}

func label(labels, names []string) string {
	for i := 0; i+1 < len(labels); i += 2 {
		for _, name := range names {
			if labels[i] == name {
				return labels[i+1]
			}
		}
	}
	return ""
}
