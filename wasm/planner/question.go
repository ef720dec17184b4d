//go:build js && wasm

package main

import (
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/json"
	"moecost/core/offload/cache"
	"moecost/core/report"
	"moecost/core/routing"
	"moecost/core/tail"
)

// lastQuestion keeps what was last read and answered: the next ask is mostly about the same model.
type lastQuestion struct {
	read    map[string]string // the parts of the message that were last read
	reading *arch.Reading
	counts  *routing.Counts
	trace   *cache.Curve
	subject *report.Subject
	report  *report.Report
}

// answer answers the scenario of a message as the page does. Its parts are texts: query, the scenario's link; and of what
// a link cannot hold, empty if there is none, reading (the description of a custom model), counts (the rows of a
// router's counts), trace (a cache.Curve as JSON), simulated (a tail.Result as JSON).
func (l *lastQuestion) answer(message js.Value) (*report.Report, error) {
	if l.read == nil {
		l.read = map[string]string{}
	}
	changed := func(part string) (string, bool) {
		now, before := text(message, part), l.read[part]
		return now, now != before
	}
	fresh := l.report == nil
	if given, is := changed("reading"); is {
		l.reading = nil
		if given != "" {
			reading, err := arch.DecodeReading([]byte(given))
			if err != nil {
				return nil, err
			}
			l.reading = reading
		}
		l.read["reading"], fresh = given, true
	}
	if rows, is := changed("counts"); is {
		l.counts = nil
		if rows != "" {
			counts, err := routing.DecodeCounts(rows)
			if err != nil {
				return nil, err
			}
			l.counts = counts
		}
		l.read["counts"], fresh = rows, true
	}
	if curve, is := changed("trace"); is {
		l.trace = nil
		if curve != "" {
			l.trace = &cache.Curve{}
			if err := json.Unmarshal([]byte(curve), l.trace); err != nil {
				return nil, err
			}
		}
		l.read["trace"], fresh = curve, true
	}
	query, is := changed("query")
	if fresh = fresh || is; fresh {
		l.report, l.read["simulated"] = nil, ""
		q := report.Question{Reading: l.reading, Counts: l.counts, Trace: l.trace}
		q.Scenario, _ = report.Catalogue().Decode(query)
		if l.subject == nil || !l.subject.Same(q) {
			subject, err := report.Prepare(q)
			if err != nil {
				return nil, err
			}
			l.subject = subject
		}
		r, err := l.subject.Build(q)
		if err != nil {
			return nil, err
		}
		l.report, l.read["query"] = r, query
	}
	if result, is := changed("simulated"); is && result != "" {
		simulated, err := tail.DecodeResult([]byte(result))
		if err != nil {
			return nil, err
		}
		l.report.Simulated(simulated)
		l.read["simulated"] = result
	}
	return l.report, nil
}
