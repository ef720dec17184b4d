package claims

// outcome compares a value and its range with what the claim allows.
func outcome(d Derivation, accept Bounds) Outcome {
	switch {
	case accept.holds(d.Value):
		return Agrees
	case d.Low != d.High && d.Low <= accept.High && d.High >= accept.Low:
		return Open
	}
	return Disagrees
}

// verdict decides about a claim from the outcomes of its cases.
func (c *Claim) verdict() Verdict {
	said, other := map[Outcome]int{}, map[Outcome]int{}
	for i := range c.Cases {
		switch k := &c.Cases[i]; k.Role {
		case RoleSaid:
			said[k.Outcome]++
		case RoleOther:
			other[k.Outcome]++
		}
	}
	unsure := said[Open] + said[Unknown]
	against := said[Disagrees] + other[Disagrees] + other[Open] + other[Unknown]
	switch {
	case c.Missing != "" && said[Agrees] > 0:
		return Unchecked // some setup gives the number, and nobody knows whether it was that one
	case said[Agrees] == 0 && said[Open]+said[Disagrees] == 0, said[Agrees] == 0 && said[Open] > 0:
		return Unchecked
	case said[Agrees] == 0:
		return Not
	case unsure+against > 0:
		return Under
	}
	return Holds
}
