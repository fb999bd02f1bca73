package evaluation

import (
	"context"
	"encoding/json"
	"os"
	"testing"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

func TestScratch(t *testing.T) {
	f, err := os.Open("/tmp/evalscratch/s.csv")
	if err != nil {
		t.Skip()
	}
	asOf, _ := hte.ParseDate("2026-06-30")
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	if err != nil {
		t.Fatal(err)
	}
	e, err := Run(context.Background(), "s.csv", f, v)
	if err != nil {
		t.Fatal(err)
	}
	q := e.Quality
	for _, r := range q.Rules {
		if r.Errors > 0 {
			t.Log(r.Rule, r.Count)
		}
	}
	e.Quality = nil
	b, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	os.WriteFile("/tmp/evalscratch/e.json", b, 0o644)
}

func TestScratchDoc(t *testing.T) {
	f, err := os.Open("/tmp/evalscratch/s.csv")
	if err != nil {
		t.Skip()
	}
	asOf, _ := hte.ParseDate("2026-06-30")
	v, _ := dcrs.NewValidator(dcrs.Episodes(), asOf)
	e, err := Run(context.Background(), "s.csv", f, v)
	if err != nil {
		t.Fatal(err)
	}
	for name, d := range map[string]Disclosure{"nhs": NHSRule, "all": ShowAll} {
		doc := e.Document(d)
		b, _ := json.MarshalIndent(doc, "", " ")
		os.WriteFile("/tmp/evalscratch/doc-"+name+".json", b, 0o644)
		os.WriteFile("/tmp/evalscratch/doc-"+name+".txt", []byte(doc.String()), 0o644)
	}
}
