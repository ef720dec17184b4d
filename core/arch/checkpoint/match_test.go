package checkpoint

import (
	"slices"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/arch/hf"
	"moecost/core/arch/preset"
)

func reading(t *testing.T, id string) *hf.Reading {
	t.Helper()
	p, ok := preset.ByID(id)
	if !ok {
		t.Fatalf("no preset %s", id)
	}
	r, err := p.Reading()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Payload bytes as audited from the published headers: models.csv of the
// reference data, column checkpoint_bytes_exact.
const deepSeekV3Bytes = 688_574_839_360

func TestDeepSeekV3Checkpoint(t *testing.T) {
	v := read(t, "deepseek-v3.safetensors", safetensorsHeader(deepSeekV3()))
	if v.Bytes != deepSeekV3Bytes {
		t.Fatalf("the checkpoint of the test: got %d bytes, published are %d", v.Bytes, int64(deepSeekV3Bytes))
	}
	m := reading(t, "deepseek-v3").Model
	a, err := Match(m, v)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Agrees() || !a.Sized {
		t.Errorf("missing %v, extra %v, differ %v", head(a.Missing), head(a.Extra), head(a.Differ))
	}
	if got := a.Model.CheckpointBytes().Bytes(); got != deepSeekV3Bytes {
		t.Errorf("bytes of the matched model: got %d, want %d", got, int64(deepSeekV3Bytes))
	}
	// 256 experts of 58 main layers and the MTP layer, three matrices of
	// 2048 x 7168 in one byte, and a 4-byte scale per 128 x 128.
	part := v.BytesByPart()
	if got, want := part[RoutedExperts], int64(58*256*3)*(2048*7168+2048*7168/(128*128)*4); got != want {
		t.Errorf("routed experts: got %d bytes, want %d", got, want)
	}
	if got, want := part[Unknown]+part[Vision], int64(0); got != want {
		t.Errorf("unknown or vision: got %d bytes, want none", got)
	}
	if got, want := part[MTP], m.MTPBytes().Bytes(); got != want {
		t.Errorf("MTP: got %d bytes by name, want %d by description", got, want)
	}
}

func head(list []string) []string { return list[:min(len(list), 5)] }

func TestGptOSSCheckpoint(t *testing.T) {
	const published = 65_248_815_744 // index total_size, as in the reference data
	v := read(t, "gpt-oss.safetensors", safetensorsHeader(gptOSS()))
	if v.Bytes != published {
		t.Fatalf("the checkpoint of the test: got %d bytes, published are %d", v.Bytes, int64(published))
	}
	m := reading(t, "gpt-oss-120b").Model
	a, err := Match(m, v)
	if err != nil {
		t.Fatal(err)
	}
	if !a.Agrees() || a.Model.CheckpointBytes().Bytes() != published {
		t.Errorf("got %d bytes, missing %v, extra %v, differ %v", a.Model.CheckpointBytes().Bytes(), head(a.Missing), head(a.Extra), head(a.Differ))
	}
	if got, want := v.BytesByPart()[RoutedExperts], m.WeightBytesByRole()[arch.RoutedExperts]; got != want.Bytes() {
		t.Errorf("routed experts: got %d bytes by name, want %d by description", got, want.Bytes())
	}
}

// One of each family: the checkpoint that the description implies, written as a
// header and read back, agrees with it to the byte, with no tensor whose name says nothing.
func TestEveryFamilyMatchesItsOwnNames(t *testing.T) {
	done := map[string]bool{}
	for _, p := range preset.All() {
		if p.Kind == preset.Closed {
			continue
		}
		r, err := p.Reading()
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
			continue
		}
		if done[r.Family] {
			continue
		}
		done[r.Family] = true
		m := thinned(r.Model)
		v := read(t, p.ID, safetensorsHeader(implied(m)))
		a, err := Match(m, v)
		if err != nil {
			t.Errorf("%s: %v", p.ID, err)
			continue
		}
		if !a.Agrees() {
			t.Errorf("%s: missing %v, extra %v, differ %v", p.ID, head(a.Missing), head(a.Extra), head(a.Differ))
		}
		want := m.CheckpointBytes().Bytes()
		if got := a.Model.CheckpointBytes().Bytes(); got != v.Bytes || v.Bytes != want {
			t.Errorf("%s: described %d bytes, stored %d, matched %d", p.ID, want, v.Bytes, got)
		}
		for i, part := range v.Parts() {
			if part == Unknown {
				t.Errorf("%s: %s: the name says nothing", p.ID, v.Tensors[i].Name)
				break
			}
		}
	}
	if len(done) < 50 {
		t.Errorf("%d families were compared, fewer than there are: %v", len(done), done)
	}
}

// thinned is a model with three of the experts of each layer: their names and formats are
// those of all, and a header of a few thousand tensors says as much as one of a hundred thousand.
func thinned(m *arch.Model) *arch.Model {
	const kept = 3
	blocks := func(from []arch.Block) []arch.Block {
		out := slices.Clone(from)
		for i := range out {
			out[i].Sublayers = slices.Clone(out[i].Sublayers)
			for j := range out[i].Sublayers {
				s := &out[i].Sublayers[j]
				s.Tensors = slices.Clone(s.Tensors)
				for k := range s.Tensors {
					if x := &s.Tensors[k]; x.Role == arch.RoutedExperts {
						x.Copies = min(x.Copies, kept)
					}
				}
			}
		}
		return out
	}
	thin := *m
	thin.Blocks, thin.MTP.Blocks = blocks(m.Blocks), blocks(m.MTP.Blocks)
	return &thin
}

