package tail

import "strings"

// Cause is one reason why steps differ.
type Cause uint8

// The causes, in the order of the link's list.
const (
	Routing    Cause = iota // which experts the tokens of a step happen to choose
	Batch                   // sequences and contexts differ between attention replicas
	Domain                  // the mix of domains moves popularity, in every layer at once
	Prefill                 // prompts of others stop decoding
	Relocation              // rebalancing moves experts
	Speed                   // GPUs differ in speed
	CauseCount
)

var causeNames = [CauseCount]string{"routing", "batch", "domain", "prefill", "moves", "speed"}

// String is the cause's word in a link.
func (c Cause) String() string { return causeNames[c] }

// Causes is a set of causes.
type Causes uint8

// Has tells whether a cause is in the set.
func (s Causes) Has(c Cause) bool { return s>>c&1 != 0 }

// With is the set and one cause more.
func (s Causes) With(c Cause) Causes { return s | 1<<c }

// every is the set of all causes.
const every = 1<<CauseCount - 1

// CausesOf reads a list of a link, joined by commas. Words that name no cause are
// passed over.
func CausesOf(list string) Causes {
	var s Causes
	for word := range strings.SplitSeq(list, ",") {
		for c, name := range causeNames {
			if word == name {
				s = s.With(Cause(c))
			}
		}
	}
	return s
}
