package launch

import (
	"slices"
	"strings"
	"testing"
)

// values gives the options of a command by name.
func values(c Command) map[string]string {
	m := map[string]string{}
	for _, f := range c.Flags {
		m[f.Name] = f.Value
	}
	return m
}

func launched(t *testing.T, d Deployment) Launch {
	t.Helper()
	l, err := Commands(d)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// The same deployment in the words of each engine, worked out from its documents: 32 replicas of attention on four servers,
// experts over 32 ranks with 32 spare slots, 2,048 sequences, one drafted token.
func TestWideExpertParallelism(t *testing.T) {
	for _, c := range []struct {
		engine string
		want   map[string]string
	}{
		{"vllm", map[string]string{
			"--data-parallel-size": "32", "--data-parallel-size-local": "8", "--enable-expert-parallel": "", "--max-num-seqs": "64", // 2,048 over 32
			"--max-num-batched-tokens": "16384", "--kv-cache-dtype": "fp8", "--enable-eplb": "",
			"--eplb-config":        `{"num_redundant_experts":32,"step_interval":3000,"use_async":true}`,
			"--speculative-config": `{"method":"mtp","num_speculative_tokens":1}`,
		}},
		{"sglang", map[string]string{
			"--tp-size": "32", "--dp-size": "32", "--enable-dp-attention": "", "--ep-size": "32", "--max-running-requests": "2048",
			"--chunked-prefill-size": "524288", // 32 × 16,384, which it divides by the replicas
			"--kv-cache-dtype":       "fp8_e4m3", "--ep-num-redundant-experts": "32", "--eplb-rebalance-num-iterations": "3000", "--eplb-rebalance-layers-per-chunk": "1",
			"--speculative-num-draft-tokens": "2", "--nnodes": "4",
		}},
		{"trtllm", map[string]string{"--tp_size": "32", "--ep_size": "32", "--max_batch_size": "64", "--max_num_tokens": "16384", "--config": "moecost.yaml"}},
	} {
		got := values(launched(t, wide(c.engine)).Commands[0])
		for name, want := range c.want {
			if value, ok := got[name]; !ok || value != want {
				t.Errorf("%s: %s: got %q, want %q", c.engine, name, value, want)
			}
		}
		if _, ok := got["--tensor-parallel-size"]; ok {
			t.Errorf("%s: says that TP is 1", c.engine)
		}
	}
	l := launched(t, wide("trtllm"))
	want := `enable_attention_dp: true
kv_cache_config:
  dtype: fp8
moe_config:
  backend: WIDEEP
  load_balancer:
    num_slots: 288
    layer_updates_per_iter: 1
speculative_config:
  decoding_type: MTP
  num_nextn_predict_layers: 1
`
	if got := l.Commands[0].File.Text(); got != want {
		t.Errorf("TensorRT-LLM's file: got\n%s\nwant\n%s", got, want)
	}
	if got := l.Commands[0].Program; !slices.Equal(got[:7], []string{"srun", "-N", "4", "--ntasks", "32", "--ntasks-per-node", "8"}) {
		t.Errorf("TensorRT-LLM on four servers: got %q", got)
	}
}

func TestServersOfVLLM(t *testing.T) {
	l := launched(t, wide("vllm"))
	if len(l.Commands) != 2 {
		t.Fatalf("got %d commands, want that of the first server and that of the others", len(l.Commands))
	}
	second := values(l.Commands[1])
	if _, headless := second["--headless"]; !headless || second["--data-parallel-start-rank"] != "8" {
		t.Errorf("second server: got %v, want headless from replica 8", second)
	}
	if !slices.ContainsFunc(l.Notes, func(n string) bool { return strings.Contains(n, "16 and so on") }) {
		t.Errorf("notes %q do not say where the third server starts", l.Notes)
	}
	tp := deepseek("vllm")
	l = launched(t, tp)
	if got := values(l.Commands[0]); got["--distributed-executor-backend"] != "ray" || got["--pipeline-parallel-size"] != "2" {
		t.Errorf("one replica over two servers: got %v, want Ray", got)
	}
}

// What an engine cannot do is said.
func TestWhatAnEngineCannotDo(t *testing.T) {
	for _, c := range []struct {
		name   string
		d      Deployment
		change func(*Deployment)
		note   string
	}{
		{"EPLB in llama.cpp", wide("llamacpp"), func(*Deployment) {}, "keeps no copies of experts"},
		{"replicas in llama.cpp", wide("llamacpp"), func(*Deployment) {}, "start 32 servers"},
		{"a static placement in vLLM", wide("vllm"), func(d *Deployment) { d.EPLB = "static" }, "a placement that stays is not an option"},
		{"experts in host memory with TensorRT-LLM", deepseek("trtllm"), func(d *Deployment) { d.Host = 0.5 }, "no option for host memory"},
		{"no modules that draft", deepseek("sglang"), func(d *Deployment) { d.Draft = 2 }, "brings no modules"},
		{"INT4 weights of a model in FP8", deepseek("sglang"), func(d *Deployment) { d.Weights = "int4" }, "Give a checkpoint whose weights are in INT4"},
		{"8 expert ranks on 16 GPUs in vLLM", wide("vllm"), func(d *Deployment) { d.EP = 8 }, "no option for 8"},
	} {
		c.change(&c.d)
		if l := launched(t, c.d); !slices.ContainsFunc(l.Notes, func(n string) bool { return strings.Contains(n, c.note) }) {
			t.Errorf("%s: no note says %q: %q", c.name, c.note, l.Notes)
		}
	}
}

func TestLlama(t *testing.T) {
	d := Deployment{Engine: "llamacpp", Model: "Qwen/Qwen3-30B-A3B", GPUs: 1, Context: 5120, Sequences: 4, Weights: "q4_k_m", KV: "fp8", Experts: 128, Host: 0.5, CPULayers: 24, Chunk: 512}
	got := values(launched(t, d).Commands[0])
	for name, want := range map[string]string{
		"--model": "Qwen3-30B-A3B-Q4_K_M.gguf", "--ctx-size": "20480", // four slots of 5,120
		"--parallel": "4", "--n-cpu-moe": "24", "--n-gpu-layers": "999", "--cache-type-k": "q8_0", "--cache-type-v": "q8_0", "--flash-attn": "on", "--ubatch-size": "512",
	} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
	if d.Host = 1; true {
		if _, all := values(launched(t, d).Commands[0])["--cpu-moe"]; !all {
			t.Error("all experts in host memory: no --cpu-moe")
		}
	}
}

func TestBench(t *testing.T) {
	c, err := Bench(deepseek("vllm"), Load{Users: 64, In: 4096, Out: 1024})
	if err != nil {
		t.Fatal(err)
	}
	got := values(c)
	for name, want := range map[string]string{"--max-concurrency": "64", "--num-prompts": "320", "--random-input-len": "4096", "--random-output-len": "1024"} {
		if got[name] != want {
			t.Errorf("%s: got %q, want %q", name, got[name], want)
		}
	}
}
