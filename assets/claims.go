package assets

import _ "embed"

//go:embed claims/claims.csv
var claims string

//go:embed claims/cases.csv
var claimCases string

//go:embed claims/chain.csv
var claimChain string

// Claims are what is said of serving mixtures of experts: claims.csv, the computations that bear
// on each, and where each was read. claims/README.md describes the columns.
func Claims() (rows, cases, chain string) { return claims, claimCases, claimChain }
