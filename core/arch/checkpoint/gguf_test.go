package checkpoint

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"moecost/core/arch/hf"
)

func TestGGUFHeader(t *testing.T) {
	w := (&ggufWriter{}).
		set("general.architecture", "llama").set("general.alignment", 64).
		set("llama.rope.freq_base", float32(1e6)).set("llama.flag", true).
		set("llama.per_layer", []int32{1, -2, 3}).set("llama.pattern", []bool{true, false}).
		set("tokenizer.ggml.tokens", []string{"<s>", "a", "bc"}).
		set("tokenizer.ggml.scores", make([]float32, chunk)).set("llama.after", 7). // longer than what is fetched at once
		add("token_embd.weight", 12, 32000, 4096).
		add("blk.0.attn_norm.weight", 0, 4096)
	for _, version := range []uint32{2, 3} {
		v := read(t, "m.gguf", w.bytes(version))
		// Q4_K: 144 bytes per 256 elements (gguf-py, GGML_QUANT_SIZES).
		if len(v.Tensors) != 2 || v.Bytes != 32000*4096/256*144+4096*4 || !v.Exact() {
			t.Fatalf("version %d: got %+v", version, v)
		}
		e := v.Tensors[0]
		if f, ok := e.Format(); e.Type != "Q4_K" || !slices.Equal(e.Shape, []int64{32000, 4096}) || !ok || f.ID != "q4_k" {
			t.Errorf("got %+v", e)
		}
		m := v.Metadata
		if n, _ := m.Int("llama.after"); n != 7 {
			t.Errorf("behind a long list: got %d, want 7", n)
		}
		if n, ok := m.Int("general.alignment"); n != 64 || !ok || m.Text("general.architecture") != "llama" || m["llama.flag"] != true || m["llama.rope.freq_base"] != 1e6 {
			t.Errorf("metadata: got %v", m)
		}
		if !slices.Equal(m.Ints("llama.per_layer"), []int64{1, -2, 3}) || !slices.Equal(m.Ints("llama.pattern"), []int64{1, 0}) || m.Ints("none") != nil || !slices.Equal(m.Ints("general.alignment"), []int64{64}) {
			t.Errorf("lists: got %v", m)
		}
		if _, kept := m["tokenizer.ggml.tokens"]; kept {
			t.Error("the vocabulary is kept in memory")
		}
	}
}

// A file cut anywhere gives an error that says so, never a panic or a short list.
func TestGGUFTruncated(t *testing.T) {
	whole := (&ggufWriter{}).set("general.architecture", "llama").set("llama.list", []int32{1, 2}).
		set("tokenizer.ggml.tokens", []string{"a", "b"}).add("token_embd.weight", 0, 2, 4).bytes(3)
	for n := 4; n < len(whole); n++ {
		if v, err := Read(headerOnly("cut.gguf", whole[:n])); err == nil {
			t.Fatalf("cut after %d of %d bytes: got %+v, want an error", n, len(whole), v)
		}
	}
	v, err := Read(InMemory("cut.gguf", whole))
	if err != nil || len(v.Notes) != 1 || !strings.Contains(v.Notes[0], "download is not complete") {
		t.Errorf("header without data: got %v, %v; want a note", v.Notes, err)
	}
	padded := append(whole, make([]byte, (32-len(whole)%32)%32+2*4*4)...) // data start at a multiple of 32
	if v, err := Read(InMemory("whole.gguf", padded)); err != nil || len(v.Notes) != 0 {
		t.Errorf("with data: got %v, %v; want no note", v.Notes, err)
	}
	if v, err := Read(InMemory("cut.gguf", padded[:len(padded)-1])); err != nil || len(v.Notes) != 1 {
		t.Errorf("with all data but a byte: got %v, %v; want a note", v.Notes, err)
	}
}

func TestGGUFRefuses(t *testing.T) {
	head := func(version uint32, tensors, pairs uint64, rest ...any) []byte {
		var b bytes.Buffer
		b.WriteString("GGUF")
		put(&b, version, tensors, pairs)
		put(&b, rest...)
		return b.Bytes()
	}
	check := func(data []byte, want string) {
		t.Helper()
		_, err := Read(InMemory("x.gguf", data))
		if err == nil || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), "x.gguf: ") {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	check(head(1, 0, 0), "version 1")
	check([]byte("FUGG"+strings.Repeat("\x00", 20)), "big-endian")
	check(head(3, 1<<60, 0), "tensors announced")
	check(head(3, 0, 1<<60), "metadata entries announced")
	check(head(3, 0, 1, uint64(1<<40)), "metadata key of")
	check(head(3, 0, 1, "k", uint32(99), uint64(0)), "value type 99")
	check(head(3, 0, 1, "k", uint32(8), uint64(1<<62)), "more than the file has")
	check(head(3, 0, 1, "k", uint32(9), uint32(8), uint64(1<<62), uint64(1<<62)), "more than the file has")
	check(head(3, 0, 1, "k", uint32(9), uint32(0), uint64(1<<62)), "more than any file has")
	check(head(3, 0, 1, "k", uint32(9), uint32(10), uint64(1<<50)), "more than the file has")
	check(head(3, 0, 1, "k", uint32(9), uint32(9), uint64(1)), "cannot be read")
	check(head(3, 0, 2, "k", uint32(0), uint8(1), "k", uint32(0), uint8(1)), "twice")
	check(head(3, 1, 0, uint64(1<<30)), "tensor name of")
	check(head(3, 1, 0, "t", uint32(9)), "9 dimensions")
	check(head(3, 1, 0, "t", uint32(1), uint64(1<<63), uint32(0), uint64(0)), "a dimension of")
	check(head(3, 1, 0, "t", uint32(2), uint64(1<<40), uint64(1<<40), uint32(0), uint64(0)), "more than")
	check(head(3, 1, 0, "t", uint32(1), uint64(4), uint32(0), uint64(1<<63)), "beyond any file")
	check(head(3, 1, 0, "t", uint32(1), uint64(100), uint32(12), uint64(0)), "rows of 100 elements cannot be stored in Q4_K")
	check(head(3, 1, 0, "t", uint32(1), uint64(100), uint32(4), uint64(0)), "number format 4 is not known")
	check((&ggufWriter{}).add("t", 0, 4).add("t", 0, 4).bytes(3), "twice")
}

