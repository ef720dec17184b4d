package balance

import (
	"fmt"
	"math"
)

// Plan is the outcome of Rebalance, for every layer of the call.
type Plan struct {
	Ranks        int
	Hierarchical bool // groups of experts were kept on one node

	// PhyToLog[layer][slot] is the expert that a slot holds; rank r owns the slots
	// from r n/Ranks up to (r+1) n/Ranks of n.
	PhyToLog [][]int32
	// LogToPhy[layer][expert] lists the slots that hold an expert, in order of
	// replication, padded with -1 to the largest LogCnt of all layers.
	LogToPhy [][][]int32
	// LogCnt[layer][expert] counts the slots that hold an expert.
	LogCnt [][]int32
}

// MaxSlots is the most slots of a layer that Rebalance places.
const MaxSlots = 1 << 16

// Rebalance is EPLB, the expert-parallel load balancer of DeepSeek, for layers of
// the given loads: weights[layer][expert] is the tokens that the expert gets, or anything in
// proportion. slots is the slots of a layer over all ranks: experts and spare ones.
//
// If groups are a multiple of nodes the policy is hierarchical: groups of experts
// are packed onto nodes, then experts replicated and packed inside each node, so that
// node-limited routing stays inside as few nodes. Else it is global: the same for one group
// and one node.
//
// All arithmetic is in float32 and every tie goes to the lower index, the sort
// included, which the original leaves to its library; where loads are equal the original
// may number slots otherwise.
//
// Errors: no layers, layers of unequal length, loads negative or not finite, and
// numbers that do not divide each other as EPLB needs.
//
// Source: github.com/deepseek-ai/EPLB, eplb.py, rebalance_experts (MIT).
func Rebalance(weights [][]float32, slots, groups, nodes, ranks int) (Plan, error) {
	plan := Plan{Ranks: ranks, Hierarchical: groups > 0 && nodes > 0 && groups%nodes == 0}
	if err := checkWeights(weights); err != nil {
		return Plan{}, err
	}
	if err := checkSizes(len(weights[0]), slots, groups, nodes, ranks, plan.Hierarchical); err != nil {
		return Plan{}, err
	}
	if !plan.Hierarchical {
		groups, nodes = 1, 1
	}
	p := newPlacer(len(weights[0]), slots, groups, nodes, ranks)
	layers, experts := len(weights), len(weights[0])
	plan.PhyToLog, plan.LogCnt, plan.LogToPhy = rows(layers, slots), rows(layers, experts), make([][][]int32, layers)
	copyOf := rows(layers, slots)
	most := int32(1)
	for i, w := range weights {
		p.layer(w, plan.PhyToLog[i], copyOf[i], plan.LogCnt[i])
		for _, count := range plan.LogCnt[i] {
			most = max(most, count)
		}
	}
	for i := range layers {
		plan.LogToPhy[i] = rows(experts, int(most))
		for _, row := range plan.LogToPhy[i] {
			for j := range row {
				row[j] = -1
			}
		}
		for slot, e := range plan.PhyToLog[i] {
			plan.LogToPhy[i][e][copyOf[i][slot]] = int32(slot)
		}
	}
	return plan, nil
}

// Placement is the plan of one layer.
func (p *Plan) Placement(layer int) Placement {
	return Placement{Ranks: p.Ranks, Expert: p.PhyToLog[layer], Copies: p.LogCnt[layer]}
}

// rows are n slices of one array.
func rows(n, width int) [][]int32 {
	all := make([]int32, n*width)
	out := make([][]int32, n)
	for i := range out {
		out[i] = all[i*width : (i+1)*width : (i+1)*width]
	}
	return out
}

func checkWeights(weights [][]float32) error {
	if len(weights) == 0 || len(weights[0]) == 0 {
		return fmt.Errorf("balance: weight: no expert's load is given: give one row per layer, one number per expert")
	}
	for i, row := range weights {
		if len(row) != len(weights[0]) {
			return fmt.Errorf("balance: weight: layer %d has %d experts, layer 0 has %d: give every layer the same", i, len(row), len(weights[0]))
		}
		for e, w := range row {
			if !(w >= 0) || w > math.MaxFloat32 {
				return fmt.Errorf("balance: weight: layer %d, expert %d: %g is no load: give a number from 0 up to 3.4e38", i, e, w)
			}
		}
	}
	return nil
}

func checkSizes(experts, slots, groups, nodes, ranks int, hierarchical bool) error {
	for _, c := range []struct {
		name  string
		value int
	}{{"slots", slots}, {"groups", groups}, {"nodes", nodes}, {"ranks", ranks}} {
		if c.value < 1 {
			return fmt.Errorf("balance: %s: %d: give at least 1", c.name, c.value)
		}
	}
	switch {
	case slots > MaxSlots:
		return fmt.Errorf("balance: slots: %d are too many: give at most %d", slots, MaxSlots)
	case slots < experts:
		return fmt.Errorf("balance: slots: %d do not hold %d experts: give at least %d", slots, experts, (experts+ranks-1)/ranks*ranks)
	case slots%ranks != 0:
		return fmt.Errorf("balance: slots: %d do not divide over %d ranks: give %d or %d", slots, ranks, max(slots/ranks, (experts+ranks-1)/ranks)*ranks, (slots/ranks+1)*ranks)
	case hierarchical && experts%groups != 0:
		return fmt.Errorf("balance: groups: %d experts do not divide into %d groups: give a divisor of %d", experts, groups, experts)
	case hierarchical && ranks%nodes != 0:
		return fmt.Errorf("balance: nodes: %d ranks do not divide over %d nodes: give a divisor of %d", ranks, nodes, ranks)
	}
	return nil
}
