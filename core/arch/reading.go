package arch

// Reading is a Model together with how well its source was understood.
type Reading struct {
	Model   *Model
	Source  string       // what was read, if it was not a config.json: "the header of model.gguf"
	Family  string       // reader that was used: a model_type, or a GGUF architecture
	Known   bool         // false if the family is unknown and a generic reader was used
	Unread  []string     // keys that were not understood and might change the counts, as paths
	Assumed []Assumption // family defaults used for missing keys
	Notes   []string     // anything else a user should know, as sentences
	KV      string       // id of the KV format that the checkpoint brings scales for ("fp8"); empty if it does not say
}

// Assumption is a default that stood in for a missing key.
type Assumption struct {
	Key   string
	Value string
}
