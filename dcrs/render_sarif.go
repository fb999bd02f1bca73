package dcrs

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// The parts of SARIF 2.1.0 (OASIS standard, 27 March 2020) that a report needs.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool        sarifTool         `json:"tool"`
	Automation  sarifAutomation   `json:"automationDetails"`
	Invocations []sarifInvocation `json:"invocations"`
	Artifacts   []sarifArtifact   `json:"artifacts"`
	Results     []sarifResult     `json:"results"`
	Properties  map[string]any    `json:"properties"`
}

// sarifAutomation tells the runs of a log apart.
type sarifAutomation struct {
	ID string `json:"id"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name           string      `json:"name"`
	Version        string      `json:"version"`
	InformationURI string      `json:"informationUri"`
	Rules          []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID      string         `json:"id"`
	Short   sarifText      `json:"shortDescription"`
	Help    sarifText      `json:"help"`
	Default sarifDefault   `json:"defaultConfiguration"`
	Props   map[string]any `json:"properties"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifInvocation struct {
	Successful    bool                `json:"executionSuccessful"`
	Notifications []sarifNotification `json:"toolExecutionNotifications,omitempty"`
}

type sarifNotification struct {
	Level   string    `json:"level"`
	Message sarifText `json:"message"`
}

type sarifArtifact struct {
	Location sarifURI `json:"location"`
	Length   int64    `json:"length"`
	MIMEType string   `json:"mimeType"`
}

type sarifURI struct {
	URI   string `json:"uri"`
	Index *int   `json:"index,omitempty"`
}

type sarifResult struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      sarifText         `json:"message"`
	Locations    []sarifLocation   `json:"locations"`
	Related      []sarifLocation   `json:"relatedLocations,omitempty"`
	Fingerprints map[string]string `json:"partialFingerprints"`
	Properties   map[string]any    `json:"properties"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
	Message  *sarifText     `json:"message,omitempty"`
	Props    map[string]any `json:"properties,omitempty"`
}

type sarifPhysical struct {
	Artifact sarifURI     `json:"artifactLocation"`
	Region   *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
	projectURI  = "https://github.com/healthtrainer/healthtrainer"
)

// WriteSARIF writes the report as a SARIF 2.1.0 log, for pipelines and editors that
// show what static analysis finds: one run, with every rule that was on, its help
// text and how often it found something, and one result for each example; so a log
// stays as small as the report. Give [Examples] where more are wanted.
//
// An error is a SARIF error, a warning a warning, a note (info) a note. A result
// points to the line. SARIF counts columns in characters, which a report does not
// know: the column of the table is in the logical location (its heading) and in
// the properties, with the record, the byte offset and the shape of the value.
//
// The partial fingerprint "dcrsFinding/v1" tells a result from the others and
// finds it again in the next run on a file in which no earlier finding of the rule
// has gone: it is a digest of the rule, the field and which of the rule's examples
// in that field it is. No value of the extract goes into it.
func (r *Report) WriteSARIF(w io.Writer) error { return writeSARIF(w, r) }

// WriteSARIF writes the report as [Report.WriteSARIF] does, with one run for each
// file and a last one for the rules across files: automationDetails.id of a run is
// dcrs/KIND/, with the kind of record.
func (r *ExtractReport) WriteSARIF(w io.Writer) error { return writeSARIF(w, r.parts()...) }

func writeSARIF(w io.Writer, reports ...*Report) error {
	log := sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{}}
	for _, r := range reports {
		artifacts := []*Report{r}
		if r.Kind == extractRules().kind { // its findings stand in the files
			artifacts = slices.DeleteFunc(slices.Clone(reports), func(f *Report) bool { return f == r })
		}
		log.Runs = append(log.Runs, r.newSARIFRun(artifacts))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(log)
}

// sarifFiles are the places of files among the artifacts of a run.
type sarifFiles map[string]int

func (r *Report) newSARIFRun(artifacts []*Report) sarifRun {
	d := r.dictionary()
	run := sarifRun{
		Automation: sarifAutomation{"dcrs/" + url.PathEscape(utf8Only(r.Kind)) + "/"},
		Tool: sarifTool{sarifDriver{
			Name: "dcrs", Version: clean(r.Edition), InformationURI: projectURI, Rules: []sarifRule{},
		}},
		Artifacts: []sarifArtifact{},
		Results:   []sarifResult{},
		Properties: map[string]any{
			"kind": r.Kind, "asOf": r.AsOf.String(), "records": r.Records,
			"recordsWithErrors": r.RecordsWithErrors, "recordsWithWarnings": r.RecordsWithWarnings,
			"errors": r.Count(Error), "warnings": r.Count(Warning), "notes": r.Count(Info),
			"verdict": newReportView(r).Verdict.Headline,
		},
	}
	files := make(sarifFiles)
	for i, f := range artifacts {
		files[f.File] = i
		run.Artifacts = append(run.Artifacts, sarifArtifact{Location: sarifURI{URI: fileURI(f.File)}, Length: f.Bytes, MIMEType: "text/csv"})
	}
	call := sarifInvocation{Successful: r.Unread == "" && !r.Truncated}
	note := func(format string, args ...any) {
		call.Notifications = append(call.Notifications, sarifNotification{"error", sarifText{fmt.Sprintf(format, args...)}})
	}
	if r.Unread != "" {
		note("The rows could not be read: %s.", clean(r.Unread))
	}
	if r.Truncated {
		note("Reading stopped after %s: the rest was not checked.", counted(r.Records, "record"))
	}
	run.Invocations = []sarifInvocation{call}
	for i, rr := range r.Rules {
		var def Rule
		if d != nil {
			def, _ = d.Rule(rr.Rule)
		}
		view := newRuleView(rr, def, d)
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newSARIFRule(view, def))
		seen := make(map[string]int)
		for _, e := range rr.Examples {
			seen[e.Field]++
			run.Results = append(run.Results, files.result(&e, i, seen[e.Field]))
		}
	}
	return run
}

func newSARIFRule(v ruleView, def Rule) sarifRule {
	text := v.Problem
	if text == "" {
		text = "A rule that found nothing and whose words this program does not know."
	}
	help := text
	if v.Fix != "" {
		help += " To mend: " + v.Fix
	}
	if def.Note != "" {
		help += " " + stopped(def.Note)
	}
	props := map[string]any{
		"findings": v.Count, "errors": v.Errors, "warnings": v.Warnings, "notes": v.Infos,
		"checked": v.Checked, "notApplicable": v.NotApplicable,
	}
	if def.ID != "" {
		props["scope"], props["basis"] = def.Scope.String(), def.Basis.String()
		if def.Source != "" {
			props["source"] = def.Source
		}
	}
	level := v.Severity
	if def.ID != "" && v.Count > 0 {
		level = def.Severity
	}
	return sarifRule{
		ID: utf8Only(v.Rule), Short: sarifText{utf8Only(text)}, Help: sarifText{utf8Only(help)},
		Default: sarifDefault{sarifLevel(level)}, Props: props,
	}
}

func (files sarifFiles) result(e *Finding, rule, nth int) sarifResult {
	message := sentence(clean(e.Message))
	if e.Fix != "" {
		message += " To mend: " + stopped(clean(e.Fix))
	}
	digest := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%d", e.Rule, e.Field, nth))
	props := map[string]any{"byteOffset": e.Offset}
	if e.Shape != "" {
		props["shape"] = clean(e.Shape)
	}
	addPlace(props, e.Position)
	if len(e.Shown) > 0 {
		shown := make(map[string]string, len(e.Shown))
		for _, s := range e.Shown {
			shown[utf8Only(s.Field)] = clean(s.Value)
		}
		props["shown"] = shown
	}
	out := sarifResult{
		RuleID: utf8Only(e.Rule), RuleIndex: rule, Level: sarifLevel(e.Severity), Message: sarifText{message},
		Locations:    []sarifLocation{files.place(e.Position, e.Field)},
		Fingerprints: map[string]string{"dcrsFinding/v1": hex.EncodeToString(digest[:16])},
		Properties:   props,
	}
	for _, related := range e.Related {
		place := files.place(related.Position, related.Field)
		place.Message = &sarifText{"The finding rests on " + clean(related.Field) + "."}
		place.Props = map[string]any{"byteOffset": related.Offset}
		addPlace(place.Props, related.Position)
		out.Related = append(out.Related, place)
	}
	return out
}

func addPlace(props map[string]any, p Position) {
	if p.Record > 0 {
		props["record"] = p.Record
	}
	if p.Column > 0 {
		props["column"] = p.Column
	}
}

func (files sarifFiles) place(p Position, field string) sarifLocation {
	out := sarifLocation{Physical: sarifPhysical{Artifact: sarifURI{URI: fileURI(p.File)}}}
	if i, ok := files[p.File]; ok {
		out.Physical.Artifact.Index = new(i)
	}
	if p.Line > 0 {
		out.Physical.Region = &sarifRegion{StartLine: p.Line}
	}
	if field != "" {
		out.Logical = []sarifLogical{{Name: clean(field), Kind: "member"}}
	}
	return out
}

func sarifLevel(l Level) string {
	switch l {
	case Error, Warning:
		return l.String()
	case Off:
		return "none"
	}
	return "note"
}

// fileURI is the name of a file as a relative reference: nothing in it can be
// taken for a scheme, a host or a query.
func fileURI(name string) string {
	if name == "" {
		name = "extract"
	}
	parts := strings.Split(name, "/")
	for i, p := range parts {
		parts[i] = strings.ReplaceAll(url.PathEscape(p), ":", "%3A")
	}
	return strings.TrimLeft(strings.Join(parts, "/"), "/")
}

func utf8Only(s string) string { return strings.ToValidUTF8(s, string(utf8.RuneError)) }
