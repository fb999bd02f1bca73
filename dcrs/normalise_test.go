package dcrs

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// normaliseText normalises a file and returns what was written, the list of
// changes with every field named, and the log.
func normaliseText(t testing.TB, v *Validator, file string, options ...NormaliseOption) (out, list string, log *ChangeLog) {
	t.Helper()
	var names []string
	for f := range v.Dictionary().Fields() {
		names = append(names, f.Name)
	}
	var w, l bytes.Buffer
	log, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(file), &w, append(options, ListChanges(&l, names...))...)
	require.NoError(t, err)
	return w.String(), l.String(), log
}

func TestNormalise(t *testing.T) {
	for _, tc := range []struct {
		why, in, out string
		changes      []Change
		options      []NormaliseOption
		validator    []Option
	}{
		{
			"every spelling that has a canonical form",
			"client_id,nhs_number,postcode,sessions_planned,weight_kg_pre,disability,referral_date\n" +
				"C1,999 000 0018,m11ae,6.0,70.50,05; 08,2025-05-01\nC2,999-000-0018,M1  1AE,007,070.5,05,2025-05-01\n",
			"client_id,nhs_number,postcode,sessions_planned,weight_kg_pre,disability,referral_date\n" +
				"C1,9990000018,M1 1AE,6,70.50,05;08,2025-05-01\nC2,9990000018,M1 1AE,7,070.5,05,2025-05-01\n",
			[]Change{
				{"nhs_number", ChangeRewritten, 2},
				{"postcode", ChangeRewritten, 2},
				{"sessions_planned", ChangeRewritten, 2},
				{"disability", ChangeRewritten, 1},
			},
			nil, nil,
		},
		{
			"spaces, around what is wrong too, and alone",
			"client_id,gender,nhs_number, referral_date \n C1 , 1, ,01/05/2025 \n",
			"client_id,gender,nhs_number,referral_date\nC1,1,,01/05/2025\n",
			[]Change{{"client_id", ChangeTrimmed, 1}, {"gender", ChangeTrimmed, 1}, {"nhs_number", ChangeTrimmed, 1}, {"referral_date", ChangeTrimmed, 1}, {"referral_date", ChangeRenamed, 1}},
			nil, nil,
		},
		{
			"nothing is guessed",
			"client_id,gender,ethnic_category,referral_date,postcode,disability,sessions_planned\nC1,Male,a,01/05/2025,M1 1A,5,3.5\n",
			"client_id,gender,ethnic_category,referral_date,postcode,disability,sessions_planned\nC1,Male,a,01/05/2025,M1 1A,5,3.5\n",
			nil, nil, nil,
		},
		{
			"headings, a byte order mark, line ends, blank lines and quotes",
			"\ufeff\r\nCLIENT_ID,\"Gender\"\r\n\r\n\"C1\",\"1\"\r\nC2,2",
			"client_id,gender\nC1,1\nC2,2\n",
			[]Change{{"client_id", ChangeRenamed, 1}, {"gender", ChangeRenamed, 1}},
			nil, nil,
		},
		{
			"unknown columns stay as they are, and where they are",
			"client_id, Notes ,gender,gender\nC1, \"x\"\"y\" ,1, 2\n",
			"", nil, nil, nil,
		},
		{
			"quotes where they are needed",
			"Notes,client_id\n\"a,b\",C1\n\"say \"\"hi\"\"\",C2\n\"two\nlines\",C3\n",
			"Notes,client_id\n\"a,b\",C1\n\"say \"\"hi\"\"\",C2\n\"two\nlines\",C3\n",
			nil, nil, nil,
		},
		{
			"another delimiter",
			"client_id;Notes\nC1;a,b\n",
			"client_id,Notes\nC1,\"a,b\"\n",
			nil, nil,
			[]Option{Delimiter(';')},
		},
		{
			"the order of the dictionary, unknown columns last",
			"gender,Notes,client_id\n1,x,C1\n",
			"client_id,gender,Notes\nC1,1,x\n",
			[]Change{{"client_id", ChangeMoved, 1}, {"gender", ChangeMoved, 1}, {"Notes", ChangeMoved, 1}},
			[]NormaliseOption{DictionaryOrder()},
			nil,
		},
		{
			"rows that cannot be taken apart are left out",
			"client_id,gender\nC1,1,2\nC2,\"2\nC3,1\n",
			"client_id,gender\nC3,1\n",
			nil, nil, nil,
		},
		{
			"formulas are counted, and left alone",
			"client_id,Notes,alcohol_units_pre\n=1+1,@SUM(A1),-3\n",
			"client_id,Notes,alcohol_units_pre\n=1+1,@SUM(A1),-3\n",
			nil, nil, nil,
		},
		{
			"or guarded, but never a value that is valid",
			"client_id,Notes,importance_pre,bmi_pre\n=1+1,@SUM(A1),-3,30\n-1,+x,5,30\n",
			"client_id,Notes,importance_pre,bmi_pre\n'=1+1,'@SUM(A1),'-3,30\n-1,'+x,5,30\n",
			[]Change{{"client_id", ChangeGuarded, 1}, {"Notes", ChangeGuarded, 2}, {"importance_pre", ChangeGuarded, 1}},
			[]NormaliseOption{GuardFormulas()},
			nil,
		},
		{"one column with an empty cell", "client_id\n\"\"\n\"  \"\nC1\n", "client_id\n\"\"\n\"\"\nC1\n", []Change{{"client_id", ChangeTrimmed, 1}}, nil, nil},
		{"a header alone", "client_id", "client_id\n", nil, nil, nil},
		{"an empty heading", ",client_id\nx,C1\n", "\"\",client_id\nx,C1\n", nil, nil, nil},
		{"a heading with a quote that is wrong", "client_id,a\"b\nC1,x\n", "client_id,ab\nC1,x\n", nil, nil, nil},
	} {
		t.Run(tc.why, func(t *testing.T) {
			v := extractValidator(t, tc.validator...)
			out, list, log := normaliseText(t, v, tc.in, tc.options...)
			if tc.out != "" {
				assert.Equal(t, tc.out, out)
				assert.Equal(t, tc.changes, log.Changes)
			}
			again, _, second := normaliseText(t, extractValidator(t), out, tc.options...)
			assert.Equal(t, out, again, "writing it again changes nothing")
			assert.Empty(t, second.Changes)

			var back bytes.Buffer
			require.NoError(t, Revert(context.Background(), strings.NewReader(out), strings.NewReader(list), &back))
			if log.LeftOut == 0 && !strings.Contains(tc.in, "a\"b") && !strings.Contains(tc.in, "  \"") {
				r := csv.NewReader(strings.NewReader(strings.TrimPrefix(tc.in, "\ufeff")))
				r.Comma = rune(log.Delimiter[0])
				r.LazyQuotes = true
				want, err := r.ReadAll()
				require.NoError(t, err)
				got, err := csv.NewReader(&back).ReadAll()
				require.NoError(t, err)
				assert.Equal(t, want, got, "and the list puts everything back")
			}
		})
	}
}

