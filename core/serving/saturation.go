package serving

import "moecost/core/arch"

// SaturationTokens is how many tokens a step must hold for its experts to be
// bound by arithmetic instead of by reading them, at peak figures and uniform routing:
// per expert peak x bytes per element / (2 x bandwidth), times experts over top-k. 0 for a
// dense model. For an H100 it is about 295 E/k.
func SaturationTokens(d *Deployment) float64 {
	for i := range d.Model.Blocks {
		for j := range d.Model.Blocks[i].Sublayers {
			s := &d.Model.Blocks[i].Sublayers[j]
			if s.MoE == nil || s.MoE.TopK == 0 {
				continue
			}
			f := storedIn(s, arch.RoutedExperts)
			_, peak := d.GPU.Peaks.Used(f.Arithmetic)
			perExpert := peak * f.BitsPerElement() / 8 / (2 * d.GPU.BandwidthBytesPerSecond)
			return perExpert * float64(s.MoE.Experts) / s.MoE.ExpectedExperts()
		}
	}
	return 0
}
