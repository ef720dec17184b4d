//go:build race || js

package report_test

// every leaves one scenario of five (every_test.go). It has no divisor in common with the 16 queries, so that every preset
// and every query is still there.
const every = 5