func TestNormaliseLog(t *testing.T) {
	file := "\ufeffclient_id;gender;Notes\nC1;1;=x\nC2;1;2;3\nC3; 2;\xff\n"
	_, _, log := normaliseText(t, extractValidator(t, Delimiter(';')), file)
	assert.Equal(t, &ChangeLog{
		Edition: Edition, Kind: "episode", File: "x.csv", Records: 3, Written: 2, LeftOut: 1, ByteOrder: true, Delimiter: ";",
		NotUTF8: 1, FormulaLike: 1, Changes: []Change{{"gender", ChangeTrimmed, 1}},
	}, log)
	assert.Equal(t, 1, log.Count("", ChangeTrimmed))
	assert.Equal(t, 0, log.Count("client_id", ChangeTrimmed))
	var text, json bytes.Buffer
	require.NoError(t, log.WriteText(&text))
	for _, says := range []string{"2 of 3 records", "1 left out", "byte order mark", "a semicolon", "1 bytes are not UTF-8", "formula", "gender", "trimmed"} {
		assert.Contains(t, text.String(), says)
	}
	require.NoError(t, log.WriteJSON(&json))
	assert.Contains(t, json.String(), `"kind": "trimmed"`)

	for _, tc := range []struct{ why, in, unread string }{
		{"an empty file", "", "file/empty"},
		{"binary junk", string(randomBytes(4096)), "file/not-text"},
		{"another delimiter", "client_id;gender\nC1;1\n", "file/delimiter"},
	} {
		out, _, log := normaliseText(t, extractValidator(t), tc.in)
		assert.Equal(t, tc.unread, log.Unread, tc.why)
		assert.Empty(t, out, "nothing is written")
	}
}

