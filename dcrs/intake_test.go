package dcrs

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func openBytes(b []byte, options ...OpenOption) (*Input, error) {
	return Open(bytes.NewReader(b), int64(len(b)), options...)
}

func gzipped(parts ...[]byte) []byte {
	var b bytes.Buffer
	for _, p := range parts {
		w := gzip.NewWriter(&b)
		_, _ = w.Write(p)
		_ = w.Close()
	}
	return b.Bytes()
}

// zipped makes a zip file of names and contents.
func zipped(t testing.TB, entries ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(entries); i += 2 {
		f, err := w.Create(entries[i])
		require.NoError(t, err)
		_, err = io.WriteString(f, entries[i+1])
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return b.Bytes()
}

const accents = "client_id,notes\nC1,caf\u00e9 \u2013 \u00a35 \u201cok\u201d \u20ac\nC2,\U0001f600\n"

// in1252 writes a text in Windows-1252, by Go's own conversion of strings to
// runes and the table of the standard turned round.
func in1252(t testing.TB, s string) []byte {
	var out []byte
	for _, r := range s {
		switch i := strings.IndexRune(string(windows1252[:]), r); {
		case r < 0x80 || r >= 0xa0 && r <= 0xff:
			out = append(out, byte(r))
		case i >= 0:
			out = append(out, byte(0x80+utf8.RuneCountInString(string(windows1252[:])[:i])))
		default:
			t.Fatalf("%q is not in Windows-1252", r)
		}
	}
	return out
}

func TestOpen(t *testing.T) {
	plain := strings.Replace(accents, "\U0001f600", "x", 1)
	for _, c := range []struct {
		why     string
		file    []byte
		options []OpenOption
		packing Packing
		enc     Encoding
		mark    bool
		want    string
	}{
		{"UTF-8", []byte(accents), nil, Unpacked, UTF8, false, accents},
		{"UTF-8 with a mark, which stays", []byte(byteOrder + accents), nil, Unpacked, UTF8, true, byteOrder + accents},
		{"UTF-16, little end first", utf16Bytes(accents, false, true), nil, Unpacked, UTF16LE, true, byteOrder + accents},
		{"UTF-16, big end first", utf16Bytes(accents, true, true), nil, Unpacked, UTF16BE, true, byteOrder + accents},
		{"UTF-16 without a mark, declared", utf16Bytes(accents, false, false), []OpenOption{Encoded(UTF16LE)}, Unpacked, UTF16LE, false, accents},
		{"Windows-1252, declared", in1252(t, plain), []OpenOption{Encoded(Windows1252)}, Unpacked, Windows1252, false, plain},
		{"Windows-1252 is never guessed", in1252(t, plain), nil, Unpacked, UTF8, false, string(in1252(t, plain))},
		{"a mark goes before what was declared", []byte(byteOrder + accents), []OpenOption{Encoded(Windows1252)}, Unpacked, UTF8, true, byteOrder + accents},
		{"gzip", gzipped([]byte(accents)), nil, Gzip, UTF8, false, accents},
		{"gzip of two members", gzipped([]byte(accents[:9]), []byte(accents[9:])), nil, Gzip, UTF8, false, accents},
		{"gzip of UTF-16", gzipped(utf16Bytes(accents, true, true)), nil, Gzip, UTF16BE, true, byteOrder + accents},
		{"zip", zipped(t, "a.csv", accents), nil, Zip, UTF8, false, accents},
		{"zip with what a Mac adds", zipped(t, "__MACOSX/._a.csv", "x", ".DS_Store", "x", "data/", "", "data/A.CSV", accents, "read me.pdf", "%PDF"), nil, Zip, UTF8, false, accents},
		{"zip of one file of any name", zipped(t, "export.dat", accents), nil, Zip, UTF8, false, accents},
		{"zip, the entry named", zipped(t, "a.csv", "x", "sub/b.csv", accents), []OpenOption{Entry("b.csv")}, Zip, UTF8, false, accents},
		{"a name that is a path elsewhere is only a name", zipped(t, "../../etc/a.csv", accents), nil, Zip, UTF8, false, accents},
		{"an empty file", nil, nil, Unpacked, UTF8, false, ""},
		{"the end of UTF-16 is missing", append(utf16Bytes("a,b\n1,\u00e9\n", false, true), 'x'), nil, Unpacked, UTF16LE, true, byteOrder + "a,b\n1,\u00e9\n\xf7"},
		{"half a pair of UTF-16", []byte("a\x00\x3d\xd8b\x00\x00\xdc"), []OpenOption{Encoded(UTF16LE)}, Unpacked, UTF16LE, false, "a\xf7b\xf7"},
		{"bytes that Windows-1252 has not", []byte("a\x81\x9db"), []OpenOption{Encoded(Windows1252)}, Unpacked, Windows1252, false, "a\xf7\xf7b"},
	} {
		t.Run(c.why, func(t *testing.T) {
			in, err := openBytes(c.file, c.options...)
			require.NoError(t, err)
			assert.Equal(t, c.packing, in.Packing())
			assert.Equal(t, c.enc, in.Encoding())
			assert.Equal(t, c.mark, in.ByteOrderMark())
			for range 2 { // it can be read again
				got, err := io.ReadAll(in.Text())
				require.NoError(t, err)
				assert.Equal(t, c.want, string(got))
			}
			got, err := io.ReadAll(iotest.OneByteReader(in.Text()))
			require.NoError(t, err)
			assert.Equal(t, c.want, string(got))
			if c.packing == Zip {
				return
			}
			for _, slow := range []func(io.Reader) io.Reader{iotest.OneByteReader, iotest.DataErrReader} {
				in, err = OpenStream(slow(bytes.NewReader(c.file)), c.options...)
				require.NoError(t, err)
				got, err = io.ReadAll(in.Text())
				require.NoError(t, err)
				assert.Equal(t, c.want, string(got))
				_, err = in.Text().Read(make([]byte, 1))
				assert.ErrorIs(t, err, errReadOnce)
			}
		})
	}
}

// Every byte of Windows-1252 becomes its character, and every character of the
// first plane comes back from UTF-16.
func TestTranscodingIsWhole(t *testing.T) {
	for b := range 256 {
		out, _ := decodeWindows1252(nil, []byte{byte(b)}, true)
		if r := []rune(string(out))[0]; r != utf8.RuneError {
			assert.Equal(t, []byte{byte(b)}, in1252(t, string(r)))
		} else {
			assert.Contains(t, []int{0x81, 0x8d, 0x8f, 0x90, 0x9d}, b)
		}
	}
	var all strings.Builder
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) && (r < 0x3000 || r%97 == 0 || r > 0xfff0 && r < 0x10100) {
			all.WriteRune(r)
		}
	}
	for _, big := range []bool{false, true} {
		in, err := openBytes(utf16Bytes(all.String(), big, true))
		require.NoError(t, err)
		got, err := io.ReadAll(in.Text())
		require.NoError(t, err)
		require.Equal(t, byteOrder+all.String(), string(got))
	}
}

