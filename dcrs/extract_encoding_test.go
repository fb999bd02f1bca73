package dcrs

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The encoding of a mapping is that of its file, in a folder and in a zip: a heading
// and a code that are not plain English are found, and the other files stay UTF-8.
func TestTheEncodingOfAMapping(t *testing.T) {
	t.Parallel()
	const heading, home = "Durée (£)", "à domicile"
	plain := sampleExtract()["contacts.csv"].Data
	local := strings.Replace(strings.Replace(string(plain), "duration_minutes", heading, 1), "community", home, 1)
	require.Contains(t, local, home)
	latin := func(text string) []byte { // £, é and à are one byte each, with the number that they have in Unicode
		var out []byte
		for _, r := range text {
			require.Less(t, r, rune(0x100))
			out = append(out, byte(r))
		}
		return out
	}
	wide := func(order binary.AppendByteOrder) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(local)) {
			out = order.AppendUint16(out, u)
		}
		return out
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(latin(local))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	mapping := func(encoding string) *Mapping {
		m, err := ParseMapping(Contacts(), strings.NewReader(`{"mapping": 1, "kind": "contact", `+encoding+`"columns": [
			{"heading": "`+heading+`", "field": "duration_minutes"},
			{"heading": "setting", "field": "setting", "values": {"`+home+`": "community"}}]}`))
		require.NoError(t, err)
		return m
	}
	for _, c := range []struct {
		reason, encoding string
		file             []byte
		fits             bool
	}{
		{"UTF-8, where nothing is declared", "", []byte(local), true},
		{"Windows-1252, declared", `"encoding": "windows-1252", `, latin(local), true},
		{"Windows-1252, declared, packed by gzip", `"encoding": "windows-1252", `, packed.Bytes(), true},
		{"UTF-16 without a mark, declared", `"encoding": "utf-16le", `, wide(binary.LittleEndian), true},
		{"… and the other way round", `"encoding": "utf-16be", `, wide(binary.BigEndian), true},
		{"a mark says better than the mapping", `"encoding": "windows-1252", `, append([]byte(byteOrder), local...), true},
		{"Windows-1252, where nothing is declared", "", latin(local), false},
		{"UTF-8, where Windows-1252 is declared: the heading is another", `"encoding": "windows-1252", `, []byte(local), false},
	} {
		t.Run(c.reason, func(t *testing.T) {
			files := sampleExtract()
			files["contacts.csv"] = &fstest.MapFile{Data: c.file}
			want, _ := extractFindings(t, sampleExtract())
			option := Mapped(mapping(c.encoding))
			got, _ := extractFindings(t, files, option)
			if c.fits {
				assert.Equal(t, want, got)
			} else {
				assert.NotEqual(t, want, got)
			}
			var entries []entry
			for _, d := range ExtractDictionaries() {
				name := tableName(d.Kind())
				entries = append(entries, entry{name: name, text: string(files[name].Data)})
			}
			all := zipOf(t, entries...)
			v, err := NewExtractValidator(ExtractDictionaries(), exampleExtractAsOf(), option)
			require.NoError(t, err)
			inZip, err := v.ValidateZip(t.Context(), "x", bytes.NewReader(all), int64(len(all)), nil)
			require.NoError(t, err)
			folder, err := v.Validate(t.Context(), "x", files, nil)
			require.NoError(t, err)
			for i := range folder.Files {
				assert.Equal(t, folder.Files[i].Rules, inZip.Files[i].Rules)
			}
		})
	}
}
