package scenario

import (
	"strings"
	"testing"
)

// TestSentences: the words that a reader sees.
func TestSentences(t *testing.T) {
	c := catalogue()
	for query, want := range map[string]string{
		// The example of the project's own description of its voice.
		"gpu=h100sxm": "The link asks for `gpu=h100sxm`, which is not a known accelerator. " +
			"Did you mean `h100-sxm`? Until then the page uses H100 SXM.",
		"gpus=5000": "The link asks for `gpus=5000`, which is out of range. GPUs must be 1 to 4,096. " +
			"Did you mean `4096`? Until then the page uses the fewest that fit.",
		"in=4k": "The link asks for `in=4k`, which is not a whole number. Prompt must be 1 to 10,000,000 tokens. " +
			"Did you mean `4096`? Until then the page uses 4096 tokens.",
		"batch=1e3": "The link asks for `batch=1e3`, which is not written in digits alone. Batch must be 1 to 1,000,000 sequences. " +
			"Did you mean `1000`? Until then the page uses 64 sequences.",
		"units=tb": "The link asks for `units=tb`, which is not a known unit system. Units must be gb or gib. " +
			"Until then the page uses GB.",
		"model=gpt-5": "The link asks for `model=gpt-5`, which is not a known model. " +
			"Known are deepseek-v3, deepseek-v3.2, kimi-k2, qwen3-235b-a22b, mixtral-8x7b, grok-1, llama-4-scout, gpt-oss-120b and others. " +
			"Until then the page uses DeepSeek-V3.",
		"gpus=8&gpus=16": "The link asks for `gpus=16`, which is the last of 2 values for `gpus`. The last one counts. " +
			"Until then the page uses 16.",
		"modle=kimi-k2": "The link asks for `modle=kimi-k2`, which is not a key that this page knows. " +
			"It stays in the link and changes nothing. Did you mean `model=kimi-k2`?",
		"v=2": "The link asks for `v=2`, which is a newer version of this page. " +
			"Reload to get it. Until then the link is read as version 1, and a number may mean something else.",
		"without=routing,prefil": "The link asks for `without=routing,prefil`, which holds `prefil`, which is not a known cause of the tail. " +
			"Causes left out must be any of routing, batch, domain, prefill, moves, speed, joined by commas. " +
			"Did you mean `routing,prefill`? Until then the page uses every cause.",
		"split": "The link asks for `split`, which has no value. Split must be 0 or 1. " +
			"Did you mean `1`? Until then the page uses 0.",
		"gpus=16&tp=3": "The link asks for `tp=3`, which does not divide 16 GPUs evenly (tp=3). " +
			"Tensor, pipeline and attention-data parallel multiply to the number of GPUs. " +
			"Did you mean `gpus=18&tp=3`? Until then the page uses a layout that it chooses for 16 GPUs.",
		"gpus=16&pp=4&ep=8": "The link asks for `ep=8`, which does not divide the 4 GPUs of one pipeline stage evenly. " +
			"Every GPU belongs to one group that shares the experts. Did you mean `4`? Until then the page uses its own choice.",
		"in=10000000": "The link asks for `in=10000000`, which makes more than 10,000,000 tokens together with the output. " +
			"No published model reads more. Did you mean `9998976`? Until then the page uses 4096 tokens.",
		"gpu=custom~mem": "The link asks for `gpu=custom~mem`, which is not a custom accelerator that can be read. " +
			"gpu=custom: mem: no colon: write key:number. Until then the page uses H100 SXM.",
		"model=%3Cb%3E%E2%80%AE%00`": "The link asks for `model=<b>\\u{202e}\\u{0}'`, which is not a known model. " +
			"Known are deepseek-v3, deepseek-v3.2, kimi-k2, qwen3-235b-a22b, mixtral-8x7b, grok-1, llama-4-scout, gpt-oss-120b and others. " +
			"Until then the page uses DeepSeek-V3.",
	} {
		_, problems := c.Decode(query)
		if len(problems) != 1 {
			t.Errorf("for %s, got %d problems: %v", query, len(problems), problems)
			continue
		}
		if got := problems[0].String(); got != want {
			t.Errorf("for %s, got\n%s\nwant\n%s", query, got, want)
		}
	}
}

