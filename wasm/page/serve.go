//go:build js && wasm

package main

import (
	"errors"
	"fmt"
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/report"
	"moecost/core/tail"
)

// workerSlice is how long a worker works before it looks for messages, in milliseconds.
const workerSlice = 10

// server is this program in a Web Worker, where there is no document: it simulates what the page
// asks for, one job at a time. site/js/worker.mjs starts it.
//
// The page sends {run, query, reading, counts}: the number of the job, the scenario's link, and the
// description of a custom model and the rows of a router's counts, empty if there are none; or {stop}. The server sends {ready} once, then for a job {run, done, total}, with
// {result} whenever there is a better one, or {run, error}.
type server struct {
	job     *job
	subject *report.Subject
	given   string        // description of the custom model that was last read
	reading *arch.Reading // what it says
	counted *counted      // the counts that were last read
}

func serve() {
	s := &server{}
	js.Global().Set("onmessage", js.FuncOf(func(_ js.Value, arguments []js.Value) any {
		message := arguments[0].Get("data")
		s.job.stop()
		s.job = nil
		if id := message.Get("run"); id.Type() == js.TypeNumber {
			s.begin(id, message)
		}
		return nil
	}))
	post(map[string]any{"ready": true})
}

func post(message map[string]any) { js.Global().Call("postMessage", message) }

// begin starts a job. What goes wrong in it is told to the page, and the server goes on: the next job may well work.
func (s *server) begin(id, message js.Value) {
	refuse := func(fault string) { post(map[string]any{"run": id, "error": fault}) }
	defer func() {
		if fault := recover(); fault != nil {
			printFault(fault)
			refuse(fmt.Sprint(fault))
		}
	}()
	simulation, err := s.prepare(message)
	if err != nil {
		refuse(err.Error())
		return
	}
	s.job = &job{
		simulation: simulation, slice: workerSlice, catch: refuse,
		heard: func(done, total int, result *tail.Result) {
			post(map[string]any{"run": id, "done": done, "total": total, "result": string(result.Encode())})
		},
	}
	s.job.start()
}

// prepare answers the scenario of a message as the page does.
func (s *server) prepare(message js.Value) (*tail.Simulation, error) {
	q := report.Question{}
	catalogue := report.Catalogue()
	q.Scenario, _ = catalogue.Decode(message.Get("query").String())
	if text := message.Get("reading").String(); text != "" {
		if text != s.given {
			reading, err := arch.DecodeReading([]byte(text))
			if err != nil {
				return nil, err
			}
			s.given, s.reading = text, reading
		}
		q.Reading = s.reading
	}
	if rows := message.Get("counts").String(); rows != "" {
		if s.counted == nil || rows != s.counted.rows {
			c, err := decodeCounts(rows)
			if err != nil {
				return nil, err
			}
			s.counted = c
		}
		q.Counts = s.counted.counts
	}
	if s.subject == nil || !s.subject.Same(q) {
		subject, err := report.Prepare(q)
		if err != nil {
			return nil, err
		}
		s.subject = subject
	}
	r, err := s.subject.Build(q)
	if err != nil {
		return nil, err
	}
	c, ok := r.TailCase()
	if !ok {
		return nil, errors.New("tail: there is nothing to simulate")
	}
	return tail.New(c)
}
