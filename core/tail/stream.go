package tail

import "math"

// stream is a sequence of pseudo-random numbers: SplitMix64 (Steele, Lea, Flood
// 2014), whose state is a counter, so that every cause of every step can have a stream of its own
// and draws the same whatever the others draw.
type stream uint64

// golden is the odd integer nearest to 2^64 over the golden ratio.
const golden = 0x9e3779b97f4a7c15

// The streams of a simulation beside those of the causes.
const (
	leaning  = iota + stream(CauseCount) // of popularity with the mix of domains
	speeds                               // of GPUs
	arriving                             // of requests
	lengths                              // of prompts and outputs
	rounding                             // between tabulated values
)

// streamOf is the stream of a purpose, from a given step or layer on.
func streamOf(seed uint64, purpose stream, at int) stream {
	s := stream(seed)*golden ^ purpose<<56
	s = stream(s.next()) + stream(at)
	return stream(s.next())
}

func (s *stream) next() uint64 {
	*s += golden
	z := uint64(*s)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// uniform is from 0 to 1, both excluded.
func (s *stream) uniform() float64 { return (float64(s.next()>>12) + 0.5) / (1 << 52) }

func (s *stream) normal() float64 { return math.Sqrt2 * math.Erfinv(2*s.uniform()-1) }

// below is a whole number from 0 to n-1. The bias of 2^-32 n is far below what a simulation sees.
func (s *stream) below(n int) int { return int(s.next() >> 32 * uint64(n) >> 32) }
