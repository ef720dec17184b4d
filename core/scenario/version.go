package scenario

import "strconv"

// Version is the newest schema of links that this package reads, and the one that
// it writes. A link without "v" has version 1.
const Version = 1

const versionKey = "v"

// upgrades turns old links into new ones: upgrades[0] takes version 1 to 2, and
// so on. An upgrader changes keys and raw values; it never drops what it does not
// know.
var upgrades = mustBeComplete(chain{}, Version)

// chain is a list of upgraders, one per step of the version.
type chain []func([]entry) []entry

// mustBeComplete fails when the program starts if a step is missing, because the
// fault would else only show with an old link.
func mustBeComplete(c chain, version int) chain {
	if len(c) != version-1 {
		panic("scenario: version " + strconv.Itoa(version) + " needs " + strconv.Itoa(version-1) +
			" upgraders, there are " + strconv.Itoa(len(c)))
	}
	for i, step := range c {
		if step == nil {
			panic("scenario: the upgrader from version " + strconv.Itoa(i+1) + " is missing")
		}
	}
	return c
}

// run applies every step from the given version on. A newer version than the
// chain reaches needs none.
func (c chain) run(entries []entry, from int) []entry {
	for version := from; version <= len(c); version++ {
		entries = c[version-1](entries)
	}
	return entries
}

// version reads the schema version of a link, and warns if it is a later one than
// this package knows: its keys are read all the same, and the number is kept.
func (c *Catalogue) version(entries []entry) (int, []Problem) {
	f := find(versionKey)
	given, times := lastOf(entries, versionKey)
	if times == 0 {
		return 1, nil
	}
	var problems []Problem
	if times > 1 {
		problems = append(problems, duplicate(f, given, times))
	}
	s := Scenario{Version: 1}
	if p := c.take(f, &s, given); p != nil {
		return 1, append(problems, *p)
	}
	if s.Version > Version {
		problems = append(problems, Problem{
			Key: versionKey, Raw: given.raw,
			What: "is a newer version of this page",
			Why: "Reload to get it. Until then the link is read as version " + strconv.Itoa(Version) +
				", and a number may mean something else.",
		})
	}
	return s.Version, problems
}
