package hf

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"moecost/core/arch"
	"moecost/core/format"
)

// configs is where the presets' configs stand.
const configs = "../../../assets/models/configs/"

func readConfig(t *testing.T, id string) *Reading {
	t.Helper()
	data, err := os.ReadFile(configs + id + ".json")
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(data)
	if err != nil {
		t.Fatalf("%s: %v", id, err)
	}
	return r
}

// readCSV returns the rows as maps from column name to cell.
func readCSV(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, cell := range row {
			m[rows[0][i]] = cell
		}
		out = append(out, m)
	}
	return out
}

// Every row of param_counts.csv: counts that were made by hand from the
// published checkpoints and agree with the totals that the Hub shows.
func TestPublishedCounts(t *testing.T) {
	for _, row := range readCSV(t, "param_counts.csv") {
		t.Run(row["id"], func(t *testing.T) {
			r := readConfig(t, row["id"])
			if !r.Known {
				t.Fatalf("family not known")
			}
			if len(r.Unread) > 0 {
				t.Errorf("keys not understood: %v", r.Unread)
			}
			m := r.Model
			whole := func(what string, got int64, column string) {
				if want, _ := strconv.ParseInt(row[column], 10, 64); got != want {
					t.Errorf("%s: got %d, want %d: %+d", what, got, want, got-want)
				}
			}
			whole("main parameters", m.TotalParams(), "main_params")
			whole("MTP parameters", m.MTPParams(), "mtp_params")
			if row["vision_params"] != "0" && !visionLeftOut[row["id"]] {
				whole("vision parameters", m.VisionParams(), "vision_params")
			}
			printed := func(what string, got int64, column string) {
				if s := fmt.Sprintf("%.3fB", float64(got)/1e9); s != row[column] {
					t.Errorf("%s: got %s, want %s", what, s, row[column])
				}
			}
			printed("active", m.ActiveParams(arch.WithEmbeddingAndHead), "active_with_embedding_and_head")
			printed("active without input embedding", m.ActiveParams(arch.WithoutInputEmbedding), "active_without_input_embedding")
			printed("active without embedding and head", m.ActiveParams(arch.WithoutBoth), "active_without_both")
			float := func(what string, got float64, column string) {
				if want, _ := strconv.ParseFloat(row[column], 64); got != want {
					t.Errorf("%s: got %g, want %g", what, got, want)
				}
			}
			float("KV bytes per token", m.KVBytesPerToken(format.BF16), "kv_bytes_per_token_all_layers_16bit")
			float("unbounded KV bytes per token", m.KVBytesPerTokenUnbounded(format.BF16), "kv_bytes_per_token_unbounded_layers_16bit")
			float("state elements", float64(m.StateElementsPerSequence()), "recurrent_state_elements_per_sequence")
		})
	}
}

// Configs that say nothing about the vision tower: the copies in assets are trimmed.
var visionLeftOut = map[string]bool{}

// checkpointDifference explains where the bytes from the config differ from the
// published checkpoint; nothing here means equal to the byte.
var checkpointDifference = map[string]struct {
	bytes int64 // published minus ours
	why   string
}{
	"hpcai-tech__grok-1":           {318114914304 - 2*315684820992, "the config is of a BF16 copy; the published file has INT8 matrices and the rest in FP32 (TestGrok1Original)"},
	"moonshotai__Kimi-K2-Instruct": {6832, "61 stray vectors of 56 BF16 numbers that no layer uses (header audit in models.csv)"},
}

func TestPublishedCheckpointBytes(t *testing.T) {
	for _, row := range readCSV(t, "models.csv") {
		if row["checkpoint_bytes_exact"] == "" || strings.Contains(row["config_source"], "without quantization_config") {
			continue
		}
		t.Run(row["id"], func(t *testing.T) {
			want, err := strconv.ParseInt(row["checkpoint_bytes_exact"], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			got := readConfig(t, row["id"]).Model.CheckpointBytes().Bytes()
			if diff := want - got; diff != checkpointDifference[row["id"]].bytes {
				t.Errorf("got %d, published %d: %+d, explained %+d (%s)", got, want, diff,
					checkpointDifference[row["id"]].bytes, checkpointDifference[row["id"]].why)
			}
		})
	}
}
