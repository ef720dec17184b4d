package checkpoint

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ReadAll reads the headers of all files of one checkpoint, in any order, and
// merges them.
func ReadAll(files ...File) (*Inventory, error) {
	var parts []*Inventory
	for _, f := range files {
		v, err := Read(f)
		if err != nil {
			return nil, err
		}
		parts = append(parts, v)
	}
	return Merge(parts...)
}

// Merge puts the parts of one checkpoint together: an index and its shards, or
// the files of a split GGUF, in any order. Shards that are named somewhere and
// not there are listed in Missing.
func Merge(parts ...*Inventory) (*Inventory, error) {
	if len(parts) == 0 {
		return nil, errors.New("checkpoint: no files")
	}
	v := &Inventory{}
	var indices []*Inventory
	at := map[string]int{}
	from := map[string]string{}
	for _, p := range parts {
		v.Files = append(v.Files, p.Files...)
		v.Notes = append(v.Notes, p.Notes...)
		if p.Container == Index {
			indices = append(indices, p)
			continue
		}
		if v.Container != "" && v.Container != p.Container {
			return nil, fmt.Errorf("%s: a %s file beside %s files: take the files of one checkpoint", first(p.Files), p.Container, v.Container)
		}
		v.Container = p.Container
		if len(p.Metadata) > len(v.Metadata) {
			v.Metadata = p.Metadata // the first file of a split GGUF has all of it
		}
		for _, e := range p.Tensors {
			if other, twice := from[e.Name]; twice {
				return nil, fmt.Errorf("%s: %q stands in %s too: take the files of one checkpoint", first(p.Files), e.Name, other)
			}
			from[e.Name] = first(p.Files)
			at[e.Name] = len(v.Tensors)
			if err := v.add(e); err != nil {
				return nil, fmt.Errorf("%s: %w", first(p.Files), err)
			}
		}
	}
	if len(v.Tensors) == 0 && len(indices) > 0 {
		v.Container = Index
	}
	for _, index := range indices {
		v.addIndex(index, at)
	}
	if v.Container == GGUF {
		v.missingSplits()
	}
	return v, nil
}

// addIndex adds the tensors that an index names and no shard brought, and names
// the shards that are not there.
func (v *Inventory) addIndex(index *Inventory, at map[string]int) {
	for _, shard := range index.Missing {
		if !slices.ContainsFunc(v.Files, func(f string) bool { return base(f) == base(shard) }) {
			v.Missing = append(v.Missing, shard)
		}
	}
	named := 0
	for _, e := range index.Tensors {
		if _, there := at[e.Name]; there {
			named++
			continue
		}
		at[e.Name] = len(v.Tensors)
		v.Tensors = append(v.Tensors, e)
	}
	if extra := len(at) - len(index.Tensors); extra > 0 {
		v.note("%d tensors stand in the files but not in %s.", extra, first(index.Files))
	}
	switch {
	case len(v.Missing) > 0 || v.Container == Index:
		v.Bytes = max(v.Bytes, index.Bytes)
	case named < len(index.Tensors):
		v.note("%d tensors stand in %s but in none of the files.", len(index.Tensors)-named, first(index.Files))
	}
}

// missingSplits compares the number of files with split.count, which every
// file of a split GGUF carries.
func (v *Inventory) missingSplits() {
	n, ok := v.Metadata.Int("split.count")
	if missing := n - int64(len(v.Files)); ok && missing > 0 {
		v.Missing = append(v.Missing, fmt.Sprintf("%d of %d files", missing, n))
	}
}

func first(files []string) string {
	if len(files) == 0 {
		return "checkpoint"
	}
	return files[0]
}

func base(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }
