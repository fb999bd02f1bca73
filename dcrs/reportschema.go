package dcrs

import (
	_ "embed"
	"slices"
)

var (
	//go:embed report.schema.json
	reportSchema []byte
	//go:embed extractreport.schema.json
	extractReportSchema []byte
)

// ReportSchema is the JSON Schema (draft 2020-12) of what [Report.WriteJSON]
// writes, for programs in other languages that read reports. It is made from the
// Go types and their comments. What a schema cannot say, such as which counts add
// up to which, [ReadReport] checks.
func ReportSchema() []byte { return slices.Clone(reportSchema) }

// ExtractReportSchema is the same of what [ExtractReport.WriteJSON] writes.
func ExtractReportSchema() []byte { return slices.Clone(extractReportSchema) }
