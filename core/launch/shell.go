package launch

import "strings"

// Arguments are the command as a program receives it.
func (c *Command) Arguments() []string {
	args := append([]string{}, c.Program...)
	if c.Model != "" {
		args = append(args, c.Model)
	}
	for _, f := range c.Flags {
		args = append(args, f.Name)
		if !f.Bare {
			args = append(args, f.Value)
		}
	}
	return args
}

// Text is the command for a POSIX shell: the file that it reads first, then an option a line.
func (c *Command) Text() string {
	var b strings.Builder
	if c.File != nil {
		b.WriteString("cat > " + quote(c.File.Name) + " <<'EOF'\n" + c.File.Text() + "EOF\n")
	}
	for i, p := range c.Program {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(quote(p))
	}
	if c.Model != "" {
		b.WriteString(" " + quote(c.Model))
	}
	for _, f := range c.Flags {
		b.WriteString(" \\\n  " + f.Name)
		if !f.Bare {
			b.WriteString(" " + quote(f.Value))
		}
	}
	b.WriteByte('\n')
	return b.String()
}

// Text is the file's content.
func (f *File) Text() string {
	var b strings.Builder
	var open []string
	for _, k := range f.Keys {
		path := strings.Split(k.Name, ".")
		same := 0
		for same < len(open) && same < len(path)-1 && open[same] == path[same] {
			same++
		}
		for level := same; level < len(path)-1; level++ {
			b.WriteString(strings.Repeat("  ", level) + path[level] + ":\n")
		}
		b.WriteString(strings.Repeat("  ", len(path)-1) + path[len(path)-1] + ": " + k.Value + "\n")
		open = path[:len(path)-1]
	}
	return b.String()
}

// quote makes one word of a POSIX shell out of any text.
func quote(s string) string {
	plain := s != "" && strings.IndexFunc(s, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("@%+=:,./_-", r))
	}) < 0
	if plain {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
