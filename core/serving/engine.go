package serving

// Engine is what a serving engine does with memory beyond weights and cache.
// Bytes and fractions come from its defaults and from measured runs; each
// field of Engines names the source.
type Engine struct {
	ID   string // as in the link: "vllm"
	Name string // "vLLM"
}
