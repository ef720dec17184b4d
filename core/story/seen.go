package story

import (
	"strconv"
	"strings"

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

// SeenRows are the measured times as rows of assets/measurements/serving.csv, for whoever would like to add them; empty
// without any. What a report does not know, the release of the engine and the place of publication, stands in capitals.
func SeenRows(r *report.Report) string {
	seen := r.Seen()
	if len(seen) == 0 {
		return ""
	}
	s := &r.Scenario
	rows := [][]string{strings.Split("id model weights_dtype kv_dtype gpu n_gpus engine+version parallelism phase batch_or_concurrency input_len output_len metric value unit source quote", " ")}
	for _, x := range seen {
		metric, phase := "tpot", "decode"
		if x.First {
			metric, phase = "ttft", "e2e"
		}
		layout := "tp" + strconv.Itoa(s.TP) + " pp" + strconv.Itoa(s.PP) + " ep" + strconv.Itoa(s.EP) + " dp" + strconv.Itoa(s.DP)
		users, in, out := strconv.FormatInt(x.Users, 10), strconv.FormatInt(x.In, 10), strconv.FormatInt(x.Out, 10)
		id := strings.Join([]string{"own", s.Model, s.GPU, "x" + strconv.Itoa(s.GPUs), "b" + users, "i" + in, "o" + out, metric}, "-")
		rows = append(rows, []string{
			id, s.ModelName, s.WeightsName, s.KV, s.GPUName, strconv.Itoa(s.GPUs), s.EngineName + " VERSION", layout, phase, users, in, out,
			metric, strconv.FormatFloat(1e3*x.Measured, 'g', 6, 64), "ms", "ADDRESS", "LINE THAT SAYS IT",
		})
	}
	return lines(rows)
}
