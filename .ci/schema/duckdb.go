//go:build duckdb

package main

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	_ "github.com/duckdb/duckdb-go/v2"
)

type probe struct {
	Table, Field, Type, Text string
	Base                     map[string]string
	OK                       bool
}

// DuckDB takes some milliseconds for a row of a hundred columns, so it is asked
// about one in so many of the probes, and of those that are accepted.
const every, everyAccepted = 23, 5

func run(dir string) error {
	db, err := sql.Open("duckdb", "")
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA threads=1"); err != nil {
		return err
	}
	for _, script := range []string{"duckdb.sql", "golden/duckdb.sql"} {
		text, err := os.ReadFile(filepath.Join(dir, script))
		if err != nil {
			return err
		}
		if script != "duckdb.sql" {
			if _, err := db.Exec("DROP TABLE code_labels"); err != nil { // both scripts make it
				return err
			}
		}
		if _, err := db.Exec(string(text)); err != nil {
			return fmt.Errorf("%s: %w", script, err)
		}
	}
	if err := probes(db, dir); err != nil {
		return err
	}
	return load(db, dir)
}

func probes(db *sql.DB, dir string) error {
	f, err := os.Open(filepath.Join(dir, "probes.ndjson"))
	if err != nil {
		return err
	}
	defer f.Close()
	var base map[string]string
	accepted, refused, more, blanks, wrong, n := 0, 0, 0, 0, 0, 0
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var p probe
		if err := json.Unmarshal(lines.Bytes(), &p); err != nil {
			return err
		}
		if p.Base != nil {
			base = p.Base
			continue
		}
		if n++; n%every != 0 && !(p.OK && n%everyAccepted == 0) {
			continue
		}
		ok, err := insert(db, p, base)
		if err != nil {
			return err
		}
		typed := slices.Contains([]string{"int", "decimal", "date"}, p.Type)
		switch {
		case ok && p.OK:
			accepted++
		case !ok && !p.OK:
			refused++
		case ok && typed:
			more++ // the database reads a few more texts than the validator
		case p.OK && typed && strings.TrimSpace(p.Text) == "":
			blanks++ // a cell of nothing but spaces is none of its dates or numbers
		default:
			wrong++
			fmt.Printf("FAIL DuckDB and the validator disagree: %s.%s %q accepted: %v\n", p.Table, p.Field, p.Text, ok)
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	fmt.Printf("DuckDB: %d texts accepted and %d refused, as the validator does; %d more read as dates or numbers; %d blanks of spaces refused\n", accepted, refused, more, blanks)
	if wrong > 0 || accepted == 0 || refused == 0 {
		return fmt.Errorf("%d disagreements", wrong)
	}
	return nil
}

// insert reports whether a row with the probe is accepted, and takes it out again.
func insert(db *sql.DB, p probe, base map[string]string) (bool, error) {
	cells := maps.Clone(base)
	cells[p.Field] = p.Text
	var names, marks []string
	var values []any
	for name, text := range cells {
		names, marks = append(names, `"`+name+`"`), append(marks, "?")
		if text == "" { // as COPY reads an empty cell
			values = append(values, nil)
		} else {
			values = append(values, text)
		}
	}
	tx, err := db.Begin()
	if err != nil {
		return false, err
	}
	_, refused := tx.Exec(fmt.Sprintf(`INSERT INTO "%s" (%s) VALUES (%s)`, p.Table, strings.Join(names, ", "), strings.Join(marks, ", ")), values...)
	return refused == nil, tx.Rollback()
}

// load loads the generated extract with the statement that the script gives.
func load(db *sql.DB, dir string) error {
	script, err := os.ReadFile(filepath.Join(dir, "duckdb.sql"))
	if err != nil {
		return err
	}
	statement := ""
	for line := range strings.Lines(string(script)) {
		if text, ok := strings.CutPrefix(line, "--   COPY "); ok && statement == "" {
			statement = "COPY " + strings.ReplaceAll(text, "'episodes.csv'", "'"+filepath.Join(dir, "episodes.csv")+"'")
		}
	}
	if _, err := db.Exec(statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	var rows, labelled int
	if err := db.QueryRow(`SELECT count(*), count(label) FROM episodes LEFT JOIN (SELECT 1 AS label) ON gender IS NOT NULL`).Scan(&rows, &labelled); err != nil {
		return err
	}
	fmt.Printf("DuckDB: %d rows of the clean extract loaded\n", rows)
	if rows == 0 {
		return fmt.Errorf("no rows")
	}
	return nil
}
