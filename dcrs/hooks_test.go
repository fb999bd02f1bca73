package dcrs

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// localHooks read an extract with headings and spellings of a service's own.
func localHooks() *hooks {
	d := Episodes()
	headings := map[string]string{"Client": "client_id", "Episode No": "episode_id", "DOB": "date_of_birth", "Sex": "gender", "Needs": "wider_needs", "Postcode": "postcode", "Ref date": "referral_date"}
	return &hooks{
		field: func(heading string) (int, bool) {
			if heading == "Free text" {
				return ignoredColumn, true
			}
			f, ok := d.byName[headings[heading]]
			return f, ok
		},
		convert: map[int]func(dst, cell []byte) ([]byte, bool){
			fDateOfBirth: dayFirst, fReferralDate: dayFirst,
			fGender: func(dst, cell []byte) ([]byte, bool) {
				switch string(cell) {
				case "Male":
					return append(dst, '1'), true
				case "Female":
					return append(dst, '2'), true
				case "?":
					return dst, true
				}
				return dst, false
			},
			fWiderNeeds: func(dst, cell []byte) ([]byte, bool) {
				return append(dst, bytes.ReplaceAll(cell, []byte("|"), []byte(";"))...), true
			},
		},
		constants: map[int]string{fServiceCode: "RX1", fSetting: "community"},
	}
}

func dayFirst(dst, cell []byte) ([]byte, bool) {
	if len(cell) != 10 || cell[2] != '/' || cell[5] != '/' {
		return dst, false
	}
	dst = append(append(dst, cell[6:]...), '-')
	dst = append(append(dst, cell[3:5]...), '-')
	return append(dst, cell[:2]...), true
}

const localExtract = "Client,Episode No,DOB,Sex,Needs,Postcode,Free text,Shoe size,Ref date\n" +
	"C1,E1,17/05/1980,Male,finance|caring,m11ae,hello,9,01/10/2024\n" +
	"C2,E2,1980-05-17,Fem,finance|caring|finance,\"M1  1ae\",,,31/11/2024\n" +
	"C3,E1,,?,,,,,02/10/2024\n"

// A mapping respells cells before they are read, gives fields a value for all
// rows, and the findings still tell what stands in the file.
func TestHooks(t *testing.T) {
	for _, workers := range []int{1, 3} {
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), Workers(workers), Severity("file/missing-column", Off), Severity("*/blank", Warning))
		require.NoError(t, err)
		h := localHooks()
		h.notes = []note{{rule: "file/encoding", field: "DOB", detail: "only a test"}}
		h.after = func(converted func(int) int) []note {
			return []note{{rule: "file/delimiter", level: Info, detail: fmt.Sprint(converted(fDateOfBirth), converted(fReferralDate), converted(fGender))}}
		}
		var got []string
		report, err := v.validate(t.Context(), "x.csv", strings.NewReader(localExtract), func(f Finding) error {
			got = append(got, line(f)+" "+f.Shape)
			if f.Rule == "file/delimiter" {
				got = append(got, f.Message)
			}
			return nil
		}, h)
		require.NoError(t, err)
		assert.Equal(t, []string{"0 info file/unknown-column Shoe size ", "0 error file/encoding DOB "}, got[:2])
		assert.Equal(t, []string{
			"2 error gender/code gender Aaa",
			"2 warning wider_needs/repeated-code wider_needs aaaaaaa|aaaaaa|aaaaaaa",
			"2 error referral_date/format referral_date 99/99/9999",
			"3 warning date_of_birth/blank date_of_birth ",
			"3 warning gender/blank gender ?",
			"3 warning postcode/blank postcode ",
			"0 info file/delimiter ",
			"the header reads as one column with the declared delimiter, as several with another: says which: 1 3 1",
			"3 error episode/duplicate episode_id < episode_id@1 ",
		}, got[2:])
		for _, f := range report.Fields {
			switch f.Field {
			case "service_code", "setting":
				assert.False(t, f.Absent, f.Field)
				assert.Equal(t, 3, f.Valid, "a constant is there in every row: %s", f.Field)
			case "gender":
				assert.Equal(t, []int{1, 1, 1}, []int{f.Valid, f.Invalid, f.Missing})
			}
		}
		r, ok := report.Rule("service_code/format")
		require.True(t, ok)
		assert.Equal(t, 3, r.Checked)
	}
}

