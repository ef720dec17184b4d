package story

import "moecost/core/quantity"

// RunState tells where the simulation behind a figure is.
type RunState int

// The states of a simulation.
const (
	RunNone    RunState = iota // there is nothing to simulate
	RunWaiting                 // it has not begun: the scenario rests first, the figure is out of sight
	RunUnder                   // it is under way
	RunStopped                 // the reader stopped it
	RunFailed
	RunDone
)

// Run is how far the simulation behind a figure is.
type Run struct {
	State       RunState
	Shown       bool // it has taken long enough for its progress to be shown
	Done, Total int  // steps
	Reason      string
}

// Line is what a figure says about its simulation. f is what the figure shows;
// previous tells that it is of another scenario, because that of this one is not done.
func (r Run) Line(f Frame, previous bool) Text {
	of := quantity.Integer(int64(r.Done)) + " of " + quantity.Integer(int64(r.Total)) + " steps drawn"
	line := say(f.Run)
	switch {
	case r.State == RunFailed:
		line = say("The simulation failed: " + r.Reason + ".")
	case r.State == RunStopped && r.Total > 0:
		line = say("Stopped at " + of + ".")
	case r.State == RunStopped:
		line = say("Stopped.")
	case r.State == RunUnder && r.Shown && r.Total > 0:
		line = say("Simulating, " + of + ".")
	case r.State == RunUnder && r.Shown:
		line = say("Preparing the simulation.")
	case previous:
		line = nil
	}
	if previous {
		line = append(Text{{Text: "From the previous run.", Strong: true}, words(" ")}, line...)
	}
	return line
}
