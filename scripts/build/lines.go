package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// The linker keeps, for every instruction, the line it was compiled from, and for every
// function its name, also with -s and -w: only the traceback of a fault reads that. Without lines the
// page's program is 6 % smaller (compressed), and without names 2 % more. The runtime looks for its own names,
// so they stay; a fault in the page is looked into with a program that was not made smaller (go build ./wasm/page).
//
// The tables are those of Go's runtime: pcHeader in runtime/symtab.go and _func
// in runtime/runtime2.go, unchanged from Go 1.20 to 1.26. An offset of 0 means there that
// a function has no such table (pcvalue), and a function without lines is at "?" (funcline1).
var tablesMagic = []byte{0xf1, 0xff, 0xff, 0xff, 0, 0, 1, 8} // little-endian 0xfffffff1, pad, instructions of 1 byte, pointers of 8

// Offsets of 32-bit fields in _func, and its length before the offsets of its pcdata.
const (
	funcName    = 4
	funcPCSP    = 16
	funcFile    = 20
	funcLine    = 24
	funcPCData  = 28 // how many
	funcUnit    = 32
	funcStart   = 36 // line of the declaration
	funcsLength = 44
)

// Tables by their place in the lists behind a _func (internal/abi/symtab.go), of which nothing but a
// traceback (inlined calls, arguments to print) or preemption by signals, which WebAssembly has not, reads.
var (
	unreadPCData   = []int{0, 2, 3} // unsafe points, inlined calls, arguments alive
	unreadFuncData = []int{3, 5, 6} // inlined calls, arguments, arguments alive
)

var errTables = errors.New("lines: the function tables are not laid out as in Go 1.20 to 1.26: see lines.go")

// dropLines clears all line and file tables in the initial memory of a program, and names. Nothing
// moves, and what unwinds stacks and finds pointers stays.
func dropLines(memory []byte) (err error) {
	at := bytes.Index(memory, tablesMagic)
	if at < 0 {
		return errTables
	}
	defer func() { // an offset that leads out of memory
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%w: %v", errTables, fault)
		}
	}()
	tables := memory[at:]
	if len(tables) < 72 {
		return errTables
	}
	header := func(i int) int { return int(binary.LittleEndian.Uint64(tables[8*i:])) }
	count, names, units, pcs, funcs := header(1), header(4), header(5), header(7), header(8)
	if count <= 0 || !(72 <= names && names < units && units < pcs && pcs < funcs && funcs < len(tables)) {
		return errTables
	}
	number := func(at int) int { return int(binary.LittleEndian.Uint32(tables[at:])) }
	used := make([]bool, funcs-pcs) // bytes of the tables that stay
	for i := range count {
		f := funcs + number(funcs+8*i+4)
		dropUnread(tables[f:])
		keep(used, tables[pcs:funcs], number(f+funcPCSP))
		for j := range number(f + funcPCData) {
			keep(used, tables[pcs:funcs], number(f+funcsLength+4*j))
		}
		dropName(tables[names:units], tables[f+funcName:f+funcName+4])
		clear(tables[f+funcFile : f+funcLine+4])
		clear(tables[f+funcUnit : f+funcStart+4])
	}
	clear(tables[units:pcs]) // names of files
	for i := range used {
		if !used[i] {
			tables[pcs+i] = 0
		}
	}
	return nil
}

// dropUnread takes a function's unread tables out of its lists: 0 stands for no
// pcdata, and all ones for no funcdata.
func dropUnread(function []byte) {
	pcData := int(binary.LittleEndian.Uint32(function[funcPCData:]))
	for _, i := range unreadPCData {
		if i < pcData {
			clear(function[funcsLength+4*i:][:4])
		}
	}
	for _, i := range unreadFuncData {
		if i < int(function[funcsLength-1]) {
			binary.LittleEndian.PutUint32(function[funcsLength+4*(pcData+i):], ^uint32(0))
		}
	}
}

// dropName clears the name that an offset leads to, and the offset: 0 stands for no name.
func dropName(names, offset []byte) {
	name, _, _ := bytes.Cut(names[binary.LittleEndian.Uint32(offset):], []byte{0})
	if bytes.HasPrefix(name, []byte("runtime.")) {
		return
	}
	clear(name)
	clear(offset)
}

// keep marks one table: pairs of variable-length numbers, of which a value of 0
// ends the table unless it is the first.
func keep(used []bool, tables []byte, start int) {
	if start == 0 {
		return
	}
	for at, first := start, true; ; first = false {
		value, n := binary.Uvarint(tables[at:])
		if n <= 0 {
			panic("a table does not end")
		}
		mark(used[at : at+n])
		at += n
		if value == 0 && !first {
			return
		}
		_, n = binary.Uvarint(tables[at:])
		if n <= 0 {
			panic("a table does not end")
		}
		mark(used[at : at+n])
		at += n
	}
}

func mark(used []bool) {
	for i := range used {
		used[i] = true
	}
}
