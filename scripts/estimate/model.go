package main

import (
	"os"

	"moecost/core/arch"
	"moecost/core/arch/checkpoint"
)

// readModel reads one config.json or the files of one GGUF, and the safetensors
// headers that go with the former.
func readModel(names []string) (*arch.Reading, error) {
	var files []checkpoint.File
	for _, name := range names {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil {
			return nil, err
		}
		files = append(files, checkpoint.File{Name: name, Size: info.Size(), ReadAt: func(offset int64, n int) ([]byte, error) {
			piece := make([]byte, min(int64(n), max(info.Size()-offset, 0)))
			read, err := f.ReadAt(piece, offset)
			if read == len(piece) {
				err = nil
			}
			return piece[:read], err
		}})
	}
	reading, _, err := checkpoint.Describe("", files...)
	return reading, err
}