// TestNormaliseKeepsFindings: the canonical extract has the findings that the
// extract has, at the same fields and in the same order, but for the shapes of
// what was respelt and for rows that were left out.
func TestNormaliseKeepsFindings(t *testing.T) {
	v := extractValidator(t)
	dirty := dirtyExtract(500)
	out, _, log := normaliseText(t, v, dirty)
	require.NotEmpty(t, log.Changes)
	kept := func(file string) []string {
		var got []string
		_, findings := validateAll(t, v, strings.NewReader(file))
		for _, f := range findings {
			got = append(got, fmt.Sprint(f.Rule, f.Severity, f.Record, f.Field, f.Message))
		}
		return got
	}
	before, after := kept(dirty), kept(out)
	require.NotEmpty(t, before)
	assert.Equal(t, before, after)
	again, _, _ := normaliseText(t, v, out)
	assert.Equal(t, out, again)
}

// dirtyExtract is an extract in which in every other row some cells are spelt
// otherwise, and some are wrong.
func dirtyExtract(rows int) string {
	var b strings.Builder
	b.WriteString(strings.ToUpper(extractHeader()) + "\r\n")
	for n := range rows {
		cells := extractCells(n)
		for i := range cells {
			if n%2 == 0 {
				break
			}
			switch (n + i) % 17 {
			case 0:
				cells[i] = " " + cells[i]
			case 1:
				cells[i] = strings.ToLower(cells[i]) + " "
			case 2:
				cells[i] = `"` + cells[i] + `"`
			case 3:
				if (n+i)%5 == 0 {
					cells[i] = "?" + cells[i]
				}
			case 4:
				if i == fSessionsPlanned || i == fSystolicPre {
					cells[i] += ".0"
				}
			}
		}
		b.WriteString(strings.Join(cells, ",") + "\r\n")
	}
	return b.String()
}

