package tail

import "math"

// How many tokens of a step choose an expert is binomial: tokens and its inclusion
// probability, whatever the scheme that draws a token's experts without replacement. Up to a mean of
// tableMean the count is drawn from the exact distribution by the alias method (Walker 1977), on a grid of means
// between which an expert is rounded by chance, once; its copies are scaled to its own mean. Above that
// it is normal with the first skewness term of Cornish and Fisher (1938), which for variances of some tens
// is exact to the fourth digit.
const (
	tableMean    = 40.0
	perE         = 32  // tables to a factor of e in the mean
	tableCount   = 340 // down to a mean of 0.001
	columns      = 128 // counts of a table: a binomial of mean 40 exceeds them with chance 1e-28
	normalCount  = 1 << 13
	perCopy      = 64 // up to so many token copies in a layer tokens are drawn one by one
	columnBits   = 7
	thresholdOne = 1 << 16
)

// binomials are the tables of one number of tokens.
type binomials struct {
	tokens float64
	alias  []uint32 // columns of every table: threshold of 16 bits, then the other count
	made   []bool
	normal []float32 // midpoint quantiles, scaled to variance 1
}

// draw is how the count of one expert on one rank is drawn: from a table, times
// scale; or, if table is negative, mean + spread z + skew (z²-1).
type draw struct {
	table              int32
	scale, spread, bow float32
}

func newBinomials(tokens float64) *binomials {
	b := &binomials{tokens: tokens, alias: make([]uint32, tableCount*columns), made: make([]bool, tableCount), normal: make([]float32, normalCount)}
	square := 0.0
	for i := range b.normal {
		z := math.Sqrt2 * math.Erfinv((2*float64(i)+1)/normalCount-1)
		b.normal[i] = float32(z)
		square += z * z
	}
	scale := float32(math.Sqrt(normalCount / square))
	for i := range b.normal {
		b.normal[i] *= scale
	}
	return b
}

// of is the draw of a mean and a variance.
func (b *binomials) of(mean, variance float64, r *stream) draw {
	if mean >= tableMean || mean >= 0.999*b.tokens {
		p := mean / b.tokens
		return draw{table: -1, scale: float32(mean), spread: float32(math.Sqrt(variance)), bow: float32((1 - 2*p) / 6 * min(variance/4, 1))}
	}
	if mean <= 0 {
		return draw{table: b.table(tableCount - 1)}
	}
	x := perE * math.Log(tableMean/mean)
	at := math.Floor(x)
	// The chance keeps the mean: the lower table's mean is e^(-1/perE) of the upper one's.
	upper, lower := math.Exp((x-at)/perE), math.Exp((x-at-1)/perE)
	if r.uniform() > (1-lower)/(upper-lower) {
		at++
	}
	at = min(at, tableCount-1)
	for meanOf(at) >= b.tokens {
		at++
	}
	return draw{table: b.table(int(at)), scale: float32(mean / meanOf(at))}
}

// meanOf is the mean of a table.
func meanOf(table float64) float64 { return tableMean * math.Exp(-table/perE) }

// table makes a table if it is not made yet and returns where it starts.
func (b *binomials) table(at int) int32 {
	if !b.made[at] {
		b.made[at] = true
		var mass [columns]float64
		binomial(mass[:], b.tokens, meanOf(float64(at))/b.tokens)
		aliasOf(b.alias[at*columns:(at+1)*columns], mass[:])
	}
	return int32(at * columns)
}

// binomial fills mass with the chances of 0, 1, 2 ... successes in n trials.
func binomial(mass []float64, n, p float64) {
	if p >= 1 {
		p = 1 - 1e-12
	}
	logMass, odds := n*math.Log1p(-p), p/(1-p)
	total := 0.0
	for i := range mass {
		mass[i] = 0
		if float64(i) <= n {
			mass[i] = math.Exp(logMass)
			logMass += math.Log(odds * (n - float64(i)) / float64(i+1))
		}
		total += mass[i]
	}
	for i := range mass {
		mass[i] /= total
	}
}

// aliasOf fills the columns of an alias table (Vose 1991).
func aliasOf(to []uint32, mass []float64) {
	n := float64(len(mass))
	var small, large []int
	for i := range mass {
		mass[i] *= n
		if mass[i] < 1 {
			small = append(small, i)
		} else {
			large = append(large, i)
		}
	}
	put := func(i, other int, p float64) {
		to[i] = uint32(min(math.Round(p*thresholdOne), thresholdOne-1))<<16 | uint32(other)
	}
	for len(small) > 0 && len(large) > 0 {
		s, l := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		put(s, l, mass[s])
		if mass[l] -= 1 - mass[s]; mass[l] < 1 {
			large = large[:len(large)-1]
			small = append(small, l)
		}
	}
	for _, i := range append(small, large...) {
		put(i, i, 1)
	}
}
