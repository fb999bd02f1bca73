package dcrs

import (
	"encoding/binary"
	"math/bits"
)

// codeIndex finds the number of a code in its list in a few instructions: a
// hash of its first fifteen bytes and its length, so chosen that hardly two codes
// of the list share a place. A longer code is compared as a whole as well.
type codeIndex struct {
	mult  uint64
	shift uint8
	slots []numberedSlot
	codes []Code
}

// numberedSlot is the slot of a code and its number in the list.
type numberedSlot struct {
	codeSlot
	number uint64
}

// codeSlot holds what tells one code from another: sixteen bytes, so that many
// lists fit into the cache.
type codeSlot struct {
	head, tail uint64 // fifteen bytes, and the length or 16
}

// noCode is the tail of an empty slot; no code is so long.
const noCode = ^uint64(0)

const toldBySlot = 15 // bytes of a code that its slot tells

// slotMasks keep as many bytes of the two words of a slot as a code has.
var slotMasks = func() (m [toldBySlot + 1]codeSlot) {
	for n := range m {
		m[n].head = 1<<(8*min(n, 8)) - 1
		if n >= 8 {
			m[n].head = ^uint64(0)
			m[n].tail = 1<<(8*(n-8)) - 1
		}
	}
	return m
}()

// slotOf makes the slot of a code, src[start:start+n]; slack bytes must lie
// behind it.
func slotOf(src []byte, start, n int) codeSlot {
	b := src[start : start+16]
	m := &slotMasks[min(n, toldBySlot)]
	return codeSlot{
		head: binary.LittleEndian.Uint64(b) & m.head,
		tail: binary.LittleEndian.Uint64(b[8:])&m.tail | uint64(min(n, 16))<<56,
	}
}

func newCodeIndex(codes []Code) codeIndex {
	// In a table two to four times as large as the list, one multiplier in a few
	// gives every code a place of its own. Where none does (two codes may begin
	// and end alike), the last one tried has to do.
	size := bits.Len(uint(len(codes))) + 1
	ix := codeIndex{
		shift: uint8(64 - size), mult: 0x9e3779b97f4a7c15,
		slots: make([]numberedSlot, 1<<size), codes: codes,
	}
	for range 1000 {
		ix.mult = ix.mult*6364136223846793005 + 1442695040888963407 | 1
		for i := range ix.slots {
			ix.slots[i] = numberedSlot{codeSlot: codeSlot{tail: noCode}}
		}
		perfect := true
		for n, c := range codes {
			slot := slotOf(append([]byte(c.Code), make([]byte, slack)...), 0, len(c.Code))
			i := ix.place(slot)
			for ; ix.slots[i].tail != noCode; i = (i + 1) & (uint64(len(ix.slots)) - 1) {
				perfect = false
			}
			ix.slots[i] = numberedSlot{slot, uint64(n)}
		}
		if perfect {
			break
		}
	}
	return ix
}

// shortIndex is a codeIndex for codes of which none has more than seven bytes: a
// slot is these bytes and their number, and no two codes share a place.
type shortIndex struct {
	mult  uint64
	shift uint8
	slots []shortSlot
}

type shortSlot struct{ code, number uint64 }

const longestShort = 7

// newShortIndex returns nil where the codes do not allow it.
func newShortIndex(codes []Code) *shortIndex {
	size := bits.Len(uint(len(codes))) + 1
	ix := &shortIndex{mult: 0x9e3779b97f4a7c15, shift: uint8(64 - size), slots: make([]shortSlot, 1<<size)}
	for range 1000 {
		ix.mult = ix.mult*6364136223846793005 + 1442695040888963407 | 1
		clear(ix.slots) // no code is empty
		perfect := true
		for n, c := range codes {
			if len(c.Code) == 0 || len(c.Code) > longestShort {
				return nil
			}
			slot := slotOf(append([]byte(c.Code), make([]byte, slack)...), 0, len(c.Code)).head | uint64(len(c.Code))<<56
			i := slot * ix.mult >> ix.shift
			perfect = perfect && ix.slots[i].code == 0
			ix.slots[i] = shortSlot{slot, uint64(n)}
		}
		if perfect {
			return ix
		}
	}
	return nil
}

func (ix *codeIndex) place(s codeSlot) uint64 {
	return (s.head ^ bits.RotateLeft64(s.tail, 29)) * ix.mult >> (ix.shift & 63)
}

// find returns the number of the code in its list, -1 where it is not there.
func (ix *codeIndex) find(b []byte) int {
	var padded [16]byte
	copy(padded[:], b)
	slot := slotOf(padded[:], 0, len(b))
	for i := ix.place(slot); ; i = (i + 1) & (uint64(len(ix.slots)) - 1) {
		s := &ix.slots[i]
		if s.tail == noCode {
			return -1
		}
		if s.codeSlot == slot && (len(b) <= toldBySlot || ix.codes[s.number].Code == string(b)) {
			return int(s.number)
		}
	}
}

// findAll finds the codes of a list with semicolons between them and nothing
// else, src[start:end], each of them once; slack bytes must lie behind the end.
// It reports false for any other list, right or wrong.
func (ix *codeIndex) findAll(src []byte, start, end int) (set uint64, ok bool) {
	for {
		n := 0
		for start+n < end && src[start+n] != ';' {
			n++
		}
		slot := slotOf(src, start, n)
		i := ix.place(slot)
		number := ix.slots[i].number
		if n == 0 || ix.slots[i].codeSlot != slot || n > toldBySlot && ix.codes[number].Code != string(src[start:start+n]) {
			return 0, false
		}
		if set>>(number&63)&1 != 0 {
			return 0, false
		}
		set |= 1 << (number & 63)
		if start += n + 1; start > end {
			return set, true
		}
	}
}
