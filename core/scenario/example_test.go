package scenario_test

import (
	"fmt"

	"moecost/core/scenario"
)

// lists stands for the catalogue that the other packages fill.
var lists = scenario.Catalogue{
	Models: []scenario.Choice{
		{ID: "deepseek-v3", Name: "DeepSeek-V3"},
		{ID: "kimi-k2", Name: "Kimi K2"},
	},
	GPUs: []scenario.Choice{
		{ID: "h100-sxm", Name: "H100 SXM"},
		{ID: "h200", Name: "H200"},
	},
	Engines: []scenario.Choice{{ID: "vllm", Name: "vLLM"}},
}

// A link is read, changed and written again. Defaults are left out.
func Example() {
	s, problems := lists.Decode("?model=kimi-k2&gpu=h200&batch=64")
	fmt.Println(s.Model, s.GPU, s.Batch, s.In, len(problems))

	s.GPUs = 16
	fmt.Println(scenario.Encode(s))
	// Output:
	// kimi-k2 h200 64 4096 0
	// model=kimi-k2&gpu=h200&gpus=16
}

// A bad value is named, explained and replaced; the correction can be applied.
func ExampleCatalogue_Decode_problem() {
	s, problems := lists.Decode("?gpu=h100sxm&gpus=16")
	fmt.Println(problems[0])

	s, _ = lists.Apply(s, problems[0])
	fmt.Println(s.GPU, s.GPUs)
	// Output:
	// The link asks for `gpu=h100sxm`, which is not a known accelerator. Did you mean `h100-sxm`? Until then the page uses H100 SXM.
	// h100-sxm 16
}

// A form sets one field at a time; the last valid state stays.
func ExampleCatalogue_Set() {
	s := scenario.Default()
	s, problems := lists.Set(s, "gpus", "5,000")
	fmt.Println(problems[0].Why, "Suggested:", problems[0].Suggestion)
	fmt.Println(s.GPUs == 0)
	// Output:
	// GPUs must be 1 to 4,096. Suggested: gpus=4096
	// true
}

// The architecture of a custom model travels behind the "#", which browsers do not
// send to servers.
func ExampleEncodeFragment() {
	fragment, err := scenario.EncodeFragment(`{ "hidden_size": 4096 }`)
	fmt.Println(fragment, err)

	config, problem := scenario.DecodeFragment("#" + fragment)
	fmt.Println(config, problem == nil)

	_, problem = scenario.DecodeFragment("#" + fragment[:20])
	fmt.Println(problem)
	// Output:
	// arch=json:eyJoaWRkZW5fc2l6ZSI6NDA5Nn0.b7c5d95e <nil>
	// {"hidden_size":4096} true
	// The link asks for `arch=json:eyJoaWRkZW`, which is cut short. Copy the whole link again, or paste the config.json.
}

// The limits of a form come from the same table as the validation.
func ExampleFields() {
	for _, f := range scenario.Fields()[:6] {
		fmt.Printf("%-8s %-22s %s\n", f.Key, f.Domain(), f.Default+f.Absent)
	}
	// Output:
	// v        1 to 9,999             1
	// model    a model id             deepseek-v3
	// weights  a weight scheme id     the published format
	// kv       a KV cache format id   the model's own format
	// gpu      an accelerator id      h100-sxm
	// gpus     1 to 4,096             the fewest that fit
}
