// Package export turns client journeys ([hte.State]) into rows of a DCRS extract,
// and rows of an extract into journeys as far as they go.
//
//	x, err := export.New(asOf)
//	rows, err := x.Rows(ctx, &state, export.Client{NHSNumber: "999 …", Born: born})
//
// A journey becomes one row of episodes.csv and the rows of contacts, goals,
// signposts, needs and measures that belong to it. [Writer] writes many journeys to
// files. Who the client is, the host says ([Client]): a journey does not know.
//
// Every journey that is accepted has been held against the dictionaries before a
// row of it is written, and has no finding of the severity error. One that cannot be
// accepted is refused as a whole, with the reason ([RefusedError]): it has not begun,
// the client did not consent to the record being shared, it rests on events that this
// version does not know, or its rows would break rules, which are named. Warnings do
// not refuse: a journey under way has gaps.
//
// What a dictionary has no place for stays behind, and is listed ([Left]): notes,
// the balance sheet, if–then plans, the diary, most of what happened with justice. It
// is not lost: the log keeps it.
//
// # Back again
//
// [Commands] makes of an episode's row, and of its goals ([ReadGoal]), the commands
// that would have recorded the journey, and [Journey] decides them. The order of
// things within a day, who did what and how people met are not in an extract, and
// cannot come back; single contacts and other measurements are not read. What was put
// down in the place of something unknown is listed with what was left.
//
// # Non-goals
//
// It looks up no postcode or quintile (package dcrs/lookup does), pseudonymises
// nothing (dcrs/share does), and does not choose which journeys belong in an
// extract: that is the host's.
package export