// TestRawIsKept: to the byte, however damaged.
func TestRawIsKept(t *testing.T) {
	c := catalogue()
	for _, raw := range []string{"h100sxm", "%68100%2", "+4k+", "<b>", "4%C2%A0000"} {
		_, problems := c.Decode("gpus=" + raw)
		if len(problems) != 1 || problems[0].Raw != raw {
			t.Errorf("for %q, got %+v", raw, problems)
		}
	}
}

// TestManyProblems: a hostile link reports some and counts the rest.
func TestManyProblems(t *testing.T) {
	var query strings.Builder
	for i := range 500 {
		query.WriteString("&k" + strings.Repeat("x", i%7) + string(rune('a'+i%26)) + "=1")
	}
	_, problems := catalogue().Decode(query.String())
	last := problems[len(problems)-1].String()
	if len(problems) != maxProblems || !strings.HasPrefix(last, "The link has ") {
		t.Errorf("got %d problems, the last %q; want %d", len(problems), last, maxProblems)
	}
}

// TestSuggestionsWork: every suggestion of the old links can be applied, is
// canonical, and settles the problem that it belongs to.
func TestSuggestionsWork(t *testing.T) {
	c := catalogue()
	for _, link := range oldLinks(t) {
		s, problems := c.Decode(link.query)
		for _, p := range problems {
			fixed, left := c.Apply(s, p)
			if p.Suggestion == "" {
				if fixed != s || left != nil {
					t.Errorf("links.txt:%d: applying nothing changed something", link.line)
				}
				continue
			}
			for _, l := range left {
				if _, last := c.Apply(fixed, l); l.Key == p.Key && (l.Suggestion == "" || len(last) > 0) {
					t.Errorf("links.txt:%d: after %q: %v", link.line, p.Suggestion, l)
				}
			}
			for pair := range strings.SplitSeq(p.Suggestion, "&") {
				key, value, _ := strings.Cut(pair, "=")
				if got := Text(fixed, key); got != value && len(left) == 0 {
					t.Errorf("links.txt:%d: after %q, %s is %q", link.line, p.Suggestion, key, got)
				}
			}
			_, again := c.Decode(Encode(fixed))
			for _, l := range again {
				if l.Key == p.Key && l.Raw == p.Raw && p.Key != versionKey {
					t.Errorf("links.txt:%d: after %q the link still has %v", link.line, p.Suggestion, l)
				}
			}
		}
	}
}

func TestSet(t *testing.T) {
	c := catalogue()
	for _, test := range []struct{ link, key, text, want, why string }{
		{"", "gpus", "16", "gpus=16", ""},
		{"", "gpus", " 16 ", "gpus=16", ""},
		{"gpus=16", "gpus", "", "", ""},
		{"gpus=16", "gpus", "5000", "gpus=16", "GPUs must be 1 to 4,096."},
		{"gpus=16", "gpus", "many", "gpus=16", "GPUs must be 1 to 4,096."},
		{"batch=8", "batch", "", "", ""},
		{"weights=fp8", "weights", "", "", ""},
		{"", "model", "Kimi-K2", "model=kimi-k2", ""},
		{"model=grok-1", "model", "", "", ""},
		{"", "split", "1", "split=1", ""},
		{"split=1", "split", "", "", ""},
		{"", "price", "a+b", "", "Price must be 0.001 to 10,000 USD per GPU-hour."},
		{"", "gpu", "custom~mem:80g", "gpu=custom~mem:80g", ""},
		{"tp=3", "gpus", "16", "gpus=16", "Tensor, pipeline and attention-data parallel multiply to the number of GPUs."},
		{"zz=1", "gpus", "16", "gpus=16&zz=1", ""},
	} {
		s, _ := c.Decode(test.link)
		s, problems := c.Set(s, test.key, test.text)
		why := ""
		for _, p := range problems {
			why += p.Why
		}
		if got := Encode(s); got != test.want || why != test.why {
			t.Errorf("for %s in ?%s set to %q, got ?%s with %q, want ?%s with %q", test.key, test.link, test.text, got, why, test.want, test.why)
		}
	}
	if _, problems := c.Set(Default(), "nonsense", "1"); len(problems) != 1 {
		t.Errorf("for an unknown key, got %v", problems)
	}
}

func TestValidate(t *testing.T) {
	c := catalogue()
	if problems := c.Validate(Default()); problems != nil {
		t.Errorf("for the default, got %v", problems)
	}
	s := Default()
	s.GPUs, s.Skew, s.GPU = -3, 99, "h9000"
	if problems := c.Validate(s); len(problems) != 3 {
		t.Errorf("for three bad fields, got %v", problems)
	}
}
