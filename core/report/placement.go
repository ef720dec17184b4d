package report

import "moecost/core/balance"

// policies and objectives are those of placements by their ids in a link.
var (
	policies   = map[string]balance.Policy{"static": balance.Static, "online": balance.Online}
	objectives = map[string]balance.Objective{"distinct": balance.Distinct}
)

// setup is how experts are placed with a mode of EPLB; serving adds what the
// deployment says.
func (r *Report) setup(eplb string) balance.Setup {
	s := r.Scenario
	return balance.Setup{Policy: policies[eplb], Objective: objectives[s.Place], Drift: s.Drift, Interval: int(s.Interval)}
}
