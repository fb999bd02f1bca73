package dcrs

import (
	"errors"
	"math/bits"
	"strings"
	"sync"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// The fields of a measure.
const (
	mEpisodeID = childEpisode + iota
	mTimePoint
	mMeasuredOn
	mMeasure
	mResponses
	mScale
	mValue
	measureFieldCount
)

var measureFields = [measureFieldCount]Field{
	mEpisodeID: childEpisodeID,
	mTimePoint: {
		Name: "time_point", Label: "Time point", Type: TypeCode, CodeList: "time_point",
		Presence: Mandatory, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "pre and post as in the names of the episode's fields",
	},
	mMeasuredOn: {
		Name: "measured_on", Label: "Date of the measurement", Type: TypeDate,
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	mMeasure: {
		Name: "measure", Label: "Measure or instrument", Type: TypeCode, CodeList: "measure",
		Presence: Mandatory, Sensitivity: SpecialCategory, Basis: BasisOwn,
		Note: "a measure of the episode, without _pre or _post, or an instrument of package wellbeing by its name there, which names the coding and the value set too",
	},
	mResponses: {
		Name: "responses", Label: "Answers to the instrument", Type: TypeID, MaxLength: 400, Alphabet: "A-Z a-z 0-9 . _ - ␣",
		Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
		Note: "one for each item in the order of the form, with spaces between: 3 2 . 1 3; a point is a missing answer, R one refused, NA one that does not apply",
	},
	mScale: {
		Name: "scale", Label: "Scale of the score", Type: TypeID, MaxLength: 64, Alphabet: "A-Z a-z 0-9 _",
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn,
		Note: "as package wellbeing names it, such as percent; required with the score of an instrument that has several, so that a raw sum is not taken for a percentage",
	},
	mValue: {
		Name: "value", Label: "Value or score", Type: TypeDecimal, Valid: &Range{-1000, 100_000},
		Presence: Conditional, Sensitivity: SpecialCategory, Basis: BasisOwn,
		Note: "in the unit of the measure; of an instrument the score, which is worked out again where the answers are there. One of responses and value is required",
	},
}

// Measures returns the dictionary of measures.csv: one row for each form that
// was filled in or number that was measured, at any time point. An instrument
// comes with its answers, with a score, or with both; what it is and how it is
// scored, package wellbeing says.
func Measures() *Dictionary { return measures() }

var measures = sync.OnceValue(func() *Dictionary {
	return newChild("measure", measureFields[:], []CodeList{measureList()}, measureChecks())
})

// plainMeasure is a measure that is a number and not the score of a form.
type plainMeasure struct {
	name            string
	field           *Field // at assessment, for its unit and ranges
	pre, post       int
	whole           bool
	min, max        int64 // in units of 10^-9
	likely, likelyX int64
}

// holds reports whether a value, in units of 10^-9, can be one of the measure.
func (m *plainMeasure) holds(value int64) bool {
	return value >= m.min && value <= m.max && (!m.whole || value%decimalUnit == 0)
}

// instrumentFields are the measures of an episode that are scores of forms: the
// instrument and scale of each. In measures.csv they go by the instrument.
var instrumentFields = []struct {
	instrument, scale string
	pre, post         int
}{
	{"WHO-5", "percent", fWHO5PercentPre, fWHO5PercentPost},
	{"GSE-10", "sum", fSelfEfficacyPre, fSelfEfficacyPost},
	{"SelfRatedHealth100", "health", fGeneralHealthPre, fGeneralHealthPost},
	{"ImportanceRuler", "importance", fImportancePre, fImportancePost},
	{"ConfidenceRuler", "confidence", fConfidencePre, fConfidencePost},
}

// plainMeasures are the measures of the episode that come in pairs, without
// those of instruments and without the smoking status, which is no number.
var plainMeasures = func() []plainMeasure {
	skip := fieldsOf(fSmokingStatusPre, fWHO51Pre, fWHO52Pre, fWHO53Pre, fWHO54Pre, fWHO55Pre)
	for _, i := range instrumentFields {
		skip.add(i.pre)
	}
	var list []plainMeasure
	for _, p := range pairs {
		if skip.has(p.pre) {
			continue
		}
		f := &episodeFields[p.pre]
		m := plainMeasure{
			name: strings.TrimSuffix(f.Name, "_pre"), field: f, pre: p.pre, post: p.post, whole: f.Type == TypeInteger,
			min: f.Valid.Min * decimalUnit, max: f.Valid.Max * decimalUnit,
		}
		m.likely, m.likelyX = m.min, m.max
		if f.Plausible != nil {
			m.likely, m.likelyX = f.Plausible.Min*decimalUnit, f.Plausible.Max*decimalUnit
		}
		list = append(list, m)
	}
	return list
}()

// plainMeasureList is their code list; a code stands at the place of its measure.
var plainMeasureList = func() CodeList {
	l := CodeList{Name: "plain_measure"}
	for _, m := range plainMeasures {
		label, _, _ := strings.Cut(m.field.Label, " at assessment")
		if m.field.Unit != "" {
			label += ", " + m.field.Unit
		}
		l.Codes = append(l.Codes, Code{
			Code: m.name, Label: strings.ToLower(label[:1]) + label[1:], Quality: QualityValid, Basis: m.field.Basis, Source: m.field.Source,
		})
	}
	return l
}()

// measureList is the plain measures and then the instruments.
func measureList() CodeList {
	l := CodeList{Name: "measure", Codes: plainMeasureList.clone().Codes}
	for in := range wellbeing.Instruments() {
		d := in.Definition()
		l.Codes = append(l.Codes, Code{Code: d.Name, Label: d.Title, Quality: QualityValid, Basis: BasisOwn})
	}
	return l
}

// form is an instrument made ready to be scored.
type form struct {
	definition wellbeing.Definition
	codes      [][]wellbeing.Token // of each item, besides its numbers
	scorers    []*wellbeing.Scorer // complete forms; then by the owner's rule where there is one
	slot       int                 // of measureSlots, -1 for none
	slotScale  string
}

// forms are the instruments in the order of their codes. They are made once and
// never written to.
var forms = sync.OnceValue(func() []form {
	var list []form
	for in := range wellbeing.Instruments() {
		d := in.Definition()
		f := form{definition: d, slot: -1}
		for _, it := range d.Items {
			f.codes = append(f.codes, it.Tokens)
		}
		// What rests on memory alone is off: a score that differs from it proves nothing.
		if s, err := in.Scorer(); err == nil {
			f.scorers = append(f.scorers, s)
		}
		if d.OwnerRule != nil {
			if s, err := in.Scorer(wellbeing.OwnerRule); err == nil {
				f.scorers = append(f.scorers, s)
			}
		}
		for i, x := range instrumentFields {
			if x.instrument == d.Name {
				f.slot, f.slotScale = len(plainMeasures)+i, x.scale
			}
		}
		list = append(list, f)
	}
	return list
})

// scale finds a scale of the instrument by its name; "" is that of one which has
// no other.
func (f *form) scale(name string) *wellbeing.Scale {
	scales := f.definition.Scales
	if name == "" {
		if len(scales) == 1 {
			return &scales[0]
		}
		return nil
	}
	for i := range scales {
		if scales[i].Name == name {
			return &scales[i]
		}
	}
	return nil
}

// answers is what was made of the responses of a row; it is made once a row.
type answers struct {
	read      bool
	form      *form // nil where the measure is none
	count     int   // answers given
	unknown   bool  // one is no code of its item
	responses []wellbeing.Response
	scored    []wellbeing.Result // by each of the form's scorers
}

// answers reads and scores the responses of the row, whose measure is valid.
func (r *Row) answers() *answers {
	if r.form == nil {
		r.form = new(answers) // once for each worker
	}
	a := r.form
	if a.read {
		return a
	}
	a.read, a.form, a.count, a.unknown, a.responses = true, nil, 0, false, a.responses[:0]
	n := int(r.value(mMeasure)) - len(plainMeasures)
	if n < 0 {
		return a
	}
	a.form = &forms()[n]
	if !r.valid.has(mResponses) {
		return a
	}
	rest := r.Text(mResponses)
	for len(rest) > 0 {
		word := rest
		if i := indexSpace(rest); i >= 0 {
			word, rest = rest[:i], trimSpaces(rest[i:])
		} else {
			rest = nil
		}
		if a.count < len(a.form.codes) {
			response, ok := a.form.response(a.count, word)
			a.unknown = a.unknown || !ok
			a.responses = append(a.responses, response)
		}
		a.count++
	}
	for len(a.scored) < len(a.form.scorers) {
		a.scored = append(a.scored, wellbeing.Result{})
	}
	if !a.whole() {
		return a
	}
	for i, s := range a.form.scorers {
		if err := s.Score(&a.scored[i], a.responses); err != nil {
			if e, ok := errors.AsType[wellbeing.ScoreError](err); ok {
				for _, e := range e.Errs {
					switch e.(type) {
					case wellbeing.RangeError, wellbeing.CodeError, wellbeing.SyntaxError:
						a.unknown = true
					}
				}
			}
		}
	}
	return a
}

// whole reports whether the form has an answer, or a mark that there is none,
// for each item, all of which can be read.
func (a *answers) whole() bool {
	return a.form != nil && !a.unknown && a.count == len(a.form.codes)
}

// score is what the answers give on a scale; ok is false where they give none.
// open says that it cannot be told, since what is known of the scale is unverified.
func (a *answers) score(scale string) (v wellbeing.Value, ok, open bool) {
	if !a.whole() {
		return v, false, false
	}
	open = true
	for i := range a.form.scorers {
		for _, s := range a.scored[i].Scores {
			if s.Scale != scale {
				continue
			}
			open = false
			if s.Value.Known() {
				return s.Value, true, false
			}
		}
	}
	return v, false, open
}

// response reads one answer.
func (f *form) response(item int, word []byte) (wellbeing.Response, bool) {
	switch string(word) {
	case ".":
		return wellbeing.Response{}, true
	case "R":
		return wellbeing.Refused(), true
	case "NA":
		return wellbeing.NotApplicable(), true
	}
	for _, t := range f.codes[item] {
		if t.Text == string(word) {
			return wellbeing.Answer(t.Code), true
		}
	}
	n, ok := lexInteger(word)
	if !ok || n < -1_000_000 || n > 1_000_000 {
		return wellbeing.Unreadable(), false
	}
	return wellbeing.Answer(int(n)), true
}

func indexSpace(b []byte) int {
	for i, c := range b {
		if c == ' ' {
			return i
		}
	}
	return -1
}

// agrees reports whether a stated number, in units of 10^-9 and written with so
// many places, is the score rounded to those places, whichever way a half goes.
// ok is false where the numbers are too large to tell.
func agrees(stated int64, places uint8, v wellbeing.Value) (same, ok bool) {
	const most = 1 << 62
	num, den := v.Num(), v.Den()
	unit := int64(1)
	for range decimalPlaces - min(int(places), decimalPlaces) {
		unit *= 10
	}
	scaled, ok1 := times(stated, 2*den)
	exact, ok2 := times(num, 2*decimalUnit)
	room, ok3 := times(unit, den)
	if !ok1 || !ok2 || !ok3 || max(abs(scaled), abs(exact)) > most/2 {
		return false, false
	}
	return abs(scaled-exact) <= room, true
}

func abs(n int64) int64 { return max(n, -n) }

// times multiplies; ok is false where the product is too large.
func times(a, b int64) (int64, bool) {
	hi, lo := bits.Mul64(uint64(abs(a)), uint64(abs(b)))
	if hi != 0 || lo > 1<<62 {
		return 0, false
	}
	if (a < 0) != (b < 0) {
		return -int64(lo), true
	}
	return int64(lo), true
}

// measureSlot is the place of a measure in the words of an episode: first those
// of plainMeasures, then those of instrumentFields. A value is kept in
// thousandths where it can have decimals, and is one more than it is; 0 stands
// for blank, and the highest for unknown.
type measureSlot struct {
	fields      [2]int // at assessment, at review
	word, shift [2]int
	bits        int
	decimal     bool
}

var measureSlots, measureWords = func() (list []measureSlot, words int) {
	add := func(pre, post int) {
		f := &episodeFields[pre]
		s := measureSlot{fields: [2]int{pre, post}, decimal: f.Type == TypeDecimal}
		most := uint64(f.Valid.Max)
		if s.decimal {
			most *= 1000
		}
		s.bits = bits.Len64(most + 2)
		list = append(list, s)
	}
	for _, m := range plainMeasures {
		add(m.pre, m.post)
	}
	for _, i := range instrumentFields {
		add(i.pre, i.post)
	}
	word, used := 0, 0
	for p := range 2 {
		for i := range list {
			s := &list[i]
			if used+s.bits > 64 {
				word, used = word+1, 0
			}
			s.word[p], s.shift[p] = word, used
			used += s.bits
		}
	}
	return list, word + 1
}()

func (s *measureSlot) unknown() uint64 { return 1<<s.bits - 1 }

// number is a number as the slot keeps it, of a value in units of 10^-9.
func (s *measureSlot) number(value int64) uint64 {
	if s.decimal {
		return uint64(roundHalfEven(value, decimalUnit/1000)) + 1
	}
	return uint64(value/decimalUnit) + 1
}

// pack is what is kept of a field of an episode.
func (s *measureSlot) pack(r *Row, f int) uint64 {
	switch {
	case r.valid.has(f) && s.decimal:
		return s.number(r.value(f))
	case r.valid.has(f):
		return uint64(r.value(f)) + 1
	case r.unknown(f):
		return s.unknown()
	}
	return 0
}

// measure is what an episode has of a measure at assessment (0) or review (1).
func (e episode) measure(slot, point int) uint64 {
	s := &measureSlots[slot]
	return e[wordMeasure+s.word[point]] >> s.shift[point] & s.unknown()
}
