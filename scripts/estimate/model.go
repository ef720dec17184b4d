package main

import (
	"bytes"
	"fmt"
	"os"

	"moecost/core/arch/checkpoint"
	"moecost/core/arch/hf"
)

// readModel reads one config.json or the files of one GGUF, and the safetensors
// headers that go with the former.
func readModel(names []string) (*hf.Reading, error) {
	var reading *hf.Reading
	var parts []*checkpoint.Inventory
	for _, name := range names {
		head, err := firstBytes(name, 16)
		if err != nil {
			return nil, err
		}
		if !looksLikeHeader(name, head) {
			if reading != nil {
				return nil, fmt.Errorf("%s: a second config: give one config.json", name)
			}
			if reading, err = readConfig(name); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			continue
		}
		part, err := readHeader(name)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return reading, nil
	}
	inventory, err := checkpoint.Merge(parts...)
	if err != nil {
		return nil, err
	}
	if reading == nil {
		return inventory.Model()
	}
	agreement, err := checkpoint.Match(reading.Model, inventory)
	if err != nil {
		return nil, err
	}
	matched := *reading
	matched.Model = agreement.Model
	if !agreement.Agrees() {
		matched.Notes = append(matched.Notes[:len(matched.Notes):len(matched.Notes)],
			fmt.Sprintf("Config and checkpoint differ: %d tensors missing, %d extra, %d of another shape.", len(agreement.Missing), len(agreement.Extra), len(agreement.Differ)))
	}
	return &matched, nil
}

// looksLikeHeader tells checkpoints from configs: GGUF by its magic, safetensors
// by the length in front of its JSON, an index by its name.
func looksLikeHeader(name string, head []byte) bool {
	return bytes.HasPrefix(head, []byte("GGUF")) ||
		len(head) > 9 && head[8] == '{' && head[7] == 0 ||
		bytes.HasSuffix([]byte(name), []byte(".index.json"))
}

func firstBytes(name string, n int) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, n)
	read, _ := f.Read(head) // a short or unreadable file is the reader's to explain
	return head[:read], nil
}

// readConfig refuses by size before it reads: a config is small.
func readConfig(name string) (*hf.Reading, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.Size() > hf.MaxBytes {
		return nil, fmt.Errorf("%d bytes: a config.json is below %d; this looks like another file", info.Size(), hf.MaxBytes)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return hf.Read(data)
}

func readHeader(name string) (*checkpoint.Inventory, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return checkpoint.Read(checkpoint.File{Name: name, Size: info.Size(), ReadAt: func(offset int64, n int) ([]byte, error) {
		piece := make([]byte, n)
		read, err := f.ReadAt(piece, offset)
		if read > 0 || offset >= info.Size() {
			return piece[:read], nil
		}
		return nil, err
	}})
}
