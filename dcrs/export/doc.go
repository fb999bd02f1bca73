// Package export turns client journeys ([hte.State]) into rows of a DCRS extract,
// and rows of an extract into journeys as far as they go: for a case system that
// reports to those who read extracts, or that takes over the cases of one before it.
//
//	x, err := export.New(asOf)
//	rows, err := x.Rows(ctx, &state, export.Client{NHSNumber: "999 …", Born: born})
//
// A journey becomes one row of episodes.csv and the rows of contacts, goals,
// signposts, needs and measures that belong to it. [Writer] writes many journeys to
// files, and [Writer.WriteAll] and [Exporter.All] validate them some hundreds at a
// time, at a fiftieth of the cost, and say whom they refused. Who the client is, the host says ([Client]): a
// journey does not know.
//
// Every journey that is accepted has been held against the dictionaries before a
// row of it is written, and has no finding of the severity error. One that cannot be
// accepted is refused as a whole, with the reason ([RefusedError]): it has not begun,
// the client did not consent to the record being shared, it rests on events that this
// version does not know, or its rows would break rules, which are named. Warnings do
// not refuse: a journey under way has gaps.
//
// What a dictionary has no place for stays behind, and is listed ([Left]): notes,
// the balance sheet, if–then plans, the diary, most of what happened with justice, why
// an appointment was missed, when it was made. The list is whole: what a state holds
// is in the rows, on the list, or follows from what is. It is not lost: the log keeps
// it. A goal in a unit that goals.csv does not list goes
// without its numbers.
//
// Contacts that prison, probation or a court called off have no attendance: the
// dictionary knows cancellation by client and by service alone, and what either did
// not do is not put on them. They are listed.
//
// # Back again
//
// [Journey] makes of an episode's row, and of the rows of the other files that belong
// to it ([Keep]), the events that would have recorded the journey, and lists what
// could not be carried. The list is made by exporting the journey again and comparing,
// so it names every field that would come out otherwise, with the number of rows and
// the reason, and no other. Rows that this package wrote come back but for:
//
//   - who the client is, which the host has;
//   - contacts without an attendance: they are planned still, or were cancelled when
//     the journey closed;
//   - who held a contact, where the trainer changed;
//   - a height that the dictionary takes for inches.
//
// The rows of that journey come back whole. In rows of other systems it is more: their
// own identifiers, scores without answers, information given, a need that comes up
// again, the issue and consent of a signpost, contacts before the referral or moved to
// another day, reaching out before the first contact, the setting of a contact, the
// review of a goal after another took its place, dates before the referral or still to
// come, and whatever contradicts the rest. Without a date of closing that can be, a journey
// is open. A goal of an episode without its row in goals.csv has no numbers and no day,
// so its plan is started and not signed, and what became of it does not come back.
//
// Where a journey needs something that no row says, it is put down and listed too:
// how people met, what the client's words were, why somebody missed an appointment,
// the day of the referral for that of the assignment, a trainer or another service
// called not-known, the numbers 0 and 1 for a goal in a unit of the client's own.
// A plan with goals is taken to be signed on its date, and concluded with follow-ups
// at 3, 6 and 12 months. Who consented to share is taken to consent to be supported,
// and to nothing else: before a follow-up the new service has to ask.
//
// That a client was referred again no row says; [Link] finds it in the rows of one
// client of one service, where the episode before had closed by then.
//
// # Non-goals
//
// It looks up no postcode or quintile (package dcrs/lookup does), pseudonymises
// nothing (dcrs/share does), and does not choose which journeys belong in an
// extract: that is the host's.
package export
