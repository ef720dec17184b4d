package main

import (
	"hash/fnv"
	"math"

	"moecost/core/serving"
)

// The loss: Huber on the logarithm of predicted over measured, and a prior on
// the logarithm of every constant. The prior keeps a constant that few rows see near a
// round value; a stronger one made left-out configurations better, not worse.
const (
	huber      = 0.25
	priorScale = 1.0
	rounds     = 12
)

// fit returns constants fitted to the rows: damped Gauss-Newton on the
// logarithms of the constants, derivatives by differences. Deterministic.
func fit(rows []*row, start serving.Constants) serving.Constants {
	best := start
	damping := 1e-2
	bestLoss := loss(rows, &best)
	for range rounds {
		gradient, hessian, free := derivatives(rows, &best)
		improved := false
		for range 6 {
			step := solve(hessian, gradient, damping)
			next := best
			ps := next.Parameters()
			for i, p := range free {
				*ps[p].Value *= math.Exp(math.Max(-0.5, math.Min(0.5, step[i])))
			}
			l := loss(rows, &next)
			if l < bestLoss {
				improved = bestLoss-l > 1e-6*bestLoss
				best, bestLoss = next, l
				damping = math.Max(damping/4, 1e-6)
				break
			}
			damping *= 4
		}
		if !improved {
			break
		}
	}
	return best
}

func residuals(rows []*row, c *serving.Constants, out []float64) {
	for i, r := range rows {
		out[i] = 0
		if r.used() {
			r.timing.Use(c)
			out[i] = r.err(r.predict(r.timing))
		}
	}
}

func loss(rows []*row, c *serving.Constants) float64 {
	e := make([]float64, len(rows))
	residuals(rows, c, e)
	sum := 0.0
	for i, r := range rows {
		sum += r.weight * huberLoss(e[i])
	}
	for _, p := range c.Parameters() {
		if !p.Held {
			d := math.Log(*p.Value / p.Prior)
			sum += priorScale * 0.5 * d * d
		}
	}
	return sum
}

func huberLoss(e float64) float64 {
	if a := math.Abs(e); a > huber {
		return huber * (a - huber/2)
	}
	return e * e / 2
}

func derivatives(rows []*row, c *serving.Constants) (gradient []float64, hessian [][]float64, free []int) {
	base := make([]float64, len(rows))
	residuals(rows, c, base)
	var columns [][]float64
	ps := c.Parameters()
	for i, p := range ps {
		if p.Held {
			continue
		}
		free = append(free, i)
		const h = 1e-3
		moved := *c
		mp := moved.Parameters()
		*mp[i].Value *= math.Exp(h)
		column := make([]float64, len(rows))
		residuals(rows, &moved, column)
		for k := range column {
			column[k] = (column[k] - base[k]) / h
		}
		columns = append(columns, column)
	}
	n := len(free)
	gradient = make([]float64, n)
	hessian = make([][]float64, n)
	for i := range hessian {
		hessian[i] = make([]float64, n)
		d := math.Log(*ps[free[i]].Value / ps[free[i]].Prior)
		gradient[i] = priorScale * d
		hessian[i][i] = priorScale
	}
	for k, r := range rows {
		w := r.weight
		if w == 0 {
			continue
		}
		if a := math.Abs(base[k]); a > huber {
			w *= huber / a
		}
		for i := range n {
			wi := w * columns[i][k]
			gradient[i] += wi * base[k]
			for j := range i + 1 {
				hessian[i][j] += wi * columns[j][k]
			}
		}
	}
	for i := range n {
		for j := range i {
			hessian[j][i] = hessian[i][j]
		}
	}
	return gradient, hessian, free
}

// solve returns -(H + damping diag H)^-1 g by elimination.
func solve(h [][]float64, g []float64, damping float64) []float64 {
	n := len(g)
	a := make([][]float64, n)
	for i := range a {
		a[i] = append(append([]float64(nil), h[i]...), -g[i])
		a[i][i] *= 1 + damping
	}
	for i := range n {
		p := i
		for k := i; k < n; k++ {
			if math.Abs(a[k][i]) > math.Abs(a[p][i]) {
				p = k
			}
		}
		a[i], a[p] = a[p], a[i]
		if a[i][i] == 0 {
			continue
		}
		for k := i + 1; k < n; k++ {
			f := a[k][i] / a[i][i]
			for j := i; j <= n; j++ {
				a[k][j] -= f * a[i][j]
			}
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		s := a[i][n]
		for j := i + 1; j < n; j++ {
			s -= a[i][j] * x[j]
		}
		if a[i][i] != 0 {
			x[i] = s / a[i][i]
		}
	}
	return x
}

const folds = 6

// fold assigns a configuration to a fold by its name.
func fold(conf string) int { return int(hash(conf) % folds) }

func hash(s string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()
}

// crossValidate predicts every used row by constants that never saw its
// configuration.
func crossValidate(rows []*row, start serving.Constants) []float64 {
	out := make([]float64, len(rows))
	for f := range folds {
		var training []*row
		for _, r := range rows {
			if r.used() && fold(r.conf) != f {
				training = append(training, r)
			}
		}
		c := fit(training, start)
		for i, r := range rows {
			if r.skipped == "" && fold(r.conf) == f {
				r.timing.Use(&c)
				out[i] = r.predict(r.timing)
			}
		}
	}
	return out
}
