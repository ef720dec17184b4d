package arch

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"moecost/core/format"
)

// unusual is a reading with everything that a description can hold: a made
// format, an indexer, a recurrent layer, kinds that alternate, prefixes that jump.
func unusual() *Reading {
	m := small(false)
	m.Name, m.Organisation, m.Family, m.MaxContext = "Ünusual \"1\"", "<org>", "unusual", 4096
	made := format.FP8Blocks(64, 32, 4)
	sparse := Sublayer{
		Attention: &Attention{Heads: 2, KVHeads: 1, KeyDim: 6, ValueDim: 4, Latent: 4, Rope: 2, Compression: 4, Window: 8, Index: &Index{Heads: 1, KeyDim: 4, TopK: 2, Shared: true}},
		Tensors:   []Tensor{{Name: "kv", Shape: []int64{6, 8}, Copies: 0, Role: AttentionWeights, Split: SplitKVHeads, Stored: made}},
	}
	mixer := Sublayer{
		Recurrent: &Recurrent{Kind: "mamba2", Heads: 2, State: 64, Convolution: 12, StateFormat: format.FP32, FLOPsPerToken: 300},
		Tensors:   []Tensor{{Name: "scalar", Shape: []int64{}, Copies: 1, Role: AttentionWeights, Use: Applied, Stored: format.FP32}, {Name: "none", Copies: 1, Role: AttentionWeights, Stored: format.FP8}},
	}
	shared := Sublayer{Attention: &Attention{Heads: 2, KVHeads: 2, KeyDim: 4, ValueDim: 4, Chunk: 16, SharesKV: true}}
	for i := range 12 {
		layers := [][]Sublayer{{sparse}, {mixer, shared}, nil}[i%5%3]
		m.Blocks = append(m.Blocks, Block{Prefix: fmt.Sprintf("model.layers.%d.", i+i/7), Sublayers: layers})
	}
	m.MTP.Blocks = []Block{{Prefix: "mtp.0.", Sublayers: []Sublayer{sparse}}, {Prefix: "mtp.1.", Sublayers: []Sublayer{sparse}}}
	m.Vision = []Tensor{}
	return &Reading{
		Model: m, Source: "the header of <b>.gguf", Family: "unusual", Known: true, KV: "fp8",
		Unread: []string{}, Assumed: []Assumption{{"head_dim", "4"}}, Notes: []string{"Two\nlines."},
	}
}

func TestDescriptionRoundTrip(t *testing.T) {
	for name, r := range map[string]*Reading{"small": {Model: small(true)}, "unusual": unusual()} {
		text, err := EncodeReading(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeReading(text)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, text)
		}
		if !reflect.DeepEqual(r, back) {
			t.Errorf("%s: got\n%+v, want\n%+v\nfrom %s", name, back.Model, r.Model, text)
		}
	}
}

// Equal blocks are written once, so that the text does not grow with the depth.
func TestDescriptionWritesBlocksOnce(t *testing.T) {
	length := func(layers int) int {
		m := small(true)
		one := m.Blocks[0]
		m.Blocks = nil
		for i := range layers {
			one.Prefix = fmt.Sprintf("model.layers.%d.", i)
			m.Blocks = append(m.Blocks, one)
		}
		text, err := EncodeReading(&Reading{Model: m})
		if err != nil {
			t.Fatal(err)
		}
		return len(text)
	}
	if ten, ninety := length(10), length(90); ten != ninety {
		t.Errorf("10 layers take %d bytes, 90 take %d: want the same", ten, ninety)
	}
}

