package dcrs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The three tables under testdata/dictionary are the dictionary as it was agreed
// on paper, before there was any code. What the package holds must give the same
// bytes.

func tableText(t *testing.T, records [][]string) string {
	t.Helper()
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	require.NoError(t, w.WriteAll(records))
	return b.String()
}

// requireTable compares line by line, so that a failure can be read.
func requireTable(t *testing.T, name string, records [][]string) {
	t.Helper()
	want, err := os.ReadFile(filepath.Join("testdata", "dictionary", name))
	require.NoError(t, err)
	got := tableText(t, records)
	wants, gots := strings.SplitAfter(string(want), "\n"), strings.SplitAfter(got, "\n")
	for i := range min(len(wants), len(gots)) {
		require.Equal(t, wants[i], gots[i], "%s, line %d", name, i+1)
	}
	require.Equal(t, string(want), got)
}

func rangeText(r *Range) string {
	if r == nil {
		return ""
	}
	return fmt.Sprintf("%d..%d", r.Min, r.Max)
}

// MaxLength and Alphabet have no column in the table: it says them in the notes
// of client_id and service_code, or leaves them open. TestIdentifiers holds them.
func TestFieldsAreTheTable(t *testing.T) {
	records := [][]string{{
		"field", "label", "type", "unit", "valid_range", "plausible_range", "code_list", "presence", "sensitivity",
		"basis", "source", "note",
	}}
	for f := range Episodes().Fields() {
		records = append(records, []string{
			f.Name, f.Label, f.Type.String(), f.Unit, rangeText(f.Valid), rangeText(f.Plausible), f.CodeList,
			f.Presence.String(), f.Sensitivity.String(), f.Basis.String(), f.Source, f.Note,
		})
	}
	require.Len(t, records, 1+102)
	requireTable(t, "dictionary.csv", records)
}

func TestCodesAreTheTable(t *testing.T) {
	records := [][]string{{"list", "code", "label", "quality", "basis", "source"}}
	for l := range Episodes().CodeLists() {
		for _, c := range l.Codes {
			records = append(records, []string{l.Name, c.Code, c.Label, c.Quality.String(), c.Basis.String(), c.Source})
		}
	}
	requireTable(t, "codes.csv", records)
}

// Notes have no column in the table: they say which choice its wording left open.
func TestRulesAreTheTable(t *testing.T) {
	records := [][]string{{
		"rule", "scope", "severity", "fields", "applies_when", "one_finding_per", "what_is_wrong", "fix", "basis", "source",
	}}
	for _, r := range slices.Concat(readingRules, episodeRules) {
		severity := r.Severity.String()
		if r.Severities != "" {
			severity = r.Severities
		}
		records = append(records, []string{
			r.ID, r.Scope.String(), severity, r.Reads, r.When, r.Per, r.Problem, r.Fix, r.Basis.String(), r.Source,
		})
	}
	requireTable(t, "rules.csv", records)
}

// Every field has the rules that fit its type and presence, and no others.
func TestFamiliesSpeltOut(t *testing.T) {
	d := Episodes()
	for f := range d.Fields() {
		var want []string
		if f.Presence == Mandatory || f.Presence == Required {
			want = append(want, "blank")
		}
		want = append(want, "format")
		if f.Type == TypeCode || f.Type == TypeCodes {
			want = append(want, "code")
		}
		if f.Valid != nil {
			want = append(want, "range")
		}
		if f.Plausible != nil {
			want = append(want, "implausible")
		}
		if f.Type == TypeCodes {
			want = append(want, "repeated-code")
		}
		var got []string
		for r := range d.Rules() {
			if name, ok := strings.CutPrefix(r.ID, f.Name+"/"); ok {
				require.Equal(t, name, r.Family())
				require.Equal(t, f.Name, r.Reads, r.ID)
				require.Equal(t, ScopeField, r.Scope, r.ID)
				require.Empty(t, r.Severities, "%s: a rule of one field has one severity", r.ID)
				got = append(got, name)
			}
		}
		require.Equal(t, want, got, f.Name)
	}
	levels := map[string]Level{"client_id/blank": Error, "gender/blank": Warning, "height_cm/implausible": Warning, "height_cm/range": Error}
	for id, want := range levels {
		r, ok := d.Rule(id)
		require.True(t, ok, id)
		require.Equal(t, want, r.Severity, id)
	}
	seen := make(map[string]bool)
	for r := range d.Rules() {
		require.False(t, seen[r.ID], "%s stands twice", r.ID)
		seen[r.ID] = true
	}
}

