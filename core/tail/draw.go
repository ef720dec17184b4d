package tail

// excess is the time of the MoE layers of a drawn step over that of the expected
// counts: what the sampling noise of routing does to it. One for equal speeds, one for the GPUs' own.
type excess struct{ equal, own float64 }

// draw draws a step: every expert of every layer, at a mix of domains of its own.
//
// A step's tokens choose their experts independently, each topK different ones. Up to
// perCopy copies they are drawn so. Above that the counts are drawn, one per expert. Each is binomial, exactly.
// They are not independent: their sum is fixed, tokens times topK, because a token that chooses one
// expert does not choose another. Drawn independently they have a sum of their own, so every rank is
// corrected by its share of the difference, copies by their covariance with the sum over its variance and
// distinct experts by theirs: the conditional distribution of normals. Means and covariances by rank
// are then those of conditional Poisson sampling up to the order of 1/experts (Hájek 1964); for uniform routing of
// 16 tokens to 8 of 128 experts the standard deviation of the distinct experts comes out at 3.47, where the
// exact formula gives 3.48 and independent counts 5.42.
func (s *stack) draw(step int) excess {
	r := streamOf(s.c.Seed, stream(Routing), step)
	z := 0.0
	if s.c.Domain > 0 {
		z = r.normal()
	}
	at := nearby(z, r.uniform())
	v := s.levelOf(at)
	ratio := s.nominal.tokens / s.nominal.covering
	var equal, own float64
	for i := range s.layers {
		if s.tables != nil {
			s.countsOf(v, i, &r)
		} else {
			s.tokensOf(v, i, &r)
		}
		a, b := s.layerSeconds(&s.layers[i], ratio)
		equal += a
		own += b
	}
	e, o := s.expected(s.nominal.sequences, float64(at)*levelStep-levelEdge)
	return excess{equal / e, own / o}
}

// countsOf draws the copies and the distinct experts of every rank in a layer.
func (s *stack) countsOf(v *level, i int, r *stream) {
	l := &s.layers[i]
	alias, normal, at := s.tables.alias, s.tables.normal, l.offset
	all := float32(0)
	for rank := range s.ranks {
		copies, reads := float32(0), float32(0)
		draws := v.draws[at : at+int(l.start[rank+1]-l.start[rank])]
		at += len(draws)
		var word uint64
		for j := range draws {
			d := &draws[j]
			if j&1 == 0 {
				word = r.next()
			} else {
				word >>= 32
			}
			w := uint32(word)
			if d.table < 0 {
				z := normal[w>>19]
				copies += d.scale + d.spread*z + d.bow*(z*z-1)
				reads++
				continue
			}
			n := w & (columns - 1)
			if e := alias[d.table+int32(n)]; w>>columnBits&(thresholdOne-1) >= e>>16 {
				n = e & (columns - 1)
			}
			if n > 0 {
				copies += float32(n) * d.scale
				reads++
			}
		}
		s.copies[rank], s.reads[rank] = float64(copies), float64(reads)
		all += copies
	}
	over := float64(all) - v.means[i]
	if v.zeros[i] > 0 {
		over += v.zeros[i] * r.normal()
	}
	for rank := range s.ranks {
		t := v.tuned[3*(i*s.ranks+rank):]
		s.copies[rank] = max(s.copies[rank]-over*t[1], 0)
		s.reads[rank] = min(max(s.reads[rank]-over*t[2], 0), float64(l.start[rank+1]-l.start[rank]))
	}
}

// tokensOf draws the tokens of a layer, and counts the copies and the distinct experts
// of every rank. A number of tokens that is not whole is rounded by chance.
func (s *stack) tokensOf(v *level, i int, r *stream) {
	l, u := &s.layers[i], &v.pools[i]
	tokens := int(s.nominal.covering)
	if part := s.nominal.covering - float64(tokens); part > 0 && r.uniform() < part {
		tokens++
	}
	hits := s.hits[:len(l.held)]
	clear(hits)
	for range tokens {
		s.chosen = u.token(s.chosen[:0], s.seen, r)
		for _, e := range s.chosen {
			if int(e) < len(l.pi) {
				hits[l.slotOf(e, r)]++
			}
		}
	}
	for rank := range s.ranks {
		s.copies[rank], s.reads[rank] = 0, 0
		for _, n := range hits[l.start[rank]:l.start[rank+1]] {
			if n > 0 {
				s.copies[rank] += float64(n)
				s.reads[rank]++
			}
		}
	}
}

// layerSeconds is what the layer takes with the counts in copies and reads.
func (s *stack) layerSeconds(l *layer, ratio float64) (equal, own float64) {
	most, sum := 0.0, 0.0
	for rank, n := range s.copies {
		n *= ratio
		t := l.kind.Rank(s.reads[rank], n)
		equal, own = max(equal, t), max(own, t*s.slow[rank])
		most, sum = max(most, n), sum+n
	}
	exchange := l.kind.Exchange(s.nominal.rows, hot(most, sum, s.ranks))
	return equal + exchange, own + exchange
}
