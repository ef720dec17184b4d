package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// listed is what go list says of a package.
type listed struct {
	ImportPath, Dir, Export string
	GoFiles, Imports        []string
}

// The small fmt prints a few kinds of values with a few verbs. Every call in every
// package of the programs keeps to them, so that what tests see natively, with the standard fmt,
// is what the page says.
func TestFormatsSuitTheSmallFmt(t *testing.T) {
	packages := programPackages(t)
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	files := token.NewFileSet()
	compiled := importer.ForCompiler(files, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) })
	calls := 0
	for _, p := range packages {
		if !slices.Contains(p.Imports, "fmt") {
			continue
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
		var syntax []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			syntax = append(syntax, f)
		}
		config := types.Config{Importer: compiled, Sizes: types.SizesFor("gc", "wasm")}
		if _, err := config.Check(p.ImportPath, files, syntax, info); err != nil {
			t.Fatal(err)
		}
		for _, f := range syntax {
			ast.Inspect(f, func(n ast.Node) bool {
				if call, is := n.(*ast.CallExpr); is {
					if printed, format := printing(info, call); printed != nil {
						calls++
						if why := unsuited(info, printed, format); why != "" {
							t.Errorf("%s: %s: the small fmt does not print that", files.Position(call.Pos()), why)
						}
					}
				}
				return true
			})
		}
	}
	if calls < 100 {
		t.Errorf("only %d calls of fmt were found", calls)
	}
}

// programPackages lists what the programs are made of, compiled.
func programPackages(t *testing.T) []listed {
	arguments := []string{"list", "-deps", "-export", "-json=ImportPath,Dir,Export,GoFiles,Imports"}
	for _, p := range programs {
		arguments = append(arguments, p.source)
	}
	out, err := runWith("../..", nil, []string{"GOOS=js", "GOARCH=wasm"}, "go", arguments...)
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var p listed
		if err := decoder.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

// printing gives what a call prints and the format, nil if it has none: calls of fmt, and of functions that pass
// a format and a list on to it, whose own call of fmt is then nothing to check.
func printing(info *types.Info, call *ast.CallExpr) (printed []ast.Expr, format ast.Expr) {
	name, is := call.Fun.(*ast.Ident)
	if selector, selected := call.Fun.(*ast.SelectorExpr); selected {
		name, is = selector.Sel, true
	}
	if !is || call.Ellipsis.IsValid() {
		return nil, nil
	}
	f, is := info.Uses[name].(*types.Func)
	if !is || !f.Signature().Variadic() {
		return nil, nil
	}
	fixed := f.Signature().Params().Len() - 1
	printed = call.Args[fixed:]
	if fixed > 0 && f.Signature().Params().At(fixed-1).Name() == "format" {
		return append([]ast.Expr{}, printed...), call.Args[fixed-1]
	}
	if f.Pkg().Path() == "fmt" {
		return printed, nil
	}
	return nil, nil
}

// verb is one the small fmt knows, with flags, width and precision.
var verb = regexp.MustCompile(`^%[-+0]*[0-9]*(\.[0-9]*)?([vsqdxgeftTcw%])`)

// unsuited says what the small fmt would print otherwise than the standard one; "" for nothing.
func unsuited(info *types.Info, printed []ast.Expr, format ast.Expr) string {
	verbs := strings.Repeat("v", len(printed))
	if format != nil {
		value := info.Types[format].Value
		if value == nil {
			return "a format that is no constant"
		}
		verbs = ""
		for rest := constant.StringVal(value); rest != ""; {
			if rest[0] != '%' {
				rest = rest[1:]
				continue
			}
			m := verb.FindStringSubmatch(rest)
			if m == nil {
				return strconv.Quote(rest)
			}
			if m[2] != "%" {
				verbs += m[2]
			}
			rest = rest[len(m[0]):]
		}
	}
	if len(verbs) != len(printed) {
		return fmt.Sprintf("%d verbs for %d values", len(verbs), len(printed))
	}
	for i, p := range printed {
		if of := info.Types[p].Type; !prints(verbs[i], of) {
			return fmt.Sprintf("%%%c of %s", verbs[i], of)
		}
	}
	return ""
}

// prints says whether a verb suits a type. What stands in an interface is not known, and let pass.
func prints(verb byte, of types.Type) bool {
	if verb == 'T' || types.IsInterface(of) {
		return true
	}
	if strings.IndexByte("vsqxw", verb) >= 0 && (says(of, "Error") || says(of, "String")) {
		return true
	}
	switch of := of.Underlying().(type) {
	case *types.Slice:
		if e, is := of.Elem().Underlying().(*types.Basic); is && e.Kind() == types.Uint8 && strings.IndexByte("sqx", verb) >= 0 {
			return true
		}
		return prints(verb, of.Elem())
	case *types.Array:
		return prints(verb, of.Elem())
	case *types.Basic:
		switch info := of.Info(); {
		case info&types.IsString != 0:
			return strings.IndexByte("vsqx", verb) >= 0
		case info&types.IsInteger != 0:
			return strings.IndexByte("vdxcq", verb) >= 0
		case info&types.IsFloat != 0:
			return strings.IndexByte("vgef", verb) >= 0
		case info&types.IsBoolean != 0:
			return verb == 'v' || verb == 't'
		}
	}
	return false
}

// says tells whether a type has a method that gives a string.
func says(of types.Type, method string) bool {
	m, _, _ := types.LookupFieldOrMethod(of, false, nil, method)
	f, is := m.(*types.Func)
	if !is {
		return false
	}
	s := f.Signature()
	return s.Params().Len() == 0 && s.Results().Len() == 1 && types.Identical(s.Results().At(0).Type(), types.Typ[types.String])
}