func TestOpenRefuses(t *testing.T) {
	password := zipped(t, "a.csv", accents)
	password[6] |= 1 // in the local header; the flag of the directory counts
	password[bytes.Index(password, []byte("PK\x01\x02"))+8] |= 1
	method := zipped(t, "a.csv", accents)
	method[bytes.Index(method, []byte("PK\x01\x02"))+10] = 9 // Deflate64, as Windows packs large files
	for _, c := range []struct {
		why     string
		file    []byte
		options []OpenOption
		problem string
	}{
		{"a workbook", zipped(t, "[Content_Types].xml", "x", "xl/workbook.xml", "x"), nil, "an Excel workbook"},
		{"several tables", zipped(t, "a.csv", "x", "b.csv", "y"), nil, "several tables, say which: a.csv, b.csv"},
		{"no table", zipped(t, "a.pdf", "x", "b.doc", "y"), nil, "no table"},
		{"an empty zip", zipped(t), nil, "no table"},
		{"an entry that is not there", zipped(t, "a.csv", "x"), []OpenOption{Entry("b.csv")}, `no "b.csv", only a.csv`},
		{"a zip in a gzip", gzipped(zipped(t, "a.csv", "x")), nil, "packed again (zip)"},
		{"a gzip in a gzip", gzipped(gzipped([]byte(accents))), nil, "packed again (gzip)"},
		{"a gzip in a zip", zipped(t, "a.csv.gz", string(gzipped([]byte(accents)))), nil, "packed again (gzip)"},
		{"a password", password, nil, "password"},
		{"a method that is not read", method, nil, "method"},
		{"half a zip", zipped(t, "a.csv", strings.Repeat(accents, 50))[:60], nil, "damaged"},
		{"no gzip behind its first bytes", []byte("\x1f\x8b\x08\x00garbage"), nil, "damaged"},
		{"7-Zip", []byte("7z\xbc\xaf\x27\x1c\x00\x04"), nil, "7-Zip"},
		{"xz", []byte("\xfd7zXZ\x00\x00"), nil, "xz"},
		{"Zstandard", []byte("\x28\xb5\x2f\xfd\x00"), nil, "Zstandard"},
		{"too many entries", zipped(t, "a.csv", "x", "b.csv", "y"), []OpenOption{UnpackLimits(Limits{Entries: 1})}, "more than 1 entries"},
	} {
		t.Run(c.why, func(t *testing.T) {
			_, err := openBytes(c.file, c.options...)
			require.ErrorContains(t, err, c.problem)
		})
	}
	_, err := openBytes(zipped(t, "xl/workbook.xml", "x"))
	assert.ErrorIs(t, err, ErrWorkbook)
	_, err = openBytes(zipped(t, "a.csv", "x", "b.csv", "y"))
	entry, ok := errors.AsType[*EntryError](err)
	require.True(t, ok)
	assert.Equal(t, []string{"a.csv", "b.csv"}, entry.Names)
	_, err = OpenStream(bytes.NewReader(zipped(t, "a.csv", "x")))
	_, ok = errors.AsType[*PackingError](err)
	assert.True(t, ok, "a zip has its directory at the end")
}

