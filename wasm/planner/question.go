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

// question is what a message asks. Its parts are texts: query, the scenario's link; and of what
// a link cannot hold, empty if there is none, reading (the description of a custom model), counts (the rows of a
// router's counts), trace (a cache.Curve as JSON), simulated (a tail.Result as JSON).
func (l *lastQuestion) question(message js.Value) (q report.Question, err error) {
	if l.read == nil {
		l.read = map[string]string{}
	}
	if given, is := l.changed(message, "reading"); is {
		l.reading = nil
		if given != "" {
			reading, err := arch.DecodeReading([]byte(given))
			if err != nil {
				return q, err
			}
			l.reading = reading
		}
		l.read["reading"], l.report = given, nil
	}
	if rows, is := l.changed(message, "counts"); is {
		l.counts = nil
		if rows != "" {
			counts, err := routing.DecodeCounts(rows)
			if err != nil {
				return q, err
			}
			l.counts = counts
		}
		l.read["counts"], l.report = rows, nil
	}
	if curve, is := l.changed(message, "trace"); is {
		l.trace = nil
		if curve != "" {
			l.trace = &cache.Curve{}
			if err := json.Unmarshal([]byte(curve), l.trace); err != nil {
				return q, err
			}
		}
		l.read["trace"], l.report = curve, nil
	}
	q = report.Question{Reading: l.reading, Counts: l.counts, Trace: l.trace}
	q.Scenario, _ = report.Catalogue().Decode(text(message, "query"))
	return q, nil
}

// changed is a part of a message, and whether it is another one than was last read.
func (l *lastQuestion) changed(message js.Value, part string) (string, bool) {
	now := text(message, part)
	return now, now != l.read[part]
}

// answer answers the scenario of a message as the page does.
func (l *lastQuestion) answer(message js.Value) (*report.Report, error) {
	q, err := l.question(message)
	if err != nil {
		return nil, err
	}
	result, another := l.changed(message, "simulated")
	without := another && result == "" // the last answer has a simulation, which this one must not
	if query, is := l.changed(message, "query"); is || without || l.report == nil {
		l.report, l.read["simulated"] = nil, ""
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
	if result != l.read["simulated"] {
		simulated, err := tail.DecodeResult([]byte(result))
		if err != nil {
			return nil, err
		}
		l.report.Simulated(simulated)
		l.read["simulated"] = result
	}
	return l.report, nil
}
