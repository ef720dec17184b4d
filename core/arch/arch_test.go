package arch

import (
	"testing"

	"moecost/core/format"
)

// matrix and vector make tensors in BF16.
func matrix(name string, out, in int64, role Role) Tensor {
	return Tensor{Name: name, Shape: []int64{out, in}, Copies: 1, Role: role, Stored: format.BF16}
}

func vector(name string, n int64, role Role) Tensor {
	return Tensor{Name: name, Shape: []int64{n}, Copies: 1, Role: role, Use: Applied, Stored: format.BF16}
}

// small is a model whose counts are done by hand: width 8, vocabulary 100, one
// layer with 4 experts of which 2 compute, one dense layer with a window.
func small(tied bool) *Model {
	experts := matrix("mlp.experts.{e}.up_proj.weight", 16, 8, RoutedExperts)
	experts.Copies = 4
	table := Tensor{Name: "tid2eid", Shape: []int64{100, 2}, Copies: 1, Role: Router, Use: Consulted, Stored: format.BF16}
	embed := matrix("embed", 100, 8, EmbeddingAndHead)
	embed.Use = LookedUp
	m := &Model{
		Hidden: 8, Vocabulary: 100, Tied: tied, Base: format.BF16,
		Embedding: []Tensor{embed},
		Head:      []Tensor{vector("norm", 8, EmbeddingAndHead)},
		Blocks: []Block{
			{Sublayers: []Sublayer{
				{Attention: &Attention{Heads: 2, KVHeads: 1, KeyDim: 4, ValueDim: 4}, Tensors: []Tensor{matrix("q_proj", 8, 8, AttentionWeights), vector("n", 8, AttentionWeights)}},
				{MoE: &MoE{Experts: 4, TopK: 2, Shared: 1, Hidden: 8, Inner: 16}, Tensors: []Tensor{
					matrix("gate", 4, 8, Router), table, experts, matrix("shared.up_proj", 32, 8, SharedExperts)}},
			}},
			{Sublayers: []Sublayer{
				{Attention: &Attention{Heads: 2, KVHeads: 1, KeyDim: 4, ValueDim: 4, Window: 10}, Tensors: []Tensor{matrix("q_proj", 8, 8, AttentionWeights)}},
				{Dense: &Dense{Inner: 64}, Tensors: []Tensor{matrix("up_proj", 64, 8, DenseLayers)}},
			}},
		},
		MTP:    MTP{Depth: 1, Tensors: []Tensor{vector("enorm", 8, DenseLayers)}},
		Vision: []Tensor{matrix("patch", 5, 5, DenseLayers)},
	}
	if !tied {
		m.Head = append(m.Head, matrix("lm_head", 100, 8, EmbeddingAndHead))
	}
	return m
}

func TestCountsByHand(t *testing.T) {
	const (
		embedding = 800
		blocks    = 64 + 8 + 32 + 4*128 + 256 + 64 + 512 // without the table of integers
		active    = blocks - 2*128
	)
	for _, tied := range []bool{false, true} {
		m := small(tied)
		head := int64(embedding)
		if tied {
			head = 0
		}
		check := func(what string, got, want int64) {
			t.Helper()
			if got != want {
				t.Errorf("tied %t: %s: got %d, want %d", tied, what, got, want)
			}
		}
		check("total", m.TotalParams(), embedding+blocks+8+head)
		check("MTP", m.MTPParams(), 8)
		check("vision", m.VisionParams(), 25)
		check("experts", m.ExpertParams(), 512)
		check("active", m.ActiveParams(WithEmbeddingAndHead), embedding+active+8+head)
		without := active + 8 + head
		if tied { // the embedding is the head
			without += embedding
		}
		check("active without input embedding", m.ActiveParams(WithoutInputEmbedding), without)
		check("active without both", m.ActiveParams(WithoutBoth), active+8)
		check("bytes", m.WeightBytes().Bytes(), 2*(embedding+blocks+200+8+head))
		check("checkpoint", m.CheckpointBytes().Bytes(), 2*(embedding+blocks+200+8+head+8+25))
		f := m.FLOPsPerToken(100)
		check("FLOPs of experts", int64(f.RoutedExperts), 2*2*128)
		check("FLOPs of the head", int64(f.Head), 2*embedding)
		// two heads, key and value of 4, over 100 and over 10 tokens
		check("FLOPs of attention", int64(f.Core), 2*2*8*100+2*2*8*10)
		check("MoE layers", int64(m.MoELayers()), 1)
		check("routed, shared, top-k", m.RoutedExperts()*100+m.SharedExperts()*10+m.TopK(), 412)
	}
}

