// Package fonts holds the site's two families as outlines, for pictures that are drawn
// without a browser. README.md says how the files were made.
package fonts

import _ "embed"

//go:embed figure-sans-400.ttf
var sans []byte

//go:embed figure-sans-600.ttf
var sansSemibold []byte

//go:embed figure-serif-400.ttf
var serif []byte

//go:embed figure-serif-600.ttf
var serifSemibold []byte

// Sans is Figure Sans at weight 400, as TrueType. Nobody may change the bytes.
func Sans() []byte { return sans }

// SansSemibold is Figure Sans at weight 600.
func SansSemibold() []byte { return sansSemibold }

// Serif is Figure Serif at weight 400.
func Serif() []byte { return serif }

// SerifSemibold is Figure Serif at weight 600.
func SerifSemibold() []byte { return serifSemibold }
