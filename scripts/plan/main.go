// Command plan prints the cheapest deployment for queries, one JSON object each.
//
//	go run ./scripts/plan 'model=deepseek-v3&rate=20&in=4096&out=512&tpot=50&ttft=2000&pct=95&among=h800,h200'
//
// A query is the part of a link behind the question mark; docs/plan.md says what of it a plan uses.
// The exit status is 2 if a query cannot be answered. Progress goes to standard error with -v.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"moecost/core/plan"
	"moecost/core/report"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("plan", flag.ContinueOnError)
	flags.SetOutput(stderr)
	verbose := flags.Bool("v", false, "say how far the search is")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	code := 0
	for _, query := range flags.Args() {
		r, err := answer(query, *verbose, stderr)
		if err == nil {
			err = encoder.Encode(r)
		}
		if err != nil {
			fmt.Fprintln(stderr, err)
			code = 2
		}
	}
	return code
}

// fatal are the keys whose bad value leaves nothing to answer for.
var fatal = []string{"model", "gpu", "among", "weights", "kv", "engine"}

func answer(query string, verbose bool, stderr io.Writer) (plan.Result, error) {
	c := report.Catalogue()
	s, problems := c.Decode(query)
	for _, p := range problems {
		if slices.Contains(fatal, p.Key) {
			reason, _, _ := strings.Cut(p.String(), " Until then")
			return plan.Result{}, fmt.Errorf("plan: %s: %s", p.Key, reason)
		}
		fmt.Fprintln(stderr, "plan:", p)
	}
	q, err := report.PlanQuestion(report.Question{Scenario: s})
	if err != nil {
		return plan.Result{}, fmt.Errorf("plan: %w", err)
	}
	search, err := plan.New(q)
	if err != nil {
		return plan.Result{}, err
	}
	for {
		done, total := search.Done()
		if verbose {
			fmt.Fprintf(stderr, "\r%-9s %d of %d ", search.Phase(), done, total)
		}
		if search.Phase() == "done" {
			break
		}
		search.Advance(50)
	}
	return search.Result(), nil
}
