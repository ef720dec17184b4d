package answer

import (
	"net/http"
	"slices"
	"sync"

	"moecost/core/report"
	"moecost/core/scenario"
)

// asked is a scenario with its report.
type asked struct {
	scenario scenario.Scenario
	report   *report.Report
}

// ask answers the scenario of a query. Its second result is set if it cannot.
func (h *Handler) ask(query string) (asked, *answer) {
	s, problems, refused := read(query)
	if refused != nil {
		return asked{}, refused
	}
	r, err := h.subjects.build(report.Question{Scenario: s, Problems: problems})
	if err != nil {
		refusal := problem(http.StatusUnprocessableEntity, "", err.Error())
		return asked{}, &refusal
	}
	return asked{s, r}, nil
}

// subjects are the models that were asked for last, ready for another question: a preview, its card and its
// oEmbed come one after the other, and a subject knows much of the second answer. What it learns grows,
// so each is let go after a number of answers.
type subjects struct {
	sync.Mutex
	kept []*subject // the last used first
}

type subject struct {
	*report.Subject
	answers int
}

const (
	mostSubjects = 4
	mostAnswers  = 256
)

func (s *subjects) build(q report.Question) (*report.Report, error) {
	s.Lock()
	defer s.Unlock()
	at := slices.IndexFunc(s.kept, func(k *subject) bool { return k.Same(q) })
	if at < 0 {
		prepared, err := report.Prepare(q)
		if err != nil {
			return nil, err
		}
		s.kept = slices.Insert(s.kept, 0, &subject{Subject: prepared})
		s.kept = s.kept[:min(len(s.kept), mostSubjects)]
	} else if found := s.kept[at]; at > 0 {
		s.kept = slices.Insert(slices.Delete(s.kept, at, at+1), 0, found)
	}
	of := s.kept[0]
	if of.answers++; of.answers >= mostAnswers {
		s.kept = slices.Delete(s.kept, 0, 1)
	}
	return of.Build(q)
}
