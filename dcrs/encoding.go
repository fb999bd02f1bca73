package dcrs

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Encoding is how the characters of a file are written as bytes.
type Encoding uint8

// The encodings. The zero value is UTF-8, with or without a byte order mark.
const (
	UTF8 Encoding = iota
	UTF16LE
	UTF16BE
	Windows1252 // what older Windows programs of western Europe call ANSI
)

var encodingNames = []string{UTF8: "utf-8", UTF16LE: "utf-16le", UTF16BE: "utf-16be", Windows1252: "windows-1252"}

// String is "utf-8", "utf-16le", "utf-16be" or "windows-1252".
func (e Encoding) String() string { return nameOf(e, "Encoding", encodingNames) }

// MarshalText writes the encoding as its name.
func (e Encoding) MarshalText() ([]byte, error) {
	if int(e) >= len(encodingNames) {
		return nil, &EncodingError{Name: e.String()}
	}
	return []byte(e.String()), nil
}

// UnmarshalText reads the name of an encoding, see [ParseEncoding].
func (e *Encoding) UnmarshalText(text []byte) error {
	v, err := ParseEncoding(string(text))
	if err == nil {
		*e = v
	}
	return err
}

// EncodingError says that a text names no encoding that is read here.
type EncodingError struct{ Name string }

func (e *EncodingError) Error() string {
	return fmt.Sprintf("dcrs: %q is not an encoding that is read: say utf-8, utf-16le, utf-16be or windows-1252", e.Name)
}

// encodingAliases are other names of the encodings. Latin-1 stands for
// Windows-1252 as in browsers: the two differ only where Latin-1 has control
// characters.
var encodingAliases = map[string]Encoding{
	"utf8": UTF8, "unicode": UTF16LE, "utf16le": UTF16LE, "utf16be": UTF16BE, "utf16": UTF16LE,
	"windows1252": Windows1252, "cp1252": Windows1252, "1252": Windows1252, "ansi": Windows1252,
	"latin1": Windows1252, "iso88591": Windows1252,
}

// ParseEncoding reads the name of an encoding, in capitals or not, with or
// without hyphens: "UTF-8", "cp1252", "latin1". Another text is an
// [*EncodingError].
func ParseEncoding(name string) (Encoding, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(name))
	if e, ok := encodingAliases[plain]; ok {
		return e, nil
	}
	return UTF8, &EncodingError{Name: name}
}

// byteOrderMark finds the encoding that the first bytes of a file name, and the
// length of the mark; 0 where there is none.
func byteOrderMark(b []byte) (Encoding, int) {
	switch {
	case len(b) >= 3 && string(b[:3]) == byteOrder:
		return UTF8, 3
	case len(b) >= 2 && b[0] == 0xff && b[1] == 0xfe:
		return UTF16LE, 2
	case len(b) >= 2 && b[0] == 0xfe && b[1] == 0xff:
		return UTF16BE, 2
	}
	return UTF8, 0
}

// windows1252 holds the characters of the bytes 80 to 9F; 0 for the five that
// stand for none. The others are those of Unicode with the same number. Source:
// the index of windows-1252 in the WHATWG Encoding Standard, which gives those
// five to control characters.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// likely1252 reports whether a byte that is not UTF-8 stands in Windows-1252 for
// something that people write in the notes and names of an extract: a letter,
// £, €, a quotation mark, a dash, a fraction. In the encodings of DOS and of
// older Macs such characters have other bytes, which are not likely here.
func likely1252(b byte) bool {
	switch b {
	case 0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x99, // € … ‘ ’ “ ” • – — ™
		0xa0, 0xa3, 0xa9, 0xab, 0xae, 0xb0, 0xb1, 0xb2, 0xb3, 0xb4, 0xb5, 0xb7, 0xbb, 0xbc, 0xbd, 0xbe: // £ © « ® ° ± ² ³ ´ µ · » ¼ ½ ¾
		return true
	}
	return b >= 0xc0 && b != 0xd7 && b != 0xf7
}