// What the fields say must hang together.
func TestFieldsAreSound(t *testing.T) {
	d := Episodes()
	n := 0
	for f := range d.Fields() {
		require.Equal(t, n, f.Index(), f.Name)
		again, ok := d.Field(f.Name)
		require.True(t, ok)
		require.Equal(t, f, again)
		n++
		coded := f.Type == TypeCode || f.Type == TypeCodes
		require.Equal(t, coded, f.CodeList != "", f.Name)
		if coded {
			l, ok := d.CodeList(f.CodeList)
			require.True(t, ok, f.CodeList)
			require.NotEmpty(t, l.Codes)
			require.LessOrEqual(t, len(l.Codes), 64, "a set of codes is a word of 64 bits")
		}
		number := f.Type == TypeInteger || f.Type == TypeDecimal
		require.Equal(t, number, f.Valid != nil, f.Name)
		if f.Plausible != nil {
			require.LessOrEqual(t, f.Valid.Min, f.Plausible.Min, f.Name)
			require.GreaterOrEqual(t, f.Valid.Max, f.Plausible.Max, f.Name)
		}
		require.Equal(t, f.Type == TypeID, f.MaxLength > 0, f.Name)
		require.Equal(t, f.Type == TypeID, f.Alphabet != "", f.Name)
	}
	require.Equal(t, fieldCount, n)
	require.LessOrEqual(t, n, maxFields)
	_, ok := d.Field("Client_ID")
	require.False(t, ok, "names are in lower case")
	_, ok = d.CodeList("")
	require.False(t, ok)
	_, ok = d.Rule("FIELD/range")
	require.False(t, ok, "a family is not a rule")
}

func TestIdentifiers(t *testing.T) {
	d := Episodes()
	for name, want := range map[string]struct {
		length   int
		alphabet string
		why      string
	}{
		"client_id":    {36, "A-Z a-z 0-9 . _ -", "as its note says; room for a UUID"},
		"episode_id":   {36, "A-Z a-z 0-9 . _ -", "the table is silent: as client_id"},
		"trainer_id":   {36, "A-Z a-z 0-9 . _ -", "the table is silent: as client_id"},
		"service_code": {12, "A-Z 0-9", "as its note says"},
	} {
		f, ok := d.Field(name)
		require.True(t, ok)
		require.Equal(t, want.length, f.MaxLength, want.why)
		require.Equal(t, want.alphabet, f.Alphabet, want.why)
	}
}

// The codes that rules name must be in the lists: a misspelt one would make a
// rule that never fires.
func TestCodesThatRulesName(t *testing.T) {
	for name, number := range map[string]int64{
		"prison": settingPrison, "none": supervisionNone, "one_to_one": modeOneToOne, "signposted": modeSignposted,
		"information": modeInformation, "N": consentNo, "21": accommodationHeld, "open": planOpen,
		"achieved (plan)": planAchieved, "not_achieved (plan)": planNotAchieved, "achieved (goal)": goalAchieved,
		"not_achieved (goal)": goalNotAchieved, "lost": maintainedLost, "completed": closedCompleted, "died": closedDied,
		"07": nhsNumberAbsent, "1 (smokes)": smokes, "4 (never)": smokedNever,
	} {
		require.GreaterOrEqual(t, number, int64(0), name)
	}
	require.Equal(t, int64(-1), codeNumber("setting", "nowhere"))
	require.Equal(t, int64(-1), codeNumber("no list", "prison"))
}

