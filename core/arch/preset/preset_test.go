package preset

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"moecost/assets/models/configs"
	"moecost/core/format"
)

// The models that people ask for first stand first.
func TestOrder(t *testing.T) {
	want := []string{
		"deepseek-v3", "kimi-k2", "qwen3-235b-a22b", "mixtral-8x7b", "grok-1",
		"llama-4-scout", "llama-4-maverick", "qwen3-30b-a3b",
	}
	var got []string
	for _, p := range All()[:len(want)] {
		got = append(got, p.ID)
	}
	if !slices.Equal(got, want) {
		t.Errorf("first presets: got %v, want %v", got, want)
	}
}

func TestRows(t *testing.T) {
	described := 0
	for _, p := range All() {
		if p.ID != strings.ToLower(p.ID) || strings.ContainsAny(p.ID, " /_+%~&=#") {
			t.Errorf("%s: the id would need escapes in a link", p.ID)
		}
		if p.Name == "" || p.Organisation == "" || p.Source == "" {
			t.Errorf("%s: name %q, organisation %q, source %q: none may be empty", p.ID, p.Name, p.Organisation, p.Source)
		}
		if _, err := time.Parse("2006-01-02", p.Checked); err != nil {
			t.Errorf("%s: checked: %v", p.ID, err)
		}
		if p.Kind == Closed {
			continue
		}
		described++
		if p.KV != format.BF16.ID && p.KV != format.FP16.ID {
			t.Errorf("%s: kv %q: engines keep the cache in the 16-bit format of the model unless told otherwise", p.ID, p.KV)
		}
	}
	if described < 45 {
		t.Errorf("%d presets with a config: at least 45 are promised", described)
	}
}

// Every config file belongs to one preset and is named by its Hub id.
func TestConfigFiles(t *testing.T) {
	entries, err := configs.Files().ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for _, e := range entries {
		files[e.Name()] = true
	}
	for _, p := range All() {
		if p.Kind == Closed {
			continue
		}
		name := strings.Replace(p.HubID, "/", "__", 1) + ".json"
		if !files[name] {
			t.Errorf("%s: no file %s", p.ID, name)
		}
		delete(files, name)
	}
	for name := range files {
		t.Errorf("configs/%s: no preset lists it", name)
	}
}

// Links are forever: testdata/published.csv grows by a line per preset and
// loses none. An id that is renamed stays as an alias of the same model.
func TestPublishedIDsStay(t *testing.T) {
	file, err := os.Open("testdata/published.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	published := map[string]bool{}
	for _, row := range rows {
		id, name := row[0], row[1]
		published[id] = true
		p, ok := ByID(id)
		if !ok || p.Name != name {
			t.Errorf("%s: got %q, want %q: an id once published keeps its model", id, p.Name, name)
		}
	}
	for _, p := range All() {
		if !published[p.ID] {
			t.Errorf("%s: add the line %q to testdata/published.csv", p.ID, p.ID+","+p.Name)
		}
	}
}

func TestByID(t *testing.T) {
	check := func(id, want string) {
		t.Helper()
		p, ok := ByID(id)
		if p.ID != want || ok != (want != "") {
			t.Errorf("for %q, got %q, want %q", id, p.ID, want)
		}
	}
	check("deepseek-v3", "deepseek-v3")
	check("DeepSeek-V3", "deepseek-v3")
	check("deepseek-ai/DeepSeek-V3", "deepseek-v3")
	check("deepseek-v3-0324", "deepseek-v3")
	check("kimi-k2-instruct", "kimi-k2")
	check("mixtral-8x7b-v0.1", "mixtral-8x7b")
	check("meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama-4-scout")
	check("gemini-1.5-pro", "gemini-1.5")
	check("deepseek-v33", "")
	check("", "")
}

func TestClosedModelSaysWhatIsPublic(t *testing.T) {
	p, ok := ByID("gemini-1.5")
	if !ok || p.Kind != Closed || p.Notes == "" || p.TotalPublished != "" {
		t.Fatalf("gemini-1.5: got %+v", p)
	}
	if _, err := p.Reading(); err == nil || !strings.Contains(err.Error(), "not public") {
		t.Errorf("gemini-1.5: Reading: got %v, want an error that says why", err)
	}
}

func TestParseRefuses(t *testing.T) {
	head := strings.Join(columns, ",") + "\n"
	row := func(id, kind, config, aliases string) string {
		return id + ",,Name,Organisation," + kind + "," + config + ",verbatim,source,2026-01-01,,,,bf16," + aliases + ",\n"
	}
	counts := strings.Join(countColumns, ",") + "\na,1,1,0,0\nb,1,1,0,0\n"
	check := func(index, counts, want string) {
		t.Helper()
		if _, err := parse(index, counts); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	check("id,name\n", counts, "first line")
	check(head+"a,b\n", counts, "row 2: 2 cells, the first row has 15")
	check(strings.Replace(head, "kind", "sort", 1), counts, "first line")
	check(head+row("a", "moe", "a.json", "")+row("a", "moe", "b.json", ""), counts, `a: "a" is taken by a`)
	check(head+row("a", "moe", "a.json", "b")+row("b", "moe", "b.json", ""), counts, `b: "b" is taken by a`)
	check(head+row("a", "sparse", "a.json", ""), counts, "moe, dense or closed")
	check(head+row("a", "closed", "a.json", ""), counts, "a closed model has none")
	check(head+row("a", "moe", "", ""), counts, "every other has one")
	check(head+row("c", "moe", "c.json", ""), counts, "go generate")
	check(head+row("a", "closed", "", ""), counts, "go generate")
	check(head+row("a", "moe", "a.json", ""), strings.Replace(counts, "a,1", "a,1.5", 1), `a: total: "1.5" is not a whole number`)
}