// What differs is named, and what agrees still gets the checkpoint's formats.
func TestDisagreements(t *testing.T) {
	m := reading(t, "olmoe-1b-7b").Model
	ts := implied(m)
	var changed []stored
	for _, s := range ts {
		switch s.name {
		case "model.layers.3.self_attn.q_proj.weight":
			continue
		case "model.layers.4.self_attn.k_proj.weight":
			s.shape = []int64{7, 11}
		case "model.layers.5.mlp.experts.9.up_proj.weight":
			continue // one of 64
		case "model.norm.weight":
			s.dtype = "F32"
		}
		changed = append(changed, s)
	}
	changed = append(changed, stored{name: "model.layers.2.self_attn.rotary_emb.inv_freq", dtype: "F32", shape: []int64{64}})
	a, err := Match(m, read(t, "m.safetensors", safetensorsHeader(changed)))
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, got []string, want ...string) {
		t.Helper()
		if len(got) != len(want) {
			t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
		for i := range got {
			if !strings.HasPrefix(got[i], want[i]) {
				t.Errorf("%s: got %v, want %v", what, got, want)
			}
		}
	}
	check("missing", a.Missing, "layers.3.self_attn.q_proj.weight")
	check("extra", a.Extra, "model.layers.2.self_attn.rotary_emb.inv_freq")
	check("differ", a.Differ, "layers.4.self_attn.k_proj.weight: described [2048 2048] × 1 = 4194304 weights, stored [7 11] × 1 = 77", "layers.5.mlp.experts.{e}.up_proj.weight: described")
	if len(a.Notes) != 3 || !strings.HasPrefix(a.Notes[0], "1 tensors that the config describes") {
		t.Errorf("notes: got %q", a.Notes)
	}
	if got := a.Model.Head[0].Stored.ID; got != "fp32" {
		t.Errorf("the norm is stored in fp32, the matched model says %s", got)
	}
	if m.Head[0].Stored.ID != "bf16" {
		t.Error("the model given was changed")
	}
}

// An AWQ checkpoint of a model whose config is the plain one: 4 bits packed
// eight to a word, zero points and 16-bit scales per 128 inputs. Layout: AutoAWQ, WQLinear_GEMM.
func TestPackedCheckpoint(t *testing.T) {
	m := reading(t, "mixtral-8x7b").Model
	var ts []stored
	want := int64(0)
	for _, s := range implied(m) {
		stem, ok := strings.CutSuffix(s.name, ".weight")
		if !ok || len(s.shape) != 2 || !strings.Contains(s.name, "layers.") || strings.HasSuffix(s.name, "gate.weight") {
			ts = append(ts, s)
			n := int64(2)
			for _, d := range s.shape {
				n *= d
			}
			want += n
			continue
		}
		out, in := s.shape[0], s.shape[1]
		ts = append(ts, stored{name: stem + ".qweight", dtype: "I32", shape: []int64{in, out / 8}},
			stored{name: stem + ".qzeros", dtype: "I32", shape: []int64{in / 128, out / 8}},
			stored{name: stem + ".scales", dtype: "F16", shape: []int64{in / 128, out}})
		want += in*out/2 + in/128*out/2 + in/128*out*2
	}
	a, err := Match(m, read(t, "awq.safetensors", safetensorsHeader(ts)))
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Model.CheckpointBytes().Bytes(); !a.Agrees() || got != want {
		t.Errorf("got %d bytes, want %d; missing %v, extra %v, differ %v", got, want, head(a.Missing), head(a.Extra), head(a.Differ))
	}
	experts := a.Model.MoE()
	if experts == nil || a.Model.TotalParams() != m.TotalParams() {
		t.Errorf("packing changed the parameter count: got %d, want %d", a.Model.TotalParams(), m.TotalParams())
	}
}

// Scales that no registered format has are counted to the byte all the same:
// 64 x 64 blocks, and one scale for q, k and v in one matrix.
func TestUnusualScales(t *testing.T) {
	m := reading(t, "dbrx").Model
	var ts []stored
	for _, s := range implied(m) {
		stem, isWeight := strings.CutSuffix(s.name, ".weight")
		switch {
		case strings.HasSuffix(s.name, "Wqkv.weight"):
			s.dtype = "F8_E4M3"
			ts = append(ts, stored{name: stem + ".weight_scale", dtype: "F32"})
		case isWeight && strings.HasSuffix(s.name, "out_proj.weight"):
			s.dtype = "F8_E4M3"
			ts = append(ts, stored{name: stem + ".weight_scale_inv", dtype: "F32", shape: []int64{s.shape[0] / 64, s.shape[1] / 64}})
		}
		ts = append(ts, s)
	}
	v := read(t, "dbrx.safetensors", safetensorsHeader(ts))
	a, err := Match(m, v)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Model.CheckpointBytes().Bytes(); !a.Agrees() || got != v.Bytes || got >= m.CheckpointBytes().Bytes() {
		t.Errorf("got %d bytes, stored %d, described %d; missing %v, extra %v, differ %v", got, v.Bytes, m.CheckpointBytes().Bytes(), head(a.Missing), head(a.Extra), head(a.Differ))
	}
}

// An index alone confirms names and changes nothing.
func TestIndexAlone(t *testing.T) {
	m := reading(t, "olmoe-1b-7b").Model
	v := &Inventory{Container: Index, Files: []string{"index"}}
	for _, s := range implied(m) {
		v.Tensors = append(v.Tensors, Entry{Name: s.name})
	}
	a, err := Match(m, v)
	if err != nil || !a.Agrees() || a.Sized || a.Model.CheckpointBytes() != m.CheckpointBytes() {
		t.Errorf("got %+v, %v", a, err)
	}
	if _, err := Match(m, &Inventory{Container: GGUF, Files: []string{"m.gguf"}}); err == nil {
		t.Error("a GGUF file: want an error that leads to Model")
	}
}