// A number format newer than moecost still has exact bytes, up to the
// alignment's padding: the next tensor says where it ends.
func TestGGUFNewType(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("GGUF")
	put(&b, uint32(3), uint64(2), uint64(0),
		"a", uint32(1), uint64(256), uint32(77), uint64(0),
		"b", uint32(1), uint64(8), uint32(0), uint64(96))
	v := read(t, "new.gguf", b.Bytes())
	if v.Tensors[0].Bytes != 96 || v.Bytes != 96+32 || len(v.Notes) != 1 {
		t.Errorf("got %+v", v)
	}
}

func TestSplitGGUF(t *testing.T) {
	first := read(t, "m-1.gguf", (&ggufWriter{}).set("general.architecture", "llama").set("split.count", 2).set("llama.block_count", 1).add("token_embd.weight", 0, 8, 4).bytes(3))
	second := read(t, "m-2.gguf", (&ggufWriter{}).set("split.no", 1).set("split.count", 2).add("output_norm.weight", 0, 4).bytes(3))
	half, err := Merge(second)
	if err != nil || half.Exact() || !slices.Equal(half.Missing, []string{"1 of 2 files"}) {
		t.Errorf("one of two: got %+v, %v", half, err)
	}
	whole, err := Merge(second, first)
	if err != nil || !whole.Exact() || len(whole.Tensors) != 2 || whole.Metadata.Text("general.architecture") != "llama" {
		t.Errorf("both: got %+v, %v", whole, err)
	}
	other := read(t, "m.safetensors", safetensorsHeader([]stored{{name: "a", dtype: "F32", shape: []int64{1}}}))
	if _, err := Merge(first, other); err == nil || !strings.Contains(err.Error(), "safetensors file beside gguf files") {
		t.Errorf("mixed containers: got %v", err)
	}
}

// Both parsers take any bytes: an error or an inventory whose sums hold.
func FuzzRead(f *testing.F) {
	f.Add((&ggufWriter{}).set("general.architecture", "deepseek2").set("deepseek2.block_count", 1).set("deepseek2.list", []int32{1, 2}).
		set("tokenizer.ggml.tokens", []string{"a", "b"}).set("deepseek2.attention.head_count", 4).set("deepseek2.attention.kv_lora_rank", 512).
		add("token_embd.weight", 12, 32, 256).add("blk.0.attn_kv_a_mqa.weight", 0, 576, 256).
		add("blk.0.ffn_down_exps.weight", 0, 4, 8, 8).add("blk.0.ffn_gate_inp.weight", 0, 4, 8).bytes(3))
	f.Add((&ggufWriter{}).set("general.architecture", "qwen3next").add("token_embd.weight", 8, 32, 256).add("blk.0.ssm_ba.weight", 0, 4, 4).bytes(2))
	f.Add(safetensorsHeader([]stored{{name: "model.layers.0.mlp.experts.3.up_proj.weight", dtype: "BF16", shape: []int64{4, 8}}, {name: "lm_head.weight", dtype: "F8_E4M3", shape: []int64{4}}}))
	f.Add([]byte(`{"metadata":{"total_size":14},"weight_map":{"a":"m-1.safetensors"}}`))
	tiny, err := hf.Read([]byte(`{"model_type":"olmoe","hidden_size":8,"intermediate_size":4,"num_hidden_layers":1,"num_attention_heads":2,"num_experts":4,"num_experts_per_tok":2,"vocab_size":8}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(safetensorsHeader(implied(tiny.Model)))
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Read(InMemory("fuzz", data))
		if err != nil {
			return
		}
		sum, known := int64(0), v.Container != Index
		for _, e := range v.Tensors {
			if e.Bytes < 0 || e.Elements() < 0 {
				t.Fatalf("negative: %+v", e)
			}
			sum += e.Bytes
		}
		if known && sum != v.Bytes || v.Bytes < 0 {
			t.Fatalf("bytes: got %d, want the sum %d", v.Bytes, sum)
		}
		parts := int64(0)
		for _, n := range v.BytesByPart() {
			parts += n
		}
		if parts != sum {
			t.Fatalf("parts add up to %d, tensors to %d", parts, sum)
		}
		if a, err := Match(tiny.Model, v); err == nil && a.Model.CheckpointBytes().Bytes() < 0 {
			t.Fatalf("negative bytes: %+v", a)
		}
		if r, err := v.Model(); err == nil {
			survives(t, r)
			if n := r.Model.TotalParams(); n < 0 || r.Model.KVElementsPerToken() < 0 || r.Model.KVBytesPerSequence(1<<20, r.Model.Base) < 0 || r.Model.StateBytesPerSequence() < 0 {
				t.Fatalf("negative counts: %d", n)
			}
		}
	})
}
