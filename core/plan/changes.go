package plan

type changes struct{ units int }

func (c *changes) done() bool { return true }
func (c *changes) total() int { return 0 }
func (s *Search) change()     {}