// A dictionary cannot be changed through what it hands out, and two of them
// share nothing.
func TestDictionaryIsImmutable(t *testing.T) {
	d := Episodes()
	f, _ := d.Field("weight_kg_pre")
	f.Valid.Max, f.Plausible.Min, f.Name = 1, 1, "x"
	for f := range d.Fields() {
		if f.Valid != nil {
			f.Valid.Max = -1
		}
	}
	l, _ := d.CodeList("gender")
	l.Codes[0].Code = "x"
	for l := range d.CodeLists() {
		l.Codes[0].Label = "y"
	}
	for _, d := range []*Dictionary{d, Episodes()} {
		f, ok := d.Field("weight_kg_pre")
		require.True(t, ok)
		require.Equal(t, Range{20, 640}, *f.Valid)
		require.Equal(t, Range{30, 300}, *f.Plausible)
		l, _ := d.CodeList("gender")
		require.Equal(t, "male", l.Label("1"))
	}
	for range d.Fields() {
		break // stopping early is allowed
	}
	for range d.CodeLists() {
		break
	}
}

func TestLabel(t *testing.T) {
	l, ok := Episodes().CodeList("accommodation_type")
	require.True(t, ok)
	require.Equal(t, "hostel", l.Label("18"))
	require.Empty(t, l.Label("1"), "codes are compared letter for letter")
	require.Empty(t, CodeList{}.Label("1"))
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ got, want, why string }{
		{TypeNHSNumber.String(), "nhs_number", "a type"},
		{Type(0).String(), "Type(0)", "the zero value is no type"},
		{Type(200).String(), "Type(200)", "beyond the last"},
		{Conditional.String(), "C", "a presence"},
		{Presence(9).String(), "Presence(9)", "no presence"},
		{QuasiIdentifying.String(), "quasi", "a sensitivity"},
		{Sensitivity(0).String(), "Sensitivity(0)", "no sensitivity"},
		{BasisRemembered.String(), "remembered", "a basis"},
		{Basis(0).String(), "Basis(0)", "no basis"},
		{QualityDefault.String(), "default", "a quality"},
		{Quality(0).String(), "Quality(0)", "no quality"},
		{ScopeRecord.String(), "record", "a scope"},
		{Scope(0).String(), "Scope(0)", "no scope"},
	} {
		require.Equal(t, c.want, c.got, c.why)
	}
}

// sourceKeys reads the keys out of a Source text: of each part between two
// semicolons, without what stands in brackets, the words that are written in
// capitals. MHSDS is a data set and no key.
func sourceKeys(text string) (keys []string) {
	for part := range strings.SplitSeq(text, ";") {
		part, _, _ = strings.Cut(part, "(")
		for _, word := range strings.Fields(part) {
			if len(word) > 1 && strings.ToUpper(word) == word && strings.ToLower(word) != word && word != "MHSDS" {
				keys = append(keys, word)
			}
		}
	}
	return keys
}

func TestSources(t *testing.T) {
	require.Equal(t, []string{"JECH", "GOVINT", "UKC"}, sourceKeys("JECH; GOVINT; codes UKC"))
	require.Equal(t, []string{"GARD-ABS", "JENN"}, sourceKeys("GARD-ABS (\"intensive\"); unit JENN"))
	require.Equal(t, []string{"HTE-FAQ"}, sourceKeys("HTE-FAQ (self, professional); codes own with MHSDS equivalents"))

	used := make(map[string]bool)
	check := func(where string, basis Basis, text string) {
		keys := sourceKeys(text)
		for _, key := range keys {
			citation, ok := Source(key)
			require.True(t, ok, "%s: no source is called %q", where, key)
			require.NotEmpty(t, citation)
			used[key] = true
		}
		if basis == BasisSource || basis == BasisNational {
			require.NotEmpty(t, keys, "%s claims a source and names none", where)
		}
	}
	for _, d := range append(ExtractDictionaries(), ExtractRules()) {
		for f := range d.Fields() {
			check(d.Kind()+" "+f.Name, f.Basis, f.Source)
		}
		for l := range d.CodeLists() {
			for _, c := range l.Codes {
				check(l.Name+" "+c.Code, c.Basis, c.Source)
			}
		}
		for r := range d.Rules() {
			check(r.ID, r.Basis, r.Source)
		}
	}
	seen := make(map[string]bool)
	for _, s := range sources {
		require.False(t, seen[s.key], "%s stands twice", s.key)
		seen[s.key] = true
		// SRCREF stands behind the MHSDS equivalents in the labels of referral_source.
		require.True(t, used[s.key] || s.key == "SRCREF", "nothing rests on %s", s.key)
	}
	_, ok := Source("NOPE")
	require.False(t, ok)
}
