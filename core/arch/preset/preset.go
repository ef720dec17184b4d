// Package preset is the catalogue of published models: an id for links, where
// each config was read and when, what its publisher says of its size, and the
// description that core/arch/hf makes of the config. Descriptions are made once and
// embedded, so that what prices presets need not read configs.
//
// Published counts are shown beside moecost's own and never used in their
// place. A closed model is listed with what is public and has no description:
// moecost does not guess one.
package preset

import (
	"fmt"
	"strings"

	"moecost/core/arch"
)

//go:generate go run moecost/scripts/presets ../../../assets/models

// Kind tells what can be said about a preset.
type Kind string

// The kinds of presets.
const (
	MoE    Kind = "moe"
	Dense  Kind = "dense"  // for comparison: a dense twin that exists
	Closed Kind = "closed" // no config is public; Notes says what is
)

// Preset is one published model.
type Preset struct {
	ID           string // as in the link: "deepseek-v3"; once published, never reused
	HubID        string // "deepseek-ai/DeepSeek-V3"; empty for a closed model
	Name         string // as people write it: "DeepSeek-V3"
	Organisation string
	Kind         Kind

	Verbatim bool   // the config is the publisher's file; otherwise put together from Source
	Source   string // where the config, or of a closed model what is public, was read
	Checked  string // day of that reading, as 2006-01-02

	TotalPublished  string // as the publisher prints it: "671B"; empty if nothing was found
	ActivePublished string
	Licence         string // of the weights; empty if not known
	KV              string // format id of the KV cache that goes with the published weights: "bf16"
	Aliases         []string
	Notes           string // sentences for the user; may be empty

	Counted Counts // zero for a closed model

	reading func() (*arch.Reading, error)
}

// Counts are what moecost counts of a model, at hand without its description.
type Counts struct {
	Total, Active int64 // parameters of the main text model; active with embedding and head
	Experts, TopK int64 // of the representative MoE layer; 0 for a dense model
}

// All returns the presets in the order of the list. The slice is the caller's.
func All() []Preset { return append([]Preset(nil), table().presets...) }

// ByID finds a preset by its id, an alias or its Hub id, in upper or lower case.
func ByID(id string) (Preset, bool) {
	t := table()
	i, ok := t.byID[strings.ToLower(id)]
	if !ok {
		return Preset{}, false
	}
	return t.presets[i], true
}

// Reading returns the description of the preset's config. It is decoded once and
// shared: callers must not change it. A closed model has none.
func (p Preset) Reading() (*arch.Reading, error) {
	if p.reading == nil {
		return nil, fmt.Errorf("%s: no description: its sizes are not public; describe what you assume as a custom model", p.ID)
	}
	return p.reading()
}
