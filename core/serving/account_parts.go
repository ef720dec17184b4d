package serving

import "strings"

func (a *account) launch() string {
	return a.shared("u", "time of a kernel inside a CUDA graph", a.t.launch, "s", FromFit)
}

func (a *account) tokens(x *amounts) string {
	return a.shared("T", "tokens of the busiest attention replica", x.tokens, "tokens", FromLoad)
}

// bandwidth is the memory rate that weight reads reach.
func (a *account) bandwidth() string {
	gpu := a.t.d.GPU.BandwidthBytesPerSecond
	return a.shared("V", "memory bandwidth", gpu, "bytes/s", FromGPU) + "*" +
		a.shared("M", "share of it that weight reads reach", a.t.bandwidth/gpu, "share", FromFit)
}

// matrices is the slower of reading weights and multiplying, and the kernels between them.
func (a *account) matrices(m *matrices, tokens string, rows float64) string {
	b := a.own("b", "bytes of weights on one GPU", m.bytes, "bytes", FromModel)
	o := a.own("o", "bytes of activations in and out, per token", m.out, "bytes", FromModel)
	g := a.shared("G", "bytes that kernels between the matrices move, relative", a.t.c.Between, "", FromFit)
	w := a.bandwidth()
	return tokens + "*" + o + "*" + g + "/(" + w + ") + max((" + b + " + " + tokens + "*" + o + ")/(" + w + "), " + tokens + "*(" + a.multiplied(m) + "))"
}

// multiplied is the time that the matrices take per token.
func (a *account) multiplied(m *matrices) string {
	peaks := a.t.d.GPU.Peaks
	f8, f4 := m.peak8*peaks.FP8, m.peak4*peaks.FP4
	var parts []string
	add := func(id, what string, flops, peak, deep, multiply float64) {
		if peak == 0 {
			return
		}
		f := a.own("f"+id, "FLOPs per token on one GPU, "+what, flops, "FLOPs", FromModel)
		p := a.own("p"+id, "peak rate, "+what, flops/peak, "FLOP/s", FromGPU)
		e := a.shared("E"+id, "share of the peak that is reached, "+what, 1/multiply, "share", FromFit)
		s := f + "/" + p + "/" + e
		if deep > 0 {
			d := a.shared("D", "columns that a product costs beyond its own", a.t.c.Depth, "", FromFit)
			s += "*(1 + " + d + "/" + a.own("w"+id, "columns of these matrices, mean", peak/deep, "", FromModel) + ")"
		}
		parts = append(parts, s)
	}
	add("", "matrices in BF16 or in per-tensor formats", m.flops-f8-f4, m.peak, m.deep, a.t.multiply)
	add("q", "matrices in FP8 blocks", f8, m.peak8, m.deep8, a.t.multiply8)
	add("v", "matrices in FP4", f4, m.peak4, m.deep4, a.t.multiply4)
	if parts == nil {
		return "0"
	}
	return strings.Join(parts, " + ")
}

func (a *account) count(m *matrices, layers, tokens float64) {
	a.FLOPs += layers * tokens * m.flops
	a.Bytes += layers * (m.bytes + tokens*m.out)
}

func (a *account) cacheRate() string {
	return a.bandwidth() + "*" + a.shared("C", "of that, what reads of the cache reach", a.t.cacheRead/a.t.bandwidth, "share", FromFit)
}

// attend is the rate of attention.
func (a *account) attend(symbol, what string, rate float64) string {
	peak := a.t.d.GPU.Peaks.BF16
	return a.shared("P", "BF16 peak", peak, "FLOP/s", FromGPU) + "*" + a.shared(symbol, "share of it that "+what+" reaches", rate/peak, "share", FromFit)
}

