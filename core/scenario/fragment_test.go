package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"
)

const mixtral = `{
  "architectures": ["MixtralForCausalLM"],
  "hidden_size": 4096,
  "name with \" quote and \\": "tab\t, <b>bold</b> & \u202e é 中",
  "rope_theta": 1000000.0,
  "num_local_experts": 8
}
`

func TestFragmentRoundTrip(t *testing.T) {
	for _, config := range []string{mixtral, `{}`, `{"a":"\\"}`, `{"a" : [ 1 , 2.50e-1 , null ] }`, strings.Repeat("[", 5000) + strings.Repeat("]", 5000)} {
		fragment, err := EncodeFragment(config)
		if err != nil {
			t.Fatal(err)
		}
		var want bytes.Buffer
		if err := json.Compact(&want, []byte(config)); err != nil {
			t.Fatal(err)
		}
		for _, link := range []string{
			fragment, "#" + fragment, " #" + fragment + "\n", "#" + fragment + ".", "#" + fragment + ")**",
			"#memory&" + fragment, "#" + fragment + "&amp;x=1", "#x=1&amp;" + fragment,
			"#" + strings.ReplaceAll(fragment, ":", "%3A"), "#" + strings.ReplaceAll(fragment, "=", "=\r\n "),
			"#ARCH" + fragment[4:],
		} {
			got, problem := DecodeFragment(link)
			if problem != nil || got != want.String() {
				t.Errorf("for %.100q, got %.100q, %v, want %.100q", link, got, problem, want.String())
			}
		}
	}
}

// TestFragmentKeepsPython: what published files hold besides JSON is for the
// reader of configurations to judge.
func TestFragmentKeepsPython(t *testing.T) {
	fragment, err := EncodeFragment("{\"time_step_limit\": [0.0, Infinity],\n \"x\": NaN}")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := DecodeFragment(fragment); got != `{"time_step_limit":[0.0,Infinity],"x":NaN}` {
		t.Errorf("got %s", got)
	}
}

// TestFragmentDamage: a link that lost characters, or had any one changed, never
// turns into another model. A CRC-32 finds every change of one byte.
func TestFragmentDamage(t *testing.T) {
	fragment, err := EncodeFragment(mixtral)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := DecodeFragment(fragment)
	check := func(damaged string) {
		t.Helper()
		if got, problem := DecodeFragment(damaged); got != want && problem == nil && got != "" {
			t.Errorf("for %q, got another model: %q", damaged, got)
		} else if problem != nil && (problem.Key != "arch" || problem.What == "" || problem.Why == "") {
			t.Errorf("for %q, the problem does not say what to do: %+v", damaged, problem)
		}
	}
	for i := range fragment {
		check(fragment[:i])
		check(fragment[:i] + fragment[i+1:])
		for _, b := range "aZ0-_.=&%#" {
			check(fragment[:i] + string(b) + fragment[i+1:])
		}
	}
	check(strings.ToLower(fragment))
	if _, problem := DecodeFragment(strings.ToLower(fragment)); problem == nil {
		t.Error("a fragment in lower case was not found damaged")
	}
}

func TestFragmentProblems(t *testing.T) {
	for fragment, want := range map[string]string{
		"":                        "",
		"#":                       "",
		"#memory":                 "",
		"#arch=":                  "",
		"#arch=json:e30":          "is cut short",
		"#arch=json:e30.12":       "is cut short",
		"#arch=json:e30.00000000": "was damaged on the way",
		"#arch=json:e3!.00000000": "was damaged on the way",
		"#arch=pako:e30.00000000": "is not written in a way that this page knows",
		"#arch=e30":               "is not written in a way that this page knows",
		"#arch=json:" + strings.Repeat("A", 90_000): "is too long",
	} {
		got := ""
		if _, problem := DecodeFragment(fragment); problem != nil {
			got = problem.What
			if text := problem.String(); len(text) > 400 {
				t.Errorf("for %.50q, the sentence has %d bytes", fragment, len(text))
			}
		}
		if got != want {
			t.Errorf("for %.50q, got the problem %q, want %q", fragment, got, want)
		}
	}
}

func TestEncodeFragmentErrors(t *testing.T) {
	list := strings.Repeat("1,", MaxConfig/2-1)
	if _, err := EncodeFragment("[" + list + "1]"); err == nil {
		t.Error("one byte more than fits was taken")
	}
	if fragment, err := EncodeFragment("[" + list[1:] + "1]"); err != nil {
		t.Errorf("the longest that fits: %v", err)
	} else if got, problem := DecodeFragment(fragment); problem != nil || len(got) != MaxConfig {
		t.Errorf("the longest that fits came back with %d bytes, %v", len(got), problem)
	}
	for config, want := range map[string]string{
		"":                               "scenario: config.json is empty: ",
		" \n":                            "scenario: config.json is empty: ",
		"{\"a\":\"\xff\"}":               "scenario: config.json is not text: ",
		strings.Repeat("x", MaxConfig+1): "scenario: config.json is too long for a link: it has 65,537 bytes",
	} {
		_, err := EncodeFragment(config)
		var typed *ConfigError
		if !errors.As(err, &typed) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("for %.20q, got %v, want %s", config, err, want)
		}
	}
}

func TestDecodeLink(t *testing.T) {
	c := catalogue()
	fragment, err := EncodeFragment(mixtral)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		query, fragment string
		model           string
		config          bool
		key             string // of the only problem
	}{
		{"", "", "deepseek-v3", false, ""},
		{"model=custom", "#" + fragment, "custom", true, ""},
		{"model=CUSTOM", "#" + fragment, "custom", true, ""},
		{"model=kimi-k2", "#" + fragment, "kimi-k2", false, ""},
		{"model=custom", "", "deepseek-v3", false, "model"},
		{"model=custom", "#arch=json:.00000000", "deepseek-v3", false, "model"},
		{"model=custom", "#" + fragment[:40], "deepseek-v3", false, "arch"},
	} {
		s, config, problems := c.DecodeLink(test.query, test.fragment)
		key := ""
		for _, p := range problems {
			key += p.Key
			if p.Used != "deepseek-v3" || p.UsedName != "DeepSeek-V3" {
				t.Errorf("for ?%s, the problem does not say what is used: %+v", test.query, p)
			}
		}
		if s.Model != test.model || (config != "") != test.config || key != test.key {
			t.Errorf("for ?%s %.30s, got model %s, a configuration: %v, problems %v", test.query, test.fragment, s.Model, config != "", problems)
		}
	}
}

func FuzzFragment(f *testing.F) {
	good, _ := EncodeFragment(mixtral)
	for _, seed := range []string{"", "#arch=", "#" + good, good[:30], "#arch=json:e30.a3f5c7b1", "a&arch=x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		config, problem := DecodeFragment(text)
		if config != "" && problem != nil {
			t.Errorf("for %q, both a configuration and %v", text, problem)
		}
		// Whatever is pasted: the text without white space travels to the byte.
		if fragment, err := EncodeFragment(text); err == nil {
			back, problem := DecodeFragment("#" + fragment)
			if problem != nil || back != compact(text) {
				t.Errorf("for %q, got %q, %v", text, back, problem)
			}
		}
	})
}
