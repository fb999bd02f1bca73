// Package synthetic writes made-up extracts of a health trainer service: the
// table that package dcrs reads, with one row for each client episode, in which
// nobody and nothing is real. They look like a service at work, so that a
// report, a test or a lesson built on one behaves as it would on an extract
// that may not leave the service.
//
//	err := synthetic.Extract{Rows: 2000}.Generate(ctx, file, nil)
//
// The same [Extract] gives the same bytes on every machine: values are worked
// out in integers, from a seeded generator. Memory does not grow with the rows.
//
// # Planted errors
//
// With a share of Errors, that share of the rows is given one slip each, such as
// services make: a diastolic pressure above the systolic, a weight in pounds, a
// postcode without a deprivation quintile. Generate then writes an answer key,
// record,field,rule, of everything that a validator must find because of them,
// at severity error, warning or info. A row without a slip is, byte for byte,
// the row of the clean extract with the same seed.
//
// The key rests on the wording of the rules and on the conventions below, never
// on the validator's code. Slips are chosen so that the wording leaves little doubt:
// where a slip would break a second rule, or would under another reading of it,
// it is planted on a row where it does not, or the second rule is in the key.
//
//   - Record 1 is the first row below the header. Lines are in the order of the
//     record, then of the field in the dictionary.
//   - The field is the one named last in the rule's list; where that is a group,
//     the last of the group that offends: the post field of a pair of measures,
//     the status of the last goal. It is empty for the rules about a whole row.
//   - A slip may silence what was found at its row before: the key lists what
//     the slip causes, not what it hides.
//   - A repeated row is repeated whole.
//
// Rules that spoil a whole file are in the small files of [Spoilt]. One rule of
// the rows needs an early as-of date: place/edition-in-the-future can be planted
// only while the dictionary knows an edition later than the as-of date's year,
// hence [DefaultAsOf].
//
// # The clean extract
//
// It has no finding of severity error. What a validator finds is what real
// extracts show too:
//
//   - client/nhs-number-test-range (info): on every NHS number, as all of them
//     are from the range kept for tests.
//   - FIELD/blank (warning): date of birth, gender, ethnic category, postcode,
//     GP practice, setting, referral source and trainer are each missing from
//     fewer than three rows in a hundred.
//   - pathway/primary-issue-missing (warning): on about three plans in ten. In
//     JECH the primary issue was recorded for half of the clients seen.
//   - dates/followup-off-schedule, pathway/attended-more-than-planned,
//     plan/primary-issue-without-goal, measures/smoker-without-cigarettes (info):
//     on one to three in a hundred of the rows that they could be on.
//
// # What it is calibrated to
//
// The keys are those of the sources in package dcrs. A test measures each on a
// generated extract.
//
//	figure                                     target            source
//	two most deprived quintiles                69 %              Gardner 2012 (GARD-ABS)
//	women                                      59 %              JECH (66 % in the community: GOVINT, a third men)
//	White British                              74 %              JECH
//	not registered with a GP                   7 to 10 %         HTE-OUT, JECH
//	primary issue recorded, of those seen      51 %              JECH
//	 diet, exercise, local issue, of recorded  63, 19, 8 %       GOVINT
//	trainers' homes in quintile 1, 2           34, 22 %          GOVINT
//	set a plan: White, Asian, Black            35, 30, 25 %      GARD-SL
//	 least deprived quintile, others           42, about 36 %    GARD-SL
//	plan achieved, part achieved, of closed    47, 23 %          HTE-OUT
//	measures at both ends, of plans:
//	 White, Asian, Black                       35, 30, 27 %      GARD-SL
//	 least deprived quintile, others           45, about 29 %    GARD-SL
//	body mass index                            34.03 to 32.26    GARD-ABS
//	fruit and vegetables                       +54 to +57 %      HTE-OUT, RSPH13
//	fried snacks                               -58 to -53 %      HTE-OUT, RSPH13
//	self-confidence in quintile 1, 2           +25, +41 %        GOVINT
//	more moderate activity at review           68 %              JENN
//	weeks from plan to review, median          21                JENN
//	signposting that is to stop smoking        24 %              HTE-OUT
//	change maintained: diet, exercise          65, 53 %          RSPH13
//
// GARD-SL's two rows on plans cannot both hold of one population, since the
// clients in its ethnic groups are those in its quintiles: the extract keeps the
// differences within each and lies between the two. What no source gives is this
// package's own guess: BMI's spread, WHO-5 at 45 rising to 58, self-efficacy,
// rulers, blood pressure, alcohol, the shares of settings, needs and reasons for
// leaving, and everything about the probation and prison strand beyond its
// existence. No figure measured on such an extract says anything about a service.
//
// # Nothing is real
//
//   - NHS numbers are 999 xxx xxxx with a right check digit, never a placeholder.
//     Each service has about 850,000 of them; when they run out, further clients
//     have none.
//   - Postcodes are of the areas ZA, ZB, ZC, ZD, ZF, ZG, ZH, ZL, ZN and ZP, which
//     have the national form and are not allocated: the only area in Z is ZE.
//   - Lower layer super output areas are E01099000 to E01099999, above the codes
//     in use. One area is always in one quintile.
//   - Clients, episodes, services and trainers bear numbers with SYN in them; GP
//     practices are X and five digits, besides the national codes for none and
//     not known.
//
// # Not for this package
//
// It does not imitate any one service, does not de-identify or resample real
// records, and makes no file in another form than the dictionary's own: headings,
// order and code lists are those of the dictionary's edition, UTF-8, with commas.
package synthetic
