package share

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
)

// MinKeyBytes is the least length of a key: as long as what SHA-256 gives.
const MinKeyBytes = 32

// Key is the secret that pseudonyms are made with. Whoever has it can find out
// which pseudonym belongs to an identifier that they know, so it stays with the
// service: not in the plan, not with the extract, not in version control.
//
// Printed or marshalled in any way, a Key shows nothing of itself.
type Key struct{ secret []byte }

// KeyError says why a secret cannot be a key.
type KeyError struct{ Problem string }

func (e *KeyError) Error() string { return "share: the key " + e.Problem }

// NewKey makes a key of at least [MinKeyBytes] secret bytes, such as those that
// "openssl rand -out share.key 32" writes. Words that a person thought up are no
// key, whatever their length. The error is a [*KeyError].
func NewKey(secret []byte) (*Key, error) {
	if len(secret) < MinKeyBytes {
		return nil, &KeyError{Problem: fmt.Sprintf("has %d bytes; it must have at least %d", len(secret), MinKeyBytes)}
	}
	var seen [256]bool
	distinct := 0
	for _, b := range secret {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
	}
	if distinct < 8 {
		return nil, &KeyError{Problem: fmt.Sprintf("has only %d different bytes: it was not drawn by chance", distinct)}
	}
	return &Key{secret: append([]byte(nil), secret...)}, nil
}

const hiddenKey = "share.Key(hidden)"

// String says that the key is hidden.
func (k *Key) String() string { return hiddenKey }

// Format writes the same for every verb.
func (k *Key) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(hiddenKey)) }

// MarshalText writes the same.
func (k *Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }

// maker makes pseudonyms and shifts for one project.
type maker struct {
	mac hash.Hash
	sum [sha256.Size]byte
	in  []byte
}

func newMaker(k *Key) *maker { return &maker{mac: hmac.New(sha256.New, k.secret)} }

// scheme is in every message, so that another way of making pseudonyms gives
// others.
const scheme = "healthtrainer/dcrs/share 1"

// of is the HMAC-SHA-256 of a value, in a domain of its own for each project and
// use. The parts are told apart by their lengths.
func (m *maker) of(project, use string, parts ...[]byte) []byte {
	m.in = m.in[:0]
	add := func(p []byte) {
		n := len(p)
		m.in = append(m.in, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
		m.in = append(m.in, p...)
	}
	m.in = appendPart(m.in, scheme)
	m.in = appendPart(m.in, project)
	m.in = appendPart(m.in, use)
	for _, p := range parts {
		add(p)
	}
	m.mac.Reset()
	m.mac.Write(m.in) // never fails
	return m.mac.Sum(m.sum[:0])
}

func appendPart(b []byte, p string) []byte {
	n := len(p)
	b = append(b, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	return append(b, p...)
}

// appendPseudonym writes the first bytes of a MAC: p and two hexadecimal digits
// for each. The p keeps spreadsheets from reading a number.
func appendPseudonym(b, mac []byte, bytes int) []byte {
	return hex.AppendEncode(append(b, 'p'), mac[:bytes])
}
