package quantity

import (
	"math"
	"strconv"
)

// Units chooses between powers of 1,000 and of 1,024 for bytes.
type Units uint8

const (
	// Decimal counts in GB of 10⁹ bytes.
	Decimal Units = iota
	// Binary counts in GiB of 2³⁰ bytes.
	Binary
)

// Kind is what a number counts. It decides its units and where they change.
type Kind uint8

// The kinds, each in the base unit that its values have.
const (
	Plain           Kind = iota // no unit
	Bytes                       // bytes
	BytesPerSecond              // bytes per second
	Parameters                  // weights: M, B, T
	Tokens                      // tokens
	TokensPerSecond             // tokens per second
	Seconds                     // seconds: µs below 0.1 ms, ms below 1 s
	FLOPs                       // floating-point operations
	FLOPsPerSecond              // floating-point operations per second
	Dollars                     // US dollars
	Share                       // 0 to 1, shown as percent
	Ratio                       // how many times: 17.9×
	Watts                       // watts
)

// Scale is one unit: a value divided by Factor is what stands before Unit.
type Scale struct {
	Factor float64
	Unit   string // "GB"; empty if none
}

// tier is a Scale with the smallest number that it shows: 0.1 for ms.
type tier struct {
	Scale
	from float64
}

func steps(base string, factor float64, units ...string) []tier {
	tiers := []tier{{Scale{1, base}, 0}}
	f := 1.0
	for _, u := range units {
		f *= factor
		tiers = append(tiers, tier{Scale{f, u}, 1})
	}
	return tiers
}

var (
	decimalBytes  = steps("B", 1000, "kB", "MB", "GB", "TB", "PB")
	binaryBytes   = steps("B", 1024, "KiB", "MiB", "GiB", "TiB", "PiB")
	decimalRate   = steps("B/s", 1000, "kB/s", "MB/s", "GB/s", "TB/s", "PB/s")
	binaryRate    = steps("B/s", 1024, "KiB/s", "MiB/s", "GiB/s", "TiB/s", "PiB/s")
	parameterTier = []tier{{Scale{1, ""}, 0}, {Scale{1e6, "M"}, 1}, {Scale{1e9, "B"}, 1}, {Scale{1e12, "T"}, 1}}
	flops         = steps("FLOP", 1000, "kFLOP", "MFLOP", "GFLOP", "TFLOP", "PFLOP", "EFLOP")
	flopRate      = steps("FLOP/s", 1000, "kFLOP/s", "MFLOP/s", "GFLOP/s", "TFLOP/s", "PFLOP/s", "EFLOP/s")
	seconds       = []tier{{Scale{1e-6, "µs"}, 0}, {Scale{1e-3, "ms"}, 0.1}, {Scale{1, "s"}, 1}}
)

// tiers are the units of a kind, smallest first.
func (k Kind) tiers(u Units) []tier {
	switch k {
	case Bytes:
		if u == Binary {
			return binaryBytes
		}
		return decimalBytes
	case BytesPerSecond:
		if u == Binary {
			return binaryRate
		}
		return decimalRate
	case Parameters:
		return parameterTier
	case FLOPs:
		return flops
	case FLOPsPerSecond:
		return flopRate
	case Seconds:
		return seconds
	}
	return fixedUnit[k : k+1]
}

// fixedUnit holds the unit of the kinds that have only one, by kind.
var fixedUnit = [Watts + 1]tier{
	Plain:           {Scale{1, ""}, 0},
	Tokens:          {Scale{1, ""}, 0},
	TokensPerSecond: {Scale{1, "tok/s"}, 0},
	Dollars:         {Scale{1, "$"}, 0},
	Share:           {Scale{0.01, "%"}, 0},
	Ratio:           {Scale{1, "×"}, 0},
	Watts:           {Scale{1, "W"}, 0},
}

// usual is the tier that a zero is shown in, by kind: GB, ms.
var usual = [Watts + 1]int{Bytes: 3, BytesPerSecond: 3, Seconds: 1}

// Scale returns the unit in which to show v: the largest in which v, as it
// prints with three significant digits, still reaches the unit's smallest
// number. 999.6 MB is 1.00 GB.
func (k Kind) Scale(u Units, v float64) Scale {
	tiers := k.tiers(u)
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return tiers[usual[k]].Scale
	}
	for i := len(tiers) - 1; i > 0; i-- {
		if rounded(v/tiers[i].Factor, 3) >= tiers[i].from {
			return tiers[i].Scale
		}
	}
	return tiers[0].Scale
}

// Column returns the one unit for a column: that of its largest value.
func (k Kind) Column(u Units, values ...float64) Scale {
	largest := 0.0
	for _, v := range values {
		if a := math.Abs(v); a > largest && !math.IsInf(a, 0) {
			largest = a
		}
	}
	return k.Scale(u, largest)
}

// rounded is |v| as it prints with n significant digits.
func rounded(v float64, n int) float64 {
	r, _ := strconv.ParseFloat(strconv.FormatFloat(math.Abs(v), 'e', n-1, 64), 64)
	return r
}

// Join puts a unit behind its number, or before it: 24.9 GB, 97 %, $4.14, 17.9×.
// Numbers without digits stay alone.
func (s Scale) Join(number string) string {
	if s.Unit == "" || number == Unknown || number == Never {
		return number
	}
	switch s.Unit {
	case "$":
		if len(number) > len(minus) && number[:len(minus)] == minus {
			return minus + "$" + number[len(minus):]
		}
		return "$" + number
	case "×", "¢":
		return number + s.Unit
	case "%":
		return number + narrowNoBreak + "%"
	}
	return number + noBreak + s.Unit
}

// Ledger writes v in the unit with two decimals and without the unit, for a
// column that names it: 40.31, "< 0.01", 0.
func (s Scale) Ledger(v float64) string { return Fixed(v/s.Factor, 2) }
