package balance

import (
	"math"
	"slices"
)

// placeDistinct places experts so that the rank that reads the most is expected to
// read as few distinct experts as possible in a step of so many tokens. Experts are replicated
// only where that makes it lighter: a hot one is read wherever it is, so many
// spare slots may stay Empty.
//
// The objective is that of METRO (arXiv 2512.09277), which pursues it by choosing
// among replicas anew in every step. The method here: with no, some and all spare slots filled by
// replicas, the most read first to the lightest rank with room; of these the best, then changes
// while one lightens the heaviest rank. Where that leaves a choice, tokens are evened out.
func placeDistinct(pi []float64, tokens float64, slots, ranks int) Placement {
	var best *dealer
	const parts = 4
	for part := range parts + 1 {
		d := newDealer(pi, tokens, slots, ranks)
		d.replicate((slots - len(pi)) * part / parts)
		if d.deal(); best == nil || slices.Max(d.load) < slices.Max(best.load) {
			best = d
		}
		if slots == len(pi) {
			break
		}
	}
	for range 4 * slots { // far more changes than there are in practice
		if !best.improve() {
			break
		}
	}
	best.even()
	return best.placement()
}

// dealer is a placement in the making.
type dealer struct {
	pi     []float64
	tokens float64
	room   int       // slots of a rank
	held   [][]int   // experts by rank
	holds  []bool    // whether a rank holds an expert, at rank*experts + expert
	copies []int     // by expert
	read   []float64 // by expert: probability that one of its replicas is read
	load   []float64 // by rank: expected reads
}

func newDealer(pi []float64, tokens float64, slots, ranks int) *dealer {
	d := &dealer{pi: pi, tokens: tokens, room: slots / ranks, held: make([][]int, ranks), holds: make([]bool, ranks*len(pi)),
		copies: make([]int, len(pi)), read: make([]float64, len(pi)), load: make([]float64, ranks)}
	for e := range pi {
		d.copies[e], d.read[e] = 1, d.reads(e, 1)
	}
	return d
}

// reads is the probability that one of so many replicas of an expert is read.
func (d *dealer) reads(e, copies int) float64 {
	return -math.Expm1(d.tokens * math.Log1p(-d.pi[e]/float64(copies)))
}

// replicate makes so many replicas, each of the expert whose replicas get the
// most lighter by it.
func (d *dealer) replicate(replicas int) {
	gain := make([]float64, len(d.pi))
	for e := range gain {
		gain[e] = d.read[e] - d.reads(e, 2)
	}
	for range replicas {
		e := 0
		for i, g := range gain {
			if g > gain[e] && d.copies[i] < len(d.held) {
				e = i
			}
		}
		if d.copies[e] == len(d.held) {
			return
		}
		d.copies[e]++
		d.read[e] -= gain[e]
		gain[e] = d.read[e] - d.reads(e, d.copies[e]+1)
	}
}

// deal puts every replica on a rank: the most replicated experts first, as they
// need ranks that do not hold them, then by falling reads, on the lightest rank with room.
func (d *dealer) deal() {
	order := make([]int, len(d.pi))
	for e := range order {
		order[e] = e
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case d.copies[a] != d.copies[b]:
			return d.copies[b] - d.copies[a]
		case d.read[a] > d.read[b]:
			return -1
		case d.read[a] < d.read[b]:
			return 1
		}
		return 0
	})
	for _, e := range order {
		placed := 0
		for range d.copies[e] {
			to := -1
			for r := range d.held {
				if d.takes(r, e) && (to < 0 || d.load[r] < d.load[to]) {
					to = r
				}
			}
			if to >= 0 {
				d.put(e, to)
				placed++
			}
		}
		d.recount(e, max(placed, 1))
	}
}

// takes tells whether a rank has room for an expert that it does not hold.
func (d *dealer) takes(rank, e int) bool {
	return len(d.held[rank]) < d.room && !d.holds[rank*len(d.pi)+e]
}

func (d *dealer) put(e, rank int) {
	d.held[rank] = append(d.held[rank], e)
	d.holds[rank*len(d.pi)+e] = true
	d.load[rank] += d.read[e]
}

func (d *dealer) take(e, rank int) {
	i := slices.Index(d.held[rank], e)
	d.held[rank] = slices.Delete(d.held[rank], i, i+1)
	d.holds[rank*len(d.pi)+e] = false
	d.load[rank] -= d.read[e]
}

