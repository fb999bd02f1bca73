//go:build duckdb

package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"path/filepath"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// withDuckDB says whether this build can run DuckDB.
const withDuckDB = true

// duckContestant does the work in DuckDB's SQL with so many threads.
func duckContestant(group, threads, dir string) (contestant, error) {
	connector, err := duckdb.NewConnector("", nil)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("PRAGMA threads=" + threads); err != nil {
		return nil, err
	}
	switch group {
	case "forms":
		return duckForms(connector, db, dir)
	case "extract":
		return duckExtract(db, dir)
	}
	return nil, fmt.Errorf("no group %q", group)
}

// duckForms scores the forms from tables of TINYINT columns. "sum" adds the
// scores up, so that DuckDB need not keep them; "table" writes them to a table,
// which is what the other programs do.
func duckForms(connector driver.Connector, db *sql.DB, dir string) (contestant, error) {
	conn, err := connector.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	c := make(contestant)
	for _, f := range forms {
		columns, err := readForms(dir, f)
		if err != nil {
			return nil, err
		}
		var defs []string
		for j := range columns {
			defs = append(defs, fmt.Sprintf("q%d TINYINT", j))
		}
		if _, err := db.Exec(fmt.Sprintf("CREATE TABLE %s (%s)", f.name, strings.Join(defs, ", "))); err != nil {
			return nil, err
		}
		a, err := duckdb.NewAppenderFromConn(conn, "", f.name)
		if err != nil {
			return nil, err
		}
		row := make([]driver.Value, len(columns))
		for i := range columns[0] {
			for j, column := range columns {
				row[j] = nil
				if column[i] >= 0 {
					row[j] = column[i]
				}
			}
			if err := a.AppendRow(row...); err != nil {
				return nil, err
			}
		}
		if err := a.Close(); err != nil {
			return nil, err
		}
		for _, checked := range []bool{false, true} {
			selected := formQuery(f, checked)
			suffix := ""
			if checked {
				suffix = "_checked"
			}
			outputs := "count(score), sum(score)"
			if f.name == "phq9" {
				outputs += ", sum(band)"
			}
			c["sum"+suffix+" "+f.name] = func() (task, error) {
				rows, err := db.Query(fmt.Sprintf("SELECT %s FROM (%s)", outputs, selected))
				if err != nil {
					return nil, err
				}
				for rows.Next() {
				}
				if err := rows.Close(); err != nil {
					return nil, err
				}
				return duckScores(db, f, "("+selected+")"), nil
			}
			c["table"+suffix+" "+f.name] = func() (task, error) {
				_, err := db.Exec("CREATE OR REPLACE TEMP TABLE result AS " + selected)
				return duckScores(db, f, "result"), err
			}
		}
	}
	return c, nil
}

// formQuery scores one instrument.
func formQuery(f form, checked bool) string {
	var sum, in []string
	for j := range f.items {
		sum = append(sum, fmt.Sprintf("q%d", j))
		in = append(in, fmt.Sprintf("q%d BETWEEN %d AND %d", j, f.min, f.max))
	}
	total := strings.Join(sum, " + ")
	if checked {
		total = fmt.Sprintf("CASE WHEN %s THEN %s END", strings.Join(in, " AND "), total)
	}
	switch f.name {
	case "who5":
		return fmt.Sprintf("SELECT 4::TINYINT * (%s) AS score FROM who5", total)
	case "swemwbs":
		var table []string
		for _, v := range metricTable() {
			table = append(table, fmt.Sprintf("%.2f::DOUBLE", v))
		}
		return fmt.Sprintf("SELECT [%s][(%s) - 6] AS score FROM swemwbs", strings.Join(table, ", "), total)
	}
	return fmt.Sprintf("SELECT score, CASE WHEN score < 5 THEN 1 WHEN score < 10 THEN 2 WHEN score < 15 THEN 3 WHEN score < 20 THEN 4 WHEN score IS NOT NULL THEN 5 END::TINYINT AS band "+
		"FROM (SELECT %s AS score FROM phq9)", total)
}

func duckScores(db *sql.DB, f form, from string) task {
	return func() ([]float64, error) {
		columns := []string{"score"}
		if f.name == "phq9" {
			columns = append(columns, "band")
		}
		var out []float64
		for _, column := range columns {
			rows, err := db.Query(fmt.Sprintf("SELECT %s::DOUBLE FROM %s", column, from))
			if err != nil {
				return nil, err
			}
			for rows.Next() {
				var v sql.NullFloat64
				if err := rows.Scan(&v); err != nil {
					return nil, err
				}
				if !v.Valid {
					v.Float64 = math.NaN()
				}
				out = append(out, v.Float64)
			}
			if err := rows.Err(); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
}

// duckExtract checks the extract by one statement over read_csv.
func duckExtract(db *sql.DB, dir string) (contestant, error) {
	d := dcrs.Episodes()
	table := extractTable(d, filepath.Join(dir, "clean.csv"))
	query, _ := extractQuery(d, extractAsOf, table)
	one := func(query string) func() (task, error) {
		return func() (task, error) {
			values, err := oneRow(db, query)
			return floats(values...), err
		}
	}
	return contestant{
		"counts check": one(query),
		"parse check":  one("SELECT count(*), " + countColumns(d) + " FROM " + table),
	}, nil
}

func countColumns(d *dcrs.Dictionary) string {
	var out []string
	for f := range d.Fields() {
		out = append(out, "count("+f.Name+")")
	}
	return strings.Join(out, ", ")
}

func oneRow(db *sql.DB, query string) ([]float64, error) {
	rows, err := db.Query(query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	counts := make([]int64, len(names))
	into := make([]any, len(names))
	for i := range into {
		into[i] = &counts[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
	}
	out := make([]float64, len(counts))
	for i, n := range counts {
		out[i] = float64(n)
	}
	return out, rows.Err()
}

// extractTable reads the file as text. All columns are named, so that DuckDB
// need not guess.
func extractTable(d *dcrs.Dictionary, file string) string {
	var columns []string
	for f := range d.Fields() {
		columns = append(columns, fmt.Sprintf("'%s': 'VARCHAR'", f.Name))
	}
	return fmt.Sprintf(`read_csv('%s', header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = {%s})`,
		strings.ReplaceAll(file, "'", "''"), strings.Join(columns, ", "))
}

// metricTable is the SWEMWBS conversion from a raw score of 7, read from the
// instrument and so not a check of it; the package's own tests are.
func metricTable() (table []float64) {
	for _, s := range wellbeing.SWEMWBS().Definition().Scales {
		if s.Name == "metric" {
			for _, row := range s.Table {
				table = append(table, row.Metric.Float64())
			}
		}
	}
	return table
}
