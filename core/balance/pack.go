package balance

import (
	"math"
	"slices"
)

// placer holds the sizes of one call and the room to work in. Slots here are those of one node.
type placer struct {
	nodes, ranks  int // ranks of one node
	groups, slots int

	groupLoad, ratio, load, total []float32
	group, rank                   packing
	local, copies                 []int32 // of one node: its experts; how often each is held
	expert, copyOf                []int32 // of one node, slots before packing: index into local, number of the replica
	order                         []uint64
	count                         []int32
}

// packing says where an item went: into which pack, at which place.
type packing struct{ pack, place []int32 }

func newPacking(n int) packing { return packing{make([]int32, n), make([]int32, n)} }

func newPlacer(experts, slots, groups, nodes, ranks int) *placer {
	p := &placer{nodes: nodes, ranks: ranks / nodes, groups: groups, slots: slots / nodes}
	local, widest := experts/nodes, max(p.slots, groups)
	p.groupLoad, p.group = make([]float32, groups), newPacking(groups)
	p.local, p.copies, p.ratio = make([]int32, local), make([]int32, local), make([]float32, local)
	p.expert, p.copyOf, p.load, p.rank = make([]int32, p.slots), make([]int32, p.slots), make([]float32, p.slots), newPacking(p.slots)
	p.order, p.total, p.count = make([]uint64, widest), make([]float32, max(p.ranks, nodes)), make([]int32, max(p.ranks, nodes))
	return p
}

// layer places one layer: phy is the expert of every slot, copyOf which replica of
// it the slot is, and count the replicas of every expert.
func (p *placer) layer(weight []float32, phy, copyOf, count []int32) {
	size := len(weight) / p.groups
	for g := range p.groupLoad {
		sum := float32(0)
		for _, w := range weight[g*size : (g+1)*size] {
			sum += w
		}
		p.groupLoad[g] = sum
	}
	p.pack(p.groupLoad, p.nodes, p.group)
	for node := range p.nodes {
		for g := range p.groups {
			if int(p.group.pack[g]) == node {
				for i := range size {
					p.local[int(p.group.place[g])*size+i] = int32(g*size + i)
				}
			}
		}
		p.replicate(weight)
		p.pack(p.load, p.ranks, p.rank)
		perRank := p.slots / p.ranks
		for j := range p.slots {
			slot := node*p.slots + int(p.rank.pack[j])*perRank + int(p.rank.place[j])
			phy[slot], copyOf[slot] = p.local[p.expert[j]], p.copyOf[j]
		}
		for i, e := range p.local {
			count[e] = p.copies[i]
		}
	}
}

// replicate gives every expert of a node one slot, and every further slot to the
// expert whose replicas are hottest.
func (p *placer) replicate(weight []float32) {
	for i, e := range p.local {
		p.expert[i], p.copyOf[i], p.copies[i], p.ratio[i] = int32(i), 0, 1, weight[e]
	}
	for j := len(p.local); j < p.slots; j++ {
		hottest, most := 0, p.ratio[0]
		for i, r := range p.ratio {
			if r > most {
				hottest, most = i, r
			}
		}
		p.expert[j], p.copyOf[j] = int32(hottest), p.copies[hottest]
		p.copies[hottest]++
		p.ratio[hottest] = weight[p.local[hottest]] / float32(p.copies[hottest])
	}
	for j, i := range p.expert {
		p.load[j] = p.ratio[i]
	}
}

// pack puts items into packs of equal number: hottest first, into the pack with
// the least load that has room. With one item per pack, item i goes into pack i, unsorted.
func (p *placer) pack(load []float32, packs int, to packing) {
	per := len(load) / packs
	if per == 1 {
		for i := range load {
			to.pack[i], to.place[i] = int32(i), 0
		}
		return
	}
	order := p.order[:len(load)]
	for i, l := range load {
		// Loads are not negative, so their bits are in their order; inverted, the hottest
		// comes first, and among equals the lower index. Adding 0 makes -0 a 0.
		order[i] = uint64(^math.Float32bits(l+0))<<32 | uint64(i)
	}
	slices.Sort(order)
	total, count := p.total[:packs], p.count[:packs]
	clear(total)
	clear(count)
	for _, key := range order {
		item := uint32(key)
		lightest := -1
		for i, t := range total {
			if int(count[i]) < per && (lightest < 0 || t < total[lightest]) {
				lightest = i
			}
		}
		to.pack[item], to.place[item] = int32(lightest), count[lightest]
		total[lightest] += load[item]
		count[lightest]++
	}
}
