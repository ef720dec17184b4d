package story

import (
	"strings"

	"moecost/core/quantity"
)

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

// RunOf is what runs.
type RunOf int

// A simulation of steps, or a search for a plan.
const (
	RunSimulation RunOf = iota
	RunSearch
)

// runWords are how a run is spoken of.
var runWords = [...]struct{ under, begins, failed, counted string }{
	RunSimulation: {"Simulating, ", "Preparing the simulation.", "The simulation failed: ", " steps drawn"},
	RunSearch:     {"Searching, ", "Preparing the search.", "There is no plan: ", " steps of the search done"},
}

// Run is how far the simulation behind a figure is, or the search.
type Run struct {
	Of          RunOf
	Ask         int // its number with the planner
	State       RunState
	Shown       bool // it has taken long enough for its progress to be shown
	Done, Total int  // steps
	Reason      string
}

// Line is what a figure says about its simulation. f is what the figure shows;
// previous tells that it is of another scenario, because that of this one is not done.
func (r Run) Line(f Frame, previous bool) Text {
	w := &runWords[r.Of]
	of := quantity.Integer(int64(r.Done)) + " of " + quantity.Integer(int64(r.Total)) + w.counted
	line := say(f.Run)
	switch {
	case r.State == RunFailed:
		line = say(w.failed + strings.TrimSuffix(r.Reason, ".") + ".")
	case r.State == RunStopped && r.Total > 0:
		line = say("Stopped at " + of + ".")
	case r.State == RunStopped:
		line = say("Stopped.")
	case r.State == RunUnder && r.Shown && r.Total > 0:
		line = say(w.under + of + ".")
	case r.State == RunUnder && r.Shown:
		line = say(w.begins)
	case previous:
		line = nil
	}
	if previous {
		line = append(Text{{Text: "From the previous run.", Strong: true}, words(" ")}, line...)
	}
	return line
}
