// Package hardware holds the accelerators that moecost knows, as facts with a
// source each, and reads the compact form in which a link describes another
// one.
//
// Figures are what a program can get, not what the box says: memory is what
// the driver reports (an "80 GB" H100 has 85.52 GB, an "80 GB" A100 85.90 GB),
// peaks are dense, links count one direction. What of these is reached in
// practice is not here: that is the serving model's business.
package hardware

import "moecost/core/format"

// Accelerator is one device as a deployment counts it: what one rank runs on.
type Accelerator struct {
	ID     string // as in the link: "h100-sxm"; "custom" for one that a link describes
	Like   string // id of the accelerator that a custom one is derived from; empty otherwise
	Name   string // "H100 SXM"
	Vendor string

	// Architecture names the generation that efficiencies are fitted by:
	// "ampere", "hopper", "blackwell", "cdna3", "blackwell-consumer"…
	Architecture string

	// MemoryBytes is the device's total, see MemoryBasis. A CUDA context cannot
	// allocate the last half gigabyte of it: of an H100's 81,559 MiB it sees
	// 81,106 (deviceQuery, github.com/thamada/nvidia-smi).
	MemoryBytes int64
	MemoryBasis MemoryBasis // who says so
	MemorySold  string      // the vendor's words: "80 GB"

	BandwidthBytesPerSecond float64 // of the device memory; 0 if unknown
	Peaks                   Peaks

	ScaleUp                ScaleUp
	ScaleOutBytesPerSecond float64 // one direction, per GPU, of the usual network between domains; 0 if unknown
	HostLink               HostLink
	Unified                bool // CPU and GPU share the memory: nothing is gained by offloading to the host

	Watts int // of one device under load, as the vendor rates it; 0 if unknown
	Year  int // on sale since

	Price   Price
	Sources Sources
	Note    string // what a reader must know before trusting the row
}

// MemoryBasis says where a memory figure comes from.
type MemoryBasis string

const (
	// MemoryFromDriver is the total that nvidia-smi, rocm-smi or Metal reports.
	MemoryFromDriver MemoryBasis = "driver"
	// MemoryFromVendor is the vendor's round number, read as decimal gigabytes
	// because no driver's figure is known. The device has at least that.
	MemoryFromVendor MemoryBasis = "vendor"
	// MemoryFromLink is what a custom accelerator's description says.
	MemoryFromLink MemoryBasis = "link"
)

// Peaks are dense matrix rates in FLOP/s (OP/s for INT8). 0 means that the
// device has no tensor path for the format, or that the rate is not known.
type Peaks struct {
	BF16, FP8, FP4, INT8 float64
}

// Of returns the rate of one arithmetic, 0 if the device has none.
func (p Peaks) Of(a format.Arithmetic) float64 {
	switch a {
	case format.ArithmeticBF16:
		return p.BF16
	case format.ArithmeticFP8:
		return p.FP8
	case format.ArithmeticFP4:
		return p.FP4
	case format.ArithmeticINT8:
		return p.INT8
	}
	return 0
}

// Used returns the arithmetic that a device multiplies in when the weights are
// stored for a, and its rate. A device without a falls back to BF16: weights
// are widened on their way in, and only their bytes are saved. So it does
// where a is slower than BF16 (INT8 on B300).
func (p Peaks) Used(a format.Arithmetic) (format.Arithmetic, float64) {
	if rate := p.Of(a); rate > p.BF16 {
		return a, rate
	}
	return format.ArithmeticBF16, p.BF16
}

// ScaleUp is the fast network inside one domain: NVLink, Infinity Fabric, PCIe.
type ScaleUp struct {
	Name           string
	BytesPerSecond float64 // one direction, per GPU; 0 if there is none
	GPUs           int     // that one domain joins; 1 if there is none
}

// HostLink joins the device to its host's memory. PCIe counts after its
// 128b/130b encoding: 31.5 GB/s for 4.0 x16, 63 for 5.0, where some sources write 32 and 64.
type HostLink struct {
	Name           string
	BytesPerSecond float64 // one direction; 0 if unknown or if memory is unified
}

// Price is what an hour of one device costs. All 0 if no price is known.
type Price struct {
	USDPerHour float64 // typical
	Low, High  float64 // of the prices seen
	Basis      string  // "3-year rental", "on demand"
}

// Complete tells whether a step can be timed on the device: its bandwidth and
// its BF16 peak are known.
func (a Accelerator) Complete() bool {
	return a.BandwidthBytesPerSecond > 0 && a.Peaks.BF16 > 0
}
