package hub

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// Name is what a config.json calls its model in "_name_or_path": the last part
// of an id or a path. It is empty if there is none, or nothing that could be shown.
// The text need not be valid JSON: published configs hold Infinity, too.
func Name(config string) string {
	const key = `"_name_or_path"`
	_, rest, found := strings.Cut(config, key)
	if !found {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n")
	if !strings.HasPrefix(rest, ":") {
		return ""
	}
	rest = strings.TrimLeft(rest[1:], " \t\r\n")
	end := stringEnd(rest)
	if end < 0 {
		return ""
	}
	name, err := strconv.Unquote(strings.ReplaceAll(rest[:end], `\/`, `/`))
	if err != nil {
		return ""
	}
	name = strings.Trim(strings.ReplaceAll(name, `\`, `/`), "/ ")
	name = name[strings.LastIndexByte(name, '/')+1:]
	for _, r := range name {
		if !strconv.IsPrint(r) || r == utf8.RuneError {
			return ""
		}
	}
	if name == "." || name == ".." || utf8.RuneCountInString(name) > 60 {
		return ""
	}
	return name
}

// stringEnd is where the JSON string at the start of text ends, -1 if there is none.
func stringEnd(text string) int {
	if !strings.HasPrefix(text, `"`) {
		return -1
	}
	for i := 1; i < len(text) && text[i] != '\n'; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return -1
}
