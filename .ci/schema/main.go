// Schemacheck asks DuckDB about the table that package dcrs/schema writes for it:
// each probe (a text in a field, and what the validator says of it) is inserted
// into an otherwise good row, and a generated extract is loaded as the script
// says.
//
//	schemacheck DIRECTORY    with the files that ./run writes there
//
// It is built with the tag duckdb, since that needs a C compiler.
package main

import (
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: schemacheck DIRECTORY")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "schemacheck:", err)
		os.Exit(1)
	}
}
