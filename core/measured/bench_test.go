package measured

import (
	"strings"
	"testing"

	"moecost/core/scenario"
)

// As the programs write them, shortened: keys that are not read stay in, of every kind that they have.
const (
	vllmResult = `{"date":"20260101-120000","backend":"vllm","model_id":"m","num_prompts":320,"request_rate":"inf","burstiness":1.0,"max_concurrency":64,"duration":150.5,"completed":320,
 "total_input_tokens":1310720,"total_output_tokens":327680,"request_throughput":2.126,"output_throughput":2177.3,"request_goodput":null,"input_lens":[4096,4096],"ttfts":[0.9,1.1],"errors":["",""],"generated_texts":["{\"a\":1}","]["],
 "mean_ttft_ms":1180.25,"median_ttft_ms":900.0,"p99_ttft_ms":3100.5,"mean_tpot_ms":31.5,"median_tpot_ms":31.0,"mean_itl_ms":31.4}`
	sglangResult = `{"tag":null,"backend":"sglang","dataset_name":"random","request_rate":Infinity,"max_concurrency":16,"random_input_len":1024,"completed":80,"duration":40.0,"total_input_tokens":81920,"total_output_tokens":10240,"mean_ttft_ms":250.5,"mean_tpot_ms":12.25,"std_ttft_ms":1.5,"accept_length":null}`
	llamaResult  = `[{"build_commit":"x","n_prompt":512,"n_gen":0,"n_depth":0,"avg_ns":100,"avg_ts":2048.0,"samples_ts":[1,2]},{"n_prompt":0,"n_gen":128,"n_depth":4096,"avg_ts":62.5}]`
)

func point(users, in, out int, tpot, ttft float64) scenario.Point {
	return scenario.Point{Users: users, In: in, Out: out, TPOT: tpot, TTFT: ttft}
}

func TestBench(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []scenario.Point
	}{
		"vLLM":                    {vllmResult, []scenario.Point{point(64, 4096, 1024, 31.5, 1180.25)}},
		"SGLang, a line":          {strings.ReplaceAll(sglangResult, "Infinity", "1e9"), []scenario.Point{point(16, 1024, 128, 12.25, 250.5)}},
		"two lines":               {strings.ReplaceAll(sglangResult+"\n"+sglangResult+"\n", "Infinity", "1e9"), []scenario.Point{point(16, 1024, 128, 12.25, 250.5), point(16, 1024, 128, 12.25, 250.5)}},
		"llama-bench":             {llamaResult, []scenario.Point{point(1, 512, 1, 0, 250), point(1, 4096, 128, 16, 0)}}, // 512 / 2,048 s; 1 / 62.5 s
		"by hand":                 {" 16:20.5\n64:31.5:900,\r\n8x1024x128:9 ", []scenario.Point{point(16, 0, 0, 20.5, 0), point(64, 0, 0, 31.5, 900), point(8, 1024, 128, 9, 0)}},
		"a list of vLLM's":        {"[" + vllmResult + "]", []scenario.Point{point(64, 4096, 1024, 31.5, 1180.25)}},
		"no limit of concurrency": {strings.Replace(vllmResult, `"max_concurrency":64`, `"max_concurrency":null`, 1), []scenario.Point{point(71, 4096, 1024, 31.5, 1180.25)}}, // 320/150.5 × (1.18 + 31.5 ms × 1,023) = 71.0
	} {
		got, err := Bench([]byte(c.text))
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: got %+v, %v, want %+v", name, got, err, c.want)
			continue
		}
		for i := range c.want {
			if got[i] != c.want[i] {
				t.Errorf("%s: got %+v, want %+v", name, got[i], c.want[i])
			}
		}
	}
}

// SGLang's own writer prints Infinity, which is no JSON; it is read all the same.
func TestBenchReadsPythonsInfinity(t *testing.T) {
	got, err := Bench([]byte(sglangResult))
	if err != nil || len(got) != 1 || got[0].Users != 16 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestBenchFilesThatCannotBeRead(t *testing.T) {
	for name, c := range map[string][2]string{
		"by hand":           {"16", "no colon"},
		"nothing":           {"", "empty"},
		"an empty list":     {"[]", "empty"},
		"a config":          {`{"hidden_size":4096}`, "neither mean_tpot_ms"},
		"no JSON":           {"Mean TTFT (ms): 12", "neither one JSON object"},
		"cut off":           {vllmResult[:200], "neither one JSON object"},
		"nothing completed": {strings.Replace(vllmResult, `"completed":320`, `"completed":0`, 1), "no requests"},
		"minus":             {strings.Replace(vllmResult, `"completed":320`, `"completed":-3`, 1), "no requests"},
		"both at once":      {`[{"n_prompt":512,"n_gen":128,"avg_ts":100}]`, "not -pg"},
		"too many":          {"[" + strings.Repeat(vllmResult+",", 30) + vllmResult + "]", "at most 24"},
		"a text for number": {strings.Replace(vllmResult, `"mean_tpot_ms":31.5`, `"mean_tpot_ms":"fast"`, 1), "byte"},
		"times beyond":      {strings.Replace(vllmResult, `"mean_tpot_ms":31.5`, `"mean_tpot_ms":1e300`, 1), "time"},
	} {
		if got, err := Bench([]byte(c[0])); err == nil || !strings.Contains(err.Error(), c[1]) || !strings.HasPrefix(err.Error(), "benchmark: ") {
			t.Errorf("%s: got %+v, %v, want an error with %q", name, got, err, c[1])
		}
	}
}

func FuzzBench(f *testing.F) {
	for _, seed := range []string{vllmResult, sglangResult, llamaResult, "[{}]", "{}\n{}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		points, err := Bench(text)
		if err == nil && len(points) == 0 {
			t.Error("no points and no error")
		}
		if again, why := scenario.Points(scenario.PointsText(points)); why != "" || len(again) != len(points) {
			t.Errorf("points %+v do not fit into a link: %s", points, why)
		}
	})
}
