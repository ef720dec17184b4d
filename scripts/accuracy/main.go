// Accuracy compares the step model with measured rows. It fits the constants,
// cross-validates them by whole configurations, and prints the errors by class.
//
//	go run ./scripts/accuracy               six-fold cross-validation, errors by class
//	go run ./scripts/accuracy -fit          fit on all rows, print the constants
//	go run ./scripts/accuracy -fit -write   and write core/serving/fitted.go the tables of docs/accuracy.md
//	                                        and predicted.csv, classes.csv and accuracy.csv of assets/measurements
//	go run ./scripts/accuracy -rows         every row with its out-of-fold prediction, as CSV
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strconv"
	"strings"

	"moecost/core/serving"
)

func main() {
	dir := flag.String("data", "assets/measurements", "folder of the measured rows")
	doFit := flag.Bool("fit", false, "fit on all rows and print the constants")
	write := flag.Bool("write", false, "with -fit: write core/serving/fitted.go and the tables of docs/accuracy.md")
	list := flag.Bool("rows", false, "print every row with its out-of-fold prediction")
	inUse := flag.Bool("in-use", false, "errors of the constants in use, without fitting")
	skew := flag.Float64("skew", 1, "sigma of the expert popularity")
	flag.Parse()
	if err := run(*dir, *skew, *doFit, *write, *list, *inUse); err != nil {
		fmt.Fprintln(os.Stderr, "accuracy:", err)
		os.Exit(1)
	}
}

func run(dir string, skew float64, doFit, write, list, inUse bool) error {
	f, err := readFacts(dir)
	if err != nil {
		return err
	}
	f.skew = skew
	rows, err := readRows(f)
	if err != nil {
		return err
	}
	start := serving.Start()
	var predicted []float64
	if inUse {
		c := serving.Fitted()
		predicted = predictAll(rows, &c)
	} else {
		predicted = crossValidate(rows, start)
	}
	if list {
		return printRows(rows, predicted)
	}
	var out strings.Builder
	covered, nearby := outOfFoldRanges(rows, predicted)
	errorTable(&out, rows, predicted, covered, nearby)
	fmt.Fprintln(&out)
	if err := pointTable(&out, f); err != nil {
		return err
	}
	fmt.Fprintln(&out)
	if err := offloadTables(&out, dir); err != nil {
		return err
	}
	if err := hitTable(&out, dir); err != nil {
		return err
	}
	fmt.Fprintln(&out)
	skippedTable(&out, rows)
	if doFit {
		c := fit(rows, start)
		ranges := makeRanges(rows, predicted, func(*row) bool { return true })
		fmt.Fprintln(&out)
		constantTable(&out, &c, ranges)
		if write {
			if err := writeFitted("core/serving/fitted.go", &c, ranges); err != nil {
				return err
			}
			if err := writeTables("docs/accuracy.md", out.String()); err != nil {
				return err
			}
			if err := writeClasses(dir+"/classes.csv", rows, predicted, covered); err != nil {
				return err
			}
			if err := writePoints(dir+"/predicted.csv", rows, predicted); err != nil {
				return err
			}
			if err := writeCompact(dir, f, rows, predicted, listed(rows)); err != nil {
				return err
			}
		}
	}
	fmt.Print(out.String())
	return nil
}

func constantTable(w io.Writer, c *serving.Constants, ranges [serving.ClassCount]serving.Range) {
	fmt.Fprintf(w, "| constant | value | unit | pulled towards | what | |\n|---|--:|---|--:|---|---|\n")
	for _, p := range c.Parameters() {
		held := ""
		if p.Held {
			held = "held"
		}
		fmt.Fprintf(w, "| %s | %.4g | %s | %.4g | %s | %s |\n", p.Name, *p.Value, p.Unit, p.Prior, p.Basis, held)
	}
	fmt.Fprintf(w, "\n| class | measured over predicted time, 80 %% | after one measured point |\n|---|--:|--:|\n")
	for class, r := range ranges[:serving.Offloaded] { // experts elsewhere have ranges of their own rows
		fmt.Fprintf(w, "| %s | %.2f to %.2f | %.2f to %.2f |\n", serving.Class(class), r.Low, r.High, r.NearbyLow, r.NearbyHigh)
	}
}

func skippedTable(w io.Writer, rows []*row) {
	count := map[string]int{}
	for _, r := range rows {
		if r.skipped != "" {
			count[r.skipped]++
		}
	}
	reasons := make([]string, 0, len(count))
	for s := range count {
		reasons = append(reasons, s)
	}
	sort.Strings(reasons)
	fmt.Fprintf(w, "| rows not predicted | why |\n|--:|---|\n")
	for _, s := range reasons {
		fmt.Fprintf(w, "| %d | %s |\n", count[s], s)
	}
}

func printRows(rows []*row, predicted []float64) error {
	w := csv.NewWriter(os.Stdout)
	w.Write([]string{"id", "class", "measured", "predicted", "ratio", "grey", "reason"})
	number := func(x float64) string { return strconv.FormatFloat(x, 'g', 5, 64) }
	for i, r := range rows {
		if r.skipped != "" {
			w.Write([]string{r.id, "", "", "", "", "", r.skipped})
			continue
		}
		w.Write([]string{r.id, className(r.class), number(r.measured), number(predicted[i]), number(predicted[i] / r.measured), strconv.FormatBool(r.grey), r.reason})
	}
	w.Flush()
	return w.Error()
}
