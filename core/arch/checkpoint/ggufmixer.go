package checkpoint

import (
	"fmt"
	"strings"

	"moecost/core/arch"
	"moecost/core/format"
)

// traits are facts of an architecture that its GGUF metadata leave to the
// engine's source. Layers with a window (or chunk) repeat with the period:
// the last of every period is unbounded, or with fullFirst the first.
type traits struct {
	period    int
	fullFirst bool
	chunk     int64 // the window is a chunk of so many tokens
	single    bool  // one latent per token is key and value at once, and layers compress it
}

// architectures lists the values of general.architecture that are read with
// confidence. Periods: llama.cpp, src/llama-model.cpp and src/models
// (set_swa_pattern); Llama 4's chunk: the same, hparams.n_swa.
var architectures = map[string]traits{
	"gpt-oss": {period: 2}, "gemma2": {period: 2}, "gemma3": {period: 6}, "gemma3n": {period: 5}, "gemma4": {},
	"cohere2": {period: 4}, "exaone4": {period: 4}, "olmo2": {period: 4}, "smallthinker": {period: 4, fullFirst: true},
	"llama4": {period: 4, chunk: 8192}, "deepseek4": {period: 1, single: true}, "phi3": {period: 1}, "mimo2": {}, "step35": {},

	"llama": {}, "mistral3": {}, "mistral4": {}, "deepseek": {}, "deepseek2": {}, "deepseek32": {}, "glm4": {}, "glm4moe": {}, "glm-dsa": {}, "grok": {}, "dbrx": {},
	"arctic": {}, "phimoe": {}, "olmoe": {}, "jamba": {}, "mamba": {}, "mamba2": {}, "granite": {}, "granitemoe": {}, "granitehybrid": {},
	"qwen2": {}, "qwen2moe": {}, "qwen2vl": {}, "qwen3": {}, "qwen3moe": {}, "qwen3next": {}, "qwen3vl": {}, "qwen3vlmoe": {}, "qwen35": {}, "qwen35moe": {},
	"nemotron_h": {}, "nemotron_h_moe": {}, "ernie4_5": {}, "ernie4_5-moe": {}, "hunyuan-moe": {}, "hunyuan-dense": {}, "minimax-m2": {}, "dots1": {},
	"bailingmoe": {}, "bailingmoe2": {}, "kimi-linear": {}, "command-r": {}, "falcon": {}, "falcon-h1": {}, "gemma": {}, "starcoder2": {}, "stablelm": {},
	"internlm2": {}, "lfm2": {}, "lfm2moe": {}, "seed_oss": {}, "smollm3": {}, "afmoe": {period: 4}, "grovemoe": {}, "apertus": {}, "baichuan": {}, "gptneox": {}, "phi2": {},
}

// Limits that keep a hostile header's products within int64. Published models
// have up to 128 heads, latents of 512 and recurrent layers of 16,384.
const (
	maxHeads = 4096
	maxWidth = 1 << 20
)

// attention reads what layer i keeps and attends to.
func (d *described) attention(i int, entries []Entry) (*arch.Attention, error) {
	a := arch.Attention{}
	a.Heads, _ = d.perLayer("attention.head_count", i)
	if a.Heads < 1 || a.Heads > maxHeads {
		return nil, fmt.Errorf("%s: %s.attention.head_count: %d in layer %d: 1 to %d would do", d.name, d.family, a.Heads, i, maxHeads)
	}
	var ok bool
	if a.KVHeads, ok = d.perLayer("attention.head_count_kv", i); !ok {
		a.KVHeads = a.Heads
	}
	window, windowed := d.window(i)
	suffix := ""
	if windowed {
		suffix = "_swa" // Gemma 4, MiMo-V2: other widths in layers with a window
	}
	a.KeyDim = d.headWidth("attention.key_length", suffix, a.Heads)
	a.ValueDim = d.headWidth("attention.value_length", suffix, a.Heads)
	if windowed && d.traits.chunk > 0 {
		a.Chunk = window
	} else if windowed {
		a.Window = window
	}
	if shared := d.number("attention.shared_kv_layers"); shared > 0 && i >= d.layers-int(shared) && i < d.layers {
		a.SharesKV = true
	}
	if latent := d.latentRank(entries); latent > 0 {
		d.latent(&a, latent, entries)
	}
	if d.traits.single { // DeepSeek-V4: a window of latents, and one entry per so many tokens beyond it
		a.Rope = d.number("rope.dimension_count")
		a.Latent = a.KeyDim - a.Rope
		if n, ok := d.perLayer("attention.compress_ratios", i); ok && n > 1 {
			a.Compression = n
		}
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name, "indexer") {
			a.Index = &arch.Index{
				Heads: d.number("attention.indexer.head_count"), KeyDim: d.number("attention.indexer.key_length"), TopK: d.number("attention.indexer.top_k"),
			}
			break
		}
	}
	for _, n := range []int64{a.KVHeads, a.KeyDim, a.ValueDim, a.Latent, a.Rope, a.Window, a.Compression} {
		if n < 0 || n > maxWidth {
			return nil, fmt.Errorf("%s: %s.attention: %d in layer %d is out of range: 0 to %d would do", d.name, d.family, n, i, maxWidth)
		}
	}
	if a.KVHeads == 0 && a.Latent == 0 {
		return nil, fmt.Errorf("%s: %s.attention.head_count_kv: 0 in layer %d, which has attention tensors", d.name, d.family, i)
	}
	return &a, nil
}

