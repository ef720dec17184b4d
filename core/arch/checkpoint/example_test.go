package checkpoint_test

import (
	"fmt"

	"moecost/core/arch/checkpoint"
	"moecost/core/arch/preset"
)

// A header names tensors, shapes and formats; the bytes follow, without a config.
func ExampleRead() {
	header := `{"model.layers.0.mlp.experts.0.up_proj.weight":{"dtype":"F8_E4M3","shape":[2048,7168],"data_offsets":[0,14680064]},` +
		`"model.layers.0.mlp.experts.0.up_proj.weight_scale_inv":{"dtype":"F32","shape":[16,56],"data_offsets":[14680064,14683648]}}`
	file := append([]byte{byte(len(header)), byte(len(header) >> 8), 0, 0, 0, 0, 0, 0}, header...)

	v, err := checkpoint.Read(checkpoint.InMemory("model-00001-of-00163.safetensors", file))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(v.Tensors), "tensors,", v.Bytes, "bytes")
	fmt.Println(v.BytesByPart()[checkpoint.RoutedExperts], "bytes of routed experts")
	// Output:
	// 2 tensors, 14683648 bytes
	// 14683648 bytes of routed experts
}

// An index alone tells whether a config and a checkpoint name the same tensors.
func ExampleMatch() {
	p, _ := preset.ByID("mixtral-8x7b")
	r, err := p.Reading()
	if err != nil {
		fmt.Println(err)
		return
	}
	index := `{"metadata":{"total_size":93405585408},"weight_map":{"lm_head.weight":"model-00019-of-00019.safetensors"}}`
	v, err := checkpoint.Read(checkpoint.InMemory("model.safetensors.index.json", []byte(index)))
	if err != nil {
		fmt.Println(err)
		return
	}
	a, err := checkpoint.Match(r.Model, v)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(a.Found, "found,", len(a.Missing), "missing")
	fmt.Println("bytes as published:", v.Bytes == r.Model.CheckpointBytes().Bytes())
	// Output:
	// 1 found, 322 missing
	// bytes as published: true
}
