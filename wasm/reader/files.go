//go:build js && wasm

package main

import (
	"errors"
	"fmt"
	"syscall/js"

	"moecost/core/arch"
	"moecost/core/arch/checkpoint"
)

// readFiles is files(files, config): a Promise of the reading of a config, of
// the headers of a checkpoint, or of both.
func readFiles(_ js.Value, args []js.Value) any {
	var executor js.Func
	executor = js.FuncOf(func(_ js.Value, settle []js.Value) any {
		executor.Release()
		go func() { // reading waits, which a call from JavaScript must not
			settle[0].Invoke(describe(func() (*arch.Reading, string, error) {
				if len(args) != 2 || args[0].Type() != js.TypeObject || args[1].Type() != js.TypeString {
					return nil, "", errors.New("files: an array of files and the text of a config are needed")
				}
				var files []checkpoint.File
				for i := range args[0].Length() {
					files = append(files, fileOf(args[0].Index(i)))
				}
				return checkpoint.Describe(args[1].String(), files...)
			}))
		}()
		return nil
	})
	return js.Global().Get("Promise").New(executor)
}

// fileOf reads a file of the browser slice by slice.
func fileOf(f js.Value) checkpoint.File {
	size := int64(f.Get("size").Float())
	return checkpoint.File{Name: f.Get("name").String(), Size: size, ReadAt: func(offset int64, n int) ([]byte, error) {
		end := min(offset+int64(n), size)
		if offset < 0 || offset >= end {
			return nil, nil
		}
		buffer, err := await(f.Call("slice", float64(offset), float64(end)).Call("arrayBuffer"))
		if err != nil {
			return nil, fmt.Errorf("%w: choose it again", err)
		}
		piece := make([]byte, end-offset)
		return piece[:js.CopyBytesToGo(piece, js.Global().Get("Uint8Array").New(buffer))], nil
	}}
}

// await waits for a Promise.
func await(promise js.Value) (js.Value, error) {
	type outcome struct {
		value js.Value
		err   error
	}
	done := make(chan outcome, 1)
	kept := js.FuncOf(func(_ js.Value, values []js.Value) any {
		done <- outcome{value: values[0]}
		return nil
	})
	defer kept.Release()
	broken := js.FuncOf(func(_ js.Value, reasons []js.Value) any {
		done <- outcome{err: errors.New(js.Global().Call("String", reasons[0]).String())}
		return nil
	})
	defer broken.Release()
	promise.Call("then", kept, broken)
	o := <-done
	return o.value, o.err
}
