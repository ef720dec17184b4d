package replay

// store is a cache: what is in it, and a heap of what goes first.
type store struct {
	room, used int64
	in         []entry // by key
	heap       []ticket
	live       int
	overdraft  bool // what the present batch asked for is never evicted
}

// entry is what a store knows of a key.
type entry struct {
	bytes int64 // 0: not in the store
	rank  int64
	batch int64 // when it was asked for last
}

// ticket is a place in the queue of evictions. A later use of the key gives it
// another one and makes this one void.
type ticket struct {
	rank int64
	key  int
}

func newStore(keys int, room int64) *store { return &store{room: room, in: make([]entry, keys)} }

// use brings a key in if it is not there, gives it a new rank, and tells whether it was there.
func (s *store) use(key int, bytes, rank, batch int64) (hit bool) {
	e := &s.in[key]
	hit = e.bytes > 0
	if !hit {
		e.bytes = bytes
		s.used += bytes
		s.live++
	}
	e.rank, e.batch = rank, batch
	s.push(ticket{rank, key})
	return hit
}

// shrink evicts until what is in the store fits its room: first what the present
// batch did not ask for, then that too.
func (s *store) shrink(batch int64) {
	var spared []ticket
	for s.used > s.room && len(s.heap) > 0 {
		t := s.pop()
		e := &s.in[t.key]
		switch {
		case e.bytes == 0 || e.rank != t.rank: // void
		case e.batch == batch:
			spared = append(spared, t)
		default:
			s.evict(t.key)
		}
	}
	for i, t := range spared { // in order of rank, as they came off the heap
		if s.used > s.room && !s.overdraft {
			s.evict(t.key)
			continue
		}
		for _, kept := range spared[i:] {
			s.push(kept)
		}
		break
	}
	if len(s.heap) > 4*s.live+64 {
		s.tidy()
	}
}

func (s *store) evict(key int) {
	s.used -= s.in[key].bytes
	s.in[key] = entry{}
	s.live--
}

// tidy drops void tickets.
func (s *store) tidy() {
	valid := s.heap
	s.heap = s.heap[:0]
	for _, t := range valid {
		if e := &s.in[t.key]; e.bytes > 0 && e.rank == t.rank {
			s.push(t)
		}
	}
}

// before orders tickets; keys break ties, so that a replay is the same everywhere.
func (t ticket) before(u ticket) bool { return t.rank < u.rank || t.rank == u.rank && t.key < u.key }

func (s *store) push(t ticket) {
	s.heap = append(s.heap, t)
	h := s.heap
	for i := len(h) - 1; i > 0; {
		parent := (i - 1) / 2
		if !h[i].before(h[parent]) {
			break
		}
		h[i], h[parent] = h[parent], h[i]
		i = parent
	}
}

func (s *store) pop() ticket {
	h := s.heap
	top, last := h[0], len(h)-1
	h[0] = h[last]
	h = h[:last]
	s.heap = h
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && h[child+1].before(h[child]) {
			child++
		}
		if !h[child].before(h[i]) {
			break
		}
		h[i], h[child] = h[child], h[i]
		i = child
	}
	return top
}
