// Write prints, one resource a line, what package fhir writes: the Questionnaire of every instrument, forms
// of each that are complete, mixed and empty, and the Observations of their scores and flags. The forms
// are drawn by a fixed seed, so the same resources come out each time.
package main

import (
	"bufio"
	"fmt"
	"log"
	"math/rand/v2"
	"os"

	"github.com/healthtrainer/healthtrainer/wellbeing"
	"github.com/healthtrainer/healthtrainer/wellbeing/fhir"
)

func main() {
	log.SetFlags(0)
	out := bufio.NewWriter(os.Stdout)
	for in := range wellbeing.Instruments() {
		if err := write(out, in); err != nil {
			log.Fatalf("%s: %v", in.Name(), err)
		}
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

func write(out *bufio.Writer, in *wellbeing.Instrument) error {
	base := fhir.Base("https://fhir.example.org/trainers")
	c, err := fhir.New(in, base)
	if err != nil {
		return err
	}
	b, err := c.Questionnaire()
	if err != nil {
		return err
	}
	out.Write(append(b, '\n'))

	r := rand.New(rand.NewPCG(1, 2))
	for n, unanswered := range []float64{0, 0, 0.05, 0.4, 1} {
		form := fhir.Form{
			ID: fmt.Sprint("form-", n), Subject: "Patient/17", Authored: "2024-03-31T10:15:00+01:00",
			Responses: responses(r, in, unanswered),
		}
		if n == 0 { // what may be left out
			form.ID, form.Subject, form.Authored = "", "", ""
		}
		b, err := c.WriteForm(form)
		if err != nil {
			return err
		}
		out.Write(append(b, '\n'))

		opts := []wellbeing.Option{wellbeing.AllowUnverified()}
		if in.Definition().OwnerRule != nil {
			opts = append(opts, wellbeing.OwnerRule)
		}
		result, _ := in.Score(form.Responses, opts...) // a refusal is written too
		for i, o := range fhir.Observe(result) {
			if n > 0 {
				o.ID, o.Subject, o.Effective, o.DerivedFrom = fmt.Sprint("score-", n, "-", i), form.Subject, "2024-03-31", "QuestionnaireResponse/"+form.ID
			}
			b, err := fhir.WriteObservation(o, base)
			if err != nil {
				return err
			}
			out.Write(append(b, '\n'))
		}
	}
	return nil
}

func responses(r *rand.Rand, in *wellbeing.Instrument, unanswered float64) []wellbeing.Response {
	rs := make([]wellbeing.Response, in.Len())
	for i, it := range in.Definition().Items {
		code := it.Min + r.IntN(it.Max-it.Min+1)
		if it.Codes != nil {
			code = it.Codes[r.IntN(len(it.Codes))]
		}
		rs[i] = wellbeing.Answer(code)
		if r.Float64() < unanswered {
			rs[i] = []wellbeing.Response{{}, wellbeing.Refused(), wellbeing.NotApplicable()}[r.IntN(3)]
		}
	}
	return rs
}
