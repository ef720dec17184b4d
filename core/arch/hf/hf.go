// Package hf reads a Hugging Face config.json into an arch.Model.
//
// One file per family says which tensors a layer of that family has; the rest
// of the package is the same for all: access to the JSON with errors that name
// the key, defaults that are recorded as assumptions, and the number format of
// each tensor from quantization_config.
//
// The package prefers silence to guessing: a config of a family that it does
// not know is read as far as its keys go, and the Reading says which keys were not
// understood. It never returns a Model whose counts rest on an ignored key
// without saying so.
package hf

import (
	"fmt"
	"slices"
	"strings"

	"moecost/core/arch"
)

// MaxBytes is the largest config that Read accepts. The largest published ones
// are below 100 kB; a file of megabytes is something else.
const MaxBytes = 4 << 20

// Reading is what Read understood.
type Reading = arch.Reading

// Assumption is a default that stood in for a missing key.
type Assumption = arch.Assumption

// family reads the configs of one or more model types.
type family struct {
	types []string // model_type, outer or of the nested text config, or else a class of "architectures"; in lower case
	read  func(*builder)
}

// Read parses a config.json. The error names the key, what was wrong and what
// would do; it is never a panic and takes bounded time whatever the input.
func Read(data []byte) (*Reading, error) {
	root, err := parse(data)
	if err != nil {
		return nil, err
	}
	root = renamed(root)
	text, err := textConfig(root)
	if err != nil {
		return nil, err
	}
	if err := refuse(root, text); err != nil {
		return nil, err
	}
	f, known := familyOf(root, text)
	b := newBuilder(root, text, f.types[0])
	f.read(b)
	return b.finish(known)
}

// textConfig finds the part of a multimodal config that describes the language
// model. Keys missing there are looked up in the outer config.
func textConfig(root *config) (*config, error) {
	for _, key := range []string{"text_config", "language_config", "llm_config"} {
		if c := root.object(key); c != nil {
			c.outer = root
			return c, nil
		}
	}
	if thinker := root.object("thinker_config"); thinker != nil { // Qwen-Omni: the part that reads and answers in text
		if c := thinker.object("text_config"); c != nil {
			c.outer = root
			root.ignore("enable_audio_output")
			return c, nil
		}
	}
	if root.object("vision_config") != nil && !root.has("hidden_size") && !root.has("num_hidden_layers") {
		return nil, fmt.Errorf("config.json: no language model: it has vision_config but no text_config, hidden_size or num_hidden_layers; moecost prices decoders")
	}
	return root, nil
}

func familyOf(root, text *config) (family, bool) {
	for _, name := range modelTypes(root, text) {
		for _, f := range families() {
			if slices.Contains(f.types, name) {
				return f, true
			}
		}
	}
	return family{types: []string{"unknown"}, read: readUnknown}, false
}

// modelTypes are the names that the config has for its family, the surest
// first: model_type of the text part and of the whole, then the classes in
// architectures, for files that have no model_type.
func modelTypes(root, text *config) []string {
	var names []string
	for _, c := range []*config{text, root} {
		if name := c.ownText("model_type"); name != "" {
			names = append(names, strings.ToLower(name))
		}
	}
	for _, c := range []*config{text, root} {
		for _, name := range c.ownTexts("architectures") {
			names = append(names, strings.ToLower(name))
		}
	}
	return names
}
