package launch

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// split divides a command into words as a POSIX shell does, for the part of its language that Text uses: single quotes,
// backslashes and line continuations. Anything that a shell would act on outside quotes is an error.
func split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	in := false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				return nil, errors.New("a quote is not closed")
			}
			word.WriteString(text[i+1 : i+1+end])
			i += end + 1
			in = true
		case c == '\\' && i+1 < len(text):
			i++
			if text[i] != '\n' {
				word.WriteByte(text[i])
				in = true
			}
		case c == ' ' || c == '\n' && i == len(text)-1:
			if in {
				words = append(words, word.String())
				word.Reset()
				in = false
			}
		case strings.IndexByte("\n\"`$&;|<>(){}[]*?!#~^\t\\", c) >= 0:
			return nil, errors.New("a shell would act on " + text[i:min(i+12, len(text))])
		default:
			word.WriteByte(c)
			in = true
		}
	}
	return words, nil
}

// hostile are names that a link or a config could hold.
var hostile = []string{
	"$(reboot)", "`id`", "a; rm -rf /", "it's", "'; id; '", `a\`, "a\nb", "--help", "-m", "a b", "*", "~root", "EOF", "\x1b[31mred", "a\x00b", "\u202egnp.exe", "", "   ", "!!", "模型", "a'\\''b", "${IFS}", "#x", "a=b",
}

func TestHostileNamesStayOneArgument(t *testing.T) {
	for _, name := range hostile {
		for _, engine := range Engines() {
			d := wide(engine)
			d.Model = name
			l, err := Commands(d)
			if err != nil {
				t.Fatal(err)
			}
			bench, err := Bench(d, Load{16, 10, 10})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range append(l.Commands, bench) {
				words, err := split(strings.TrimPrefix(c.Text(), heredoc(&c)))
				if err != nil || !slices.Equal(words, c.Arguments()) {
					t.Errorf("%s, %q: %v: a shell makes %q of it", engine, name, err, words)
				}
				tool, kind := engine, "serve"
				if slices.Equal(c.Program, bench.Program) {
					kind = "bench"
					if c.Program[0] == "vllm" {
						tool = "vllm"
					}
				}
				if err := parse(tool, kind, words); err != nil {
					t.Errorf("%s, %q: %v", engine, name, err)
				}
				if strings.ContainsAny(c.Text(), "\x00\x1b\u202e") {
					t.Errorf("%s, %q: a character that nobody sees is in\n%q", engine, name, c.Text())
				}
			}
		}
	}
}

func TestQuote(t *testing.T) {
	for text, want := range map[string]string{
		"deepseek-ai/DeepSeek-V3": "deepseek-ai/DeepSeek-V3", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", `{"a":1}`: `'{"a":1}'`,
	} {
		if got := quote(text); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
}
