package measured

import (
	"encoding/csv"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"moecost/core/serving"
)

// row is a published measurement, and what is predicted for it by constants that never saw its configuration.
type row struct {
	users int
	Sample
}

// sweeps are the measured sweeps: loads of one configuration with equal lengths, by what identifies it.
func sweeps(t *testing.T, classes ...serving.Class) map[string][]row {
	t.Helper()
	file, err := os.Open("../../assets/measurements/predicted.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(name string) int { return slices.Index(rows[0], name) }
	out := map[string][]row{}
	for _, r := range rows[1:] {
		i := slices.IndexFunc(classes, func(c serving.Class) bool { return c.String() == r[column("class")] })
		if i < 0 || r[column("left_out")] != "" || r[column("unit")] != "s" {
			continue
		}
		measured, err1 := strconv.ParseFloat(r[column("measured")], 64)
		predicted, err2 := strconv.ParseFloat(r[column("predicted")], 64)
		users, err3 := strconv.Atoi(r[column("users")])
		if err1 != nil || err2 != nil || err3 != nil {
			continue
		}
		var id []string
		for _, name := range []string{"model", "weights", "gpu", "gpus", "engine", "input", "output", "source"} {
			id = append(id, r[column(name)])
		}
		key := strings.Join(id, " ")
		out[key] = append(out[key], row{users, Sample{classes[i], measured, predicted}})
	}
	for key, list := range out {
		slices.SortFunc(list, func(a, b row) int { return a.users - b.users })
		if len(list) < 4 {
			delete(out, key)
		}
	}
	return out
}

// Fitted on the lowest and the highest load of a measured sweep, the others are predicted better than without, and as well as
// with the raw ratio of the lowest, and eight in ten of them lie in the range.
func TestRefitOnMeasuredSweeps(t *testing.T) {
	var without, raw, fitted []float64
	inside, all, configurations := 0, 0, 0
	for _, sweep := range sweeps(t, serving.NodeFew, serving.NodeMany) {
		configurations++
		ends := []Sample{sweep[0].Sample, sweep[len(sweep)-1].Sample}
		for _, x := range sweep[1 : len(sweep)-1] {
			d := math.Log(x.Measured / x.Predicted)
			fit := Refit(x.Class, ends)
			without = append(without, math.Abs(d))
			raw = append(raw, math.Abs(d-math.Log(ends[0].Measured/ends[0].Predicted)))
			fitted = append(fitted, math.Abs(d-math.Log(fit.Factor)))
			if ratio := x.Measured / x.Predicted; ratio >= fit.Low && ratio <= fit.High {
				inside++
			}
			all++
		}
	}
	if configurations < 10 || all < 40 {
		t.Fatalf("%d sweeps with %d loads between their ends: the table has changed", configurations, all)
	}
	median := func(list []float64) float64 { slices.Sort(list); return list[len(list)/2] }
	p80 := func(list []float64) float64 { slices.Sort(list); return list[len(list)*4/5] }
	t.Logf("%d sweeps, %d loads: median error without %.3f, raw %.3f, fitted %.3f; P80 %.3f, %.3f, %.3f; %d inside", configurations, all,
		median(without), median(raw), median(fitted), p80(without), p80(raw), p80(fitted), inside)
	if median(fitted) > 0.7*median(without) || p80(fitted) > 0.5*p80(without) {
		t.Errorf("median error %.3f and P80 %.3f, without %.3f and %.3f: two measurements should take away a third and a half", median(fitted), p80(fitted), median(without), p80(without))
	}
	if p80(fitted) > 1.05*p80(raw) {
		t.Errorf("P80 of the errors %.3f, %.3f with the raw ratio of one measurement", p80(fitted), p80(raw))
	}
	// The range is to hold 80 %; of so many loads in so few sweeps, some points more or less.
	if share := float64(inside) / float64(all); share < 0.70 || share > 0.97 {
		t.Errorf("%.2f of the loads lie in the range, want about 0.8", share)
	}
}

// The closed form against the textbook's normal posterior, in variances that a hand can follow.
func TestRefitByHand(t *testing.T) {
	s := of(serving.NodeMany)
	predicted := 10.0
	for _, n := range []int{1, 2, 5} {
		var samples []Sample
		for range n {
			samples = append(samples, Sample{serving.NodeMany, predicted * math.Exp(0.3), predicted})
		}
		want := math.Exp((s.usual/s.shared + 0.3*float64(n)/s.own) / (1/s.shared + float64(n)/s.own))
		got := Refit(serving.NodeMany, samples)
		if math.Abs(got.Factor/want-1) > 1e-12 {
			t.Errorf("%d samples: got %v, want %v", n, got.Factor, want)
		}
		if r := serving.RangeOf(serving.NodeMany); got.Low != got.Factor*r.NearbyLow || got.High != got.Factor*r.NearbyHigh {
			t.Errorf("%d samples: range %v to %v, want that inside a configuration around %v", n, got.Low, got.High, got.Factor)
		}
		if got.Samples != n {
			t.Errorf("%d samples: counted %d", n, got.Samples)
		}
	}
}

// Samples make a range no wider; where a class has a shared part, further samples bring the factor nearer to what they say.
func TestSamplesPull(t *testing.T) {
	for class := range serving.ClassCount {
		r := serving.RangeOf(class)
		if f := Refit(class, nil); f.Factor != 1 || f.Low != r.Low || f.High != r.High {
			t.Errorf("%s: without samples got %+v, want the class's range", class, f)
		}
		before := 0.0
		var samples []Sample
		for n := range 6 {
			samples = append(samples, Sample{class, 2, 1})
			f := Refit(class, samples)
			if math.Log(f.High/f.Low) > math.Log(r.High/r.Low)*1.02 { // TTFT under load: 1.71/0.62 against 1.93/0.64
				t.Errorf("%s: %d samples: %.2f to %.2f, the class %.2f to %.2f", class, n+1, f.Low, f.High, r.Low, r.High)
			}
			if of(class).shared > 0 && (f.Factor <= before || f.Factor >= 2) {
				t.Errorf("%s: %d samples of 2: factor %.3f after %.3f", class, n+1, f.Factor, before)
			}
			before = f.Factor
		}
	}
}

func TestSamplesThatSayNothing(t *testing.T) {
	want := Refit(serving.NodeMany, nil)
	for _, x := range []Sample{{serving.NodeMany, 0, 1}, {serving.NodeMany, 1, 0}, {serving.NodeMany, math.NaN(), 1}, {serving.NodeMany, math.Inf(1), 1}, {serving.NodeMany, -1, 1}} {
		if got := Refit(serving.NodeMany, []Sample{x}); got != want {
			t.Errorf("%+v: got %+v, want %+v", x, got, want)
		}
	}
}
