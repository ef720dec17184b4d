package format

import "strings"

// Kind is what a tensor is for, as far as quantisation schemes tell tensors
// apart.
type Kind uint8

// The kinds of tensor.
const (
	RoutedExpert Kind = iota // gate, up and down of the routed experts
	SharedExpert
	DenseLayer // feed-forward layers without experts
	Attention  // projections of every mixer: softmax attention, MLA, recurrent
	Embedding  // input embedding, if it is not also the head
	Head       // output head; the embedding too where the two are tied
	Router     // the gate that chooses experts
	Vector     // norms, biases, short convolutions, sinks: whatever is not a large matrix
	kindCount
)

// Part is the matrix inside its layer, for schemes that give some more bits.
type Part uint8

// The parts that schemes tell apart.
const (
	OtherPart Part = iota
	QueryPart
	KeyPart
	ValuePart
	FusedQKVPart
	OutputPart // of attention
	GatePart
	UpPart
	DownPart
)

// partNames are the names of matrices in checkpoints, most specific first.
// MLA's projections (q_a, q_b, kv_a, kv_b) are deliberately absent: GGUF stores
// them under names that its rules do not single out.
var partNames = [...]struct {
	name string
	part Part
}{
	{"qkv_proj", FusedQKVPart}, {"query_key_value", FusedQKVPart}, {"wqkv", FusedQKVPart},
	{"q_proj", QueryPart}, {"k_proj", KeyPart}, {"v_proj", ValuePart}, {"o_proj", OutputPart},
	{"gate_up_proj", UpPart}, {"gate_proj", GatePart}, {"up_proj", UpPart}, {"down_proj", DownPart},
	{"attn_qkv", FusedQKVPart}, {"attn_q", QueryPart}, {"attn_k", KeyPart}, {"attn_v", ValuePart}, {"attn_output", OutputPart},
	{"ffn_gate", GatePart}, {"ffn_up", UpPart}, {"ffn_down", DownPart},
	{"w1", GatePart}, {"w3", UpPart}, {"w2", DownPart},
	{"wq", QueryPart}, {"wk", KeyPart}, {"wv", ValuePart}, {"wo", OutputPart},
}

// PartOf reads the part from a tensor's name in a checkpoint, such as
// "mlp.experts.{e}.down_proj.weight" or "blk.3.ffn_down_exps.weight".
func PartOf(name string) Part {
	for _, n := range partNames {
		for rest := name; ; {
			i := strings.Index(rest, n.name)
			if i < 0 {
				break
			}
			before := i == 0 || rest[i-1] == '.'
			after := rest[i+len(n.name):]
			if before && (after == "" || after[0] == '.' || strings.HasPrefix(after, "_exps") || strings.HasPrefix(after, "_shexp")) {
				return n.part
			}
			rest = after
		}
	}
	return OtherPart
}