// Files that unpack to far more than they are stop early, and cost no memory.
func TestBombs(t *testing.T) {
	zeros := io.LimitReader(&filler{',', 1 << 40}, 120<<20)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := io.Copy(w, zeros)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	bomb := b.Bytes()
	for why, c := range map[string]struct {
		limits Limits
		limit  string
	}{
		"the ratio": {Limits{}, "ratio"},
		"the bytes": {Limits{Bytes: 10 << 20}, "bytes"},
	} {
		in, err := openBytes(bomb, UnpackLimits(c.limits))
		require.NoError(t, err)
		var n int64
		bytes := allocated(func() { n, err = io.Copy(io.Discard, in.Text()) })
		limit, ok := errors.AsType[*UnpackLimitError](err)
		require.True(t, ok, why)
		assert.Equal(t, c.limit, limit.Limit)
		assert.Less(t, n, int64(100<<20), why)
		assert.Less(t, bytes, int64(2<<20), why)
	}
	// The directory lies about the size.
	raw := zipped(t, "a.csv", "x\n")
	_, err = openBytes(raw)
	require.NoError(t, err)
	i := bytes.Index(raw, []byte("PK\x01\x02"))
	raw[i+24] = 99
	in, err := openBytes(raw)
	if err == nil {
		_, err = io.ReadAll(in.Text())
	}
	assert.Error(t, err)
	_, ok := errors.AsType[*PackingError](err)
	assert.True(t, ok)
}

// What fails below is handed on as it is, and what was packed and is damaged says so.
func TestIntakeErrors(t *testing.T) {
	broken := errors.New("broken")
	in, err := OpenStream(io.MultiReader(bytes.NewReader(gzipped(bytes.Repeat([]byte(accents), 9000))[:300]), iotest.ErrReader(broken)))
	if err == nil {
		_, err = io.ReadAll(in.Text())
	}
	assert.ErrorIs(t, err, broken)
	whole := gzipped([]byte(accents))
	whole[len(whole)-5] ^= 1 // the checksum
	in, err = openBytes(whole)
	if err == nil {
		_, err = io.ReadAll(in.Text())
	}
	_, ok := errors.AsType[*PackingError](err)
	assert.True(t, ok)
	assert.NotZero(t, crc32.ChecksumIEEE([]byte(accents)))
	in, err = OpenStream(iotest.ErrReader(broken))
	assert.Nil(t, in)
	assert.ErrorIs(t, err, broken)
}