func TestFill(t *testing.T) {
	v := extractValidator(t)
	d := v.Dictionary()
	area, quintile, postcode := fLSOA, fIMDQuintile, fPostcode
	fill := Fill([]string{"lsoa", "imd_quintile"}, func(row *Row, offer func(int, string)) {
		if row.Postcode(postcode) == 0 {
			return
		}
		offer(area, "E01000001")
		offer(area, "E01000002")
		offer(quintile, "1")
		offer(postcode, "ZA1 1AA")
		offer(-1, "x")
		offer(1<<30, "x")
	})
	in := "client_id,postcode,lsoa\nC1,m1 1ae,\nC2,M1 1AE,E01000009\nC3,,\nC4,M1 1AE,wrong\n"
	out, list, log := normaliseText(t, v, in, fill)
	assert.Equal(t, "client_id,postcode,lsoa,imd_quintile\nC1,M1 1AE,E01000001,1\nC2,M1 1AE,E01000009,1\nC3,,,\nC4,M1 1AE,wrong,1\n", out)
	assert.Equal(t, []Change{{"postcode", ChangeRewritten, 1}, {"lsoa", ChangeFilled, 1}, {"imd_quintile", ChangeFilled, 3}, {"imd_quintile", ChangeAdded, 1}}, log.Changes)
	again, _, second := normaliseText(t, v, out, fill)
	assert.Equal(t, out, again)
	assert.Empty(t, second.Changes)
	var back bytes.Buffer
	require.NoError(t, Revert(context.Background(), strings.NewReader(out), strings.NewReader(list), &back))
	assert.Equal(t, in, back.String())

	out, _, _ = normaliseText(t, v, in, DictionaryOrder(), fill, Fill([]string{"lsoa", "gender"}, func(_ *Row, offer func(int, string)) {
		offer(area, "E01000007")
		offer(fGender, "")
	}))
	assert.Equal(t, "client_id,gender,postcode,lsoa,imd_quintile\nC1,,M1 1AE,E01000001,1\nC2,,M1 1AE,E01000009,1\nC3,,,E01000007,\nC4,,M1 1AE,wrong,1\n", out, "the first look-up wins; the columns stand in order")

	_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(in), io.Discard, Fill([]string{"lsoa"}, func(*Row, func(int, string)) { panic("secret") }))
	_, ok := errors.AsType[*PanicError](err)
	require.True(t, ok, err)
	assert.NotContains(t, err.Error(), "secret")
	for _, option := range []NormaliseOption{Fill([]string{"none"}, nil), ListChanges(io.Discard, "none")} {
		_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(in), io.Discard, option)
		_, ok := errors.AsType[*OptionError](err)
		assert.True(t, ok)
	}
	assert.Equal(t, "lsoa", d.fields[area].Name)
}

// TestNormaliseMapped: what a mapping makes of a cell is written, and counted as
// its doing.
func TestNormaliseMapped(t *testing.T) {
	v := extractValidator(t)
	h := &hooks{
		field: func(heading string) (int, bool) {
			f, ok := map[string]int{"Ref": fClientID, "Sex": fGender, "PC": fPostcode, "Internal": ignoredColumn}[heading]
			return f, ok
		},
		convert: map[int]func(dst, cell []byte) ([]byte, bool){fGender: func(dst, cell []byte) ([]byte, bool) {
			switch string(cell) {
			case "Male":
				return append(dst, '1'), true
			case "n/a":
				return dst, true
			}
			return dst, false
		}},
		constants: map[int]string{fServiceCode: "RX1"},
	}
	var names []string
	for f := range v.Dictionary().Fields() {
		names = append(names, f.Name)
	}
	in := "Ref,Internal,Sex,PC,Notes\nC1,x,Male,m11ae,n\nC2,y,n/a,,n\nC3,z,2,M1 1AE,n\nC4,z, what,M1 1AE,n\n"
	var out, list bytes.Buffer
	log, err := v.normalise(context.Background(), "x.csv", strings.NewReader(in), &out, h, []NormaliseOption{ListChanges(&list, names...)})
	require.NoError(t, err)
	assert.Equal(t, "client_id,gender,postcode,Notes,service_code\nC1,1,M1 1AE,n,RX1\nC2,,,n,RX1\nC3,2,M1 1AE,n,RX1\nC4,what,M1 1AE,n,RX1\n", out.String())
	assert.Equal(t, []Change{
		{"Internal", ChangeDropped, 1},
		{"client_id", ChangeRenamed, 1},
		{"gender", ChangeTrimmed, 1},
		{"gender", ChangeMapped, 2},
		{"gender", ChangeRenamed, 1},
		{"postcode", ChangeRewritten, 1},
		{"postcode", ChangeRenamed, 1},
		{"service_code", ChangeMapped, 4},
		{"service_code", ChangeAdded, 1},
	}, log.Changes)
	assert.Contains(t, list.String(), "0,,,,Internal,dropped,yes,,\n")
	err = Revert(context.Background(), bytes.NewReader(out.Bytes()), bytes.NewReader(list.Bytes()), io.Discard)
	_, ok := errors.AsType[*RevertError](err)
	assert.True(t, ok, "a column that was left out does not come back")
	again, _, second := normaliseText(t, v, out.String())
	assert.Equal(t, out.String(), again)
	assert.Empty(t, second.Changes)

	var accepted, rejected bytes.Buffer
	report, err := v.split(context.Background(), "x.csv", strings.NewReader(in), &accepted, &rejected, h, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, report.Rejected, "what, as the mapping leaves it")
	assert.Contains(t, rejected.String(), "gender/code,C4,z, what,M1 1AE,n\n", "as it stood")
}

