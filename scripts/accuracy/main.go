// Accuracy compares the step model with measured rows. It fits the constants,
// cross-validates them by whole configurations, and prints the errors by class.
//
//	go run ./scripts/accuracy               six-fold cross-validation, errors by class
//	go run ./scripts/accuracy -fit          fit on all rows, print the constants
//	go run ./scripts/accuracy -fit -write   and write core/serving/fitted.go
//	go run ./scripts/accuracy -rows         every row with its out-of-fold prediction, as CSV
package main

import (
	"encoding/csv"
	"flag"
	"fmt"
	"os"
	"sort"
	"strconv"

	"moecost/core/serving"
)

func main() {
	dir := flag.String("data", "assets/measurements", "folder of the measured rows")
	doFit := flag.Bool("fit", false, "fit on all rows and print the constants")
	write := flag.Bool("write", false, "with -fit: write core/serving/fitted.go")
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
	covered, nearby := outOfFoldRanges(rows, predicted)
	errorTable(os.Stdout, rows, predicted, covered, nearby)
	fmt.Println()
	if err := pointTable(os.Stdout, f); err != nil {
		return err
	}
	fmt.Println()
	printSkipped(rows)
	if doFit {
		c := fit(rows, start)
		ranges := makeRanges(rows, predicted, func(*row) bool { return true })
		fmt.Println()
		printConstants(&c, ranges)
		if write {
			return writeFitted("core/serving/fitted.go", &c, ranges)
		}
	}
	return nil
}

func printConstants(c *serving.Constants, ranges [serving.ClassCount]serving.Range) {
	fmt.Printf("| constant | value | unit | pulled towards | what | |\n|---|--:|---|--:|---|---|\n")
	for _, p := range c.Parameters() {
		held := ""
		if p.Held {
			held = "held"
		}
		fmt.Printf("| %s | %.4g | %s | %.4g | %s | %s |\n", p.Name, *p.Value, p.Unit, p.Prior, p.Basis, held)
	}
	fmt.Printf("\n| class | measured over predicted time, 80 %% | after one measured point |\n|---|--:|--:|\n")
	for class, r := range ranges {
		fmt.Printf("| %s | %.2f to %.2f | %.2f to %.2f |\n", serving.Class(class), r.Low, r.High, r.NearbyLow, r.NearbyHigh)
	}
}

func printSkipped(rows []*row) {
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
	fmt.Printf("| rows not predicted | why |\n|--:|---|\n")
	for _, s := range reasons {
		fmt.Printf("| %d | %s |\n", count[s], s)
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
