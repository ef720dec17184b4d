// Command estimate prints the report for queries, one line of JSON each.
//
//	go run ./scripts/estimate 'model=deepseek-v3&gpu=h200&gpus=8'
//	go run ./scripts/estimate < queries.txt
//	go run ./scripts/estimate -config config.json 'gpu=h100-sxm'
//	go run ./scripts/estimate -config model.gguf 'gpu=rtx4090&engine=llamacpp'
//
// The percentiles of the section "tail" are simulated, which takes a tenth of a second
// for each query; -tail=false leaves them out.
//
// A query is the part of a link behind the question mark. With -config the model
// is the one in the file, whatever the query says: a Hugging Face config.json or
// a GGUF file; given again, safetensors headers or an index say how the checkpoint
// really stores it.
//
// The exit status is 2 if a query cannot be answered: an unknown model,
// accelerator, format or engine, or a file that describes no model. The reason
// goes to standard error, and with queries on standard input an object with the key
// "error" stands in the line's place. Faults that leave an answer are among its warnings.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/report"
	"moecost/core/scenario"
)

// longestLine is what a query on standard input may take, a custom model in its
// fragment included.
const longestLine = 1 << 20

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("estimate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	var files []string
	flags.Func("config", "config.json or GGUF `file` of the model; again for safetensors headers", func(name string) error {
		files = append(files, name)
		return nil
	})
	simulate := flags.Bool("tail", true, "simulate the percentiles of the section tail, which takes most of the time")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	var reading *arch.Reading
	if len(files) > 0 {
		var err error
		if reading, err = readModel(files); err != nil {
			fmt.Fprintln(stderr, "estimate:", err)
			return 2
		}
	}
	out := bufio.NewWriter(stdout)
	defer out.Flush()
	queries := flags.Args()
	if len(queries) == 0 && reading != nil {
		queries = []string{""}
	}
	if len(queries) > 0 {
		return answerAll(slices.Values(queries), reading, *simulate, out, stderr, false)
	}
	lines, line := bufio.NewScanner(stdin), 1
	lines.Buffer(nil, longestLine)
	code := answerAll(func(yield func(string) bool) {
		for ; lines.Scan() && yield(lines.Text()); line++ {
		}
	}, reading, *simulate, out, stderr, true)
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		fmt.Fprintf(stderr, "estimate: standard input, line %d: longer than %d bytes: it and what follows were not read; give long models with -config\n", line, longestLine)
		return 2
	case err != nil:
		fmt.Fprintf(stderr, "estimate: standard input, line %d: %v\n", line, err)
		return 2
	}
	return code
}

// answerAll prints a line per query. Without fillIn a query without an answer
// prints nothing.
func answerAll(queries func(func(string) bool), reading *arch.Reading, simulate bool, out io.Writer, stderr io.Writer, fillIn bool) int {
	code := 0
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	for query := range queries {
		r, err := answer(query, reading, simulate)
		if err == nil {
			err = encoder.Encode(r)
		} else if fillIn {
			_ = encoder.Encode(map[string]string{"error": err.Error()})
		}
		if err != nil {
			fmt.Fprintf(stderr, "estimate: %v\n", err)
			code = 2
		}
	}
	return code
}

// fatal are the keys whose bad value leaves nothing to answer for: the default
// in their place would price something else.
var fatal = []string{"model", "gpu", "weights", "kv", "engine"}

func answer(query string, reading *arch.Reading, simulate bool) (*report.Report, error) {
	query, fragment, _ := strings.Cut(query, "#")
	s, config, problems := report.Catalogue().DecodeLink(query, fragment)
	if reading != nil {
		s.Model = scenario.ModelCustom
		problems = slices.DeleteFunc(problems, func(p scenario.Problem) bool { return p.Key == "model" || p.Key == "arch" })
	}
	for _, p := range problems {
		if slices.Contains(fatal, p.Key) {
			reason, _, _ := strings.Cut(p.String(), " Until then")
			return nil, fmt.Errorf("%s: %s", p.Key, reason)
		}
	}
	if reading == nil && s.Model == scenario.ModelCustom {
		var err error
		if reading, err = hf.Read([]byte(config)); err != nil {
			return nil, err
		}
	}
	r, err := report.Build(report.Question{Scenario: s, Problems: problems, Reading: reading})
	if err == nil && simulate {
		r.Simulate(false)
	}
	return r, err
}
