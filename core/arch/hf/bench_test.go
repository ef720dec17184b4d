package hf

import (
	"os"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

func benchmarkConfig(b *testing.B, id string) []byte {
	data, err := os.ReadFile(configs + id + ".json")
	if err != nil {
		b.Fatal(err)
	}
	return data
}

func BenchmarkRead(b *testing.B) {
	for _, id := range []string{"deepseek-ai__DeepSeek-V3", "moonshotai__Kimi-K3"} {
		data := benchmarkConfig(b, id)
		b.Run(id, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(data); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkCounts(b *testing.B) {
	r, err := Read(benchmarkConfig(b, "deepseek-ai__DeepSeek-V3"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		_ = r.Model.TotalParams() + r.Model.ActiveParams(arch.WithoutBoth) + r.Model.WeightBytes().Bytes() + r.Model.KVBytesPerSequence(4096, format.BF16)
	}
}