// Experts without weights compute nothing: of 2 choices among 4 + 4 experts one
// is expected to compute; the active count is the upper end.
func TestZeroExperts(t *testing.T) {
	m := small(false)
	m.Blocks[0].Sublayers[1].MoE.Zero = 4
	if got := m.FLOPsPerToken(0).RoutedExperts; got != 2*128 {
		t.Errorf("got %g FLOPs, want 256", got)
	}
	if a, b := m.ActiveParams(0), small(false).ActiveParams(0); a != b {
		t.Errorf("active: got %d, want %d", a, b)
	}
}

// A cache simulated token by token: what is kept and what a new token reads.
func TestEntriesBySimulation(t *testing.T) {
	for _, a := range []Attention{
		{}, {Window: 7}, {Chunk: 8}, {Index: &Index{TopK: 5}}, {Window: 7, Compression: 4}, {Window: 7, Compression: 4, Index: &Index{TopK: 3}}, {Compression: 4},
	} {
		recent, compressed, pending := int64(0), int64(0), int64(0)
		for n := int64(1); n <= 60; n++ {
			recent++
			if a.Window > 0 {
				recent = min(recent, a.Window)
			}
			if a.Chunk > 0 && recent > a.Chunk {
				recent = a.Chunk // at most; a new chunk starts empty
			}
			if pending++; a.Compression > 1 && pending == a.Compression {
				compressed, pending = compressed+1, 0
			}
			if got := a.Entries(n); got != recent+compressed {
				t.Errorf("%+v at %d tokens: got %d entries, want %d", a, n, got, recent+compressed)
			}
			read := recent + compressed
			switch {
			case a.Index != nil && a.Compression > 1:
				read = recent + min(compressed, a.Index.TopK)
			case a.Index != nil:
				read = min(recent, a.Index.TopK)
			}
			if a.Compression > 1 && a.Window == 0 {
				read -= recent // nothing but compressed entries is attended to
			}
			if got := a.EntriesRead(n); got != read {
				t.Errorf("%+v at %d tokens: got %d read, want %d", a, n, got, read)
			}
		}
	}
}

// Latent attention reads latent and rotary key as key and the latent as value
// when it decodes, and expanded heads in prefill (DeepSeek-V2, section 2.1).
func TestLatentFLOPs(t *testing.T) {
	a := Attention{Heads: 128, KVHeads: 128, KeyDim: 192, ValueDim: 128, Latent: 512, Rope: 64}
	if got, want := a.DecodeFLOPs(1000), 2.*128*(576+512)*1000; got != want {
		t.Errorf("decode: got %g, want %g", got, want)
	}
	if got, want := a.PrefillFLOPs(1000), 2.*128*(192+128)*1000; got != want {
		t.Errorf("prefill: got %g, want %g", got, want)
	}
	a.Index = &Index{Heads: 64, KeyDim: 128, TopK: 100}
	if got, want := a.DecodeFLOPs(1000), 2.*128*(576+512)*100+2.*64*128*1000; got != want {
		t.Errorf("sparse: got %g, want %g", got, want)
	}
	a.Index.Shared = true
	if got, want := a.DecodeFLOPs(1000), 2.*128*(576+512)*100; got != want {
		t.Errorf("with an earlier layer's selection: got %g, want %g", got, want)
	}
}

