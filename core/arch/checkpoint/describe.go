package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"moecost/core/arch"
	"moecost/core/arch/hf"
)

// Describe reads the files of one model, in any order: its config.json, the
// headers of its checkpoint, or both, in which case the checkpoint's own number formats
// take the place of the config's. Known is the text of a config that is at hand
// already, for headers that come without one; it may be empty. A GGUF file
// describes itself. The config that was used comes back beside the reading, empty if there was none.
func Describe(known string, files ...File) (reading *arch.Reading, config string, err error) {
	var headers []*Inventory
	for _, f := range files {
		start, err := f.ReadAt(0, 16)
		if err != nil {
			return nil, "", fmt.Errorf("%s: cannot be read: %w", f.Name, err)
		}
		if isHeader(f.Name, start) {
			v, err := Read(f)
			if err != nil {
				return nil, "", err
			}
			headers = append(headers, v)
			continue
		}
		if reading != nil {
			return nil, "", fmt.Errorf("%s: a second config: give one config.json", f.Name)
		}
		if reading, config, err = configOf(f); err != nil {
			return nil, "", fmt.Errorf("%s: %w", f.Name, err)
		}
	}
	if len(headers) == 0 {
		if reading == nil {
			err = errors.New("checkpoint: no files")
		}
		return reading, config, err
	}
	v, err := Merge(headers...)
	switch {
	case err != nil:
		return nil, "", err
	case v.Container == GGUF:
		reading, err = v.Model()
		return reading, "", err
	case reading == nil && known == "":
		return nil, "", fmt.Errorf("%s: its header says what is stored, not how layers use it: give the config.json of these weights with it", first(v.Files))
	case reading == nil:
		if reading, err = hf.Read([]byte(known)); err != nil {
			return nil, "", err
		}
		config = known
	}
	reading, err = matched(reading, v)
	return reading, config, err
}

// isHeader tells checkpoints from configs: safetensors by the length in front
// of its JSON, an index by its name, others by their first bytes.
func isHeader(name string, start []byte) bool {
	return len(start) > 8 && start[8] == '{' && start[7] == 0 ||
		strings.HasSuffix(name, ".index.json") ||
		bytes.HasPrefix(start, []byte("GGUF")) || slices.ContainsFunc(foreignFiles, func(k foreignFile) bool {
		return k.binary && strings.HasPrefix(string(start), k.magic)
	})
}

// configOf refuses by size before it reads: a config is small.
func configOf(f File) (*arch.Reading, string, error) {
	if f.Size > hf.MaxBytes {
		return nil, "", fmt.Errorf("%d bytes: a config.json is below %d; this looks like another file", f.Size, hf.MaxBytes)
	}
	text, err := f.ReadAt(0, hf.MaxBytes+1)
	if err != nil {
		return nil, "", fmt.Errorf("cannot be read: %w", err)
	}
	reading, err := hf.Read(text)
	return reading, string(text), err
}

// matched is a reading with the formats that a checkpoint has.
func matched(config *arch.Reading, v *Inventory) (*arch.Reading, error) {
	agreement, err := Match(config.Model, v)
	if err != nil {
		return nil, err
	}
	r := *config
	r.Model = agreement.Model
	r.Notes = slices.Concat(config.Notes, v.Notes, agreement.Notes)
	if agreement.Sized {
		r.Source = "config.json and " + v.source()
	}
	return &r, nil
}

// source names the files for people.
func (v *Inventory) source() string {
	if len(v.Files) == 1 {
		return "the header of " + v.Files[0]
	}
	return fmt.Sprintf("the headers of %d files", len(v.Files))
}