// notACharacter is what a byte or a half of UTF-16 that stands for no character
// becomes: a byte that is never UTF-8, so that the validator finds it at its
// place, and not likely to be Windows-1252.
const notACharacter = 0xf7

// transcodeSize is how many bytes of a file are turned into UTF-8 at a time.
const transcodeSize = 16 << 10

// transcoder reads a file of another encoding as UTF-8. It keeps
// transcodeSize bytes and what they become, at most three times as many.
type transcoder struct {
	r       io.Reader
	decode  func(dst, src []byte, last bool) (out []byte, used int)
	in      []byte // read and not decoded
	out     []byte // decoded and not handed on
	buf     []byte // of out
	err     error  // of r, handed on behind out
	useless int    // reads in a row that gave nothing
}

// newTranscoder turns what r gives into UTF-8.
func newTranscoder(r io.Reader, e Encoding) io.Reader {
	decode := decodeWindows1252
	switch e {
	case UTF8:
		return r
	case UTF16LE:
		decode = func(dst, src []byte, last bool) ([]byte, int) {
			return decodeUTF16(dst, src, last, binary.LittleEndian.Uint16)
		}
	case UTF16BE:
		decode = func(dst, src []byte, last bool) ([]byte, int) {
			return decodeUTF16(dst, src, last, binary.BigEndian.Uint16)
		}
	}
	return &transcoder{r: r, decode: decode, in: make([]byte, 0, transcodeSize), buf: make([]byte, 0, 3*transcodeSize)}
}

func (t *transcoder) Read(p []byte) (int, error) {
	for len(t.out) == 0 {
		if t.err != nil {
			return 0, t.err
		}
		n, err := t.r.Read(t.in[len(t.in):cap(t.in)])
		if n < 0 || n > cap(t.in)-len(t.in) {
			n, err = 0, errImpossibleRead
		}
		if n > 0 {
			t.useless = 0
		} else if t.useless++; t.useless > 100 && err == nil {
			err = io.ErrNoProgress
		}
		t.err = err
		in := t.in[:len(t.in)+n]
		out, used := t.decode(t.buf[:0], in, err != nil)
		t.out = out
		t.in = t.in[:copy(t.in[:cap(t.in)], in[used:])]
	}
	n := copy(p, t.out)
	t.out = t.out[n:]
	return n, nil
}

func decodeWindows1252(dst, src []byte, _ bool) ([]byte, int) {
	for _, b := range src {
		switch {
		case b < utf8.RuneSelf:
			dst = append(dst, b)
		case b >= 0xa0:
			dst = append(dst, 0xc0|b>>6, 0x80|b&0x3f)
		case windows1252[b-0x80] == 0:
			dst = append(dst, notACharacter)
		default:
			dst = utf8.AppendRune(dst, windows1252[b-0x80])
		}
	}
	return dst, len(src)
}

func decodeUTF16(dst, src []byte, last bool, unit func([]byte) uint16) ([]byte, int) {
	i := 0
	for ; i+2 <= len(src); i += 2 {
		r := rune(unit(src[i:]))
		switch {
		case r < utf8.RuneSelf:
			dst = append(dst, byte(r))
		case !utf16.IsSurrogate(r):
			dst = utf8.AppendRune(dst, r)
		case i+4 > len(src) && !last && r < 0xdc00:
			return dst, i // the second half is still to come
		default:
			if i+4 <= len(src) {
				if pair := utf16.DecodeRune(r, rune(unit(src[i+2:]))); pair != utf8.RuneError {
					dst = utf8.AppendRune(dst, pair)
					i += 2
					continue
				}
			}
			dst = append(dst, notACharacter)
		}
	}
	if last && i < len(src) {
		dst = append(dst, notACharacter)
		i++
	}
	return dst, i
}
