package hf

// windowRule gives the sliding window of each layer, 0 where attention is unbounded.
type windowRule func(b *builder, layers int) []int64

func (r windowRule) of(b *builder, layers int) []int64 {
	if len(b.c.log.errs) > 0 {
		return nil
	}
	if r == nil {
		return make([]int64, layers)
	}
	return r(b, layers)
}

// typedWindows reads layer_types; found is false if the config has none.
func typedWindows(b *builder, layers int, window int64) (windows []int64, found bool) {
	types := b.c.textList("layer_types")
	if len(types) == 0 {
		return nil, false
	}
	b.sameLength("layer_types", len(types), layers)
	windows = make([]int64, layers)
	for i := range windows {
		if i < len(types) && types[i] == "sliding_attention" {
			windows[i] = window
		}
	}
	return windows, true
}

// sameLength refuses a list with one entry per layer that has another length.
func (b *builder) sameLength(key string, entries, layers int) {
	if entries != layers {
		b.c.fail(b.c.path+key, "%d entries for num_hidden_layers %d: one per layer would do", entries, layers)
	}
}

// uniformWindow is a window that the config gives for all layers alike (Mistral
// 7B v0.1: 4,096 of 32,768 positions). The cache is counted in full: several engines keep it whole,
// and a memory that is too small by the share of the window is the worse error.
func uniformWindow(b *builder, layers int) []int64 {
	window := b.c.dimIf("sliding_window")
	if windows, found := typedWindows(b, layers, window); found {
		return windows
	}
	if window > 0 && (b.m.MaxContext == 0 || window < b.m.MaxContext) {
		b.note("sliding_window is %d in every layer. An engine that makes use of it keeps at most that many tokens per sequence; the KV cache here is counted for the whole context.", window)
	}
	return make([]int64, layers)
}

// qwenWindow: with use_sliding_window the layers from max_window_layers on are
// sliding (transformers configuration_qwen2.py); published models have it off.
func qwenWindow(b *builder, layers int) []int64 {
	on := b.c.boolOr(false, "use_sliding_window")
	window := b.c.dimIf("sliding_window")
	first := b.c.dimIf("max_window_layers")
	if !on {
		window = 0
	}
	if windows, found := typedWindows(b, layers, window); found {
		return windows
	}
	windows := make([]int64, layers)
	for i := range windows {
		if int64(i) >= first {
			windows[i] = window
		}
	}
	return windows
}

// everyNth: one layer in n attends to everything, the others to a window, unless
// the config lists layer_types. n is the key's value or the default of the
// config class.
func everyNth(window int64, n int64, key string) windowRule {
	return func(b *builder, layers int) []int64 {
		window := b.c.dimOr(window, "sliding_window")
		if windows, found := typedWindows(b, layers, window); found {
			return windows
		}
		n := b.c.dimOr(n, key, "_"+key)
		windows := make([]int64, layers)
		for i := range windows {
			if n == 0 || int64(i+1)%n != 0 {
				windows[i] = window
			}
		}
		return windows
	}
}
