package scenario

import (
	"math"
	"strings"
)

// fault is why a text is not a value of a field.
type fault struct {
	what, why string
	value     string // suggested value; empty if there is none
}

// read stores text in the field's slot of s, or says why it cannot.
func (f *field) read(c *Catalogue, s *Scenario, text string) *fault {
	switch at := f.slot(s).(type) {
	case *int:
		x, flt := f.number(text)
		if flt == nil {
			*at = int(x)
		}
		return flt
	case *float64:
		x, flt := f.number(text)
		if flt == nil {
			*at = x
		}
		return flt
	case *bool:
		return f.flag(at, text)
	case *string:
		switch f.Kind {
		case KindList:
			return f.several(c, at, text)
		case KindPoints:
			return f.points(at, text)
		}
		return f.choice(c, at, text)
	}
	return nil
}

// number reads a count or a number within the field's limits.
func (f *field) number(text string) (float64, *fault) {
	x, ok := parseNumber(text)
	what := ""
	switch {
	case f.Kind == KindCount && !wholeNumber(text) && ok && x == math.Trunc(x):
		what = "is not written in digits alone" // 1e3
	case f.Kind == KindCount && !wholeNumber(text):
		what = "is not a whole number"
	case !ok:
		what = "is not a number"
	}
	if what != "" {
		return 0, &fault{what: what, why: f.limits(), value: f.salvage(text)}
	}
	x = roundNumber(x)
	if x < f.Min || x > f.Max {
		return 0, &fault{what: "is out of range", why: f.limits(), value: f.salvage(text)}
	}
	return x, nil
}

// limits is the sentence that states the domain: "GPUs must be 1 to 4,096."
func (f *field) limits() string { return f.Label + " must be " + f.Domain() + "." }

// yesAndNo are words for a flag that make a suggestion.
var yesAndNo = map[string]string{
	"yes": "1", "true": "1", "on": "1", "y": "1", "t": "1",
	"no": "0", "false": "0", "off": "0", "n": "0", "f": "0",
}

func (f *field) flag(at *bool, text string) *fault {
	if text != "0" && text != "1" {
		return &fault{what: "is neither 0 nor 1", why: f.limits(), value: yesAndNo[strings.ToLower(text)]}
	}
	*at = text == "1"
	return nil
}

// choice reads an id of the field's list, in any case of letters, or one of the two
// kinds of custom value.
func (f *field) choice(c *Catalogue, at *string, text string) *fault {
	id := strings.ToLower(text)
	switch {
	case f.Key == "model" && id == ModelCustom:
		*at = ModelCustom
		return nil
	case f.Key == "gpu" && strings.HasPrefix(id, customGPUPrefix):
		return f.customGPU(c, at, text)
	}
	if choice := f.lookup(c, id); choice != nil {
		*at = choice.ID
		return nil
	}
	flt := &fault{what: "is not a known " + f.List, value: nearestChoice(id, f.choices(c))}
	if flt.value == "" {
		flt.why = f.known(c)
	}
	return flt
}

// several reads ids joined by commas, in any order, and stores each once in the
// order of the list. The suggestion for a list with a fault keeps what can be read.
func (f *field) several(c *Catalogue, at *string, text string) *fault {
	asked := map[string]string{} // what stands for an id in the link
	var flt *fault
	for part := range strings.SplitSeq(text, ",") {
		name, price, priced := strings.Cut(strings.TrimSpace(part), ":")
		if !f.priced {
			name, priced = strings.TrimSpace(part), false
		}
		var id string
		if bad := f.choice(c, &id, name); bad != nil {
			if id = bad.value; flt == nil {
				flt = &fault{what: "holds " + quote(part) + ", which is not a known " + f.List, why: f.limits()}
			}
		}
		asked[id] = id
		if priced {
			if x, ok := readPrice(price); ok {
				asked[id] += ":" + formatNumber(x)
			} else if flt == nil {
				flt = &fault{what: "holds " + quote(part) + ", whose price is not a number", why: "A price must be " + find("price").Domain() + "."}
			}
		}
	}
	var ids []string
	for _, choice := range f.choices(c) {
		if word := asked[choice.ID]; word != "" {
			ids = append(ids, word)
		}
	}
	if flt != nil {
		flt.value = strings.Join(ids, ",")
		return flt
	}
	*at = strings.Join(ids, ",")
	return nil
}

// readPrice reads the price behind an accelerator of a list, in the domain of the key price.
func readPrice(text string) (float64, bool) {
	x, ok := parseNumber(strings.TrimSpace(text))
	x = roundNumber(x)
	f := find("price")
	return x, ok && x >= f.Min && x <= f.Max
}

// PricedAccelerator is one accelerator that a plan may choose.
type PricedAccelerator struct {
	ID    string
	Price float64 // USD per GPU-hour; 0: the hardware's typical price
}

// Accelerators are those that a plan may choose from: those of the key among, or the
// scenario's own at its own price.
func (s Scenario) Accelerators() []PricedAccelerator {
	if s.Among == "" {
		return []PricedAccelerator{{s.GPU, s.Price}}
	}
	var all []PricedAccelerator
	for part := range strings.SplitSeq(s.Among, ",") {
		id, price, _ := strings.Cut(part, ":")
		a := PricedAccelerator{ID: id}
		if x, ok := readPrice(price); ok {
			a.Price = x
		} else if id == s.GPU {
			a.Price = s.Price
		}
		all = append(all, a)
	}
	return all
}

// known names the allowed ids, or some of them if there are many.
func (f *field) known(c *Catalogue) string {
	const few = 8
	choices := f.choices(c)
	ids := make([]string, 0, few)
	for _, choice := range choices[:min(len(choices), few)] {
		ids = append(ids, choice.ID)
	}
	switch {
	case len(ids) == 0:
		return "None is known here."
	case len(choices) > few:
		return "Known are " + strings.Join(ids, ", ") + " and others."
	}
	return f.Label + " must be " + orList(ids) + "."
}

func (f *field) customGPU(c *Catalogue, at *string, text string) *fault {
	const what = "is not a custom accelerator that can be read"
	switch {
	case c.CustomGPU == nil:
		return &fault{what: what, why: "Custom accelerators are not supported here."}
	case len(text) > maxCustomGPU:
		return &fault{what: what, why: "It is longer than " + thousands(maxCustomGPU) + " characters."}
	}
	canonical, err := c.CustomGPU(customGPUPrefix + text[len(customGPUPrefix):])
	if err != nil {
		// The error may repeat what somebody wrote.
		return &fault{what: what, why: printable(err.Error(), 300) + "."}
	}
	if len(canonical) > maxCustomGPU {
		return &fault{what: what, why: "It is too long when written out."}
	}
	*at = canonical
	return nil
}
