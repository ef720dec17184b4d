package story

import (
	"moecost/core/quantity"
	"moecost/core/report"
)

// mostSeen is how many measured times are told one by one; a rail has room for few.
const mostSeen = 6

// seenHint puts what was measured beside what is predicted.
func (v *voice) seenHint(seen []report.SeenPoint) Text {
	t := say("Measured; predicted without and with your times: ")
	for i, s := range seen {
		if i == mostSeen {
			t = append(t, words("and "+quantity.Integer(int64(len(seen)-i))+" more. "))
			break
		}
		what := ""
		if s.First {
			what = " to the first token"
		}
		time := func(seconds float64) string { return quantity.Seconds.Text(v.units, seconds) }
		t = append(t, words(count(s.Users, "user")+what+" "+time(s.Measured)+"; "+time(s.Predicted)+", "+time(s.Fitted)+". "))
	}
	return append(t, Span{Text: "Take them away", Apply: applied(v.ask, "seen=")})
}
