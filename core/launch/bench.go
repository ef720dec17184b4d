package launch

import "fmt"

// Load is one point of a sweep.
type Load struct {
	Users   int64 // requests at once
	In, Out int64 // tokens
}

// prompts is how many requests measure a steady load: at least so many rounds of all users.
const (
	rounds      = 5
	fewestAsked = 20
)

// Bench is the command that measures a load, with the benchmark that comes with the engine. The server of
// the deployment must be running, except with llama.cpp and one user, where llama-bench loads the model itself.
func Bench(d Deployment, l Load) (Command, error) {
	d = d.settled()
	prompts := max(rounds*l.Users, fewestAsked)
	type option struct {
		key   string
		value any
	}
	var program []string
	var list []option
	tool := d.Engine
	switch d.Engine {
	case "vllm":
		program = []string{"vllm", "bench", "serve"}
		list = []option{{"backend", "vllm"}, {"model", d.Model}, {"url", "http://127.0.0.1:8000"}, {"dataset", "random"}, {"in", l.In}, {"out", l.Out}, {"spread", 0}, {"prompts", prompts}, {"users", l.Users}, {"eos", true}, {"save", true}}
	case "sglang":
		program = []string{"python3", "-m", "sglang.bench_serving"}
		list = []option{{"backend", "sglang"}, {"model", d.Model}, {"url", "http://127.0.0.1:30000"}, {"dataset", "random"}, {"in", l.In}, {"out", l.Out}, {"spread", 1}, {"prompts", prompts}, {"users", l.Users}, {"save", "moecost.jsonl"}}
	case "trtllm":
		program = []string{"python3", "-m", "tensorrt_llm.serve.scripts.benchmark_serving"}
		list = []option{{"backend", "openai"}, {"model", d.Model}, {"url", "http://127.0.0.1:8000"}, {"dataset", "random"}, {"ids", true}, {"tokenise", true}, {"in", l.In}, {"out", l.Out}, {"spread", 0}, {"prompts", prompts}, {"users", l.Users}, {"eos", true}, {"save", true}}
	case "llamacpp":
		if l.Users > 1 {
			tool = "vllm" // its benchmark speaks to any server with the OpenAI interface
			program = []string{"vllm", "bench", "serve"}
			list = []option{{"backend", "openai"}, {"model", d.Model}, {"url", "http://127.0.0.1:8080"}, {"dataset", "random"}, {"in", l.In}, {"out", l.Out}, {"spread", 0}, {"prompts", prompts}, {"users", l.Users}, {"eos", true}, {"save", true}}
			break
		}
		program = []string{"llama-bench"}
		list = []option{{"model", ggufName(d.Model, d.Weights)}, {"in", l.In}, {"out", l.Out}, {"depth", l.In}, {"layers", 999}, {"attention", "on"}, {"save", "json"}}
		if d.CPULayers > 0 {
			list = append(list, option{"cpu_layers", d.CPULayers})
		}
	default:
		return Command{}, fmt.Errorf("launch: engine: %q cannot be measured", d.Engine)
	}
	c := Command{Program: program}
	for _, o := range list {
		f, err := flag(tool, "bench", o.key, o.value)
		if err != nil {
			return Command{}, err
		}
		c.Flags = append(c.Flags, f)
	}
	return c, nil
}
