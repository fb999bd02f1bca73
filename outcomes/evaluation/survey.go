package evaluation

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/hte"
)

// bitset is a set of record numbers: one bit for each row of the file.
type bitset []uint64

func (b *bitset) add(record int) {
	w := record >> 6
	if w >= len(*b) {
		*b = append(*b, make([]uint64, w+1-len(*b))...)
	}
	(*b)[w] |= 1 << (record & 63)
}

func (b bitset) has(record int) bool {
	w := record >> 6
	return w < len(b) && b[w]>>(record&63)&1 != 0
}

// clientKey stands for a client: the first half of the SHA-256 of service and client_id, so that the
// identifiers themselves are not held, and no file can be made to collide.
type clientKey [16]byte

// client is what is kept of one client between the passes, about 100 bytes with its place in the map.
type client struct {
	record   int // of the index episode
	referral hte.Date
	episode  [2]uint64 // first 16 bytes of the episode_id, to break ties
	reviewed bool

	stage      uint8 // furthest that any episode came
	episodes   uint32
	plans      uint32
	signposted uint32 // bits of the destinations of all episodes
}

// firstOf reports whether a is to be the index episode rather than b: first those with a review, then by
// referral date (without one last), then by episode_id, then by the order of the file.
func firstOf(a, b *client) bool {
	if a.reviewed != b.reviewed {
		return a.reviewed
	}
	if a.referral.IsZero() != b.referral.IsZero() {
		return b.referral.IsZero()
	}
	return cmp.Or(
		a.referral.Compare(b.referral),
		cmp.Compare(a.episode[0], b.episode[0]),
		cmp.Compare(a.episode[1], b.episode[1]),
		cmp.Compare(a.record, b.record),
	) < 0
}

// survey is the second pass: it finds which rows are kept out and why, which period the evaluation is
// about, and which of a client's episodes is the index episode.
type survey struct {
	cfg    config
	f      *fields
	asOf   hte.Date
	period Period

	named    map[string]bool    // rules that keep out whatever their severity
	fileOut  map[string]*bitset // rows that file-scope rules keep out, by rule
	fileRule []string           // its keys, sorted

	keptOut bitset
	unread  int64
	out     map[hte.FinancialYear]int64               // rows kept out, by year
	rules   map[string]map[hte.FinancialYear][2]int64 // rows and rows under this rule alone, by rule and year

	kept         int64 // rows that are not kept out
	best         hte.FinancialYear
	inPeriod     int64
	unidentified int64
	earliest     hte.Date
	latest       hte.Date
	byKey        map[clientKey]uint32
	clients      []client
	buf          []byte
}

func newSurvey(cfg config, f *fields, asOf hte.Date, named map[string]bool) *survey {
	s := &survey{
		cfg: cfg, f: f, asOf: asOf, named: named,
		fileOut: make(map[string]*bitset),
		out:     make(map[hte.FinancialYear]int64),
		rules:   make(map[string]map[hte.FinancialYear][2]int64),
		byKey:   make(map[clientKey]uint32),
	}
	if !cfg.from.IsZero() || !cfg.to.IsZero() {
		s.period = Period{Choice: ChosenPeriod, From: cfg.from, To: cfg.to}.named()
	} else {
		s.period = Period{Choice: AllRows}
	}
	return s
}

// keepsOut reports whether a finding keeps its row out.
func (s *survey) keepsOut(f *dcrs.Finding) bool {
	return s.cfg.keepOut != dcrs.Off && f.Severity >= s.cfg.keepOut || s.named[f.Rule]
}

// fileFinding notes a finding that only the whole file shows.
func (s *survey) fileFinding(f *dcrs.Finding) {
	if f.Record <= 0 || !s.keepsOut(f) {
		return
	}
	b := s.fileOut[f.Rule]
	if b == nil {
		b = new(bitset)
		s.fileOut[f.Rule] = b
		s.fileRule = append(s.fileRule, f.Rule)
		slices.Sort(s.fileRule)
	}
	b.add(f.Record)
}