// TestNormaliseWithMapping: a validator with a mapping writes what it reads, and
// puts rows aside as they stand.
func TestNormaliseWithMapping(t *testing.T) {
	v := extractValidator(t, Mapped(parseMapping(t, mappingText(`
		{"heading": "Ref", "field": "client_id"}, {"heading": "Sex", "field": "gender", "labels": true},
		{"heading": "Referred", "field": "referral_date", "date": "dd/mm/yyyy"}, {"heading": "Internal", "ignore": true}`, ""))))
	in := "Ref,Internal,Sex,Referred\nC1,x,Male,01/05/2025\nC2,x,2,31/04/2025\n"
	out, _, log := normaliseText(t, v, in)
	assert.Equal(t, "client_id,gender,referral_date\nC1,1,2025-05-01\nC2,2,31/04/2025\n", out)
	assert.Equal(t, 1, log.Count("gender", ChangeMapped))
	assert.Equal(t, 1, log.Count("referral_date", ChangeMapped))
	assert.Equal(t, 1, log.Count("Internal", ChangeDropped))
	_, rejected, _ := splitText(t, v, in)
	assert.Equal(t, "rejected_for,Ref,Internal,Sex,Referred\nreferral_date/format,C2,x,2,31/04/2025\n", rejected)
}

// TestNormaliseHugeNumber: a number that is too large to hold is left as it is.
func TestNormaliseHugeNumber(t *testing.T) {
	d, err := NewDictionary("visit", "1", []Field{{Name: "n", Type: TypeInteger, Sensitivity: NotSensitive}}, nil, nil)
	require.NoError(t, err)
	v, err := NewValidator(d, extractAsOf(t))
	require.NoError(t, err)
	var out bytes.Buffer
	_, err = v.Normalise(context.Background(), "x.csv", strings.NewReader("n\n99999999999999999999\n-99999999999999999999\n0012.0\n-0\n"), &out)
	require.NoError(t, err)
	assert.Equal(t, "n\n99999999999999999999\n-99999999999999999999\n12\n0\n", out.String())
}

// TestListedChangesAreMasked: without a field's name no value of it is listed.
func TestListedChangesAreMasked(t *testing.T) {
	file := "client_id,nhs_number,postcode,Notes\nSECRET1 ,999 000 0018, za1 1aa,=SECRETNOTE\n"
	var out, list bytes.Buffer
	log, err := extractValidator(t).Normalise(context.Background(), "x.csv", strings.NewReader(file), &out, ListChanges(&list), GuardFormulas())
	require.NoError(t, err)
	var text bytes.Buffer
	require.NoError(t, log.WriteText(&text))
	require.NoError(t, log.WriteJSON(&text))
	for _, secret := range []string{"SECRET", "999", "0018", "za1", "ZA1"} {
		assert.NotContains(t, list.String(), secret)
		assert.NotContains(t, text.String(), secret)
	}
	assert.Equal(t, changeHeader+
		"1,1,2,1,client_id,trimmed,no,,\n1,1,2,2,nhs_number,rewritten,no,,\n1,1,2,3,postcode,rewritten,no,,\n1,1,2,4,Notes,guarded,no,,\n", list.String())

	err = Revert(context.Background(), &out, &list, io.Discard)
	revertErr, ok := errors.AsType[*RevertError](err)
	require.True(t, ok, err)
	assert.Equal(t, 1, revertErr.Row)
	assert.NotContains(t, err.Error(), "SECRET")
}

