package dcrs

import (
	"io"
	"slices"
	"strings"
)

// The shape of the messages of NHS England's data validation engine (DVE), as its
// public source has it (github.com/NHSDigital/data-validation-engine, commit
// d42897f, MIT licence): FeedbackMessage.HEADER, FailureType, ErrorCategory and
// ErrorReportStatus. Nothing of that program is used, and no code of a national
// data set: ErrorCode holds this library's own rule ids.

// dveColumns is the header of a list of messages of the DVE, spelt as there.
var dveColumns = [...]string{
	"Entity", "Key", "FailureType", "Status", "ErrorType", "ErrorLocation",
	"ErrorMessage", "ErrorCode", "ReportingField", "RecordIndex", "Value", "Category",
}

// DVEWriter writes findings as CSV in the twelve columns in which NHS England's
// data validation engine reports, for programs that read those, one row for each
// finding:
//
//	Entity,Key,FailureType,Status,ErrorType,ErrorLocation,ErrorMessage,ErrorCode,ReportingField,RecordIndex,Value,Category
//
// What stands in them:
//
//   - Entity: the kind of record, "episode"; of an extract of several files that of
//     the file with the finding, and "extract" for what is about no file that there is.
//   - Key: the values asked for with [Show], where the finding has them; otherwise
//     blank. The engine writes the record's key there; this library shows no
//     identifier that nobody asked for.
//   - FailureType: "integrity" for what stops the reading of the file (file/empty,
//     file/not-text, file/delimiter), "submission" for what concerns its header, its
//     encoding or the files of an extract, "record" for everything else.
//   - Status: "error" for an error, "informational" for a warning or a note.
//   - ErrorType: the family of the rule, such as "range".
//   - ErrorLocation: the field at which the finding stands.
//   - ErrorMessage: "File rejected - …", "Record rejected - …", "Warning - …" or
//     "Note - …".
//   - ErrorCode: the id of the rule, such as "weight_kg_pre/range". It is this
//     library's; no national code list is meant.
//   - ReportingField: that field, and behind it the related ones, with ", " between.
//   - RecordIndex: the number of the record, from 1; blank for what concerns the file.
//   - Value: the shape of the value ("AA9 9AA"), never the value.
//   - Category: "Blank" where the cell is empty, "Wrong format" where it or its row
//     cannot be read, "Bad file" for what concerns the file, otherwise "Bad value".
//
// The engine itself writes these columns as JSON lines and shows them in a
// workbook. Encoding, quoting and the guard against formulas are those of
// [FindingWriter]. It is for one goroutine at a time.
type DVEWriter struct {
	lines   lineWriter
	entity  string
	several bool // the entity is that of the file
	scratch []byte
	fields  []string
}

// NewDVEWriter returns a writer of findings to w; kind is that of the record, see
// [Dictionary.Kind], and that of [ExtractRules] for the findings of an
// [ExtractValidator]. The header is written even where no finding follows. Call
// [DVEWriter.Flush] at the end.
func NewDVEWriter(w io.Writer, kind string) *DVEWriter {
	d := &DVEWriter{lines: newLineWriter(w), entity: kind, several: kind == extractRules().kind}
	d.lines.buf = append(append(d.lines.buf, strings.Join(dveColumns[:], ",")...), '\n')
	return d
}

// Write adds a finding. Its error is that of an earlier write to the underlying
// writer, so it can be handed to [Validator.Validate] as it is.
func (d *DVEWriter) Write(f Finding) error {
	if d.lines.err != nil {
		return d.lines.err
	}
	failure := dveFailure(&f)
	entity := d.entity
	if kind, ok := kindOfTable(f.File); ok && d.several {
		entity = kind
	}
	b := append(appendCell(d.lines.buf, []byte(entity)), ',')
	d.scratch = d.scratch[:0]
	for i, s := range f.Shown {
		if i > 0 {
			d.scratch = append(d.scratch, ", "...)
		}
		d.scratch = append(d.scratch, s.Value...)
	}
	b = append(appendCell(b, d.scratch), ',')
	b = append(append(b, failure...), ',')
	b = append(append(b, dveStatus(f.Severity)...), ',')
	_, family, _ := strings.Cut(f.Rule, "/")
	b = append(appendCell(b, []byte(family)), ',')
	b = append(appendCell(b, []byte(f.Field)), ',')
	d.scratch = append(append(d.scratch[:0], dvePrefix(failure, f.Severity)...), f.Message...)
	b = append(appendCell(b, d.scratch), ',')
	b = append(appendCell(b, []byte(f.Rule)), ',')
	d.fields = d.fields[:0]
	if f.Field != "" {
		d.fields = append(d.fields, f.Field)
	}
	for _, r := range f.Related {
		if !slices.Contains(d.fields, r.Field) {
			d.fields = append(d.fields, r.Field)
		}
	}
	d.scratch = d.scratch[:0]
	for i, name := range d.fields {
		if i > 0 {
			d.scratch = append(d.scratch, ", "...)
		}
		d.scratch = append(d.scratch, name...)
	}
	b = append(appendCell(b, d.scratch), ',')
	record := f.Record
	if failure != dveRecord {
		record = 0
	}
	b = append(appendPart(b, record), ',')
	b = append(appendCell(b, []byte(f.Shape)), ',')
	b = append(b, dveCategory(&f, failure)...)
	d.lines.buf = append(b, '\n')
	return d.lines.full()
}

