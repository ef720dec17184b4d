package launch

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// deepseek is DeepSeek-V3 on two servers, as moecost would lay it out.
func deepseek(engine string) Deployment {
	return Deployment{Engine: engine, Model: "deepseek-ai/DeepSeek-V3", GPUs: 16, PerNode: 8, TP: 8, PP: 2, EP: 1, DP: 1, Context: 5120, Sequences: 64, Chunk: 16384, Memory: 0.9, Experts: 256}
}

// wide spreads its experts over 32 GPUs.
func wide(engine string) Deployment {
	d := deepseek(engine)
	d.GPUs, d.TP, d.PP, d.EP, d.DP, d.Sequences = 32, 1, 1, 32, 32, 2048
	d.EPLB, d.Spare, d.Interval, d.Layers, d.Draft, d.DraftOwn, d.KV = "online", 32, 3000, true, 1, true, "fp8"
	return d
}

// every deployment that the tests look at: each engine with each thing that changes options.
func every() []Deployment {
	var list []Deployment
	for _, engine := range Engines() {
		small := Deployment{Engine: engine, Model: "Qwen/Qwen3-30B-A3B", GPUs: 1, Context: 4096, Sequences: 4, Experts: 128}
		list = append(list, deepseek(engine), wide(engine), small)
		for _, change := range []func(*Deployment){
			func(d *Deployment) { d.EPLB = "static"; d.Role = "decode" },
			func(d *Deployment) { d.Role = "prefill"; d.Layers = false },
			func(d *Deployment) { d.DraftOwn = false },
			func(d *Deployment) { d.Weights = "fp8"; d.KV = "q4_0" },
			func(d *Deployment) { d.Weights = "bf16"; d.KV = "nvfp4"; d.TP, d.DP = 2, 16 },
			func(d *Deployment) { d.GPUs, d.DP, d.EP = 16, 16, 16 },
			func(d *Deployment) { d.Host, d.HostBytes, d.CPULayers = 0.75, 40e9, 40 },
			func(d *Deployment) { d.Host, d.HostBytes = 1, 54e9 },
		} {
			d := wide(engine)
			change(&d)
			list = append(list, d)
			d = small
			change(&d)
			list = append(list, d)
		}
	}
	return list
}

// Every command is read back as its engine would read it: each option is in the table, and its value is one of the table's kind.
func TestEveryCommandParses(t *testing.T) {
	for i, d := range every() {
		l, err := Commands(d)
		if err != nil {
			t.Fatalf("%d, %s: %v", i, d.Engine, err)
		}
		if len(l.Commands) == 0 {
			t.Errorf("%d, %s: no command", i, d.Engine)
		}
		for _, c := range l.Commands {
			words, err := split(strings.TrimPrefix(c.Text(), heredoc(&c)))
			if err != nil {
				t.Errorf("%d: %v in\n%s", i, err, c.Text())
				continue
			}
			if want := c.Arguments(); !slices.Equal(words, want) {
				t.Errorf("%d: a shell makes %q of it, want %q", i, words, want)
			}
			if err := parse(d.Engine, "serve", words); err != nil {
				t.Errorf("%d: %v in\n%s", i, err, c.Text())
			}
			if c.File != nil {
				for _, k := range c.File.Keys {
					if err := valueOf(d.Engine, "yaml", k.Name, k.Value); err != nil {
						t.Errorf("%d: %v in\n%s", i, err, c.File.Text())
					}
				}
			}
		}
		for _, users := range []int64{1, 16} {
			c, err := Bench(d, Load{users, 1024, 128})
			if err != nil {
				t.Fatal(err)
			}
			tool := d.Engine
			if c.Program[0] == "vllm" {
				tool = "vllm"
			}
			words, err := split(c.Text())
			if err != nil {
				t.Fatal(err)
			}
			if err := parse(tool, "bench", words); err != nil {
				t.Errorf("%d, bench: %v in\n%s", i, err, c.Text())
			}
		}
	}
}

func heredoc(c *Command) string {
	if c.File == nil {
		return ""
	}
	return "cat > " + c.File.Name + " <<'EOF'\n" + c.File.Text() + "EOF\n"
}

