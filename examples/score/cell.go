package main

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendCell adds a cell of text to a line: guarded against being taken for a formula, and quoted
// where a comma or another separator, quote or line break needs it.
func appendCell[T string | []byte](b []byte, text T) []byte {
	quote := false
	for i := range len(text) {
		switch text[i] {
		case ',', ';', '"', '\t', '\n', '\r':
			quote = true
		}
	}
	if len(text) > 0 && (text[0] == ' ' || text[len(text)-1] == ' ') {
		quote = true
	}
	guard := isFormula(text)
	if !quote {
		if guard {
			b = append(b, '\'')
		}
		return append(b, text...)
	}
	b = append(b, '"')
	if guard {
		b = append(b, '\'')
	}
	for i := range len(text) {
		if text[i] == '"' {
			b = append(b, '"')
		}
		b = append(b, text[i])
	}
	return append(b, '"')
}

// isFormula reports whether a spreadsheet could take the text for a formula, or whether it begins
// with the mark that says so, which therefore needs one more. A plain number is none.
func isFormula[T string | []byte](text T) bool {
	if len(text) == 0 {
		return false
	}
	if c := text[0]; c < utf8.RuneSelf && (c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
		return false
	}
	s := strings.TrimLeftFunc(string(text), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	if s == "" {
		return false
	}
	switch r, _ := utf8.DecodeRuneInString(s); r {
	case '+', '-':
		return !isNumber(s[1:])
	case '=', '@', '\'', '＝', '＋', '－', '＠': // some spreadsheets take the wide forms too
		return true
	}
	return false
}

func isNumber(s string) bool {
	whole, frac, point := strings.Cut(s, ".")
	digits := func(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }
	return digits(whole) && (!point || digits(frac))
}
