//go:build js && wasm

package main

import (
	"errors"

	"moecost/core/arch"
	"moecost/core/arch/checkpoint"
	"moecost/core/arch/hf"
)

// The functions in this file are all that the page needs of the readers of configs and
// checkpoints. They may wait for the browser and so run in a goroutine (later).

// readConfig reads the text of a config.json.
func readConfig(text string) (*arch.Reading, error) { return hf.Read([]byte(text)) }

// readCheckpoint reads the headers of a checkpoint's files: on their own if they describe
// the model (GGUF), or over the reading of its config.
func readCheckpoint(config *arch.Reading, files []checkpoint.File) (*arch.Reading, error) {
	var parts []*checkpoint.Inventory
	for _, f := range files {
		part, err := checkpoint.Read(f)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	inventory, err := checkpoint.Merge(parts...)
	if err != nil {
		return nil, err
	}
	if inventory.Container == checkpoint.GGUF {
		return inventory.Model()
	}
	if config == nil {
		return nil, errors.New("the checkpoint: its headers say what is stored, not how the layers use it: give its config.json together with it")
	}
	agreement, err := checkpoint.Match(config.Model, inventory)
	if err != nil {
		return nil, err
	}
	matched := *config
	matched.Model = agreement.Model
	matched.Notes = append(append(matched.Notes[:len(matched.Notes):len(matched.Notes)], inventory.Notes...), difference(agreement)...)
	return &matched, nil
}
