// Package share makes a safe extract of an extract: one to give to a council or a
// university, in which the people are harder to recognise.
//
//	key, err := share.NewKey(secret)
//	s, err := share.New(validator, share.Plan{Project: "uclan-2026", AgeOn: day}, key, sources)
//	report, err := s.Share(ctx, "q1.csv", file, out)
//
// A [Plan] says what is shared and how. It is a value that can be written as JSON,
// agreed upon and kept beside the extract. What it does not say is safe; what would
// give people away it must say field by field, and what cannot be meant is refused
// with a [*LeakError].
//
// # What is done to a field
//
// A field that the plan does not name is treated by its sensitivity in the
// dictionary, and then by its type:
//
//	identifying    a date of birth becomes an age band on Plan.AgeOn, a postcode the
//	               quintile by Plan.Edition; without these, and all others: dropped
//	pseudonym      a keyed pseudonym; without a key dropped
//	quasi          dropped
//	offence        dropped, and shared only if it is named
//	special, none  kept; dates become months, ages bands
//
// Only values that can be read are shared, in their canonical spelling: what stands
// in a cell that cannot be read may be anything, a name for one, and so may columns
// that the dictionary does not know. An identifier in an unidentifying column that
// has the check digit of an NHS number is left out too. A value that has become
// something else gets another heading, such as date_of_birth_age_band, so that
// nobody takes it for the field.
//
// # Pseudonyms
//
// A pseudonym is p and the first 16 bytes, in hexadecimal digits, of the
// HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the value under the caller's [Key]. The
// project and the field are part of what is hashed, so pseudonyms of two projects
// or two fields cannot be linked, while those of one field are the same in every
// extract for the same project. Before a client's identifier comes the service's
// code, since client_id is of one person in one service. Whoever has the key can
// link a pseudonym to an identifier that they know; without it nobody can, however
// few identifiers there are.
//
// With [Shift] all dates of one client are moved by as many days, from 1 to
// Plan.MaxShift in either direction, by the same key: what lies between them stays.
// A date that was not moved would give the shift away, so a plan that shares one is
// refused.
//
// # Who is alike
//
// The quasi-identifiers are what someone may know of a neighbour: age, gender,
// ethnic category, where they live, their practice. Those who have the same make a
// class. The [Report] says how many people are in the smallest (k-anonymity), and
// how many different sensitive values each class has (distinct l-diversity).
// People are counted, not rows: five episodes of one client are one person.
// Classes that are too small are left out, or their quasi-identifiers blanked.
// Which fields those are is the plan's to say; dates, services and needs can be
// known too.
//
// # What it is not for
//
// A safe extract is not anonymous: with the key, or by what else someone knows, a
// person may still be found in it, and it stays personal data until somebody with
// the duty to judge that says otherwise. It is no substitute for an agreement on
// what may be done with it. It adds no noise and makes nothing up. Rows keep their
// order, which can tell something too: sort the extract before, if so. It does not
// round small numbers in tables: that is package evaluation's.
package share
