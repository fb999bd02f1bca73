package fhir

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

const (
	// DefaultBase is where canonical addresses start until [Base] names another place. It is reserved
	// for examples, and belongs to nobody.
	DefaultBase = "http://example.org/healthtrainer"
	// DefaultLimit is the most bytes that are read until [Limit] says otherwise.
	DefaultLimit = 1 << 20
)

// Option sets how resources are written and read. A bad one is the error of the function that it is
// given to: an [ArgumentError], or a [wellbeing.NameError] for an item that the instrument has not.
type Option func(c *config) error

// config is what the options set.
type config struct {
	in          *wellbeing.Instrument // nil where Observations are written and read
	def         wellbeing.Definition
	base        string
	limit       int64
	canonical   string
	status      string
	weights     string
	ordinals    bool
	ignore      []string
	links       map[string]string // item key to linkId
	texts       map[string]string // by item key
	answerTexts map[answer]string
	codings     map[coding]int
}

type answer struct {
	item string // "": every item
	code int
}

type coding struct{ item, system, code string } // item "": every item

func configure(in *wellbeing.Instrument, opts []Option) (*config, error) {
	c := &config{
		in: in, def: in.Definition(), base: DefaultBase, limit: DefaultLimit, status: "draft",
		links: map[string]string{}, texts: map[string]string{}, answerTexts: map[answer]string{}, codings: map[coding]int{},
	}
	for _, o := range opts {
		if o == nil {
			return nil, ArgumentError{"option", "is nil"}
		}
		if err := o(c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Base sets where canonical addresses and code systems start: an absolute address without query,
// fragment or final slash, of a place that the caller owns.
func Base(address string) Option {
	return func(c *config) error {
		u, err := url.Parse(address)
		if err != nil || !u.IsAbs() || u.Host == "" || strings.ContainsAny(address, " |?#\t\r\n\"") || strings.HasSuffix(address, "/") {
			return ArgumentError{"Base", "is no absolute address without query, fragment and final slash"}
		}
		c.base = address
		return nil
	}
}

// Limit sets the most bytes to read of one resource; it is at least 1.
func Limit(bytes int64) Option {
	return func(c *config) error {
		if bytes < 1 {
			return ArgumentError{"Limit", "is below 1"}
		}
		c.limit = bytes
		return nil
	}
}

// Canonical sets the address of the Questionnaire, for forms that answer one from elsewhere. Without it,
// the address is made from [Base] and the instrument's name.
func Canonical(address string) Option {
	return func(c *config) error {
		if err := c.forInstrument("Canonical"); err != nil {
			return err
		}
		if address == "" || strings.ContainsAny(address, " |\t\r\n") {
			return ArgumentError{"Canonical", "is no address without version"}
		}
		c.canonical = address
		return nil
	}
}

// Status sets the publication status of the Questionnaire: draft (without this option), active, retired
// or unknown.
func Status(status string) Option {
	return func(c *config) error {
		if err := c.forInstrument("Status"); err != nil {
			return err
		}
		if !slices.Contains([]string{"draft", "active", "retired", "unknown"}, status) {
			return ArgumentError{"Status", "is not draft, active, retired or unknown"}
		}
		c.status = status
		return nil
	}
}

// Weights names the scale whose scores become the itemWeight of each option. Without it, each item takes
// the first scale of the instrument that is a sum with it, which the Questionnaire's description names.
// GHQ-12, for one, has two scales that score the same answers differently.
func Weights(scale string) Option {
	return func(c *config) error {
		if err := c.forInstrument("Weights"); err != nil {
			return err
		}
		if !slices.ContainsFunc(c.def.Scales, func(s wellbeing.Scale) bool { return s.Name == scale }) {
			return wellbeing.NameError{Kind: "scale", Name: scale}
		}
		c.weights = scale
		return nil
	}
}

// LinkID sets the linkId of an item, in place of its key, for forms that follow another Questionnaire.
func LinkID(item, linkID string) Option {
	return func(c *config) error {
		if err := c.knows("LinkID", item); err != nil {
			return err
		}
		if blank(linkID) {
			return ArgumentError{"LinkID", "is blank"}
		}
		c.links[item] = linkID
		return nil
	}
}

// Ignore names linkIds that a form may hold beside the instrument's items, such as those of a displayed
// total or of another instrument on the same form. What they hold is not read; items below them are.
func Ignore(linkIDs ...string) Option {
	linkIDs = slices.Clone(linkIDs)
	return func(c *config) error {
		if err := c.forInstrument("Ignore"); err != nil {
			return err
		}
		c.ignore = append(c.ignore, linkIDs...)
		return nil
	}
}

// Coding declares what a coding of another system means when a form is read: the given code of the item.
// An empty item stands for every item that has that code; a coding declared for the item itself goes
// before. For instance, LOINC's LA6568-5 is 0 in every item of the PHQ-9.
func Coding(item, system, code string, means int) Option {
	return func(c *config) error {
		if err := c.forInstrument("Coding"); err != nil {
			return err
		}
		if blank(code) {
			return ArgumentError{"Coding", "its code is blank"}
		}
		if err := c.hasCode("Coding", item, means); err != nil {
			return err
		}
		key := coding{item, system, code}
		if was, ok := c.codings[key]; ok && was != means {
			return ArgumentError{"Coding", "means two things"}
		}
		c.codings[key] = means
		return nil
	}
}

// Ordinals lets a coding that is not declared count by its extension itemWeight or ordinalValue. It is
// taken only for items that no scale reverses or recodes: elsewhere a weight does not tell what was
// answered.
func Ordinals() Option {
	return func(c *config) error {
		c.ordinals = true
		return c.forInstrument("Ordinals")
	}
}

// Text sets the text of an item of the Questionnaire. This package ships no wording: whoever sets it
// holds the licence for it.
func Text(item, text string) Option {
	return func(c *config) error {
		if err := c.knows("Text", item); err != nil {
			return err
		}
		if blank(text) {
			return ArgumentError{"Text", "is blank"}
		}
		c.texts[item] = text
		return nil
	}
}

// AnswerText sets what the Questionnaire displays for a code of an item; an empty item stands for every
// item that has that code. See [Text].
func AnswerText(item string, code int, text string) Option {
	return func(c *config) error {
		if err := c.forInstrument("AnswerText"); err != nil {
			return err
		}
		if blank(text) {
			return ArgumentError{"AnswerText", "is blank"}
		}
		if err := c.hasCode("AnswerText", item, code); err != nil {
			return err
		}
		c.answerTexts[answer{item, code}] = text
		return nil
	}
}

func (c *config) forInstrument(option string) error {
	if c.in == nil {
		return ArgumentError{option, "is about forms, and does not apply to an Observation"}
	}
	return nil
}

func (c *config) knows(option, item string) error {
	if err := c.forInstrument(option); err != nil {
		return err
	}
	for _, it := range c.def.Items {
		if it.Key == item {
			return nil
		}
	}
	return wellbeing.NameError{Kind: "item", Name: item}
}

// hasCode checks that the item, or where it is empty some item, has the code.
func (c *config) hasCode(option, item string, code int) error {
	if item != "" {
		if err := c.knows(option, item); err != nil {
			return err
		}
	}
	for _, it := range c.def.Items {
		if (item == "" || item == it.Key) && valid(it, code) {
			return nil
		}
	}
	return ArgumentError{option, "names a code that the item does not have"}
}

func valid(it wellbeing.Item, code int) bool {
	return code >= it.Min && code <= it.Max && (it.Codes == nil || slices.Contains(it.Codes, code))
}

// blank reports whether a text says nothing, or is none that JSON can carry.
func blank(s string) bool { return strings.TrimSpace(s) == "" || !utf8.ValidString(s) }

// The formats of FHIR R4's primitive types id and dateTime.
var (
	idFormat       = regexp.MustCompile(`^[A-Za-z0-9\-.]{1,64}$`)
	dateTimeFormat = regexp.MustCompile(`^([0-9]([0-9]([0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)(-(0[1-9]|1[0-2])(-(0[1-9]|[1-2][0-9]|3[0-1])(T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00)))?)?)?$`)
)

// checkHead checks what a form and a score have in common.
func checkHead(id, dateTimeName, dateTime string, references map[string]string) error {
	if id != "" && !idFormat.MatchString(id) {
		return ArgumentError{"ID", "is not 1 to 64 letters, digits, dots and dashes"}
	}
	if dateTime != "" && !dateTimeFormat.MatchString(dateTime) {
		return ArgumentError{dateTimeName, "is not a date, or a date and time with its zone"}
	}
	for name, r := range references {
		if r != "" && blank(r) {
			return ArgumentError{name, "is blank"}
		}
	}
	return nil
}

// slug turns a name into a part of an address: lower case letters and digits, and dashes between.
func slug(name string) string {
	var b strings.Builder
	dash := false
	for _, r := range strings.ToLower(name) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			if dash && b.Len() > 0 {
				b.WriteByte('-')
			}
			dash = false
			b.WriteRune(r)
			continue
		}
		dash = true
	}
	return b.String()
}