// recount changes how many replicas the reads of an expert are spread over.
func (d *dealer) recount(e, copies int) {
	if d.copies[e] == copies {
		return
	}
	read := d.reads(e, copies)
	for r := range d.held {
		if d.holds[r*len(d.pi)+e] {
			d.load[r] += read - d.read[e]
		}
	}
	d.copies[e], d.read[e] = copies, read
}

// change is one that lightens the heaviest rank.
type change struct {
	expert, to int  // expert is -1 for none
	other      int  // expert that comes back in exchange; -1 for none
	replica    bool // the expert stays, and is held there too
}

// improve makes the change after which the heavier of its two ranks is lightest,
// and says whether there was one that makes the heaviest rank lighter.
func (d *dealer) improve() bool {
	from := 0
	for r, l := range d.load {
		if l > d.load[from] {
			from = r
		}
	}
	const worth = 1e-3 // of the load: smaller gains cost more time than they are worth
	lightest := d.load[from] * (1 - worth)
	best := change{expert: -1}
	for _, e := range d.held[from] {
		own, shared := d.read[e], d.reads(e, d.copies[e]+1)
		for to, load := range d.load {
			if to == from || load >= lightest || d.holds[to*len(d.pi)+e] {
				continue
			}
			if len(d.held[to]) < d.room {
				if top := max(d.load[from]-own, load+own); top < lightest {
					lightest, best = top, change{e, to, -1, false}
				}
				if top := max(d.load[from]-own+shared, load+shared); top < lightest {
					lightest, best = top, change{e, to, -1, true}
				}
			}
			for _, other := range d.held[to] {
				gain := own - d.read[other]
				if top := max(d.load[from]-gain, load+gain); gain > 0 && top < lightest && !d.holds[from*len(d.pi)+other] {
					lightest, best = top, change{e, to, other, false}
				}
			}
		}
	}
	switch e := best.expert; {
	case e < 0:
		return false
	case best.replica:
		d.recount(e, d.copies[e]+1)
		d.put(e, best.to)
	default:
		d.exchange(best, from)
	}
	return true
}

func (d *dealer) exchange(c change, from int) {
	d.take(c.expert, from)
	d.put(c.expert, c.to)
	if c.other >= 0 {
		d.take(c.other, c.to)
		d.put(c.other, from)
	}
}

// even swaps experts between the rank with the most tokens and another while that
// lightens the heavier of the two in tokens, and makes no rank read more than the heaviest does.
func (d *dealer) even() {
	most := slices.Max(d.load)
	tokens := make([]float64, len(d.held))
	for r, held := range d.held {
		for _, e := range held {
			tokens[r] += d.pi[e] / float64(d.copies[e])
		}
	}
	for range 4 * len(d.held) * d.room {
		from := 0
		for r, t := range tokens {
			if t > tokens[from] {
				from = r
			}
		}
		const worth = 1e-3
		fewest, best, gained := tokens[from]*(1-worth), change{expert: -1}, 0.0
		for _, e := range d.held[from] {
			for to, t := range tokens {
				if to == from || t >= fewest || d.holds[to*len(d.pi)+e] {
					continue
				}
				for _, other := range d.held[to] {
					gain := d.pi[e]/float64(d.copies[e]) - d.pi[other]/float64(d.copies[other])
					read := d.read[e] - d.read[other]
					if top := max(tokens[from]-gain, t+gain); gain > 0 && top < fewest && !d.holds[from*len(d.pi)+other] &&
						d.load[from]-read <= most && d.load[to]+read <= most {
						fewest, best, gained = top, change{e, to, other, false}, gain
					}
				}
			}
		}
		if best.expert < 0 {
			return
		}
		d.exchange(best, from)
		tokens[from] -= gained
		tokens[best.to] += gained
	}
}

func (d *dealer) placement() Placement {
	p := Placement{Ranks: len(d.held), Expert: make([]int32, 0, len(d.held)*d.room), Copies: make([]int32, len(d.pi))}
	for _, held := range d.held {
		for _, e := range held {
			p.Expert = append(p.Expert, int32(e))
		}
		for range d.room - len(held) {
			p.Expert = append(p.Expert, Empty)
		}
	}
	for e, n := range d.copies {
		p.Copies[e] = int32(n)
	}
	return p
}