// Flush writes what has been gathered. It returns the first error of the
// underlying writer, now and every time after.
func (d *DVEWriter) Flush() error { return d.lines.flush() }

// The failure types of the DVE.
const (
	dveIntegrity  = "integrity"
	dveSubmission = "submission"
	dveRecord     = "record"
)

// aboutTheFile reports whether findings of a rule concern the file or its header
// and no single record.
func aboutTheFile(rule string) bool {
	switch rule {
	case "file/row-length", "file/quote", "file/record-too-long", "file/control-character":
		return false
	}
	return strings.HasPrefix(rule, "file/") || strings.HasPrefix(rule, "extract/")
}

func dveFailure(f *Finding) string {
	switch {
	case f.Rule == "file/empty", f.Rule == "file/not-text", f.Rule == "file/delimiter":
		return dveIntegrity
	case aboutTheFile(f.Rule), f.Record == 0:
		return dveSubmission
	}
	return dveRecord
}

func dveStatus(l Level) string {
	if l == Error {
		return "error"
	}
	return "informational"
}

func dvePrefix(failure string, l Level) string {
	switch {
	case l == Warning:
		return "Warning - "
	case l != Error:
		return "Note - "
	case failure == dveRecord:
		return "Record rejected - "
	}
	return "File rejected - "
}

func dveCategory(f *Finding, failure string) string {
	_, family, _ := strings.Cut(f.Rule, "/")
	switch {
	case failure != dveRecord:
		return "Bad file"
	case family == "format", strings.HasPrefix(f.Rule, "file/"):
		return "Wrong format"
	case family == "blank", f.Field != "" && f.Shape == "":
		return "Blank"
	}
	return "Bad value"
}

// DVEStatus is how NHS England's data validation engine sums up a submission.
type DVEStatus uint8

// The statuses, the worst first.
const (
	DVEProcessingFailed     DVEStatus = iota + 1 // reading was interrupted: [Report.Truncated]
	DVEFileRejected                              // an error that concerns the file or its header, or a file that could not be read
	DVERecordsRejected                           // accepted, with record rejections: an error in a record
	DVEAcceptedWithWarnings                      // accepted, with warnings
	DVEAccepted                                  // accepted, nothing to report; notes (info) count as nothing
)

var dveStatuses = []string{
	DVEProcessingFailed: "processing failed", DVEFileRejected: "file rejected", DVERecordsRejected: "accepted with record rejections",
	DVEAcceptedWithWarnings: "accepted with warnings", DVEAccepted: "accepted clean",
}

// String is the status in a few words, such as "accepted with record rejections".
func (s DVEStatus) String() string { return nameOf(s, "DVEStatus", dveStatuses) }

// DVEStatus is the status that the engine would give to a submission with these
// findings, by its rule: the worst of them decides.
func (r *Report) DVEStatus() DVEStatus {
	switch {
	case r.Truncated:
		return DVEProcessingFailed
	case r.Unread != "":
		return DVEFileRejected
	}
	status := DVEAccepted
	for _, rule := range r.Rules {
		switch {
		case rule.Errors > 0 && aboutTheFile(rule.Rule):
			return DVEFileRejected
		case rule.Errors > 0:
			status = DVERecordsRejected
		case rule.Warnings > 0:
			status = min(status, DVEAcceptedWithWarnings)
		}
	}
	return status
}

// DVEStatus is the worst of the statuses of the files, and of that of the files
// together.
func (r *ExtractReport) DVEStatus() DVEStatus {
	status := DVEAccepted
	if r.Truncated {
		status = DVEProcessingFailed
	}
	for _, part := range r.parts() {
		status = min(status, part.DVEStatus())
	}
	return status
}
