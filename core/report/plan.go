package report

import "moecost/core/plan"

// PlanQuestion is what a search for a plan is asked. It fails if there is no model to plan for.
func PlanQuestion(q Question) (plan.Question, error) {
	s := &Subject{}
	if err := s.read(q); err != nil {
		return plan.Question{}, err
	}
	return plan.Question{Scenario: q.Scenario, Model: s.arch, KV: s.preset.KV, Counts: q.Counts}, nil
}
