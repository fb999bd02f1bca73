//go:build !duckdb

package main

import "errors"

func run(string) error { return errors.New("built without DuckDB: use -tags duckdb") }
