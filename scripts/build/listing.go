package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"html/template"
	"strconv"

	"moecost/core/arch/preset"
	"moecost/core/quantity"
	"moecost/core/report"
	"moecost/core/scenario"
)

// listView is the page of all presets.
type listView struct {
	Origin string
	Load   string // what all of them are priced with
	GPU    string
	Groups []listGroup
	Total  int
}

type listGroup struct {
	Name string
	Rows []listRow
}

// listRow is one preset. Sizes are parameters, empty for a closed model.
type listRow struct {
	Path, Name                 string
	Resident, Active           string
	Weights, GPUs, Token, Cost string
}

// listing writes the page of all presets and the sitemap.
func (o *output) listing(templates *template.Template, pages []presetPage) error {
	usual, err := report.Build(report.Question{Scenario: scenario.Default()})
	if err != nil {
		return err
	}
	s := usual.Scenario
	v := listView{
		Origin: origin(), Total: len(pages), GPU: s.GPUName,
		Load: quantity.Integer(s.Batch) + " sequences of " + quantity.Integer(s.In) + " + " + quantity.Integer(s.Out) + " tokens",
	}
	dense, closed := listGroup{Name: "Dense, for comparison"}, listGroup{Name: "Not public"}
	at := map[string]int{}
	for _, p := range pages {
		row := newListRow(p)
		switch p.Kind {
		case preset.Dense:
			dense.Rows = append(dense.Rows, row)
		case preset.Closed:
			closed.Rows = append(closed.Rows, row)
		default:
			i, ok := at[p.Organisation]
			if !ok {
				i = len(v.Groups)
				at[p.Organisation] = i
				v.Groups = append(v.Groups, listGroup{Name: p.Organisation})
			}
			v.Groups[i].Rows = append(v.Groups[i].Rows, row)
		}
	}
	v.Groups = append(v.Groups, dense, closed)
	html, err := render(templates, "models", v)
	if err != nil {
		return err
	}
	if err := o.publish(presetsPath+"index.html", html); err != nil {
		return err
	}
	if v.Origin == "" {
		fmt.Println("build: no sitemap, and addresses without a host: say where the site will be with SITE_URL=https://…")
		return nil
	}
	paths := []string{"/", presetsPath, comparePath}
	for _, p := range pages {
		paths = append(paths, p.Path())
	}
	content, err := sitemap(v.Origin, paths)
	if err != nil {
		return err
	}
	return o.publish("/sitemap.xml", content)
}

func newListRow(p presetPage) listRow {
	row := listRow{Path: p.Path(), Name: p.Name}
	if p.answer == nil {
		return row
	}
	parameters := func(n int64) string { return quantity.Parameters.Text(quantity.Decimal, float64(n)) }
	row.Resident, row.Active = parameters(p.Counted.Total), parameters(p.Counted.Active)
	row.GPUs = strconv.Itoa(p.answer.report.Scenario.GPUs)
	for _, c := range p.answer.page.Strip {
		switch c.Label {
		case "Weights":
			row.Weights = c.Value.Text + "\u00a0" + c.Unit
		case "Per token":
			row.Token = c.Value.Text + "\u00a0" + c.Unit
		case "Million tokens out":
			row.Cost = c.Value.Text
		}
	}
	return row
}

// sitemap lists pages as search engines read them (sitemaps.org, protocol 0.9).
func sitemap(origin string, paths []string) ([]byte, error) {
	type location struct {
		Address string `xml:"loc"`
	}
	var set struct {
		XMLName   xml.Name   `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
		Locations []location `xml:"url"`
	}
	for _, path := range paths {
		set.Locations = append(set.Locations, location{origin + path})
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	encoder := xml.NewEncoder(&b)
	encoder.Indent("", "\t")
	if err := encoder.Encode(set); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
