package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"
)

func TestSignedNumbers(t *testing.T) {
	for _, v := range []int64{0, 1, -1, 63, 64, -64, -65, 127, 128, 8191, 8192, -8192, 1 << 31, -1 << 31, 1<<62 - 1} {
		b := appendSigned(nil, v)
		if got, n := signed(b); got != v || n != len(b) {
			t.Errorf("%d: written as %x, read as %d in %d bytes", v, b, got, n)
		}
	}
	// -123456 is the worked example of signed LEB128 in the literature on DWARF.
	if got := appendSigned(nil, -123456); !bytes.Equal(got, []byte{0xc0, 0xbb, 0x78}) {
		t.Errorf("-123456: got % x, want c0 bb 78", got)
	}
}

// Joining leaves every byte of the initial memory as it was.
func TestJoinKeepsTheMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var segments []segment
		at := int64(random.IntN(5000))
		for range random.IntN(60) {
			s := segment{at, make([]byte, random.IntN(40))}
			for i := range s.bytes {
				s.bytes[i] = byte(random.Uint32())
			}
			segments = append(segments, s)
			at += int64(len(s.bytes) + random.IntN(3*widestGap))
		}
		whole, err := flatten(segments)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := readSegments(writeSegments(split(whole)))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := memory(joined), memory(segments); !bytes.Equal(got, want) {
			t.Fatalf("memory differs: %d segments, %d joined", len(segments), len(joined))
		}
		for i := 1; i < len(joined); i++ {
			if before := joined[i-1]; joined[i].offset-before.offset-int64(len(before.bytes)) <= widestGap {
				t.Errorf("a gap of less than %d bytes is left", widestGap)
			}
		}
	}
}

func memory(segments []segment) []byte {
	image := make([]byte, 1<<16)
	for _, s := range segments {
		copy(image[s.offset:], s.bytes)
	}
	return image
}

func TestJoinRefusesWhatGoDoesNotWrite(t *testing.T) {
	section := func(id byte, body []byte) []byte {
		return append(binary.AppendUvarint([]byte{id}, uint64(len(body))), body...)
	}
	head := []byte("\x00asm\x01\x00\x00\x00")
	for name, module := range map[string][]byte{
		"no module":       []byte("hello, hello"),
		"section cut off": append(append([]byte{}, head...), dataSection, 9, 1),
		"passive segment": append(append([]byte{}, head...), section(dataSection, []byte{1, 1, 2, 0xaa, 0xbb})...),
		"segment cut off": append(append([]byte{}, head...), section(dataSection, []byte{1, 0, 0x41, 0x10, 0x0b, 9, 0xaa})...),
		"computed place":  append(append([]byte{}, head...), section(dataSection, []byte{1, 0, 0x41, 0x10, 0x6a, 0x0b, 0})...),
	} {
		if _, err := shrink(module); !errors.Is(err, errWasm) {
			t.Errorf("%s: got error %v, want %v", name, err, errWasm)
		}
	}
}
