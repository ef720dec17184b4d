//go:build !race && !js

package report_test

// every is how many scenarios of a long list are passed over for one that is looked at: none in the native run. With the race
// detector and as WebAssembly the same code takes up to ten times as long, and what those runs look for (races, another
// rounding) does not hide in single scenarios.
const every = 1