// parse reads arguments as argparse and click do: names and values by the table, none twice, everything else before the first.
func parse(engine, tool string, words []string) error {
	seen := map[string]bool{}
	start := slices.IndexFunc(words, func(w string) bool { return strings.HasPrefix(w, "--") })
	if start > 0 && words[0] == "srun" { // its own options come first
		start = slices.Index(words, "trtllm-serve") + 2
	}
	if start < 0 {
		return fmt.Errorf("no option")
	}
	for i := start; i < len(words); i++ {
		name := words[i]
		o, ok := option(engine, tool, name)
		if !ok {
			return fmt.Errorf("%s: is no option of %s %s in the table", name, engine, tool)
		}
		if seen[name] {
			return fmt.Errorf("%s: given twice", name)
		}
		seen[name] = true
		if o.Kind == "flag" {
			continue
		}
		if i++; i == len(words) {
			return fmt.Errorf("%s: no value", name)
		}
		if err := valueOf(engine, tool, name, words[i]); err != nil {
			return err
		}
	}
	return nil
}

func option(engine, tool, name string) (Option, bool) {
	list, _ := Options()
	for _, o := range list {
		if o.Engine == engine && o.Tool == tool && o.Flag == name {
			return o, true
		}
	}
	return Option{}, false
}

func valueOf(engine, tool, name, value string) error {
	o, ok := option(engine, tool, name)
	if !ok {
		return fmt.Errorf("%s: is not in the table", name)
	}
	var err error
	switch o.Kind {
	case "int":
		_, err = strconv.ParseInt(value, 10, 64)
	case "float":
		_, err = strconv.ParseFloat(value, 64)
	case "bool":
		_, err = strconv.ParseBool(value)
	case "choice":
		if !slices.Contains(o.Values, value) {
			err = fmt.Errorf("want one of %v", o.Values)
		}
	case "json":
		keys := map[string]any{}
		if err = json.Unmarshal([]byte(value), &keys); err == nil {
			for k := range keys {
				if !slices.Contains(o.Values, k) {
					err = fmt.Errorf("key %q: want one of %v", k, o.Values)
				}
			}
		}
	case "text":
		if value == "" {
			err = fmt.Errorf("empty")
		}
	default:
		err = fmt.Errorf("kind %q is unknown", o.Kind)
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", name, value, err)
	}
	return nil
}

func TestTheTableHasSources(t *testing.T) {
	list, err := Options()
	if err != nil {
		t.Fatal(err)
	}
	hosts := map[string][]string{
		"vllm": {"https://github.com/vllm-project/vllm/", "https://docs.vllm.ai/"}, "sglang": {"https://github.com/sgl-project/sglang/", "https://docs.sglang.io/"},
		"trtllm": {"https://github.com/NVIDIA/TensorRT-LLM/", "https://nvidia.github.io/TensorRT-LLM/"}, "llamacpp": {"https://github.com/ggml-org/llama.cpp/"},
	}
	seen := map[string]bool{}
	for _, o := range list {
		if id := o.Engine + " " + o.Tool + " " + o.Key; seen[id] {
			t.Errorf("%s: two rows", id)
		} else {
			seen[id] = true
		}
		if o.Meaning == "" || o.Version == "" || !slices.ContainsFunc(hosts[o.Engine], func(h string) bool { return strings.HasPrefix(o.Source, h) }) {
			t.Errorf("%s %s: meaning %q, version %q, source %q: want the engine's own documents", o.Engine, o.Flag, o.Meaning, o.Version, o.Source)
		}
		if (o.Tool == "yaml") == strings.HasPrefix(o.Flag, "--") {
			t.Errorf("%s %s: is not the form of a %s option", o.Engine, o.Flag, o.Tool)
		}
	}
}

func TestUnknownEngine(t *testing.T) {
	for _, engine := range []string{"ideal", "", "vLLM"} {
		if _, err := Commands(Deployment{Engine: engine}); err == nil || !strings.Contains(err.Error(), "vllm, sglang") {
			t.Errorf("%q: got %v, want an error that names the engines", engine, err)
		}
	}
}