func TestRevertRefuses(t *testing.T) {
	canonical := "client_id,gender\nC1,1\n"
	for _, tc := range []struct{ why, list string }{
		{"no list", "a,b\n"},
		{"another table", "row,a,b,c,d,e,f,g,h\n"},
		{"a row that is not there", changeHeader + "2,2,3,1,client_id,trimmed,yes, C1,C1\n"},
		{"a column that is not there", changeHeader + "1,1,2,3,x,trimmed,yes, C1,C1\n"},
		{"rows out of order", changeHeader + "1,1,2,1,client_id,trimmed,yes, C1,C1\n0,,,1,client_id,renamed,yes,x,client_id\n"},
		{"another value", changeHeader + "1,1,2,1,client_id,trimmed,yes, C2,C2\n"},
		{"nothing to take away", changeHeader + "1,1,2,1,client_id,guarded,no,,\n"},
		{"a fill of another value", changeHeader + "1,1,2,1,client_id,filled,yes,,C2\n"},
		{"a column that was left out", changeHeader + "0,,,,Notes,dropped,yes,,\n"},
		{"two columns to one place", changeHeader + "0,,,1,client_id,moved,yes,2,1\n"},
		{"a place that is none", changeHeader + "0,,,1,client_id,moved,yes,x,1\n"},
		{"a row that is none", changeHeader + "x,,,1,client_id,moved,yes,1,1\n"},
		{"a column added in the middle", changeHeader + "1,1,2,1,client_id,added,yes,,\n"},
		{"a quote that is wrong", changeHeader + "1,1,2,1,client_id,trimmed,yes,\" C1,C1\n"},
	} {
		err := Revert(context.Background(), strings.NewReader(canonical), strings.NewReader(tc.list), io.Discard)
		_, ok := errors.AsType[*RevertError](err)
		assert.True(t, ok, "%s: %v", tc.why, err)
	}
	broken := errors.New("disk")
	require.ErrorIs(t, Revert(context.Background(), strings.NewReader(canonical), iotest.ErrReader(broken), io.Discard), broken)
	require.ErrorIs(t, Revert(context.Background(), iotest.ErrReader(broken), strings.NewReader(changeHeader), io.Discard), broken)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, Revert(ctx, strings.NewReader(canonical), strings.NewReader(changeHeader), io.Discard), context.Canceled)
}

// failingWriter fails, or panics, after some bytes.
type failingWriter struct {
	left  int
	panic bool
}

func (f *failingWriter) Write(b []byte) (int, error) {
	if f.left -= len(b); f.left < 0 {
		if f.panic {
			panic("secret")
		}
		return 0, io.ErrClosedPipe
	}
	return len(b), nil
}

func TestNormaliseErrors(t *testing.T) {
	v := extractValidator(t)
	file := string(cleanExtract(2000))
	for _, left := range []int{0, 100_000} {
		_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(file), &failingWriter{left: left})
		require.ErrorIs(t, err, io.ErrClosedPipe)
		_, err = v.Normalise(context.Background(), "x.csv", strings.NewReader(file), &failingWriter{left: left, panic: true})
		_, ok := errors.AsType[*PanicError](err)
		assert.True(t, ok)
	}
	_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(" "+file), io.Discard, ListChanges(&failingWriter{}))
	require.ErrorIs(t, err, io.ErrClosedPipe)
	broken := errors.New("disk")
	log, err := v.Normalise(context.Background(), "x.csv", io.MultiReader(strings.NewReader(file), iotest.ErrReader(broken)), io.Discard)
	require.ErrorIs(t, err, broken)
	assert.Equal(t, 2000, log.Written, "what was read until then")

	ctx, cancel := context.WithCancel(context.Background())
	reads := 0
	_, err = v.Normalise(ctx, "x.csv", readFunc(func(b []byte) (int, error) {
		if reads++; reads == 5 {
			cancel()
		}
		return copy(b, file), nil
	}), io.Discard)
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, 5, reads)
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) { return f(b) }

