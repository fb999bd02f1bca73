package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
	"testing/fstest"
	"time"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/export"
	"github.com/healthtrainer/healthtrainer/hte"
	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// chapter is a day of the story, and what was put on record on it.
type chapter struct {
	on    string
	event []hte.Data
}

// The story's numbers and days.
var (
	whole  = wellbeing.Whole
	answer = wellbeing.Answer
)

func date(s string) hte.Date {
	d, err := hte.ParseDate(s)
	if err != nil {
		panic(err) // a day of the story
	}
	return d
}

func smoke(n int64, when hte.Occasion) hte.MeasureTaken {
	return hte.MeasureTaken{Measure: "cigarettes", Value: whole(n), Occasion: when}
}

func who5(when hte.Occasion, codes ...int) hte.QuestionnaireCompleted {
	result, _ := wellbeing.WHO5().Score(wellbeing.Answers(codes...)) // five answers make a score
	return hte.QuestionnaireCompleted{Result: result, Answers: wellbeing.Answers(codes...), Occasion: when}
}

// tell puts the story on record, one day after the other, and prints what becomes of it.
func tell(ctx context.Context, out io.Writer, story []chapter) error {
	fmt.Fprintln(out, "One person on probation, from referral to employed health trainer (made up)")
	store := new(hte.MemoryStore)
	var state hte.State
	for _, c := range story {
		on := date(c.on)
		fmt.Fprintf(out, "\n%s\n", on)
		for _, what := range c.event {
			command := hte.Command{Journey: "E-1", On: on, Recorded: on.Time(time.UTC).Add(17 * time.Hour), By: "T-4", Data: what}
			now, events, err := hte.Record(ctx, store, nil, command)
			if refused, ok := errors.AsType[*hte.RefusedError](err); ok {
				fmt.Fprintf(out, "  ✗ %s: not yet, for want of %q\n", what.Kind().About(), refused.Unmet[0].Guard)
				continue
			} else if err != nil {
				return err
			}
			for i, e := range events {
				by := [2]string{"•", "↳"}[min(i, 1)] // ↳ follows by rule
				fmt.Fprintf(out, "  %s %s%s\n", by, e.Kind().About(), detail(e.Data))
			}
			if now.Stage != state.Stage {
				fmt.Fprintf(out, "    stage: %s\n", now.Stage)
			}
			state = now
		}
	}
	if err := judge(out, &state); err != nil {
		return err
	}
	return hand(ctx, out, &state)
}

// detail says what happened to this person, where the kind of event says too little.
func detail(data hte.Data) string {
	switch d := data.(type) {
	case hte.Referred:
		return fmt.Sprintf(": from %s, for %s", d.Source, d.Reason)
	case hte.ContactAttempted:
		return ": " + hte.Label(d.Outcome)
	case hte.IssueIdentified:
		return ": " + hte.Label(d.Issue)
	case hte.NeedRecorded:
		return fmt.Sprintf(": %s, %s", hte.Label(d.Need), hte.Label(d.Status))
	case hte.MeasureTaken:
		m, _ := d.Measure.Definition()
		return fmt.Sprintf(": %s %s %s", m.Label, d.Value, m.Unit)
	case hte.QuestionnaireCompleted:
		score, _ := d.Result.Score("percent")
		return fmt.Sprintf(": %s, %s of 100", d.Result.Instrument, score.Value)
	case hte.Signposted:
		return ": " + hte.Label(d.To)
	case hte.RulersRated:
		return fmt.Sprintf(": %s and %s of 10", d.Importance, d.Confidence)
	case hte.GoalSet:
		return fmt.Sprintf("\n      %s: from %s to %s %s by %s", d.Behaviour, d.Baseline, d.Target, d.Unit, d.By)
	case hte.IfThenPlanned:
		return fmt.Sprintf("\n      if %s, then %s", d.If, d.Then)
	case hte.DiaryKept:
		return fmt.Sprintf(": %s that day", d.Value)
	case hte.Paused:
		return ": " + hte.Label(d.Reason)
	case hte.ReleasePlanned:
		return ": " + d.Day.String()
	case hte.SignpostFollowedUp:
		return ": " + hte.Label(d.Outcome)
	case hte.GoalReviewed:
		return fmt.Sprintf(": %s, at %s", hte.Label(d.Result), d.Value)
	case hte.PlanConcluded:
		return ": " + hte.Label(d.Outcome)
	case hte.FollowUpHeld:
		return fmt.Sprintf(" at %d months: %s", d.Months, hte.Label(d.Maintained))
	case hte.WorkforceStepTaken:
		return ": " + hte.Label(d.Step)
	}
	return ""
}

// judge says whether the client feels better, by a rule that names its source.
func judge(out io.Writer, s *hte.State) error {
	rule, err := wellbeing.WHO5().ChangeRule("topp-2015-10")
	if err != nil {
		return err
	}
	change, err := rule.Judge(s.Questionnaires[0].Result, s.Questionnaires[1].Result)
	if err != nil {
		return err
	}
	goal := s.Goals[0]
	fmt.Fprintf(out, "\nWellbeing (WHO-5): %s → %s, %s. Goal: %s cigarettes a day → %s, %s.\n",
		change.Before, change.After, change.Outcome, goal.Baseline, goal.Reviews[0].Value, goal.Status)
	return nil
}

// hand exports the journey, and validates what comes out as whoever receives it would.
func hand(ctx context.Context, out io.Writer, s *hte.State) error {
	asOf := date("2026-03-31")
	x, err := export.New(asOf)
	if err != nil {
		return err
	}
	files := map[string]*strings.Builder{}
	w, err := x.NewWriter(func(kind string) (io.Writer, error) {
		files[kind] = new(strings.Builder)
		return files[kind], nil
	})
	if err != nil {
		return err
	}
	left, err := w.Write(ctx, s, export.Client{Born: date("1989-06-01"), Gender: "1", EthnicCategory: "A", Postcode: "ZZ99 3VZ", GPPractice: "V81997"})
	if err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	folder := fstest.MapFS{}
	fmt.Fprint(out, "\nExported, rows of each file:")
	for _, d := range dcrs.ExtractDictionaries() {
		text := files[d.Kind()].String()
		folder[d.Kind()+"s.csv"] = &fstest.MapFile{Data: []byte(text)}
		fmt.Fprintf(out, " %s %d", d.Kind(), strings.Count(text, "\n")-1)
	}
	fmt.Fprintf(out, "\nLeft in the log, since no field holds them: %d kinds of things\n", len(left))
	v, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), asOf)
	if err != nil {
		return err
	}
	var warnings []string
	report, err := v.Validate(ctx, "journey", folder, func(f dcrs.Finding) error {
		if f.Severity == dcrs.Warning {
			warnings = append(warnings, fmt.Sprintf("  %s, %s: %s", path.Base(f.File), f.Field, f.Message))
		}
		return nil
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "Validated: %d errors, %d warnings\n", report.Count(dcrs.Error), report.Count(dcrs.Warning))
	for _, w := range warnings {
		fmt.Fprintln(out, w)
	}
	return nil
}
