package checkpoint

import (
	"encoding/json"
	"fmt"
	"sort"
)

// readIndex reads model.safetensors.index.json: which shard holds which tensor,
// and the bytes of all tensors together. It knows no shapes.
func readIndex(f File) (*Inventory, error) {
	c := newCursor(f, 0, maxHeader)
	v := &Inventory{Container: Index, Files: []string{f.Name}}
	found := false
	shards := map[string]bool{}
	err := eachMember(c, func(name string, d *json.Decoder) error {
		switch name {
		case "weight_map":
			found = true
			return readWeightMap(d, v, shards)
		case "metadata":
			var metadata struct {
				TotalSize json.Number `json:"total_size"`
			}
			if err := d.Decode(&metadata); err != nil {
				return fmt.Errorf("metadata: %w", err)
			}
			size, err := metadata.TotalSize.Float64() // some writers print 1.0e12
			if err == nil && size >= 0 && size <= maxCount {
				v.Bytes = int64(size)
			}
			return nil
		}
		var any json.RawMessage
		return d.Decode(&any)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Name, jsonTruncated(err))
	}
	if !found {
		return nil, fmt.Errorf("%s: weight_map: missing: model.safetensors.index.json has one; a config.json belongs where configs are pasted", f.Name)
	}
	for shard := range shards {
		v.Missing = append(v.Missing, shard)
	}
	sort.Strings(v.Missing)
	if v.Bytes == 0 {
		v.note("%s does not say how many bytes the tensors take.", f.Name)
	}
	if err := v.unique(); err != nil {
		return nil, fmt.Errorf("%s: weight_map: %w", f.Name, err)
	}
	return v, nil
}

func readWeightMap(d *json.Decoder, v *Inventory, shards map[string]bool) error {
	if open, err := d.Token(); err != nil {
		return err
	} else if open != json.Delim('{') {
		return fmt.Errorf("weight_map: not an object of tensor names and file names")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		var shard string
		if err := d.Decode(&shard); err != nil {
			return fmt.Errorf("weight_map: %q: the file's name is not a string", name)
		}
		if len(v.Tensors) == maxTensors {
			return fmt.Errorf("weight_map: more than %d tensors", maxTensors)
		}
		shards[shard] = true
		v.Tensors = append(v.Tensors, Entry{Name: name.(string)})
	}
	_, err := d.Token()
	return err
}