func (a *account) attentionCore(n string, k *kind, w *Work, x *amounts) {
	at, tp := k.attention, float64(a.t.d.Layout.TP)
	if x.replica > 0 {
		context := int64(w.Context)
		read := float64(at.EntriesRead(context)) * k.entryBytes
		r := a.own("m", "cache entries that a token attends to", float64(at.EntriesRead(context)), "tokens", FromModel) + "*" +
			a.own("e", "bytes of an entry on one GPU", k.entryBytes, "bytes", FromModel)
		if k.indexBytes > 0 {
			keys := float64(indexKeys(at.Compression, context))
			read += keys * k.indexBytes
			r += " + " + a.own("i", "index keys scored", keys, "tokens", FromModel) + "*" + a.own("x", "bytes of an index key", k.indexBytes, "bytes", FromModel)
		}
		flops := at.DecodeFLOPs(context) / tp
		symbol, what, reached := "A", "decode attention", a.t.attend
		if at.Latent > 0 {
			symbol, what, reached = "L", "decode attention on a latent", a.t.latent
		}
		rate := a.attend(symbol, what, reached)
		s := a.shared("s", "sequences of the busiest attention replica", x.replica, "sequences", FromLoad)
		d := a.shared("d", "their tokens in the step", x.decoded, "tokens", FromLoad)
		a.part(n, "max("+s+"*("+r+")/("+a.cacheRate()+"), "+d+"*"+a.own("f", "FLOPs of a token's attention on one GPU", flops, "FLOPs", FromModel)+"/("+rate+"))")
		a.FLOPs += k.count * x.decoded * flops
		a.Bytes += k.count * x.replica * read
	}
	if w.Prefill > 0 {
		flops := at.PrefillFLOPs(int64(w.PrefillReach)) / tp
		if a.t.engine == engineLlamaCpp && at.Latent > 0 {
			flops = at.DecodeFLOPs(int64(w.PrefillReach)) / tp
		}
		q := a.shared("q", "prompt tokens of a replica in the step", w.Prefill, "tokens", FromLoad)
		a.part(n, q+"*"+a.own("c", "FLOPs of a prompt token's attention on one GPU, at its mean reach", flops, "FLOPs", FromModel)+"/("+a.attend("B", "prefill attention", a.t.attend)+")")
		a.FLOPs += k.count * w.Prefill * flops
	}
}

func (a *account) recurrentState(n string, k *kind, w *Work, x *amounts) {
	s := a.shared("s", "sequences and prompts whose state is read and written", x.replica+w.Prompts, "sequences", FromLoad)
	b := a.own("b", "bytes of a sequence's state on one GPU, read and written", k.stateBytes, "bytes", FromModel)
	f := a.own("f", "FLOPs of a token's update on one GPU", k.coreFLOPs, "FLOPs", FromModel)
	a.part(n, "max("+s+"*"+b+"/("+a.cacheRate()+"), "+a.tokens(x)+"*"+f+"/("+a.attend("A", "the update", a.t.attend)+"))")
	a.FLOPs += k.count * x.tokens * k.coreFLOPs
	a.Bytes += k.count * (x.replica + w.Prompts) * k.stateBytes
}

// experts is the permutation or the matrices of the routed experts.
func (a *account) experts(n string, k *kind, x *amounts) {
	ranks := float64(a.t.d.Layout.EP)
	r := a.shared("R", "expert-parallel ranks", ranks, "", FromLayout)
	busiest, imbalance := a.t.busiest(k, x)
	rank := "the busiest rank"
	if a.t.even {
		rank = "every rank"
	}
	i := a.own("i", "token copies of "+rank+" over the mean", imbalance, "ratio", FromRouting)
	y := a.shared("Y", "tokens that the layer routes, all replicas of a stage", x.routed, "tokens", FromLoad) + "*" +
		a.own("j", "experts with weights that a token reaches", k.copies, "experts", FromModel) + "/" + r + "*" + i
	copies := x.routed * k.copies / ranks * imbalance
	if a.o == Permute {
		moved := 6*float64(k.moe.Hidden) + 6*float64(k.moe.Inner)/float64(a.t.d.Layout.ExpertSplit())
		g := a.shared("G", "bytes that kernels between the matrices move, relative", a.t.c.Between, "", FromFit)
		a.part(n, y+"*"+a.own("m", "bytes that sorting, activation and summing move, per copy", moved, "bytes", FromModel)+"*"+g+"/("+a.bandwidth()+")")
		a.Bytes += k.count * copies * moved
		return
	}
	e := a.own("e", "distinct experts on "+rank, busiest, "experts", FromRouting)
	b := a.own("b", "bytes of one expert on one GPU", k.expert.bytes, "bytes", FromModel)
	o := a.own("o", "bytes of activations in and out, per copy", k.expert.out, "bytes", FromModel)
	ramp := a.shared("H", "rows that a grouped product wastes per expert", a.t.c.Ramp, "", FromFit)
	rate := a.bandwidth() + "*" + a.shared("X", "of that, what grouped products reach", a.t.moeRead/a.t.bandwidth, "share", FromFit)
	a.part(n, "max(("+e+"*"+b+" + "+y+"*"+o+")/("+rate+"), ("+y+" + min("+e+"*"+ramp+", "+y+"))*("+a.multiplied(&k.expert)+"))")
	a.FLOPs += k.count * copies * k.expert.flops
	a.Bytes += k.count * (busiest*k.expert.bytes + copies*k.expert.out)
}

func (a *account) allReduce(x *amounts) string {
	l := &a.t.links
	return a.shared("N", "collectives inside a step to collectives alone", l.scale, "ratio", FromFit) + "*(" +
		a.shared("l", "latency of an all-reduce", l.reduceLatency, "s", FromTransfer) + " + " +
		a.shared("F", "bytes on the link per byte summed, 2 (TP - 1)/TP", l.reduceFactor, "ratio", FromLayout) + "*" + a.tokens(x) + "*" +
		a.shared("h", "bytes of a token's activations in BF16", a.t.hidden*2, "bytes", FromModel) + "/" +
		a.shared("Q", "rate that an all-reduce reaches", l.reduceRate, "bytes/s", FromTransfer) + ")"
}

