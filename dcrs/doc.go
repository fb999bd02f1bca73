// Package dcrs reads and checks extracts of the Data Collection and Reporting
// System (DCRS), in which health trainer services record their clients' journeys,
// before anybody counts what is in them.
//
// An extract is a CSV file with one row for each client episode: one journey of
// one client, from referral to the last follow-up. [Episodes] is its
// [Dictionary], as values: fields, code lists, rules. A [Validator] holds an
// extract against it and answers with a [Report]: exact counts for each rule and
// each field, and a few examples of what is wrong, with their places.
//
//	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
//	report, err := v.Validate(ctx, "q1.csv", file, nil)
//	err = report.WriteText(os.Stdout)
//
// asOf is the day to take for today; nothing here reads a clock. [Validator.Validate]
// hands every finding to a function, if it is given one, and [Validator.Rows]
// yields the rows with their values read, for those who want to go on counting.
// [Severity] changes the level of a rule or a family of rules, or switches it off.
//
// Bad data are findings and never errors. An error means that the reader failed,
// that the context was cancelled, or that an option cannot be used.
//
// # How the rules work together
//
// A rule speaks of values that can be read. It is not applicable, and counted so
// in [RuleReport], where a field that it names is blank (unless it is about
// blankness), could not be read, is not in its code list or out of its range;
// where the column of such a field is absent; and where its [Rule.When] does not
// hold. So one slip makes one finding and no cascade. A rule that looks at a
// group of fields (every date, each goal, the stages before a stage) looks at
// those that can be read, and is not applicable where one that cannot be read
// might have decided.
//
// A finding stands at the field that [Rule.Reads] names last: the later stage,
// the second value. The others are related. A date is compared with the latest
// earlier stage that is recorded, and the same day passes unless the rule says
// otherwise. A wrong date in the middle of a journey then makes one finding, not
// one for each stage after it.
//
// Rules of [ScopeFile] compare rows. They count the same in any order of the
// rows, stand at the later of two, and come last. Where the wording of a rule
// leaves a choice, its [Rule.Note] says which was made.
//
// # What findings never contain
//
// A [Finding] tells where something is wrong (record, line, column, byte), which
// rule says so, and how to mend it. Of the value it tells the shape alone:
// "AA9 9AA" for a postcode, "99/99/9999" for a date. It shows the values of fields
// only where the caller names them with [Show], so that a service can find the
// record again. Errors and reports keep to the same. Headings of columns that the
// dictionary does not know are repeated, unless they look like data.
//
// # Reports, and what is made of them
//
// A Report is written as text, HTML, JSON ([ReportSchema] is its schema), JUnit XML
// or SARIF; [FindingWriter] and [DVEWriter] write every finding, one a row.
// [ReadReport] reads the JSON back, so that reports can be kept where extracts must
// not be: [Compare] holds one against an earlier one, [Report.Merge] adds up those of
// a file that came in parts. With [GroupBy] a report counts by service too, and
// [NewScorecards] makes a card for each. [Dictionary.Explain] says what a rule
// means, with an example row that breaks it and one that does not.
//
// # Memory and speed
//
// Fields and rows are checked in constant memory, whatever the length of the file
// or of a line in it, and without an allocation for a row in which nothing is
// wrong. The rules of ScopeFile keep [FileRuleBytes] for each row, those of your
// own with a key [KeyBytes] each; without them no memory grows with the file. [Workers] checks in several goroutines and
// changes no byte of what is found.
//
// # What the dictionary rests on
//
// No list of the DCRS's own columns or codes is public. The names of the fields
// are this library's, and so are many of the lists; each field, code and rule says
// by its [Basis] whether a published source shows the item, a national code set
// gives its values, or this library decided, and names its sources ([Source]). A
// service whose headings and codes are others reads its files by a [Mapping]. The
// dictionary has an edition, which every report bears ([Edition]): what counts as
// an error in one edition may not in the next, so reports are compared within one.
//
// # Files as they are
//
// [Open] recognises by its content how a file is packed (gzip, zip) and encoded
// (UTF-8, UTF-16 with a byte order mark, Windows-1252 where that is declared), and
// gives the text that everything else here reads. [Inspect] looks at all of it:
// the delimiter with the evidence for it, and how the dates, numbers and codes of
// each column are written. A [Mapping], kept as JSON beside the file, says which
// column is which field and how its values are spelled; [SuggestMapping] and
// [Inspection.Suggest] propose one, with a confidence and a reason for each line,
// and never apply it. With [Mapped] a validator reads by a mapping while it reads:
// there is no second file, and findings bear the places and shapes of the first.
//
// A format that is not the dictionary's is read where the mapping says so, or,
// with [Inspection.Formats], where a whole column agrees and no other reading fits;
// and then it is one finding for the column, not one for each row.
//
// # An extract of several files
//
// Beside episodes.csv there may be [Contacts], [Goals], [Signposts], [Needs] and
// [Measures], in one folder or zip. An [ExtractValidator] checks each against its
// own dictionary and all of them together:
//
//	x, err := dcrs.NewExtractValidator(dcrs.ExtractDictionaries(), asOf)
//	report, err := x.Validate(ctx, "Q1", os.DirFS("q1"), nil)
//
// A row whose episode_id no episode has is an orphan. A row whose episode has an
// error, or could not be taken apart, is set aside with one finding of its own,
// KIND/episode-rejected, which is a consequence and no error; its other rules are
// asked all the same, but for those that compare it with its episode. The rules
// agreement/… hold the row of an episode against all its rows in another file:
// how many sessions were attended, when the first contact was, which goals there
// are. An episode with a row that is wrong in the other file is not compared. A row
// that could not be matched with its episode may make that episode disagree, too;
// then the finding says so.
//
// An extract keeps [EpisodeBytes] for each episode, or [EpisodeMeasureBytes] with
// a measures.csv, and [ChildBytes] for each that has rows in the file being read,
// beyond what each file's own rules keep.
//
// # Your own dictionary
//
// [NewDictionary] makes a dictionary from your own fields, code lists and rules;
// [Dictionary.Extend] adds yours to ours. A rule is a [Check]: its words and a Go
// function that looks at a cell, a row, a key that must not come twice, or, as a
// [Fold], at the whole file. It runs as ours do.
//
// # Writing an extract on
//
// [Validator.Normalise] writes an extract in its canonical form, with a [ChangeLog]
// that counts every change; [ListChanges] lists them one by one, and [Revert] puts
// them back. [Validator.Split] puts the rows with errors aside with their reasons,
// byte for byte. Package lookup checks postcodes, areas, quintiles and practices
// against files of the caller's, and fills what is blank; package share makes an
// extract that can be given away.
//
// # What it is not for
//
// It corrects nothing and guesses no value: unless a mapping says so, 1 for 01 is an
// error that says what it is, not 01. By itself it does not look up postcodes and practices, and nothing here
// looks up NHS numbers: that one is well formed does not mean that it exists. It draws no conclusion about clients
// or services: outcomes, statistics and suppression of small numbers live in
// package outcomes. It does not read workbooks and databases.
package dcrs
