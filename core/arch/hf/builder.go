package hf

import (
	"errors"
	"fmt"

	"moecost/core/arch"
	"moecost/core/format"
)

// builder collects the Model while a family describes it. c is the text config
// (missing keys fall through to the outer one), root the whole file.
type builder struct {
	c, root *config
	m       *arch.Model
	quant   quantisation
	notes   []string
	audio   bool   // the audio tower is counted with the vision tower
	prefix  string // full checkpoint name of the block under construction, "model.layers.3."
}

func newBuilder(root, text *config, family string) *builder {
	b := &builder{c: text, root: root, m: &arch.Model{Family: family}}
	b.quant = readQuantisation(root, text)
	b.m.Base = b.quant.base
	return b
}

// note adds a sentence for the user.
func (b *builder) note(format string, args ...any) {
	b.notes = append(b.notes, fmt.Sprintf(format, args...))
}

// layers reads the number of blocks.
func (b *builder) layers() int {
	return int(b.c.integer(maxLayers, "num_hidden_layers", "n_layers", "num_layers", "n_layer"))
}

// matrix is a weight that tokens are multiplied with, output features first.
func (b *builder) matrix(name string, out, in int64, role arch.Role, split arch.Split) arch.Tensor {
	return arch.Tensor{
		Name: name, Shape: []int64{out, in}, Copies: 1, Role: role, Use: arch.Multiplied, Split: split,
		Stored: b.quant.matrix(b.prefix+name, role),
	}
}

// experts is a matrix that every routed expert has its own copy of. The name holds "{e}".
func (b *builder) experts(name string, copies, out, in int64) arch.Tensor {
	t := b.matrix(name, out, in, arch.RoutedExperts, arch.SplitExperts)
	t.Copies = copies
	return t
}

// unconverted marks a matrix that stays in the base format whatever quantization_config says.
func (b *builder) unconverted(t arch.Tensor) arch.Tensor {
	t.Stored = b.quant.base
	return t
}

// vector is a norm, bias, sink or gate: element-wise, never quantised.
func (b *builder) vector(name string, n int64, role arch.Role) arch.Tensor {
	return arch.Tensor{
		Name: name, Shape: []int64{n}, Copies: 1, Role: role, Use: arch.Applied, Split: arch.Replicated,
		Stored: b.quant.base,
	}
}

// bias is a vector that is split like the output of its matrix.
func (b *builder) bias(name string, n int64, role arch.Role, split arch.Split) arch.Tensor {
	t := b.vector(name, n, role)
	t.Split = split
	return t
}

// fp32 marks a tensor that the checkpoint keeps in single precision.
func fp32(t arch.Tensor) arch.Tensor {
	t.Stored = format.FP32
	return t
}

// embedding adds the input embedding, the final norm and the head.
func (b *builder) embedding(vocab, hidden int64, tied bool, embedName, normName, headName string) {
	b.prefix = ""
	b.m.Vocabulary, b.m.Hidden, b.m.Tied = vocab, hidden, tied
	embed := arch.Tensor{
		Name: embedName, Shape: []int64{vocab, hidden}, Copies: 1,
		Role: arch.EmbeddingAndHead, Use: arch.LookedUp, Split: arch.SplitVocabulary,
		Stored: b.quant.matrix(embedName, arch.EmbeddingAndHead),
	}
	b.m.Embedding = append(b.m.Embedding, embed)
	b.m.Head = append(b.m.Head, b.vector(normName, hidden, arch.EmbeddingAndHead))
	if !tied {
		b.m.Head = append(b.m.Head, b.matrix(headName, vocab, hidden, arch.EmbeddingAndHead, arch.SplitVocabulary))
	}
}

// finish checks the description as a whole and returns it.
func (b *builder) finish(known bool) (*Reading, error) {
	if len(b.c.log.errs) > 0 {
		return nil, errors.Join(b.c.log.errs...)
	}
	if err := check(b.m); err != nil {
		return nil, err
	}
	b.otherModalities()
	unread := b.c.unread()
	if b.root != b.c {
		unread = append(unread, b.root.unread()...)
	}
	b.notes = append(b.notes, b.quant.remarks()...)
	return &Reading{
		Model: b.m, Family: b.m.Family, Known: known,
		Unread: unread, Assumed: b.c.log.assumed, Notes: b.notes, KV: b.quant.kv,
	}, nil
}

// otherModalities says which parts of a multimodal checkpoint are not counted.
func (b *builder) otherModalities() {
	places := []*config{b.root}
	if thinker := b.root.object("thinker_config"); thinker != nil {
		places = append(places, thinker)
	}
	for _, c := range places {
		for _, key := range []string{"vision_config", "audio_config", "speech_config", "tts_config", "talker_config", "code2wav_config"} {
			counted := key == "vision_config" && len(b.m.Vision) > 0 || key == "audio_config" && b.audio
			if c.object(key) != nil && !counted {
				b.note("%s: its weights are not counted; they come on top of the text model's.", c.path+key)
			}
		}
	}
}
