package serving

// engineIndex is an engine's place in the tables of Constants.
type engineIndex uint8

const (
	engineIdeal engineIndex = iota
	engineVLLM
	engineSGLang
	engineTensorRT
	engineLlamaCpp
	engineCount
)

var engineIDs = [engineCount]string{"ideal", "vllm", "sglang", "trtllm", "llamacpp"}

// engineByID finds the profile; an unknown engine is timed as vLLM.
func engineByID(id string) engineIndex {
	for i, name := range engineIDs {
		if name == id {
			return engineIndex(i)
		}
	}
	return engineVLLM
}
