package serving

// busiest is the distinct experts that the rank reads which the others wait for,
// and its token copies over the mean.
func (t *Timing) busiest(k *kind, x *amounts) (distinct, imbalance float64) {
	if t.even {
		return k.experts.Coverage.Distinct(x.covering) / float64(t.d.Layout.EP), 1
	}
	return k.experts.Distinct(x.covering), k.experts.Imbalance(x.routed)
}

// Even is the deployment if every expert-parallel rank had the same share of the
// tokens and of the distinct experts, and no copies of experts were read. What a step takes longer
// is what the ranks wait for one another at the end of each MoE layer.
func (t *Timing) Even() *Timing {
	even := *t
	even.even = true
	return &even
}

// Busiest is the mean over MoE layers of the distinct experts that the busiest rank
// reads, and of those on the mean rank; 0 for a dense model.
func (t *Timing) Busiest(w Work) (distinct, mean float64) {
	x := t.amounts(&w)
	for i := range t.kinds {
		if k := &t.kinds[i]; k.experts != nil {
			d, _ := t.busiest(k, &x)
			distinct += k.count * d / t.moe
			mean += k.count * k.experts.Coverage.Distinct(x.covering) / float64(t.d.Layout.EP) / t.moe
		}
	}
	return distinct, mean
}