// add takes one row.
func (s *survey) add(row *dcrs.Row) {
	referral := row.Date(s.f.referralDate)
	if s.reject(row, referral) {
		return
	}
	s.kept++
	switch s.period.Choice {
	case ChosenPeriod:
		if !s.period.holds(referral) {
			return
		}
	default:
		// As long as no financial year has come up that may be the period, all rows are candidates. A
		// later year drops the rows of an earlier one; so at the end the candidates are the rows of the
		// latest year, whatever the order of the file.
		y := referral.FinancialYear()
		if y > 0 && !y.End().IsZero() && !y.End().After(s.asOf) && y > s.best {
			s.best = y
			s.period = Period{Choice: FinancialYear, From: y.Start(), To: y.End()}.named()
			s.inPeriod, s.unidentified = 0, 0
			clear(s.byKey)
			s.clients = s.clients[:0]
		}
		if s.best > 0 && y != s.best {
			return
		}
	}
	s.inPeriod++
	if !referral.IsZero() {
		if s.earliest.IsZero() || referral.Before(s.earliest) {
			s.earliest = referral
		}
		if referral.After(s.latest) {
			s.latest = referral
		}
	}
	c := client{record: row.Record(), referral: referral, reviewed: row.Valid(s.f.review), episodes: 1}
	var id [16]byte
	copy(id[:], row.Cell(s.f.episodeID))
	c.episode = [2]uint64{binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])}
	key, known := s.key(row)
	if !known {
		s.unidentified++
	}
	if i, ok := s.byKey[key]; ok {
		old := &s.clients[i]
		c.episodes += old.episodes
		if !firstOf(&c, old) {
			old.episodes = c.episodes
			return
		}
		*old = c
		return
	}
	s.byKey[key] = uint32(len(s.clients))
	s.clients = append(s.clients, c)
}

// key returns the key of the row's client; a row without a client_id is a client of its own.
func (s *survey) key(row *dcrs.Row) (key clientKey, known bool) {
	s.buf = append(s.buf[:0], row.Cell(s.f.serviceCode)...)
	id := row.Cell(s.f.clientID)
	known = len(id) > 0
	if known {
		s.buf = append(s.buf, 0)
		s.buf = append(s.buf, id...)
	} else {
		s.buf = append(s.buf, 0, 0)
		s.buf = binary.BigEndian.AppendUint64(s.buf, uint64(row.Record()))
	}
	sum := sha256.Sum256(s.buf)
	copy(key[:], sum[:])
	return key, known
}

// reject reports whether a row is kept out, and counts why.
func (s *survey) reject(row *dcrs.Row, referral hte.Date) bool {
	var why []string
	add := func(rule string) {
		if !slices.Contains(why, rule) {
			why = append(why, rule)
		}
	}
	if worst := row.Worst(); worst != dcrs.Off && (s.cfg.keepOut != dcrs.Off && worst >= s.cfg.keepOut || len(s.named) > 0) {
		for _, f := range row.Findings() {
			if s.keepsOut(&f) {
				add(f.Rule)
			}
		}
	}
	for _, rule := range s.fileRule {
		if s.fileOut[rule].has(row.Record()) {
			add(rule)
		}
	}
	if row.Unread() {
		s.unread++
	} else if len(why) == 0 {
		return false
	}
	s.keptOut.add(row.Record())
	y := s.year(referral)
	s.out[y]++
	for _, rule := range why {
		if s.rules[rule] == nil {
			s.rules[rule] = make(map[hte.FinancialYear][2]int64)
		}
		n := s.rules[rule][y]
		n[0]++
		if len(why) == 1 {
			n[1]++
		}
		s.rules[rule][y] = n
	}
	return true
}

// year sorts a row that is kept out by what will tell whether it lies in the period: its financial year
// or, where the period was chosen, 1 for inside.
func (s *survey) year(referral hte.Date) hte.FinancialYear {
	if s.period.Choice != ChosenPeriod {
		return referral.FinancialYear()
	}
	if s.period.holds(referral) {
		return 1
	}
	return 0
}

// records sums up what became of the rows.
func (s *survey) records(d *dcrs.Dictionary) Records {
	inside := func(y hte.FinancialYear) bool {
		switch s.period.Choice {
		case ChosenPeriod:
			return y == 1
		case FinancialYear:
			return y == s.best
		}
		return true
	}
	r := Records{Unread: s.unread, InPeriod: s.inPeriod, OutsidePeriod: s.kept - s.inPeriod, Rules: []KeptOut{}}
	for y, n := range s.out {
		r.KeptOut += n
		if inside(y) {
			r.KeptOutInPeriod += n
		}
	}
	r.InFile = r.KeptOut + s.kept
	for id, years := range s.rules {
		k := KeptOut{Rule: id}
		if rule, ok := d.Rule(id); ok {
			k.Problem = rule.Problem
		}
		for y, n := range years {
			k.Records += n[0]
			k.Alone += n[1]
			if inside(y) {
				k.InPeriod += n[0]
			}
		}
		r.Rules = append(r.Rules, k)
	}
	slices.SortFunc(r.Rules, func(a, b KeptOut) int {
		return cmp.Or(cmp.Compare(b.Records, a.Records), cmp.Compare(a.Rule, b.Rule))
	})
	return r
}

// finish settles the period once all rows are seen.
func (s *survey) finish() {
	if s.period.Choice == AllRows {
		s.period.From, s.period.To = s.earliest, s.latest
	}
}