// Formats of a cache entry: a head's key and value are rows of their own, and a
// scale per tensor is no part of an entry.
func TestEntryBytes(t *testing.T) {
	a := Attention{Heads: 8, KVHeads: 2, KeyDim: 128, ValueDim: 64}
	for _, c := range []struct {
		kv   format.Format
		want int64
	}{
		{format.BF16, 2 * (128 + 64) * 2},
		{format.FP8KV, 2 * (128 + 64)},
		{format.Q8_0, 2 * (128/32 + 64/32) * 34},
		{format.Format{Bits: 8, TensorBytes: 4}, 2 * (128 + 64)},
	} {
		if got := a.EntryBytes(c.kv); got != c.want {
			t.Errorf("%s: got %d, want %d", c.kv.ID, got, c.want)
		}
	}
	a.SharesKV = true
	if got := a.EntryBytes(format.BF16) + a.EntryElements(); got != 0 {
		t.Errorf("a layer that uses another's cache keeps %d", got)
	}
}

// Under every scheme vectors keep their format, the model keeps its counts, and
// the original is left alone.
func TestConvertKeepsCounts(t *testing.T) {
	m := small(false)
	before := m.CheckpointBytes()
	for _, s := range format.Schemes() {
		c := m.Convert(s)
		if c.TotalParams() != m.TotalParams() || c.ActiveParams(0) != m.ActiveParams(0) || c.MTPParams() != m.MTPParams() {
			t.Errorf("%s: counts changed", s.ID)
		}
		if got := c.Blocks[0].Sublayers[1].Tensors[1].Stored.ID; got != "bf16" {
			t.Errorf("%s: the table of integers became %s", s.ID, got)
		}
	}
	if m.CheckpointBytes() != before {
		t.Error("Convert changed the model")
	}
}

// What each kind of tensor gets, against the rules as publishers state them.
func TestConvertByKind(t *testing.T) {
	m := small(false)
	fp32 := matrix("kept", 8, 8, AttentionWeights)
	fp32.Stored = format.FP32
	m.Blocks[1].Sublayers[0].Tensors = append(m.Blocks[1].Sublayers[0].Tensors, fp32)
	for _, c := range []struct {
		scheme                                               string
		expert, shared, attention, dense, router, head, norm string
	}{
		{"bf16", "bf16", "bf16", "bf16", "bf16", "bf16", "bf16", "bf16"},
		{"fp8", "fp8", "fp8", "fp8", "fp8", "bf16", "bf16", "bf16"},
		{"mxfp4", "mxfp4", "bf16", "bf16", "bf16", "bf16", "bf16", "bf16"},
		{"nvfp4", "nvfp4", "nvfp4", "bf16", "nvfp4", "bf16", "bf16", "bf16"},
	} {
		s, ok := format.SchemeByID(c.scheme)
		if !ok {
			t.Fatalf("no scheme %s", c.scheme)
		}
		b := m.Convert(s)
		moe := b.Blocks[0].Sublayers[1].Tensors
		for what, pair := range map[string][2]string{
			"expert":    {moe[2].Stored.ID, c.expert},
			"shared":    {moe[3].Stored.ID, c.shared},
			"router":    {moe[0].Stored.ID, c.router},
			"attention": {b.Blocks[0].Sublayers[0].Tensors[0].Stored.ID, c.attention},
			"dense":     {b.Blocks[1].Sublayers[1].Tensors[0].Stored.ID, c.dense},
			"head":      {b.Head[1].Stored.ID, c.head},
			"norm":      {b.Head[0].Stored.ID, c.norm},
			"kept FP32": {b.Blocks[1].Sublayers[0].Tensors[1].Stored.ID, "fp32"},
		} {
			if pair[0] != pair[1] {
				t.Errorf("%s: %s is %s, want %s", c.scheme, what, pair[0], pair[1])
			}
		}
	}
}
