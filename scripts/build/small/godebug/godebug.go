// Package godebug stands in for the standard library's internal/godebug in the
// page's programs: a browser has no variable GODEBUG, so every setting has its default.
package godebug

// Setting is a setting that nobody set.
type Setting struct{ name string }

// New names a setting.
func New(name string) *Setting { return &Setting{name} }

// Name is the setting's name.
func (s *Setting) Name() string { return s.name }

// Value is empty: the default.
func (s *Setting) Value() string { return "" }

// String is the setting as GODEBUG would have it.
func (s *Setting) String() string { return s.name + "=" }

// IncNonDefault counts uses of other values, of which there are none.
func (s *Setting) IncNonDefault() {}
