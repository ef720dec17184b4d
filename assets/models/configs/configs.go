// Package configs holds the configs of the presets, for tests and for the
// program that makes their descriptions. What runs in the browser has no need
// of them.
package configs

import "embed"

//go:embed *.json
var files embed.FS

// Files has one config.json per preset, named by its Hub id with "__" for the slash.
func Files() embed.FS { return files }
