package dcrs

import (
	"encoding/binary"
	"math/bits"
)

// codeIndex finds the number of a code in its list in a few instructions: a
// hash of the first eight and the last eight bytes, so chosen that hardly two
// codes of the list share a place, with the whole code compared at the end.
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
	// In a table two to four times as large as the list, one multiplier in a few
	// gives every code a place of its own. Where none does (two codes may begin
	// and end alike), the last one tried has to do.
	size := bits.Len(uint(len(codes))) + 1
	ix := codeIndex{shift: uint8(64 - size), mult: 0x9e3779b97f4a7c15, slots: make([]codeSlot, 1<<size)}
	for range 1000 {
		ix.mult = ix.mult*6364136223846793005 + 1442695040888963407 | 1
		for i := range ix.slots {
			ix.slots[i] = codeSlot{number: -1}
		}
		perfect := true
		for n, c := range codes {
			head, tail := headTail([]byte(c.Code))
			i := ix.place(head, tail)
			for ; ix.slots[i].number >= 0; i = (i + 1) & (uint64(len(ix.slots)) - 1) {
				perfect = false
			}
			ix.slots[i] = codeSlot{head: head, tail: tail, code: c.Code, number: int16(n)}
		}
		if perfect {
			break
		}
	}
	return ix
}

func (ix *codeIndex) place(head, tail uint64) uint64 {
	return (head ^ bits.RotateLeft64(tail, 29)) * ix.mult >> ix.shift
}

// find returns the number of the code in its list, -1 where it is not there.
func (ix *codeIndex) find(b []byte) int {
	head, tail := headTail(b)
	for i := ix.place(head, tail); ; i = (i + 1) & (uint64(len(ix.slots)) - 1) {
		s := &ix.slots[i]
		if s.number < 0 {
			return -1
		}
		if s.head == head && s.tail == tail && len(s.code) == len(b) && (len(b) < 8 || s.code == string(b)) {
			return int(s.number)
		}
	}
}
