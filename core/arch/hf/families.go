package hf

import "slices"

// families lists the readers. A new family is one file and one line here.
func families() []family {
	return slices.Concat(llamaFamilies(), gemmaFamilies(), []family{
		{[]string{"mixtral"}, readMixtral},
		{[]string{"qwen2_moe"}, readQwen2MoE},
		{[]string{"qwen3_moe", "qwen3_vl_moe", "qwen3_vl_moe_text"}, readQwen3MoE},
		{[]string{"qwen3_next"}, readQwen3Next},
		{[]string{"qwen3_5_moe", "qwen3_5_moe_text", "qwen3_5", "qwen3_5_text"}, readQwen35},
		{[]string{"llama4", "llama4_text"}, readLlama4},
		{[]string{"gpt_oss"}, readGPTOSS},
		{[]string{"grok-1", "grok1modelforcausallm"}, readGrok1},
		{[]string{"grok-2", "grok1forcausallm"}, readGrok2},
		{[]string{"dbrx"}, readDBRX},
		{[]string{"arctic"}, readArctic},
		{[]string{"phimoe"}, readPhiMoE},
		{[]string{"phi3"}, readPhi3},
		{[]string{"olmoe", "flex_olmo"}, readOLMoE},
		{[]string{"olmo2", "olmo3"}, readOLMo2},
		{[]string{"jamba"}, readJamba},
		{[]string{"granitemoe"}, readGranite},
		{[]string{"granitemoeshared"}, readGranite},
		{[]string{"granitemoehybrid"}, readGranite},
		{[]string{"hunyuan", "hunyuan_v1_moe", "hunyuan_moe_v1"}, readHunyuan},
		{[]string{"ernie4_5_moe", "ernie4_5_moe_vl", "ernie4_5_vl_moe", "ernie4_5_vl_moe_text"}, readErnie},
		{[]string{"nemotron_h"}, readNemotronH},
		{[]string{"cohere", "cohere2"}, readCohere},
		{[]string{"falcon", "refinedweb", "refinedwebmodel"}, readFalcon},
		{[]string{"deepseek", "deepseek_moe"}, readDeepSeekMoE},
		{[]string{"deepseek_v2"}, readDeepSeekV2},
		{[]string{"deepseek_v3", "kimi_k2", "kimi_k25", "mistral_large_3"}, readDeepSeekV3},
		{[]string{"deepseek_v32"}, readDeepSeekV32},
		{[]string{"deepseek_v4", "deepseekv4forcausallm"}, readDeepSeekV4},
		{[]string{"glm4_moe", "glm4v_moe", "glm4v_moe_text"}, readGLM4},
		{[]string{"glm4_moe_lite"}, readGLM4Lite},
		{[]string{"glm_moe_dsa"}, readGLM5},
		{[]string{"longcat_flash", "longcatflashforcausallm"}, readLongCat},
		{[]string{"minimax_text_01", "minimax_m1", "minimax", "minimaxtext01forcausallm", "minimaxm1forcausallm"}, readMiniMax01},
		{[]string{"minimax_m2", "minimaxm2forcausallm"}, readMiniMaxM2},
		{[]string{"dots1"}, readDots1},
		{[]string{"kimi_linear", "kimi_k3"}, readKimiLinear},
	})
}
