package format

import (
	"math"
	"strings"
	"testing"
)

// shaped is a matrix of a model with its place.
type shaped struct {
	Place
	rows, cols, copies int64
}

// transformer lists the matrices of a decoder with grouped-query attention, as
// its config.json has them.
type transformer struct {
	layers, hidden, heads, kvHeads, headDim, inner, vocabulary, experts int64
}

func (m transformer) matrices() []shaped {
	all := []shaped{
		{Place{Kind: Embedding}, m.vocabulary, m.hidden, 1},
		{Place{Kind: Head}, m.vocabulary, m.hidden, 1},
		{Place{Kind: Vector}, 1, m.hidden, 1},
	}
	q, kv := m.heads*m.headDim, m.kvHeads*m.headDim
	kind, copies := DenseLayer, int64(1)
	if m.experts > 0 {
		kind, copies = RoutedExpert, m.experts
	}
	for i := range m.layers {
		at := func(kind Kind, part Part, rows, cols, copies int64) shaped {
			return shaped{Place{Kind: kind, Part: part, Layer: int(i), Layers: int(m.layers), Experts: m.experts, QueryPerKV: m.heads / m.kvHeads}, rows, cols, copies}
		}
		all = append(all,
			at(Attention, QueryPart, q, m.hidden, 1), at(Attention, KeyPart, kv, m.hidden, 1),
			at(Attention, ValuePart, kv, m.hidden, 1), at(Attention, OutputPart, m.hidden, q, 1),
			at(kind, GatePart, m.inner, m.hidden, copies), at(kind, UpPart, m.inner, m.hidden, copies), at(kind, DownPart, m.hidden, m.inner, copies),
			at(Vector, OtherPart, 2, m.hidden, 1))
		if m.experts > 0 {
			all = append(all, at(Router, OtherPart, m.experts, m.hidden, 1))
		}
	}
	return all
}

// deepseekV3 lists the matrices of DeepSeek-V3 without its MTP module.
func deepseekV3() []shaped {
	const layers, hidden, heads = 61, 7168, 128
	all := []shaped{{Place{Kind: Embedding}, 129280, hidden, 1}, {Place{Kind: Head}, 129280, hidden, 1}}
	for i := range layers {
		at := func(kind Kind, part Part, rows, cols, copies int64) shaped {
			return shaped{Place{Kind: kind, Part: part, Layer: i, Layers: layers, Experts: 256, QueryPerKV: 1}, rows, cols, copies}
		}
		all = append(all,
			at(Attention, OtherPart, 1536, hidden, 1), at(Attention, OtherPart, heads*192, 1536, 1),
			at(Attention, OtherPart, 576, hidden, 1), at(Attention, OtherPart, heads*256, 512, 1),
			at(Attention, OutputPart, hidden, heads*128, 1))
		if i < 3 {
			all = append(all, at(DenseLayer, GatePart, 18432, hidden, 2), at(DenseLayer, DownPart, hidden, 18432, 1))
			continue
		}
		all = append(all,
			at(SharedExpert, GatePart, 2048, hidden, 2), at(SharedExpert, DownPart, hidden, 2048, 1),
			at(RoutedExpert, GatePart, 2048, hidden, 2*256), at(RoutedExpert, DownPart, hidden, 2048, 256),
			at(Router, OtherPart, 256, hidden, 1))
	}
	return all
}

func bytesUnder(t *testing.T, id string, matrices []shaped) float64 {
	t.Helper()
	scheme, ok := SchemeByID(id)
	if !ok {
		t.Fatalf("no scheme %s", id)
	}
	var total int64
	for _, m := range matrices {
		m.Columns = m.cols
		f, converted := scheme.FormatOf(m.Place)
		if !converted {
			f = BF16
		}
		total += f.SizeOf([]int64{m.rows, m.cols}).Bytes() * m.copies
	}
	return float64(total)
}

