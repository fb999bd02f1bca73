package dcrs

import (
	"encoding/binary"
	"math/bits"
)

// codeIndex finds the number of a code in its list in a few instructions: a
// perfect hash of the first eight and the last eight bytes, with the whole code
// compared at the end. Codes are at most 255 bytes long.
type codeIndex struct {
	mult  uint64
	shift uint8
	slots []codeSlot
}

type codeSlot struct {
	head, tail uint64
	code       string
	number     int16 // -1: an empty slot
}

func headTail(b []byte) (head, tail uint64) {
	if len(b) >= 8 {
		return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[len(b)-8:])
	}
	for i := len(b) - 1; i >= 0; i-- {
		head = head<<8 | uint64(b[i])
	}
	return head, uint64(len(b))
}

func newCodeIndex(codes []Code) codeIndex {
	// A table twice as large as the list or larger always finds a multiplier
	// after a few tries; each try that fails doubles the patience.
	for size := uint(bits.Len(uint(len(codes)))) + 1; ; size++ {
		ix := codeIndex{shift: uint8(64 - size), mult: 0x9e3779b97f4a7c15}
	tries:
		for range 1000 {
			ix.mult = ix.mult*6364136223846793005 + 1442695040888963407 | 1
			ix.slots = make([]codeSlot, 1<<size)
			for i := range ix.slots {
				ix.slots[i].number = -1
			}
			for n, c := range codes {
				head, tail := headTail([]byte(c.Code))
				s := &ix.slots[((head^bits.RotateLeft64(tail, 29))*ix.mult)>>ix.shift]
				if s.number >= 0 {
					continue tries
				}
				*s = codeSlot{head: head, tail: tail, code: c.Code, number: int16(n)}
			}
			return ix
		}
	}
}

// find returns the number of the code in its list, -1 where it is not there.
func (ix *codeIndex) find(b []byte) int {
	head, tail := headTail(b)
	s := &ix.slots[((head^bits.RotateLeft64(tail, 29))*ix.mult)>>ix.shift]
	if s.head != head || s.tail != tail || s.number < 0 {
		return -1
	}
	if len(b) >= 8 && s.code != string(b) {
		return -1
	}
	return int(s.number)
}
