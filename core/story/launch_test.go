package story

import (
	"strings"
	"testing"

	"moecost/core/report"
)

func launches(t *testing.T, query string) Launching {
	t.Helper()
	s, problems := report.Catalogue().Decode(query)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	q := report.Question{Scenario: s}
	r, err := report.Build(q)
	if err != nil {
		t.Fatal(err)
	}
	return Launches(q, r)
}

func TestLaunches(t *testing.T) {
	l := launches(t, "model=deepseek-v3&gpu=h200&gpus=8&tp=8&batch=64&in=4096&out=1024&draft=1")
	if len(l.Commands) != 1 {
		t.Fatalf("got %d commands, want one: eight GPUs are one server", len(l.Commands))
	}
	for _, want := range []string{"vllm serve deepseek-ai/DeepSeek-V3", "--tensor-parallel-size 8", "--max-model-len 5120", "--max-num-seqs 64", `--speculative-config '{"method":"mtp","num_speculative_tokens":1}'`} {
		if !strings.Contains(l.Commands[0].Text, want) {
			t.Errorf("no %q in\n%s", want, l.Commands[0].Text)
		}
	}
	if strings.Contains(l.Commands[0].Text, "--quantization") || strings.Contains(l.Commands[0].Text, "--kv-cache-dtype") {
		t.Errorf("formats that were left open are set:\n%s", l.Commands[0].Text)
	}
	if len(l.Runs) != 5 || !strings.Contains(l.Runs[0].Command, "--max-concurrency 64") || len(l.Runs[0].Pins) == 0 {
		t.Errorf("runs: got %+v, want five, the scenario's own load among the surest", l.Runs)
	}
	for _, o := range l.Options {
		if !strings.Contains(l.Commands[0].Text, o.Name+" ") && !strings.Contains(l.Commands[0].Text, o.Name+"\n") {
			t.Errorf("%s is explained and not used", o.Name)
		}
	}
}

func TestLaunchesOfASplitDeployment(t *testing.T) {
	l := launches(t, "model=deepseek-v3&gpu=h200&gpus=8&split=1&engine=sglang")
	if len(l.Commands) != 2 || l.Commands[0].Where != "prefill" || !strings.Contains(l.Commands[1].Text, "--disaggregation-mode decode") {
		t.Errorf("got %+v, want one server that prefills and one that decodes", l.Commands)
	}
	if !strings.Contains(strings.Join(l.Notes, " "), "a chunk of its own") {
		t.Errorf("notes %q: a plan's prefill has a layout of its own", l.Notes)
	}
}

func TestNothingToLaunch(t *testing.T) {
	for query, want := range map[string]string{
		"model=deepseek-v3&gpu=h100-sxm&gpus=8":               "does not fit",
		"model=mixtral-8x7b&gpu=h100-sxm&gpus=2&engine=ideal": "bound",
		"model=gpt-oss-120b&gpu=mi300x&gpus=1&engine=trtllm":  "does not run on",
	} {
		if l := launches(t, query); !strings.Contains(l.Absent, want) || len(l.Commands) > 0 {
			t.Errorf("%s: got %q, %d commands", query, l.Absent, len(l.Commands))
		}
	}
}

// With prompts and outputs that vary as much as their means, a server that takes no more than both means together would
// refuse more than a third of the requests. exp(3.09 sqrt(ln 2) - ln 2 / 2) of each mean is exceeded by one in a thousand.
func TestRoomForLongRequests(t *testing.T) {
	const query = "model=qwen3-30b-a3b&gpu=h100-sxm&gpus=2&batch=8&in=2048&out=256&"
	for rest, want := range map[string]string{
		"engine=vllm&tp=2":                            "--max-model-len 2304 ",
		"engine=vllm&in_cv=1&out_cv=1&tp=2":           "--max-model-len 21343 ",
		"engine=sglang&in_cv=1&out_cv=1&tp=2":         "--context-length 21343 ",
		"engine=vllm&in_cv=4&out_cv=4&tp=2":           "--max-model-len 40960 ", // what the model reaches
		"engine=llamacpp&weights=q4_k_m&pp=2&in_cv=1": "--ctx-size 18432 ",      // 8 times the means
	} {
		l := launches(t, query+rest)
		if len(l.Commands) != 1 || !strings.Contains(l.Commands[0].Text, want) {
			t.Errorf("%s: got %+v, want %q", rest, l.Commands, want)
		}
		if varies := strings.Contains(strings.Join(l.Notes, " "), "Lengths vary"); varies != strings.Contains(rest, "_cv") {
			t.Errorf("%s: notes %q", rest, l.Notes)
		}
	}
}

func TestExpertsOnTheCPU(t *testing.T) {
	l := launches(t, "model=qwen3-30b-a3b&gpu=rtx4090&gpus=1&weights=q8_0&engine=llamacpp&host=0.5&experts=cpu&batch=1&in=2048&out=512")
	if len(l.Commands) != 1 || !strings.Contains(l.Commands[0].Text, "--n-cpu-moe ") || !strings.Contains(l.Commands[0].Text, "Qwen3-30B-A3B-Q8_0.gguf") || !strings.Contains(l.Commands[0].Text, "--ubatch-size 512") {
		t.Errorf("got %+v, want the layers whose experts the CPU computes", l)
	}
}

// Padded experts of gpt-oss leave no room on one H100 at vLLM's default share of the memory: its recipe raises it.
func TestARaisedShareOfTheMemory(t *testing.T) {
	const option = "--gpu-memory-utilization 0.95"
	if l := launches(t, "model=gpt-oss-120b&gpu=h100-sxm&gpus=1&batch=1"); !strings.Contains(l.Commands[0].Text, option) {
		t.Errorf("on one H100 no %s in\n%s", option, l.Commands[0].Text)
	}
	if l := launches(t, "model=gpt-oss-120b&gpu=h100-sxm&gpus=2&batch=1"); strings.Contains(l.Commands[0].Text, "utilization") {
		t.Errorf("on two H100s the default would do:\n%s", l.Commands[0].Text)
	}
}