// TestNormaliseAllocatesNothing for a row.
func TestNormaliseAllocatesNothing(t *testing.T) {
	v := extractValidator(t)
	few, many := dirtyExtract(1000), dirtyExtract(5000)
	allocs := func(file string) float64 {
		return testing.AllocsPerRun(3, func() {
			_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(file), io.Discard)
			require.NoError(t, err)
		})
	}
	assert.Less(t, allocs(many)-allocs(few), 20.0, "4,000 rows more")
}

// FuzzNormalise: writing again changes nothing, what encoding/csv reads is what
// this package wrote, findings stay, and the list puts the cells back.
func FuzzNormalise(f *testing.F) {
	for _, s := range []string{
		"client_id,gender\nC1,1\n", "\ufeffCLIENT_ID;x\r\n\"a\";b\r\n", "client_id\n\"\"\n", "a,b\n1,\"2\n3\"\n", "postcode,nhs_number,disability\nm11ae,999 000 0018,05; 08\n",
		"PK,client_id\n1,2\n", "\n\nclient_id,client_id\n =1,2\n", "a\"b,c\n1,2\n", "client_id,gender\nC1,1,\nC2,\"2\n", "client_id\r\n\r\r\n",
	} {
		f.Add(s, false)
	}
	f.Fuzz(func(t *testing.T, s string, ordered bool) {
		v := extractValidator(t, RecordLimit(1<<10))
		var options []NormaliseOption
		if ordered {
			options = append(options, DictionaryOrder())
		}
		out, list, log := normaliseText(t, v, s, options...)
		require.Equal(t, log.Records, log.Written+log.LeftOut)
		if log.Unread != "" {
			require.Empty(t, out)
			return
		}
		rows, err := csv.NewReader(strings.NewReader(out)).ReadAll()
		require.NoError(t, err)
		require.Len(t, rows, 1+log.Written)
		if notText([]byte(out)) != "" || strings.ContainsAny(s, "\x00\r") || len(out) > 1<<10 || log.LeftOut > 0 {
			return // a file mostly of control characters may no longer look like text; quotes can make a row too long
		}
		again, _, second := normaliseText(t, v, out, options...)
		require.Equal(t, out, again)
		require.Empty(t, second.Changes)
		before, after := findingCounts(t, v, s), findingCounts(t, v, out)
		for _, rule := range []string{"file/quote", "file/unknown-column", "file/encoding"} { // of the header
			delete(before, rule)
			delete(after, rule)
		}
		require.Equal(t, before, after)
		var back bytes.Buffer
		require.NoError(t, Revert(context.Background(), strings.NewReader(out), strings.NewReader(list), &back))
	})
}

// findingCounts counts the findings of each rule.
func findingCounts(t testing.TB, v *Validator, file string) map[string]int {
	t.Helper()
	counts := make(map[string]int)
	_, findings := validateAll(t, v, strings.NewReader(file))
	for _, f := range findings {
		counts[f.Rule]++
	}
	return counts
}

func BenchmarkNormalise(b *testing.B) {
	v := extractValidator(b)
	for name, file := range map[string]string{"clean": string(cleanExtract(20_000)), "dirty": dirtyExtract(20_000)} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				_, err := v.Normalise(context.Background(), "x.csv", strings.NewReader(file), io.Discard)
				require.NoError(b, err)
			}
			b.ReportMetric(20_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
		})
	}
}
