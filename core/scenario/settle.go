package scenario

import (
	"strconv"
	"strings"
)

// settle finds contradictions between fields that show without knowing the model,
// makes the weaker field absent or default, and reports what it did. The
// number of GPUs is stronger than the layout, because it is what one buys.
func settle(c *Catalogue, s *Scenario) []Problem {
	var problems []Problem
	for _, rule := range []func(*Catalogue, *Scenario) *Problem{settleContext, settleLayout, settleExperts} {
		if p := rule(c, s); p != nil {
			problems = append(problems, *p)
		}
	}
	return problems
}

// settleContext: prompt and output together stay within MaxTokens.
func settleContext(c *Catalogue, s *Scenario) *Problem {
	if s.In+s.Out <= MaxTokens {
		return nil
	}
	p := &Problem{
		Key: "in", Raw: strconv.Itoa(s.In),
		What:       "makes more than " + thousands(MaxTokens) + " tokens together with the output",
		Why:        "No published model reads more.",
		Suggestion: "in=" + strconv.Itoa(MaxTokens-s.Out),
	}
	s.In = Default().In
	p.inUse(c, find("in"), s)
	return p
}

// settleLayout: a GPU belongs to one tensor-parallel group in one pipeline stage
// of one copy of attention, so tp·pp·dp is the number of GPUs, and as far as
// they are given they divide it.
func settleLayout(c *Catalogue, s *Scenario) *Problem {
	var given []string // as pairs of a link
	product := 1
	for _, key := range []string{"tp", "pp", "dp"} {
		f := find(key)
		if n := *f.slot(s).(*int); n > 0 {
			given = append(given, pair(key, strconv.Itoa(n)))
			product *= n
		}
	}
	all := len(given) == 3
	switch {
	case s.GPUs == 0 && product <= MaxGPUs,
		s.GPUs > 0 && all && product == s.GPUs,
		s.GPUs > 0 && !all && s.GPUs%product == 0:
		return nil
	}

	layout, words := strings.Join(given, "&"), strings.Join(given, " · ")
	p := &Problem{Why: "Tensor, pipeline and attention-data parallel multiply to the number of GPUs."}
	p.Key, p.Raw, _ = strings.Cut(given[0], "=")
	switch {
	case product > MaxGPUs:
		p.What = "needs more than " + thousands(MaxGPUs) + " GPUs (" + words + ")"
	case all:
		p.What = "makes " + thousands(float64(product)) + " GPUs (" + words + "), not " + thousands(float64(s.GPUs))
	default:
		p.What = "does not divide " + thousands(float64(s.GPUs)) + " GPUs evenly (" + words + ")"
	}
	gpus := product
	if !all {
		gpus = (s.GPUs + product - 1) / product * product
	}
	if gpus <= MaxGPUs && product <= MaxGPUs {
		p.Suggestion = "gpus=" + strconv.Itoa(gpus) + "&" + layout
	}
	s.TP, s.PP, s.DP = 0, 0, 0
	p.UsedName = "a layout that it chooses for " + gpuWords(s.GPUs)
	return p
}

func gpuWords(n int) string {
	switch n {
	case 0:
		return "the fewest GPUs that fit"
	case 1:
		return "1 GPU"
	}
	return thousands(float64(n)) + " GPUs"
}

// settleExperts: the experts of a layer are spread over GPUs of one pipeline
// stage, in groups of equal size.
func settleExperts(c *Catalogue, s *Scenario) *Problem {
	var stage int // GPUs of one pipeline stage, or as many as it can have
	switch {
	case s.TP > 0 && s.DP > 0:
		stage = s.TP * s.DP
	case s.GPUs > 0:
		stage = s.GPUs / max(s.PP, 1)
	}
	if s.EP == 0 || stage == 0 || stage%s.EP == 0 {
		return nil
	}
	ep := min(s.EP, stage)
	for stage%ep != 0 {
		ep--
	}
	where := gpuWords(stage)
	if stage != s.GPUs {
		where += " of one pipeline stage"
	}
	p := &Problem{
		Key: "ep", Raw: strconv.Itoa(s.EP),
		What:       "does not divide the " + where + " evenly",
		Why:        "Every GPU belongs to one group that shares the experts.",
		Suggestion: "ep=" + strconv.Itoa(ep),
	}
	s.EP = 0
	p.inUse(c, find("ep"), s)
	return p
}
