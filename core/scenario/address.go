package scenario

import "strings"

// PresetPages is the path below which every preset has a page of its own, which shows its default answer: /m/kimi-k2/.
const PresetPages = "/m/"

// OfPage is the id in the path of a preset's page; false for another path.
func OfPage(path string) (id string, ok bool) {
	rest, ok := strings.CutPrefix(path, PresetPages)
	id, _, _ = strings.Cut(rest, "/")
	return id, ok && id != ""
}

// Asked is the query, without its "?", that a page answers at a path: on the page of a preset that preset is
// asked for, unless the query names a model.
func Asked(path, query string) string {
	query = strings.TrimPrefix(query, "?")
	id, ok := OfPage(path)
	if !ok || strings.HasPrefix(query, "model=") || strings.Contains(query, "&model=") {
		return query
	}
	if query == "" {
		return "model=" + id
	}
	return "model=" + id + "&" + query
}