func TestDescriptionRefuses(t *testing.T) {
	text, err := EncodeReading(unusual())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, want string }{
		{`{"source"`, `["source"`, "not the JSON"},
		{`"hidden":8`, `"hidden":0`, "hidden: 0"},
		{`"hidden":8`, `"hidden":1.5`, "not the JSON"},
		{`"vocabulary":100`, `"vocabulary":1000000000000`, "vocabulary: 1000000000000"},
		{`"base":"bf16"`, `"base":"bf17"`, `base: "bf17"`},
		{`"stored":"#0"`, `"stored":"#1"`, `"#1": not a number format`},
		{`"Bits":8`, `"Bits":-8`, "Bits: -8"},
		{`"role":"dense"`, `"role":"dens"`, `"dens": one of routed experts, `},
		{`"use":"applied"`, `"use":"forgotten"`, `"forgotten"`},
		{`"shape":[6,8]`, `"shape":[-6,8]`, "kv: shape: -6"},
		{`"shape":[6,8]`, `"shape":[1,1,1,1,1,1,1,1,1]`, "kv: shape: 9"},
		{`"shape":[16,8]`, `"shape":[9007199254740992,9007199254740992]`, "3.25e+32 weights"},
		{`"copies":4`, `"copies":-4`, "copies: -4"},
		{`"TopK":2`, `"TopK":5`, "TopK: 5: 0 to 4"},
		{`"State":64`, `"State":-64`, "recurrent: -64"},
		{`"Window":8`, `"Window":-8`, "attention: -8"},
		{`"KVHeads":1,"KeyDim":6`, `"KVHeads":2147483648,"KeyDim":2147483648`, "a cache entry of"},
		{`"dense":{"Inner":64},`, ``, "0 parts in one sublayer"},
		{`"dense":{"Inner":64},`, `"dense":{"Inner":64},"moe":{},`, "2 parts in one sublayer"},
		{`"kinds":[[0,1],`, `"kinds":[[0,9],`, "kinds 0: layer 9"},
		{`"order":[0,1,`, `"order":[7,1,`, "blocks.order: kind 7"},
		{`"order":[0,1,`, `"order":[0,0,`, "blocks.order: 0 blocks"},
		{`"order":[0,1,`, `"order":[0,1,1,`, "they come in pairs"},
		{`"order":[0,1,`, `"order":[0,1000000000000,`, "1000000000000 blocks"},
		{`"at":9`, `"at":0`, "blocks.prefixes: at 0"},
		{`"blocks":{`, `"blocks":null,"other":{`, "blocks: none"},
	} {
		changed := strings.Replace(string(text), c.old, c.new, 1)
		if changed == string(text) {
			t.Fatalf("%s: not in %s", c.old, text)
		}
		if _, err := DecodeReading([]byte(changed)); err == nil || !strings.HasPrefix(err.Error(), "description: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s for %s: got %v, want something about %q", c.new, c.old, err, c.want)
		}
	}
	if _, err := DecodeReading(make([]byte, maxDescription+1)); err == nil {
		t.Error("no error for a text that is too long")
	}
}

// Whatever decodes has figures that are counts, and says the same when written
// and read again.
func FuzzDecodeReading(f *testing.F) {
	for _, r := range []*Reading{{Model: small(true)}, {Model: small(false), Known: true}, unusual()} {
		text, err := EncodeReading(r)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := DecodeReading(text)
		if err != nil {
			return
		}
		m := r.Model
		for i, n := range []int64{
			m.TotalParams(), m.MTPParams(), m.VisionParams(), m.ActiveParams(WithoutBoth), m.CheckpointBytes().Bytes(),
			m.KVBytesPerSequence(1<<20, format.BF16), m.StateBytesPerSequence(), m.IndexBytesPerToken(), m.HeadElements(),
		} {
			if n < 0 {
				t.Errorf("count %d is %d", i, n)
			}
		}
		if n := m.FLOPsPerToken(1 << 20).Total(); n < 0 || math.IsNaN(n) || math.IsInf(n, 0) {
			t.Errorf("FLOPs: %g", n)
		}
		again, err := EncodeReading(r)
		if err != nil {
			t.Fatal(err)
		}
		back, err := DecodeReading(again)
		if err != nil || !reflect.DeepEqual(r, back) {
			t.Errorf("read again: %v, got %+v, want %+v", err, back, r)
		}
	})
}
