package report

// HostRates are the rates at which experts reach the GPUs, in bytes per second: over the link, by
// the CPU that computes them, from the drive. 0 where one is not known. Their values are the
// scenario's, or those of the host that the accelerator is taken to be in.
func (r *Report) HostRates() (link, cpu, drive float64) {
	h := r.rates()
	return h.link, h.cpu, h.nvme
}

// HostChosen tells whether the shares in host memory and in the cache are moecost's own choice.
func (r *Report) HostChosen() bool { return r.in.away.chosenHost }

// Unified tells whether GPU and host share their memory.
func (r *Report) Unified() bool { return r.in.gpu.Unified }
