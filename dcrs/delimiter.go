package dcrs

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// DelimiterEvidence is what a file would be with one delimiter.
type DelimiterEvidence struct {
	Delimiter byte
	Columns   int // of the header
	Known     int // of these, headings that the dictionary knows, by name, label or a usual other name
	Rows      int // looked at
	Agreeing  int // of these, with as many cells as the header
}

// MarshalJSON writes the delimiter as a mapping names it.
func (e DelimiterEvidence) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Delimiter string `json:"delimiter"`
		Columns   int    `json:"columns"`
		Known     int    `json:"known"`
		Rows      int    `json:"rows"`
		Agreeing  int    `json:"agreeing"`
	}{delimiterName(e.Delimiter), e.Columns, e.Known, e.Rows, e.Agreeing})
}

// String tells the evidence in words.
func (e DelimiterEvidence) String() string {
	return fmt.Sprintf("%s: %s, %d of them known; %d of %s %s as many cells",
		delimiterNames[e.Delimiter], counted(e.Columns, "column"), e.Known, e.Agreeing, counted(e.Rows, "row"), choose(e.Agreeing, "has", "have"))
}

// score weighs the evidence: a heading that is known counts for many that are not.
func (e DelimiterEvidence) score() float64 {
	agree := 1.0
	if e.Rows > 0 {
		agree = float64(e.Agreeing) / float64(e.Rows)
	}
	return float64(10*e.Known) + float64(e.Columns-1)*agree
}

// Delimiters says which delimiter a file seems to have, and why.
type Delimiters struct {
	Best byte // for [Delimiter]
	// Sure says that the best makes a table of several columns, that nine rows in ten
	// or more have as many cells as the header, and that no other comes near.
	Sure     bool
	Evidence []DelimiterEvidence // comma, semicolon, tab, vertical bar
}

// MarshalJSON writes the delimiter as a mapping names it.
func (d Delimiters) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Best     string              `json:"best"`
		Sure     bool                `json:"sure"`
		Evidence []DelimiterEvidence `json:"evidence"`
	}{delimiterName(d.Best), d.Sure, d.Evidence})
}

// delimiterRows is how many rows the delimiter is judged by.
const delimiterRows = 200

// DetectDelimiter looks at the first bytes of a text, 64 KiB of it as a rule, and
// says what separates its cells. Quoted cells are respected. It is a suggestion:
// nothing here takes it without being told to.
func DetectDelimiter(d *Dictionary, sample []byte) Delimiters {
	sample = bytes.TrimLeft(bytes.TrimPrefix(sample, []byte(byteOrder)), "\r\n")
	said := separatorLine(sample)
	if said != 0 {
		sample = sample[bytes.IndexByte(sample, '\n')+1:]
	}
	names := newHeadingIndex(d)
	out := Delimiters{Best: ','}
	best, second := -1.0, 0.0
	for _, delim := range []byte(delimiters) {
		e := DelimiterEvidence{Delimiter: delim}
		var c cells
		for rest := sample; len(rest) > 0 && e.Rows < delimiterRows; {
			header := e.Columns == 0
			var into *cells
			if header {
				c = cells{}
				c.size(bytes.Count(rest[:lineLength(rest)], []byte{delim}) + 1)
				into = &c
			}
			end, n, status, _ := scanQuoted(rest, delim, false, into)
			if status == quotedMore && bytes.IndexByte(rest, '\n') < 0 {
				// The sample ends here, or the text: a header alone still counts.
				if header {
					end, n, status, _ = scanQuoted(rest, delim, true, nil)
				} else {
					break
				}
			}
			if status != quotedOK {
				// As the reader does, go on with the next line.
				end = lineLength(rest)
				n = bytes.Count(rest[:end], []byte{delim}) + 1
				if !header {
					n = 0
				}
			}
			if blank := len(withoutReturn(rest[:end])) == 0; !blank {
				if header {
					e.Columns = n
					c.src = c.unquoted
					for i := range min(c.n, len(c.start)) {
						if names.known(string(c.text(i))) {
							e.Known++
						}
					}
				} else {
					e.Rows++
					if n == e.Columns {
						e.Agreeing++
					}
				}
			}
			rest = rest[min(end+1, len(rest)):]
		}
		out.Evidence = append(out.Evidence, e)
		score := e.score()
		if delim == said {
			score += 1000 // the file says so itself
		}
		if score > best {
			out.Best, best, second = delim, score, best
			out.Sure = e.Columns > 1 && e.Agreeing*10 >= e.Rows*9
		} else {
			second = max(second, score)
		}
	}
	out.Sure = out.Sure && second <= best/2
	return out
}

// lineLength is the number of bytes before the line feed.
func lineLength(b []byte) int {
	if i := bytes.IndexByte(b, '\n'); i >= 0 {
		return i
	}
	return len(b)
}

// separatorLine is the delimiter that the first line of some files for Excel
// names: sep=; and nothing else; 0 where there is no such line.
func separatorLine(b []byte) byte {
	line := withoutReturn(b[:lineLength(b)])
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) && len(b) > len(line) && bytes.IndexByte([]byte(delimiters), line[4]) >= 0 {
		return line[4]
	}
	return 0
}
