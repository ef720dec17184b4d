package hf

// families lists the readers. A new family is one file and one line here.
func families() []family {
	return []family{
		{[]string{"deepseek", "deepseek_moe"}, readDeepSeekMoE},
		{[]string{"deepseek_v2"}, readDeepSeekV2},
		{[]string{"deepseek_v3", "kimi_k2", "mistral_large_3"}, readDeepSeekV3},
		{[]string{"deepseek_v32"}, readDeepSeekV32},
	}
}