// TestPublishedFiles compares whole files with their published sizes: the
// "size" that llama-bench prints (the sum of the tensors, in GiB), or the file's
// (in GB, with 5 to 11 MB of vocabulary on top). One half of the last printed digit and
// that vocabulary are the tolerance.
func TestPublishedFiles(t *testing.T) {
	const gib, gb = 1 << 30, 1e9
	llama8B := transformer{32, 4096, 32, 8, 128, 14336, 128256, 0}.matrices()
	qwen30B := transformer{48, 2048, 32, 4, 128, 768, 151936, 128}.matrices()
	mixtral := transformer{56, 6144, 48, 8, 128, 16384, 32000, 8}.matrices()
	deepseek := deepseekV3()
	llama70B := transformer{80, 8192, 64, 8, 128, 28672, 128256, 0}.matrices()
	gptOSS := append(transformer{36, 2880, 64, 8, 64, 2880, 201088, 128}.matrices(),
		shaped{Place{Kind: Vector}, 36 * 128, 3 * 2880, 1}) // biases of the experts
	for _, c := range []struct {
		model     string
		matrices  []shaped
		scheme    string
		published float64
		tolerance float64 // relative
		source    string
	}{
		{"Llama-3.1-8B", llama8B, "q4_k_m", 4.58 * gib, 0.0012, "llama-bench: llama 8B Q4_K - Medium, 4.58 GiB"},
		{"Qwen3-30B-A3B", qwen30B, "q4_k_m", 17.28 * gib, 0.0004, "llama-bench: qwen3moe 30B.A3B Q4_K - Medium, 17.28 GiB"},
		{"Qwen3-30B-A3B", qwen30B, "q8_0", 32.48 * gb, 0.0005, "bartowski/Qwen_Qwen3-30B-A3B-GGUF"},
		{"Qwen3-30B-A3B", qwen30B, "q6_k", 25.10 * gb, 0.0006, "bartowski/Qwen_Qwen3-30B-A3B-GGUF"},
		{"DeepSeek-V3", deepseek, "q4_k_m", 376.65 * gib, 0.0005, "llama-bench: deepseek2 671B Q4_K - Medium, 376.65 GiB"},
		{"DeepSeek-V3", deepseek, "q8_0", 713.29 * gb, 0.0002, "bartowski/deepseek-ai_DeepSeek-V3-0324-GGUF"},
		{"DeepSeek-V3", deepseek, "q6_k", 550.80 * gb, 0.0002, "bartowski/deepseek-ai_DeepSeek-V3-0324-GGUF"},
		{"DeepSeek-V3", deepseek, "q5_k_m", 475.40 * gb, 0.0005, "bartowski/deepseek-ai_DeepSeek-V3-0324-GGUF"},
		{"DeepSeek-V3", deepseek, "q5_k_s", 461.81 * gb, 0.0002, "bartowski/deepseek-ai_DeepSeek-V3-0324-GGUF"},
		{"Mixtral-8x22B", mixtral, "q5_k_m", 99.96 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q5_k_s", 96.97 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q4_k_m", 85.58 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q4_k_s", 80.47 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q3_k_l", 72.57 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q3_k_m", 67.78 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "iq3_m", 64.49 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "iq3_s", 61.49 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q3_k_s", 61.49 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "iq3_xs", 58.22 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Mixtral-8x22B", mixtral, "q2_k", 52.10 * gb, 0.001, "bartowski/Mixtral-8x22B-v0.1-GGUF"},
		{"Llama-3.1-70B", llama70B, "q6_k", 57.89 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q5_k_m", 49.95 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q5_k_s", 48.66 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q4_k_m", 42.52 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q4_k_s", 40.35 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q4_0", 40.12 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq4_xs", 37.90 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q3_k_l", 37.14 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q3_k_m", 34.27 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq3_m", 31.94 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "q3_k_s", 30.91 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq2_m", 24.12 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq2_s", 22.24 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq2_xs", 21.14 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"Llama-3.1-70B", llama70B, "iq2_xxs", 19_097_390_048, 0.0005, "bartowski/Llama-3.3-70B-Instruct-GGUF, bytes of the file"},
		{"Llama-3.1-70B", llama70B, "iq1_m", 16.75 * gb, 0.0005, "bartowski/Meta-Llama-3.1-70B-Instruct-GGUF and Llama-3.1-Nemotron-70B-Instruct-HF-GGUF"},
		{"gpt-oss-120b", gptOSS, "mxfp4_moe", 59.02 * gib, 0.0003, "llama-bench: gpt-oss 120B MXFP4 MoE, 59.02 GiB"},
	} {
		got := bytesUnder(t, c.scheme, c.matrices)
		if off := got/c.published - 1; math.Abs(off) > c.tolerance {
			t.Errorf("for %s in %s, got %.3f GB, want %.3f GB (%+.3f %%; %s)", c.model, c.scheme, got/1e9, c.published/1e9, 100*off, c.source)
		}
	}
}

func TestSchemesAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range Schemes() {
		if seen[s.ID] || s.ID == "" || s.ID != strings.ToLower(s.ID) || s.Name == "" || s.Rule == "" || s.Source == "" {
			t.Errorf("%q: id used twice, not lower case, or a description is missing: %+v", s.ID, s)
		}
		seen[s.ID] = true
		for kind := range kindCount {
			f, converted := s.FormatOf(Place{Kind: kind, Layer: 5, Layers: 61})
			if small := kind == Router || kind == Vector; !small && !converted || converted && f.Bits == 0 {
				t.Errorf("%s: kind %d: got %q, %v", s.ID, kind, f.ID, converted)
			}
		}
	}
}

// TestMoreBits: of 48 layers llama.cpp's use_more_bits picks the first six, the
// last six, and every third one from the ninth.
func TestMoreBits(t *testing.T) {
	scheme, _ := SchemeByID("q4_k_m")
	want := "666666" + strings.Repeat("446", 12) + "666666"
	got := ""
	for i := range 48 {
		f, _ := scheme.FormatOf(Place{Kind: DenseLayer, Part: DownPart, Layer: i, Layers: 48})
		got += map[string]string{"q6_k": "6", "q4_k": "4"}[f.ID]
	}
	if got != want {
		t.Errorf("got  %s,\nwant %s", got, want)
	}
}
