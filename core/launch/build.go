package launch

import (
	"strconv"
	"strings"
)

// builder collects the options of one deployment.
type builder struct {
	d     Deployment
	out   Launch
	flags []Flag
	yaml  []Flag
	err   error
}

// set adds an option by what it sets.
func (b *builder) set(key string, value any) { b.flags = b.add(b.flags, "serve", key, value) }

// file adds a key of the file beside the command.
func (b *builder) file(key string, value any) { b.yaml = b.add(b.yaml, "yaml", key, value) }

func (b *builder) add(to []Flag, tool, key string, value any) []Flag {
	f, err := flag(b.d.Engine, tool, key, value)
	if err != nil && b.err == nil {
		b.err = err
	}
	return append(to, f)
}

// flag is one option with its value; value is true for one without.
func flag(engine, tool, key string, value any) (Flag, error) {
	o, err := find(engine, tool, key)
	if err != nil {
		return Flag{}, err
	}
	f := Flag{Name: o.Flag, Key: key}
	switch v := value.(type) {
	case bool:
		f.Bare = o.Kind == "flag"
		f.Value = strconv.FormatBool(v)
	case int:
		f.Value = strconv.Itoa(v)
	case int64:
		f.Value = strconv.FormatInt(v, 10)
	case float64:
		f.Value = strconv.FormatFloat(v, 'g', 6, 64)
	case string:
		f.Value = v
	}
	if f.Bare {
		f.Value = ""
	}
	return f, nil
}

// above sets a count that is more than one.
func (b *builder) above(key string, n int) {
	if n > 1 {
		b.set(key, n)
	}
}

func (b *builder) note(text string) { b.out.Notes = append(b.out.Notes, text) }

// command adds a command with the options so far and some of its own.
func (b *builder) command(where string, program []string, model string, own ...Flag) {
	flags := append(append([]Flag{}, b.flags...), own...)
	b.out.Commands = append(b.out.Commands, Command{Where: where, Program: program, Model: model, Flags: flags})
}

// own is an option of one command alone.
func (b *builder) own(key string, value any) Flag {
	f, err := flag(b.d.Engine, "serve", key, value)
	if err != nil && b.err == nil {
		b.err = err
	}
	return f
}

// weights says how the weights get their number format, where that is not the published one.
// online are the formats that the engine converts to while loading.
func (b *builder) weights(online ...string) {
	w := b.d.Weights
	if w == "" || w == "published" {
		return
	}
	for _, id := range online {
		if w == id {
			b.set("quantise", w)
			b.note("The weights are converted to " + upper(w) + " while loading, from a checkpoint in BF16; a checkpoint that is in " + upper(w) + " already needs no option.")
			return
		}
	}
	b.note("Give a checkpoint whose weights are in " + upper(w) + ": the engine does not convert to it while loading.")
}

func upper(id string) string { return strings.ToUpper(id) }

// plainName drops what no argument can hold or no reader can see, and keeps a name from being taken for an option.
func plainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\u2028' || r == '\u2029' || r >= 0x80 && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 {
			return -1
		}
		return r
	}, strings.TrimSpace(name))
	if strings.HasPrefix(name, "-") {
		name = "./" + name
	}
	return name
}
