package hf

import (
	"testing"

	"moecost/core/arch"
)

// The checkpoint that xAI published holds the matrices of attention and experts
// in INT8 and everything else (embedding, norms, router) in FP32: an inventory of
// ckpt-0 counts 318,114,914,304 bytes without the INT8 scales (models.csv).
func TestGrok1Original(t *testing.T) {
	bytes := int64(0)
	for w := range readConfig(t, "hpcai-tech__grok-1").Model.Tensors() {
		if w.Use == arch.Multiplied && w.Role != arch.Router {
			bytes += w.Elements()
		} else {
			bytes += 4 * w.Elements()
		}
	}
	if bytes != 318114914304 {
		t.Errorf("got %d bytes, want 318114914304: %+d", bytes, bytes-318114914304)
	}
}
