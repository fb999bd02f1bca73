// Package htetest tests stores of client journeys. A host that implements
// [hte.Store] over its database calls [TestStore] from a test of its own:
//
//	func TestStore(t *testing.T) {
//		htetest.TestStore(t, func(t *testing.T) hte.Store { return openEmptyStore(t) })
//	}
//
// The suite looks for what goes wrong in real databases: events out of order, half
// of a batch after an error, two people who overwrite each other, text that comes
// back changed, an erased person whose snapshot stayed behind.
//
// # Non-goals
//
// It does not measure speed, does not pull the plug to see what a disk kept, and
// does not test what a host adds beside the log.
package htetest
