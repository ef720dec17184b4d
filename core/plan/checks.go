package plan

const (
	checkUnits  = 1
	checkRounds = 2
)

type checks struct {
	done  bool
	units int
}

func (s *Search) check() { s.checks.done = true }

type changes struct{ units int }

func (c *changes) done() bool { return true }
func (c *changes) total() int { return 0 }
func (s *Search) change()     {}
