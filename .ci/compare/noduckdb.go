//go:build !duckdb

package main

import "errors"

// withDuckDB says whether this build can run DuckDB.
const withDuckDB = false

func duckContestant(_, _, _ string) (contestant, error) {
	return nil, errors.New("built without the tag duckdb")
}
