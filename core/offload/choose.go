package offload

import (
	"moecost/core/hardware"
	"moecost/core/serving"
)

// FitCache is the largest cache of experts that fits on the GPUs of a layout beside all
// else that the load needs there, as a share of the experts that the load keeps in host memory, in
// thousandths; 0 where not even the rest fits.
func FitCache(f *serving.Footprint, gpu *hardware.Accelerator, e *serving.Engine, l serving.Layout, load serving.Load) float64 {
	free := func(cache float64) int64 {
		load.Cache = cache
		led := f.Ledger(gpu, e, l, load)
		return led.Free
	}
	low, high := 0, 1000 // low fits, high does not
	if free(0) <= 0 {
		return 0
	}
	if free(1) >= 0 {
		return 1
	}
	for high-low > 1 {
		if middle := (low + high) / 2; free(float64(middle)/1000) >= 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return float64(low) / 1000
}

// FitHost is the smallest share of the experts in host memory with which the load fits, in
// thousandths; 0 if nothing does. The cache's slots are as the load says.
func FitHost(f *serving.Footprint, gpu *hardware.Accelerator, e *serving.Engine, l serving.Layout, load serving.Load) float64 {
	fits := func(host float64) bool {
		load.Host = host
		led := f.Ledger(gpu, e, l, load)
		return led.Fits()
	}
	if !fits(1) {
		return 0
	}
	low, high := 0, 1000 // low does not, high does
	for high-low > 1 {
		if middle := (low + high) / 2; fits(float64(middle) / 1000) {
			high = middle
		} else {
			low = middle
		}
	}
	return float64(high) / 1000
}
