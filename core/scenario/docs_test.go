package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const linksPage = "../../docs/links.md"

// TestLinksPage fails when docs/links.md does not say what the table says.
// UPDATE_DOCS=1 go test ./core/scenario writes it anew; read the diff.
func TestLinksPage(t *testing.T) {
	want := writeLinksPage()
	if os.Getenv("UPDATE_DOCS") != "" {
		if err := os.WriteFile(filepath.FromSlash(linksPage), []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(filepath.FromSlash(linksPage))
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("docs/links.md is out of date; run UPDATE_DOCS=1 go test ./core/scenario and read the diff")
	}
}

// TestLinksPageExamples: every query that the page shows is read without a
// problem and is canonical.
func TestLinksPageExamples(t *testing.T) {
	c := catalogue()
	examples := 0
	for i, part := range strings.Split(writeLinksPage(), "`") {
		query, isQuery := strings.CutPrefix(part, "?")
		if i%2 == 0 || !isQuery {
			continue
		}
		examples++
		s, problems := c.Decode(query)
		if got := Encode(s); got != query && query != "v=1" || problems != nil {
			t.Errorf("for %s, got %s, %v", part, got, problems)
		}
	}
	if examples < len(table) {
		t.Errorf("the page shows %d queries, fewer than there are keys", examples)
	}
}

func writeLinksPage() string {
	var b strings.Builder
	b.WriteString(linksHead)
	b.WriteString("| key | meaning | allowed | default | example |\n|---|---|---|---|---|\n")
	for _, f := range Fields() {
		standard := "`" + f.Default + "`"
		if f.Optional() {
			standard = f.Absent
		}
		row := []string{"`" + f.Key + "`", f.Meaning, f.Domain(), standard, "`?" + pair(f.Key, f.Example) + "`"}
		b.WriteString("| " + strings.Join(row, " | ") + " |\n")
	}
	b.WriteString(linksTail)
	return b.String()
}

const linksHead = `<!-- Generated from core/scenario by UPDATE_DOCS=1 go test ./core/scenario. Do not edit. -->

# Links

A link holds the whole scenario: ` + "`?model=kimi-k2&gpu=h200&gpus=16&batch=256`" + `. It is the page's
address at all times, and it opens the same scenario in years to come.

- One key per field. A key that is left out means the default, and so does an empty value. Where the table has words
  for the default instead of a value, the page decides and says what it took.
- Keys and ids may be in any case of letters. Numbers are plain decimals, without thousands separators or units;
  they are kept to a millionth.
- A value that cannot be read is named and explained on the page, with a correction where there is one; the default
  is used until then. It never stops the page.
- A key that the page does not know stays in the link and changes nothing. What campaign trackers append
  (` + "`utm_…`, `fbclid`" + ` and their like) is dropped.
- Of a key that is given twice the last value counts, and the page says so.
- In a link that another program makes, escape whatever is not a letter, a digit or one of ` + "`-._~:,=`" + `.

`

const linksTail = `
Where several keys are given they must agree: tp · pp · dp is the number of GPUs, ep divides the GPUs of one pipeline
stage, and prompt and output together have at most 10,000,000 tokens.

## A model of your own

` + "`?model=custom`" + ` takes the architecture from the fragment: ` + "`#arch=json:TEXT.SUM`" + `. TEXT is the model's config.json
without white space between its tokens, in URL-safe base64 without padding (RFC 4648, section 5). SUM is the CRC-32
(IEEE, as in zip and gzip) of the same bytes in eight hexadecimal digits, because a link that lost its end must not
become another model. At most 65,536 bytes of text fit. Browsers do not send the fragment to any server.

## Versions

` + "`v`" + ` is the version of the meaning of the keys. It is left out while it is 1. Links of older versions are read for ever. A
link of a newer version than the page knows says so and asks for a reload. Ids that were published once are never
used for something else; a renamed one keeps its old name as an alias.
`
