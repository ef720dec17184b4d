// Package checkpoint reads what a checkpoint says about itself: the names,
// shapes, number formats and exact bytes of its tensors, from the headers of
// safetensors and GGUF files and from model.safetensors.index.json.
//
// A config says what a model should hold; a header says what this very file
// holds. Where both are at hand, Match compares them and puts the real formats
// in place of the config's. A GGUF file carries its own architecture, so that
// Model describes it without a config.
//
// Headers are read in slices, never whole files, and never trusted: every length is
// checked against the file and against a limit before anything is allocated.
// Errors read where: what: why.
package checkpoint

import (
	"bytes"
	"fmt"
	"strings"

	"moecost/core/format"
)

// Container is the kind of file an Inventory came from.
type Container string

// The containers.
const (
	Safetensors Container = "safetensors"
	GGUF        Container = "gguf"
	Index       Container = "index" // model.safetensors.index.json: names, no sizes
)

// File is a file that can be read in pieces: a dropped file, a range of a
// download, a byte slice in a test.
type File struct {
	Name string // for messages
	Size int64  // bytes; 0 if not known

	// ReadAt returns the n bytes at offset, and fewer only where the file ends.
	ReadAt func(offset int64, n int) ([]byte, error)
}

// InMemory is a File for bytes at hand.
func InMemory(name string, data []byte) File {
	return File{Name: name, Size: int64(len(data)), ReadAt: func(offset int64, n int) ([]byte, error) {
		if offset >= int64(len(data)) {
			return nil, nil
		}
		return data[offset:min(offset+int64(n), int64(len(data)))], nil
	}}
}

// Entry is one tensor of a checkpoint.
type Entry struct {
	Name  string
	Type  string  // number format as the file names it: "BF16", "F8_E4M3", "Q4_K"; empty if only an index was read
	Shape []int64 // output features first, as arch.Tensor has it; the last dimension is contiguous
	Bytes int64

	stored *format.Format // of Type; nil if only an index was read
}

// Format is the number format of the tensor as it stands in the file. Scales that the
// container keeps as tensors of their own are no part of it. ok is false as
// long as only an index was read.
func (e Entry) Format() (f format.Format, ok bool) {
	if e.stored == nil {
		return format.Format{}, false
	}
	return *e.stored, true
}

// Elements is the number of stored numbers; packed formats store several
// weights in one.
func (e Entry) Elements() int64 {
	n := int64(1)
	for _, d := range e.Shape {
		n *= d
	}
	return n
}

// Inventory is what a checkpoint holds.
type Inventory struct {
	Container Container
	Tensors   []Entry  // in the order of the files
	Bytes     int64    // of all tensors: their sum, or what an index says as long as shards are missing
	Files     []string // that were read
	Missing   []string // shards that the checkpoint names and that were not read
	Metadata  Metadata // of a GGUF file; nil otherwise
	Notes     []string // anything a user should know, as sentences

	elements int64 // of all tensors
}

// Exact reports whether the bytes of every tensor are known.
func (v *Inventory) Exact() bool { return v.Container != Index && len(v.Missing) == 0 }

// Limits on what a header may ask for. The largest known checkpoint, Kimi K3,
// has 497,220 tensors over all its shards; no published header is above 30 MB.
const (
	maxTensors = 1 << 20
	maxHeader  = 100_000_000 // the limit of the safetensors library itself
	maxName    = 4096
	maxDims    = 8
	maxCount   = 1 << 53 // elements or bytes of one tensor: far above any, and sums stay within int64
)

// Read reads the header of one file, whatever of the three kinds it is.
func Read(f File) (*Inventory, error) {
	c := newCursor(f, 0, maxHeader)
	start := c.peek(16)
	if c.err != nil {
		return nil, c.err
	}
	switch {
	case bytes.HasPrefix(start, []byte("GGUF")):
		return readGGUF(f)
	case len(start) > 8 && start[8] == '{' && (start[0] != '{' || start[7] == 0): // text has no zero byte
		return readSafetensors(f)
	case bytes.HasPrefix(bytes.TrimSpace(start), []byte("{")):
		return readIndex(f)
	}
	return nil, fmt.Errorf("%s: %s", f.Name, foreign(start))
}

// foreignFile is a kind of file that describes no tensors here, by its first bytes.
type foreignFile struct {
	magic, what string
	binary      bool // no text, so that it cannot be a damaged config either
}

var foreignFiles = []foreignFile{
	{"FUGG", "a GGUF file in big-endian byte order: convert it to little-endian", true},
	{"ggml", "an old GGML file: convert it to GGUF", true},
	{"ggjt", "an old GGML file: convert it to GGUF", true},
	{"PK\x03\x04", "a PyTorch or zip archive: its header is executable pickle", true},
	{"\x80\x02", "a Python pickle, which is executable", true},
	{"version https://", "a Git LFS pointer, not the file it points to: download the file itself", false},
	{"<", "a web page: use the download link of the file", false},
	{"\x1f\x8b", "a gzip archive: unpack it first", true},
}

// foreign says what a file is that is none of the three.
func foreign(start []byte) string {
	const wanted = "a .safetensors or .gguf file or model.safetensors.index.json would do"
	if len(start) == 0 {
		return "empty; " + wanted
	}
	for _, known := range foreignFiles {
		if strings.HasPrefix(string(start), known.magic) {
			return known.what + "; " + wanted
		}
	}
	return "not a checkpoint header; " + wanted
}
