package scenario

import (
	_ "embed"
	"strconv"
	"strings"
	"testing"
)

//go:embed testdata/links.txt
var linksFile string

// oldLink is one entry of testdata/links.txt, whose head explains the format.
type oldLink struct {
	line  int
	query string
	want  string
	bad   []string
}

func oldLinks(t testing.TB) []oldLink {
	var links []oldLink
	for i, line := range strings.Split(linksFile, "\n") {
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case "link":
			if strings.HasPrefix(rest, `"`) {
				plain, err := strconv.Unquote(rest)
				if err != nil {
					t.Fatalf("links.txt:%d: %v", i+1, err)
				}
				rest = plain
			}
			links = append(links, oldLink{line: i + 1, query: repeat(t, rest)})
		case "is":
			links[len(links)-1].want = repeat(t, rest)
		case "bad":
			last := &links[len(links)-1]
			last.bad = append(last.bad, rest)
		case "", "#", "##":
		default:
			t.Fatalf("links.txt:%d: %q starts no line", i+1, word)
		}
	}
	return links
}

// repeat writes out {n*text}.
func repeat(t testing.TB, text string) string {
	for {
		head, rest, found := strings.Cut(text, "{")
		if !found {
			return text
		}
		macro, tail, _ := strings.Cut(rest, "}")
		times, what, _ := strings.Cut(macro, "*")
		n, err := strconv.Atoi(times)
		if err != nil {
			t.Fatalf("links.txt: {%s}: %v", macro, err)
		}
		text = head + strings.Repeat(what, n) + tail
	}
}

func dash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func TestOldLinks(t *testing.T) {
	c := catalogue()
	links := oldLinks(t)
	if len(links) < 130 {
		t.Errorf("links.txt has %d links; it only grows", len(links))
	}
	for _, link := range links {
		s, problems := c.Decode(link.query)
		if got := Encode(s); got != link.want {
			t.Errorf("links.txt:%d: for %.200q, got\n%.300s, want\n%.300s", link.line, link.query, got, link.want)
		}
		var got []string
		for _, p := range problems {
			got = append(got, dash(p.Key)+" | "+dash(p.Suggestion)+" | "+dash(p.Used))
		}
		if g, w := strings.Join(got, "\n"), strings.Join(link.bad, "\n"); g != w {
			t.Errorf("links.txt:%d: for %.200q, got the problems\n%s\nwant\n%s", link.line, link.query, g, w)
		}
	}
}

// TestOldLinksCoverEveryKey, each with a value that is not the default.
func TestOldLinksCoverEveryKey(t *testing.T) {
	c := catalogue()
	seen := map[string]bool{}
	defaults := Default()
	for _, link := range oldLinks(t) {
		s, _ := c.Decode(link.query)
		for _, f := range Fields() {
			seen[f.Key] = seen[f.Key] || Text(s, f.Key) != Text(defaults, f.Key)
		}
	}
	for _, f := range Fields() {
		if !seen[f.Key] {
			t.Errorf("no link of links.txt sets %s", f.Key)
		}
	}
}