func TestHooksRows(t *testing.T) {
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	type cell struct{ cell, text, canonical string }
	var got []map[int]cell
	for row, err := range v.rowsWith(t.Context(), "x.csv", strings.NewReader(localExtract), localHooks()) {
		require.NoError(t, err)
		m := make(map[int]cell)
		for _, f := range []int{fDateOfBirth, fGender, fPostcode, fWiderNeeds, fServiceCode} {
			m[f] = cell{string(row.Cell(f)), string(row.Text(f)), string(row.AppendCanonical(nil, f))}
		}
		got = append(got, m)
		if row.Record() == 1 {
			assert.Equal(t, "1980-05-17", row.Date(fDateOfBirth).String())
			assert.Equal(t, "1", row.Code(fGender))
			assert.Equal(t, "community", row.Code(fSetting))
		}
	}
	assert.Equal(t, []map[int]cell{
		{
			fDateOfBirth: {"17/05/1980", "1980-05-17", "1980-05-17"}, fGender: {"Male", "1", "1"}, fPostcode: {"m11ae", "m11ae", "M1 1AE"},
			fWiderNeeds: {"finance|caring", "finance;caring", "finance;caring"}, fServiceCode: {"", "RX1", "RX1"},
		},
		{
			fDateOfBirth: {"1980-05-17", "1980-05-17", "1980-05-17"}, fGender: {"Fem", "Fem", "Fem"}, fPostcode: {"M1  1ae", "M1  1ae", "M1 1AE"},
			fWiderNeeds: {"finance|caring|finance", "finance;caring;finance", "finance;caring;finance"}, fServiceCode: {"", "RX1", "RX1"},
		},
		{fDateOfBirth: {}, fGender: {"?", "", ""}, fPostcode: {}, fWiderNeeds: {}, fServiceCode: {"", "RX1", "RX1"}},
	}, got)
}

func TestConstantsThatCannotBeRead(t *testing.T) {
	v, err := NewValidator(Episodes(), date(t, ruleAsOf))
	require.NoError(t, err)
	for _, tc := range []struct {
		field int
		text  string
	}{{fSetting, "moon"}, {fSetting, " "}, {fReferralDate, "01/01/2024"}, {fHeightCm, "1.7"}, {fGeneralHealthPre, "101"}} {
		_, err := v.validate(t.Context(), "x.csv", strings.NewReader("client_id,episode_id\nC1,E1\n"), nil, &hooks{constants: map[int]string{tc.field: tc.text}})
		var option *OptionError
		require.ErrorAs(t, err, &option, tc.text)
	}
	// A column of the file goes before a constant.
	report, err := v.validate(t.Context(), "x.csv", strings.NewReader("client_id,setting\nC1,moon\n"), nil, &hooks{constants: map[int]string{fSetting: "community"}})
	require.NoError(t, err)
	r, _ := report.Rule("setting/code")
	assert.Equal(t, 1, r.Count)
}

