package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"moecost/core/balance"
	"moecost/core/routing"
)

// balanceCase is a figure of a row of imbalance.csv with what predicts it: a row
// of imbalance_cases.csv.
type balanceCase struct {
	id, figure, note, skipped string

	measured, high float64 // high is the other end of a range; 0 for none
	seen           bool    // a constant was chosen by it: shown, not counted

	cells map[string]string
}

// figures are what can be predicted of experts on ranks, in words and by which function.
var figures = map[string]struct {
	name    string
	predict func(c *balanceCase, f *facts) (float64, error)
}{
	"rank":                {"busiest rank, max/mean", rankRatio(balance.Off)},
	"rank eplb":           {"busiest rank with EPLB, max/mean", rankRatio(balance.Static)},
	"rank deviation":      {"deviation of ranks", deviation(balance.Off, true)},
	"rank deviation eplb": {"deviation of ranks with EPLB", deviation(balance.Static, true)},
	"slot":                {"hottest slot, max/mean", slotRatio(balance.Off)},
	"slot eplb":           {"hottest slot with EPLB, max/mean", slotRatio(balance.Static)},
	"slot deviation":      {"deviation of slots", deviation(balance.Off, false)},
	"slot deviation eplb": {"deviation of slots with EPLB", deviation(balance.Static, false)},
	"hottest":             {"hottest expert, max/mean", hottest},
	"gini":                {"Gini coefficient", gini},
	"top8":                {"share of the 8 hottest", top8},
	"cosine":              {"cosine of loads before and after drift", cosine},
	"gain":                {"throughput with EPLB over without", gain(balance.Static)},
	"gain online":         {"throughput with online EPLB over without", gain(balance.Online)},
	"gain even":           {"throughput perfectly even over EPLB", gainEven},
	"loss":                {"throughput over that of even ranks", throughputLeft},
	"metro":               {"step time, placed for distinct experts over EPLB", metro},
	"stall":               {"stall of a rearrangement, s", stall},
}

func readBalanceCases(f *facts) ([]*balanceCase, error) {
	rows, err := readTable(f.dir, "imbalance.csv")
	if err != nil {
		return nil, err
	}
	cases, err := readTable(f.dir, "imbalance_cases.csv")
	if err != nil {
		return nil, err
	}
	var out []*balanceCase
	for _, r := range rows {
		found := false
		for _, c := range cases {
			if c["id"] != r["id"] {
				continue
			}
			found = true
			if _, known := figures[c["figure"]]; !known && c["why_not"] == "" {
				return nil, fmt.Errorf("imbalance_cases.csv: %s: figure %q: unknown", r["id"], c["figure"])
			}
			out = append(out, &balanceCase{id: r["id"], figure: c["figure"], note: c["taken_for"], skipped: c["why_not"],
				measured: number(c["measured"], 0), high: number(c["measured_high"], 0), seen: c["seen"] != "", cells: c})
		}
		if !found {
			return nil, fmt.Errorf("imbalance_cases.csv: %s: no row says what it is taken for", r["id"])
		}
	}
	return out, nil
}

func (c *balanceCase) n(column string) float64 { return number(c.cells[column], 0) }

func (c *balanceCase) int(column string) int { return int(c.n(column)) }

// usualDrift is the scenario's own: see docs/links.md.
const usualDrift = 0.12

// setup places the experts of a case on its ranks.
func (c *balanceCase) setup(p balance.Policy) balance.Setup {
	return balance.Setup{Policy: p, Ranks: c.int("ranks"), Spare: c.int("slots") - c.int("experts"), Drift: usualDrift, Tokens: c.n("tokens")}
}

func (c *balanceCase) coverage() *routing.Coverage {
	return routing.NewCoverage(routing.Inclusion(c.int("experts"), c.int("top_k"), c.n("skew")), c.int("top_k"))
}

// draws is how many layers stand for one, where means over layers are not ready made.
const draws = 200

func rankRatio(p balance.Policy) func(*balanceCase, *facts) (float64, error) {
	return func(c *balanceCase, _ *facts) (float64, error) {
		return c.setup(p).Busiest(c.coverage()).Imbalance(c.n("tokens")), nil
	}
}

// loads calls visit with the expected tokens of every rank, or slot, of drawn layers.
func (c *balanceCase) loads(p balance.Policy, byRank bool, visit func(loads []float64)) {
	s, cover := c.setup(p), c.coverage()
	var loads []float64
	for i := range draws {
		l := s.Draw(cover, i)
		if byRank {
			loads = l.Loads(loads, l.Traffic)
		} else {
			loads = loads[:0]
			for _, e := range l.Expert {
				loads = append(loads, l.Traffic[e]/float64(l.Copies[e]))
			}
		}
		for j := range loads {
			loads[j] *= c.n("tokens")
		}
		visit(loads)
	}
}

