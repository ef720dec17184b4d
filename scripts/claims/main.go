// Claims prints what is said of serving mixtures of experts, what moecost computes for it, and
// whether it holds.
//
//	go run ./scripts/claims              # all claims
//	go run ./scripts/claims memory-8-6x  # one, by its id
//	go run ./scripts/claims -links       # every number that they rest on: its link, its id, its value
package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"moecost/core/claims"
	"moecost/core/quantity"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "claims:", err)
		os.Exit(1)
	}
}

func run(ids []string, out io.Writer) error {
	links := len(ids) == 1 && ids[0] == "-links"
	if links {
		ids = nil
	}
	list, err := claims.Check()
	if err != nil {
		return err
	}
	for _, id := range ids {
		if !slices.ContainsFunc(list, func(c claims.Claim) bool { return c.ID == id }) {
			return fmt.Errorf("%s: no such claim: run without an id for all", id)
		}
	}
	w := bufio.NewWriter(out)
	if links {
		printLinks(w, list)
		return w.Flush()
	}
	counts := map[claims.Verdict]int{}
	for i := range list {
		c := &list[i]
		if len(ids) > 0 && !slices.Contains(ids, c.ID) {
			continue
		}
		counts[c.Verdict]++
		fmt.Fprintf(w, "%s: %s\n  %s\n", c.ID, c.Text, c.Verdict)
		for _, condition := range c.Conditions() {
			fmt.Fprintf(w, "  - %s\n", condition)
		}
		for j := range c.Cases {
			printCase(w, &c.Cases[j])
		}
		fmt.Fprintln(w)
	}
	for _, v := range claims.Verdicts {
		fmt.Fprintf(w, "%d %s\n", counts[v], v)
	}
	return w.Flush()
}

// printLinks prints each number once.
func printLinks(w *bufio.Writer, list []claims.Claim) {
	seen := map[string]bool{}
	for i := range list {
		for j := range list[i].Cases {
			for _, t := range list[i].Cases[j].Derivation.Terms {
				line := fmt.Sprintf("%s\t%s\t%.17g\n", t.Link(), t.Figure.ID, t.Figure.Value)
				if t.Figure.ID != "" && !seen[line] {
					seen[line] = true
					w.WriteString(line)
				}
			}
		}
	}
}

func printCase(w io.Writer, k *claims.Case) {
	d := &k.Derivation
	if k.Outcome == claims.Unknown {
		fmt.Fprintf(w, "    %-9s %-5s  %s: %s\n", k.Outcome, k.Role, k.Says, k.Reason)
		return
	}
	spread := ""
	if d.Low != d.High {
		spread = fmt.Sprintf(" (%s to %s)", quantity.Significant(d.Low, 3), quantity.Significant(d.High, 3))
	}
	fmt.Fprintf(w, "    %-9s %-5s  %s: %s%s %s, said %s\n      %s\n", k.Outcome, k.Role, k.Says, quantity.Significant(d.Value, 4), spread, d.Unit, bounds(k.Accept), d.Words)
	for _, t := range d.Terms {
		fmt.Fprintf(w, "      %s = %s  %s\n", t.Symbol, quantity.Significant(t.Figure.Value, 6), t.Link())
	}
	if k.Measured != "" {
		fmt.Fprintf(w, "      %s  %s\n", d.Formula, k.Measured)
	}
}

func bounds(b claims.Bounds) string {
	switch {
	case math.IsInf(b.Low, -1):
		return "at most " + quantity.Significant(b.High, 4)
	case math.IsInf(b.High, 1):
		return "at least " + quantity.Significant(b.Low, 4)
	}
	return quantity.Significant(b.Low, 4) + " to " + quantity.Significant(b.High, 4)
}