// A child file is checked against the keys of its parent.
func TestKeySet(t *testing.T) {
	const n = 20_000
	var b strings.Builder
	b.WriteString("episode_id,service_code,referral_date,gender\n")
	for i := range n {
		gender := "1"
		if i%10 == 0 {
			gender = "wrong"
		}
		fmt.Fprintf(&b, "E%d,RX1,2024-0%d-01,%s\n", i, 1+i%9, gender)
	}
	b.WriteString("E5,RX1,2024-01-01,wrong\n") // seen before: the first counts
	set := newKeySet(func(r *Row) uint64 { return r.hashOf(fServiceCode, fEpisodeID) }, 1, func(r *Row, out []uint64) {
		out[0] = uint64(r.value(fReferralDate))
	})
	v, err := NewValidator(Episodes(), date(t, ruleAsOf), Workers(3), Severity("*/*", Off), Severity("gender/code", Error))
	require.NoError(t, err)
	_, err = v.validate(t.Context(), "episodes.csv", strings.NewReader(b.String()), nil, &hooks{keys: set})
	require.NoError(t, err)
	require.Equal(t, n, set.len())

	child, err := NewDictionary("contact", "1", []Field{
		{Name: "episode_id", Type: TypeID, MaxLength: 20, Sensitivity: Pseudonym},
		{Name: "service_code", Type: TypeID, MaxLength: 20, Sensitivity: NotSensitive},
		{Name: "contact_date", Type: TypeDate, Sensitivity: NotSensitive},
	}, nil, []Check{
		{
			Rule: Rule{ID: "contact/orphan", Severity: Error, Problem: "p", Fix: "f"}, Need: []string{"service_code", "episode_id"},
			Row: func(r *Row) Verdict {
				p, found, known := r.parent("episode", r.hashOf(1, 0))
				if !known || p.rejected {
					return NotApplicable
				}
				return FailIf(!found)
			},
		},
		{
			Rule: Rule{ID: "contact/before-referral", Severity: Error, Problem: "p", Fix: "f"}, Need: []string{"service_code", "episode_id", "contact_date"},
			Row: func(r *Row) Verdict {
				p, found, _ := r.parent("episode", r.hashOf(1, 0))
				if !found || p.rejected {
					return NotApplicable
				}
				return FailIf(uint64(r.value(2)) < p.words[0])
			},
		},
	})
	require.NoError(t, err)
	cv, err := NewValidator(child, date(t, ruleAsOf))
	require.NoError(t, err)
	contacts := "episode_id,service_code,contact_date\n" +
		"E1,RX1,2024-02-01\n" + // on the day
		"E1,RX1,2024-01-31\n" + // a day too early
		"E10,RX1,2024-01-31\n" + // its parent is rejected
		"E20000,RX1,2024-01-31\n" + // no such parent
		"E1,RX2,2024-02-01\n" + // in another service
		"E5,RX1,2024-06-01\n" // on the day of the first of two
	var got []string
	collect := func(f Finding) error {
		got = append(got, line(f))
		return nil
	}
	report, err := cv.validate(t.Context(), "contacts.csv", strings.NewReader(contacts), collect, &hooks{parents: map[string]*keySet{"episode": set}})
	require.NoError(t, err)
	assert.Equal(t, []string{
		"2 error contact/before-referral contact_date < episode_id service_code",
		"4 error contact/orphan episode_id < service_code",
		"5 error contact/orphan episode_id < service_code",
	}, got)
	r, _ := report.Rule("contact/orphan")
	assert.Equal(t, []int{5, 1}, []int{r.Checked, r.NotApplicable})
	p, ok := set.find(set.hashes[10])
	require.True(t, ok)
	assert.Equal(t, parent{rejected: true, place: 10, record: 11, words: p.words}, p)

	// Without the parent nothing is said.
	got = nil
	_, err = cv.Validate(context.Background(), "contacts.csv", strings.NewReader(contacts), collect)
	require.NoError(t, err)
	assert.Empty(t, got)
}

// What a mapping says of the field that rows are grouped by counts too.
func TestHooksAndGroups(t *testing.T) {
	h := localHooks()
	h.convert[fServiceCode] = h.convert[fGender]
	for _, tc := range []struct {
		why, by, want string
	}{
		{"a constant", "service_code", "RX1 3/3"},
		{"a converted code", "gender", "1 1/1, no group given 2/2"},
	} {
		v, err := NewValidator(Episodes(), date(t, ruleAsOf), GroupBy(tc.by))
		require.NoError(t, err)
		report, err := v.validate(t.Context(), "x.csv", strings.NewReader(localExtract), nil, h)
		require.NoError(t, err)
		var got []string
		for _, g := range report.Groups {
			for _, f := range g.Fields {
				if f.Field == "service_code" {
					got = append(got, fmt.Sprintf("%s %d/%d", g.Name(), g.Records, f.Valid))
				}
			}
		}
		assert.Equal(t, tc.want, strings.Join(got, ", "), tc.why)
	}
}