// deviation is the standard deviation of tokens over ranks or slots, sampling included.
func deviation(p balance.Policy, byRank bool) func(*balanceCase, *facts) (float64, error) {
	return func(c *balanceCase, _ *facts) (float64, error) {
		total := 0.0
		c.loads(p, byRank, func(loads []float64) {
			mean, squares := 0.0, 0.0
			for _, l := range loads {
				mean += l / float64(len(loads))
			}
			for _, l := range loads {
				squares += (l - mean) * (l - mean) / float64(len(loads))
			}
			total += math.Sqrt(squares+mean) / draws
		})
		return total, nil
	}
}

func slotRatio(p balance.Policy) func(*balanceCase, *facts) (float64, error) {
	return func(c *balanceCase, _ *facts) (float64, error) {
		total := 0.0
		c.loads(p, false, func(loads []float64) { total += balance.MaxOverMean(loads) / draws })
		return total, nil
	}
}

// hottest is the expected tokens of the hottest expert of one step and layer over
// the mean, drawn token by token.
func hottest(c *balanceCase, _ *facts) (float64, error) {
	pi := c.coverage().Layers[0]
	sampler := routing.NewSampler(pi, 1)
	var chosen []int
	total, tokens := 0.0, c.int("tokens")
	for range draws {
		count, most := make([]int, len(pi)), 0
		for range tokens {
			chosen = sampler.Token(chosen[:0])
			for _, e := range chosen {
				count[e]++
				most = max(most, count[e])
			}
		}
		total += float64(most) / draws
	}
	return total / (float64(tokens) * c.n("top_k") / c.n("experts")), nil
}

func gini(c *balanceCase, _ *facts) (float64, error) {
	return routing.Gini(c.coverage().Layers[0]), nil
}

func top8(c *balanceCase, _ *facts) (float64, error) {
	share := 0.0
	for _, p := range c.coverage().Layers[0][:8] {
		share += p / c.n("top_k")
	}
	return share, nil
}

// cosine is that of two lognormal popularities of which one has drifted from the
// other: exp(-drift²/2), whatever the skew.
func cosine(*balanceCase, *facts) (float64, error) {
	return math.Exp(-usualDrift * usualDrift / 2), nil
}

// miss is how far a prediction lies from what was measured, or from the nearer end of a range.
func (c *balanceCase) miss(predicted float64) float64 {
	nearest := c.measured
	if c.high != 0 {
		nearest = min(max(predicted, min(c.measured, c.high)), max(c.measured, c.high))
	}
	if nearest < 0 { // a change: by how much of the whole
		return predicted - nearest
	}
	return predicted/nearest - 1
}

// balanceTable compares what hot experts cost with imbalance.csv. No constant was
// fitted on it but where the row is in parentheses.
func balanceTable(w io.Writer, f *facts) error {
	cases, err := readBalanceCases(f)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "| hot experts | figure | measured | predicted | error | note |\n|---|---|--:|--:|--:|---|\n")
	var errs []float64
	var skipped []*balanceCase
	for _, c := range cases {
		if c.skipped != "" {
			skipped = append(skipped, c)
			continue
		}
		predicted, err := figures[c.figure].predict(c, f)
		if err != nil {
			return fmt.Errorf("imbalance_cases.csv: %s: %w", c.id, err)
		}
		miss := c.miss(predicted)
		shown, measured := fmt.Sprintf("%+.0f %%", 100*miss), figureText(c.measured)
		if c.high != 0 {
			measured += " to " + figureText(c.high)
		}
		if c.seen {
			shown = "(" + shown + ")"
		} else {
			errs = append(errs, math.Abs(miss))
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s |\n", c.id, figures[c.figure].name, measured, figureText(predicted), shown, c.note)
	}
	slices.Sort(errs)
	fmt.Fprintf(w, "\nMedian error %s, largest %s, of %d figures; in parentheses where a constant was chosen by the figure, and not counted.\n",
		percent(quantile(errs, 0.5)), percent(errs[len(errs)-1]), len(errs))
	fmt.Fprintf(w, "\n| hot experts, not predicted | why |\n|---|---|\n")
	for i := 0; i < len(skipped); i++ { // rows of one reason share a line
		names := []string{skipped[i].id}
		for ; i+1 < len(skipped) && skipped[i+1].skipped == skipped[i].skipped; i++ {
			names = append(names, skipped[i+1].id)
		}
		fmt.Fprintf(w, "| %s | %s |\n", strings.Join(names, ", "), skipped[i].skipped)
	}
	return nil
}

// figureText writes a figure with three digits and a sign that is a minus.
func figureText(x float64) string {
	return strings.Replace(fmt.Sprintf("%.3g", x), "-", "−", 1)
}