// latentRank is the width of the compressed cache; 0 if keys and values are kept.
func (d *described) latentRank(entries []Entry) int64 {
	if n := d.number("attention.kv_lora_rank"); n != 0 {
		return n
	}
	if d.traits.single {
		return 0
	}
	for _, e := range entries {
		if e.Name == "attn_kv_a_norm.weight" && len(e.Shape) == 1 {
			return e.Shape[0]
		}
	}
	return 0
}

// latent turns a layer into multi-head latent attention. Converters have
// written its lengths in two ways: per head (192 and 128 with 128 KV heads), or
// as the one head of the compressed cache (576 and 512 with one KV head, the
// lengths per head in key_length_mla). Either way one token keeps the latent and the
// rotary key, never more.
func (d *described) latent(a *arch.Attention, latent int64, entries []Entry) {
	a.Latent = latent
	a.Rope = d.number("rope.dimension_count")
	for _, e := range entries {
		if e.Name == "attn_kv_a_mqa.weight" && len(e.Shape) == 2 && e.Shape[0] > latent {
			a.Rope = e.Shape[0] - latent
		}
	}
	if a.Rope == 0 {
		d.note("%s.rope.dimension_count is missing: the rotary key beside the latent is taken as 64 wide, as in DeepSeek-V2 and V3.", d.family)
		a.Rope = 64
	}
	if n := d.number("attention.key_length_mla"); n > 0 {
		a.KeyDim = n
	}
	if n := d.number("attention.value_length_mla"); n > 0 {
		a.ValueDim = n
	}
	a.KVHeads = a.Heads
}

func (d *described) headWidth(key, suffix string, heads int64) int64 {
	if suffix != "" {
		if n := d.number(key + suffix); n > 0 {
			return n
		}
	}
	if n := d.number(key); n > 0 {
		return n
	}
	return d.m.Hidden / heads
}

// window is the sliding window or chunk of layer i, if it has one.
func (d *described) window(i int) (tokens int64, ok bool) {
	tokens = d.number("attention.sliding_window")
	if d.traits.chunk > 0 && tokens == 0 {
		tokens = d.traits.chunk
	}
	if tokens <= 0 {
		return 0, false
	}
	const key = "attention.sliding_window_pattern"
	if list := d.list(key); len(list) > 1 {
		return tokens, i < len(list) && list[i] != 0
	}
	period := d.traits.period
	if n := d.number(key); n > 0 && n <= maxBlocks {
		period = int(n)
	}
	switch {
	case period == 0:
		d.note("%s.attention.sliding_window is %d, but which layers have it is not known here: all are taken as unbounded.", d.family, tokens)
		return 0, false
	case period == 1:
		return tokens, true
	case d.traits.fullFirst:
		return tokens, i%period != 0
	}
	return tokens, i%period < period-1
}

// FLOPs per element of a recurrent state and token, as arch/hf counts them:
// decay, outer product and add, read; the delta rule reads once more and corrects.
const (
	flopsMamba1 = 7
	flopsMamba2 = 5
	flopsDelta  = 7
)

// recurrent reads the state of a layer whose memory does not grow.
func (d *described) recurrent(entries []Entry) (*arch.Recurrent, error) {
	has := func(prefix string) bool {
		for _, e := range entries {
			if strings.HasPrefix(e.Name, prefix) {
				return true
			}
		}
		return false
	}
	inner, state := d.number("ssm.inner_size"), d.number("ssm.state_size")
	groups, kernel, rank := d.number("ssm.group_count"), d.number("ssm.conv_kernel"), d.number("ssm.time_step_rank")
	r := &arch.Recurrent{StateFormat: format.FP32, Heads: rank} // llama.cpp keeps recurrent state in FP32
	convolved, flops := inner+2*groups*state, int64(flopsMamba2)
	switch {
	case has("shortconv."):
		r.Kind, state, kernel, convolved = "short-convolution", 0, d.number("shortconv.l_cache"), d.m.Hidden
	case has("ssm_f_a"):
		head := d.number("kda.head_dim")
		heads := d.number("attention.head_count")
		r.Kind, r.Heads, flops = "kda", heads, flopsDelta
		inner, state = heads*head, head
		convolved = 3 * inner // q, k and v each
	case has("ssm_x."):
		r.Kind, flops, convolved = "mamba", flopsMamba1, inner
		r.Heads = 0
	case has("ssm_ba") || has("ssm_beta") || has("ssm_alpha"):
		r.Kind, flops = "gated-deltanet", flopsDelta
	default:
		r.Kind = "mamba2"
	}
	for _, n := range []int64{inner, state, groups, convolved, rank} {
		if n < 0 || n > maxWidth {
			return nil, fmt.Errorf("%s: %s.ssm: %d is out of range: 0 to %d would do", d.name, d.family, n, maxWidth)
		}
	}
	if kernel < 1 || kernel > maxHeads || (r.Kind != "short-convolution" && inner*state == 0) {
		return nil, fmt.Errorf("%s: %s.ssm: inner_size %d, state_size %d, conv_kernel %d: a recurrent layer needs all of them", d.name, d.family, inner, state, kernel)
	}
	r.State, r.Convolution = inner*state, (kernel-1)*convolved
	if r.Kind == "mamba" {
		r.Convolution = kernel * convolved // the reference keeps the whole kernel's inputs
	}
	r.FLOPsPerToken = flops * r.State
	return r, nil
}
