package main

import (
	"encoding/json"
	"fmt"
	"os"

	"moecost/core/story"
)

// defaultAnswer is what a visitor without a link sees: the words, and the charts.
func defaultAnswer() (story.Page, map[string][]still, error) {
	// TEMPORARY: until core/story writes the page.
	var file struct {
		Page    story.Page
		Options map[string]map[string]json.RawMessage
	}
	content, err := os.ReadFile(os.Getenv("MOECOST_STORY"))
	if err != nil {
		return story.Page{}, nil, err
	}
	if err := json.Unmarshal(content, &file); err != nil {
		return story.Page{}, nil, err
	}
	if err := checkSections(file.Page.Sections); err != nil {
		return story.Page{}, nil, err
	}
	var names []string
	for _, s := range file.Page.Sections {
		for _, f := range s.Frames {
			if !f.TableOnly && f.Empty == nil {
				names = append(names, f.Chart)
			}
		}
	}
	stills, err := draw(names, func(name string, b box) (json.RawMessage, error) {
		o, ok := file.Options[name][b.Class]
		if !ok {
			return nil, fmt.Errorf("no option")
		}
		return o, nil
	})
	return file.Page, stills, err
}
