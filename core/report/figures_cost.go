package report

var costEntries = []entry{
	{"cost.usd_per_hour", "price of the deployment per hour", Dollars, ofCost(func(c *Cost) float64 { return c.PerHour })},
	{"cost.usd_per_m_output", "price of a million output tokens", Dollars, ofCost(func(c *Cost) float64 { return c.Output })},
	{"cost.usd_per_m_input", "price of a million prompt tokens", Dollars, ofCost(func(c *Cost) float64 { return c.Input })},
}

func ofCost(get func(*Cost) float64) func(*Report) (float64, bool) {
	return func(r *Report) (float64, bool) {
		if r.Cost == nil {
			return 0, false
		}
		return get(r.Cost), true
	}
}