// A file in another encoding makes the findings of the same file in UTF-8, at the
// same records, lines and columns.
func TestEncodingsMakeTheSameFindings(t *testing.T) {
	text := "client_id,episode_id,notes,gender\r\nC1,E1,caf\u00e9,Q\r\nC2,E2,\"a\nb\u00e9\",\u00e9\r\n"
	find := func(b []byte, options ...OpenOption) (out []string) {
		in, err := openBytes(b, options...)
		require.NoError(t, err)
		_, findings := validateAll(t, extractValidator(t), in.Text())
		for _, f := range findings {
			out = append(out, fmt.Sprintf("%s %d %d %d %s", f.Rule, f.Record, f.Line, f.Column, f.Shape))
		}
		return out
	}
	want := find([]byte(text))
	assert.Equal(t, want, find(utf16Bytes(text, false, true)))
	assert.Equal(t, want, find(in1252(t, text), Encoded(Windows1252)))
	assert.Equal(t, want, find(gzipped([]byte(text))))
	assert.Contains(t, strings.Join(find(append(utf16Bytes(text, false, true), 'x')), "\n"), "file/encoding 3 5 0")
}

// FuzzOpen gives Open any bytes: it must neither panic nor hang, and what it
// opens must be read to its end or fail with an error of its own.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(accents), uint8(0))
	f.Add(gzipped([]byte(accents)), uint8(3))
	f.Add(zipped(f, "a.csv", accents), uint8(0))
	f.Add(zipped(f, "a.csv", accents, "b.csv", ""), uint8(1))
	f.Add(utf16Bytes(accents, true, true), uint8(2))
	f.Fuzz(func(t *testing.T, file []byte, encoding uint8) {
		options := []OpenOption{Encoded(Encoding(encoding % 4)), UnpackLimits(Limits{Bytes: 1 << 20, Entries: 50})}
		if in, err := openBytes(file, options...); err == nil {
			once, err1 := io.ReadAll(in.Text())
			again, err2 := io.ReadAll(iotest.HalfReader(in.Text()))
			if (err1 == nil) != (err2 == nil) || err1 == nil && !bytes.Equal(once, again) {
				t.Fatal("read twice, it is not the same")
			}
			// How much of a damaged file comes before the error depends on how it is read.
			if err1 != nil && (err1.Error() != err2.Error() || !bytes.HasPrefix(once, again) && !bytes.HasPrefix(again, once)) {
				t.Fatal("read twice, it fails in two ways")
			}
			if in.Encoding() != UTF8 && err1 == nil && !utf8.Valid(bytes.ReplaceAll(once, []byte{notACharacter}, nil)) {
				t.Fatal("not UTF-8")
			}
		}
		if in, err := OpenStream(bytes.NewReader(file), options...); err == nil {
			_, _ = io.Copy(io.Discard, in.Text())
		}
	})
}

// A directory that is said to lie outside of the file is damage, and not an error of
// the reader, whose words nobody could act on.
func TestOpenZipPointsOutside(t *testing.T) {
	good := zipOf(t, entry{name: "a.csv", text: "client_id\nC1\n"})
	for why, offset := range map[string]uint64{"before its beginning": 1 << 63, "behind its end": 1 << 40} {
		var b bytes.Buffer
		b.Write(good[:len(good)-22])
		b.WriteString("PK\x06\x07\x00\x00\x00\x00")
		b.Write(binary.LittleEndian.AppendUint64(nil, offset))
		b.WriteString("\x01\x00\x00\x00PK\x05\x06\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00")
		_, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
		bad, ok := errors.AsType[*PackingError](err)
		require.True(t, ok, "%s: %v", why, err)
		require.Contains(t, bad.Error(), "damaged", why)
	}
	_, err := Open(failingAt{bytes.NewReader(good), int64(len(good))}, int64(len(good)))
	require.ErrorIs(t, err, errDisk, "an error of the reader stays one")
}