// exchange is dispatch or combine.
func (a *account) exchange(n string, k *kind, w *Work, x *amounts) {
	l := &a.t.links
	if l.ranks <= 1 {
		return
	}
	large := w.Prefill > 0
	t, what := a.t.combine(k, large), "bytes of a token in BF16"
	if a.o == Dispatch {
		t, what = a.t.dispatch(k, large), "bytes of a token in FP8 with scales"
	}
	rate := l.local.exchangeShare
	if large {
		rate = l.local.bulkShare
	}
	copies, remote := l.copies(&t)
	latency, far := l.latencies(&t)
	port := "copies that pass the port of a GPU"
	if large || t.fabric == Unicast {
		port = "copies that leave the GPU"
	}
	sent := a.shared("t", "tokens that one GPU sends", x.tokens/float64(a.t.d.Layout.TP), "tokens", FromLoad) + "*" + a.own("b", what, t.bytes, "bytes", FromModel)
	if !large {
		_, imbalance := a.t.busiest(k, x)
		sent += "*" + a.own("i", "token copies of the busiest rank over the mean, which its port receives", imbalance, "ratio", FromRouting)
	}
	s := a.shared("l", "latency of dispatch or combine", latency, "s", FromTransfer) + " + " + sent + "*" +
		a.own("c", port, copies, "", FromRouting) + "/" + a.shared("Q", "rate inside a scale-up domain", rate, "bytes/s", FromTransfer)
	if l.nodes > 1 {
		s = "max(" + s + ", " + a.shared("k", "latency between domains", far, "s", FromTransfer) + " + " + sent + "*" +
			a.own("r", strings.Replace(port, "GPU", "domain", 1), remote, "", FromRouting) + "/" + a.shared("W", "rate between domains", l.network, "bytes/s", FromTransfer) + ")"
	}
	shown := 1.0
	if l.nodes > 1 || l.ranks > wideRanks {
		shown = exposed
	}
	a.part(n, a.shared("N", "collectives inside a step to collectives alone", l.scale, "ratio", FromFit)+"*"+
		a.shared("S", "share that computing does not hide", shown, "share", FromTransfer)+"*("+s+")")
}

// finish writes the head, the pipeline and what a step costs besides its layers.
func (a *account) finish(w *Work, x *amounts) {
	t := a.t
	a.numbered++
	if a.o == PipelineTransfer && t.stages > 1 {
		a.part("", "("+a.shared("S", "pipeline stages", t.stages, "", FromLayout)+" - 1)*("+a.shared("l", "latency between stages", 20e-6, "s", FromTransfer)+" + "+
			a.tokens(x)+"*"+a.shared("h", "bytes of a token's activations in BF16", t.hidden*2, "bytes", FromModel)+"/"+a.shared("W", "rate between stages", t.links.network, "bytes/s", FromTransfer)+")")
	}
	if a.o != HeadAndSampling {
		return
	}
	rows := x.replica*(1+w.Drafted) + w.Prompts
	r := a.shared("r", "rows that need logits on a replica", rows, "tokens", FromLoad)
	if t.head.bytes > 0 {
		a.part("", a.matrices(&t.head, r, rows))
		a.count(&t.head, 1, rows)
	}
	if t.engine != engineIdeal {
		a.part("", a.shared("z", "time of a step beside its layers", t.c.Step*t.c.Slow[t.f], "s", FromFit))
		a.part("", a.shared("k", "kernels of norm, head, sampling and look-up", headKernels, "", FromTraces)+"*"+a.launch())
		a.part("", a.shared("y", "time per sequence: sampling, bookkeeping of the host", t.c.Sequence, "s", FromFit)+"*"+r)
	}
	if w.Eager && t.host > 0 {
		device := t.device(w)
		c := a.shared("c", "kernels that the host launches in the step", t.hostSeconds(w)/t.host, "", FromTraces) + "*" +
			a.shared("v", "host's time for one", t.host, "s", FromFit)
		d := a.shared("d", "time of the device for all of the step", device, "s", FromStep)
		// (host³ + device³)^⅓ - device, without the difference of nearly equal numbers.
		cubes := "((" + c + ")^3 + " + d + "^3)"
		a.part("", "("+c+")^3/("+cubes+"^(2/3) + "+cubes+"^(1/3)*"+d+" + "+d+"^2)")
	}
}

// device is the time of an eager step without its wait for the host.
func (t *Timing) device(w *Work) float64 {
	plain := *t
	plain.padded = false
	within := *w
	within.Eager = false
	return plain.Resident(within).Seconds
}
