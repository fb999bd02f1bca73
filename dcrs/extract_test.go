package dcrs

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"github.com/healthtrainer/healthtrainer/hte"
)

var extractDay = func() hte.Date { d, _ := hte.ParseDate("2024-12-31"); return d }()

// sampleEpisodes are three episodes without a finding but for what is absent: E1
// was seen through, E2 waits, E3 closed by death.
const sampleEpisodes = `client_id,episode_id,service_code,referral_date,first_contact_date,assessment_date,consent,client_mode,primary_issue,wider_needs,wider_needs_met,wider_needs_part_met,plan_date,plan_status,goal_1_issue,goal_1_status,goal_2_issue,goal_2_status,sessions_attended,sessions_missed,signposted_to,signposted_date,review_date,weight_kg_pre,weight_kg_post,who5_percent_pre,who5_percent_post,closure_date,closure_reason
C1,E1,HT01,2024-01-08,2024-01-15,2024-01-15,Y,one_to_one,diet,finance;isolation,isolation,,2024-01-22,achieved,diet,achieved,,,3,1,stop_smoking;debt,2024-01-22,2024-05-20,101.5,97,44,68,2024-06-03,completed
C2,E2,HT01,2024-12-02,,,,,,,,,,,,,,,,,,,,,,,,,
C3,E3,HT01,2024-02-05,2024-02-12,,Y,brief,,,,,,,,,,,,,,,,,,,,2024-03-01,died
`

const sampleContacts = `contact_id,episode_id,contact_date,consultation_medium,attendance,purpose,duration_minutes,setting,trainer_id,techniques
K1,E1,2024-01-15,01,attended,assessment,60,community,T1,1.1;9.2
K2,E1,2024-01-22,01,late,planning,30,community,T1,1.4
K3,E1,2024-02-12,02,did_not_attend,session,,,T1,
K4,E1,2024-05-20,11,attended,review,45,,T1,1.5
K5,E1,2024-08-20,02,attended,followup,10,,T1,
K6,E3,2024-02-12,01,attended,first_contact,20,,T1,
K7,E2,2025-01-10,01,planned,first_contact,,,T1,
`

const sampleGoals = `goal_id,episode_id,goal_number,issue,measure,baseline,target,result,set_date,due_date,review_date,status
G1,E1,1,diet,fruit_veg,2,5,5.5,2024-01-22,2024-04-22,2024-05-20,achieved
`

const sampleSignposts = `signpost_id,episode_id,signpost_date,destination,kind,issue,need,consent,outcome,outcome_date
S1,E1,2024-01-22,stop_smoking,referred,smoking,,Y,engaged,2024-02-20
S2,E1,2024-03-04,debt,signposted,,finance,,awaited,
`

const sampleNeeds = `episode_id,need,severity,status,recorded_date,status_date
E1,finance,high,open,2024-01-15,
E1,isolation,low,met,2024-01-15,2024-04-08
`

const sampleMeasures = `episode_id,time_point,measured_on,measure,responses,scale,value
E1,pre,2024-01-15,WHO-5,2 2 2 3 2,percent,44
E1,post,2024-05-20,WHO-5,3 3 4 4 3,,
E1,pre,2024-01-15,weight_kg,,,101.5
E1,3m,2024-08-20,weight_kg,,,96.4
E1,pre,2024-01-15,PHQ-9,1 1 0 2 0 1 1 0 0,total,6
`

// sampleExtract is an extract that has no error and no warning but for columns
// and cells that it leaves out.
func sampleExtract() fstest.MapFS {
	files := fstest.MapFS{}
	for name, text := range map[string]string{
		"episodes.csv": sampleEpisodes, "contacts.csv": sampleContacts, "goals.csv": sampleGoals, "signposts.csv": sampleSignposts,
		"needs.csv": sampleNeeds, "measures.csv": sampleMeasures,
	} {
		files[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// extractFindings validates an extract and writes its findings as "file:record
// field rule", without those about columns and blanks.
func extractFindings(t *testing.T, files fstest.MapFS, options ...Option) (list []string, report *ExtractReport) {
	t.Helper()
	x, err := NewExtractValidator(ExtractDictionaries(), extractDay, options...)
	require.NoError(t, err)
	report, err = x.Validate(context.Background(), "sample", files, func(f Finding) error {
		if !strings.HasSuffix(f.Rule, "-column") && !strings.HasSuffix(f.Rule, "/blank") {
			list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%s:%d %s %s", f.File, f.Record, f.Field, f.Rule)), " "))
		}
		return nil
	})
	require.NoError(t, err)
	return list, report
}

// edited replaces a text of a file, which must be there.
func edited(t *testing.T, files fstest.MapFS, name, before, after string) fstest.MapFS {
	t.Helper()
	text := string(files[name].Data)
	require.Contains(t, text, before, "in %s", name)
	files[name] = &fstest.MapFile{Data: []byte(strings.Replace(text, before, after, 1))}
	return files
}

func TestExtractSampleIsClean(t *testing.T) {
	found, report := extractFindings(t, sampleExtract())
	require.Empty(t, found)
	require.Len(t, report.Files, 6)
	require.Empty(t, report.Absent)
	// Every rule that compares files has looked at something: otherwise an empty
	// list of findings would say nothing.
	idle := []string{}
	for _, r := range report.Across.Rules {
		if r.Checked == 0 {
			idle = append(idle, r.Rule)
		}
	}
	require.Equal(t, []string{"extract/not-a-zip", "extract/damaged", "extract/too-large", "agreement/goal-2-missing", "agreement/goal-3-missing", "agreement/needs-part-met"}, idle)
}

func TestChildDictionaries(t *testing.T) {
	for _, d := range ExtractDictionaries()[1:] {
		f, ok := d.Field("episode_id")
		require.True(t, ok)
		require.Equal(t, childEpisode, f.Index(), d.Kind())
		require.Equal(t, Edition, d.Edition())
	}
	for _, l := range childCodeLists {
		for _, c := range l.Codes {
			require.GreaterOrEqual(t, childCode(l.Name, c.Code), int64(0))
		}
	}
	require.Len(t, techniqueList.Codes, 93)
}
