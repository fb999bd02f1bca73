package dcrs

import "strings"

// extractWhy says why a rule of another file than episodes.csv, or across files,
// exists; "" where it is not known. As in stories, the reasons are this library's own.
func extractWhy(id string) string {
	if why := extractWhys[id]; why != "" {
		return why
	}
	_, name, _ := strings.Cut(id, "/")
	return extractWhys["*/"+name]
}

// extractWhys are the reasons by rule, and those of rules that all files have.
var extractWhys = map[string]string{
	"*/orphan":           "What belongs to no episode is counted with nobody: contacts, goals and scores go missing from the service's figures, most often because the two files were exported on different days or with different filters.",
	"*/episode-rejected": "Whoever mends the episode mends these rows with it. They are counted apart so that one fault in an episode does not look like ten.",
	"*/duplicate":        "The same thing twice is counted twice. It comes of files that were put together from exports that overlap.",
	"*/before-referral":  "Work with a client begins with a referral. A date before it is a slip in one of the two, or the row belongs to an earlier episode of the client.",
	"*/in-the-future":    "What has not happened yet cannot have been recorded. It is a slip in the year, or day and month have changed places.",
	"*/after-death":      "Either the client did not die, and somebody may be told that they did, or the date is wrong.",

	"contact/technique-unknown":             "Which techniques were used says whether the handbook's programme was delivered. A number that is not in the taxonomy says nothing, and may be one of an older or a local list.",
	"contact/still-planned":                 "Nobody has written down what became of it. Until somebody does, it counts neither as kept nor as missed, and the share of clients who come is that of the others.",
	"contact/time-without-attendance":       "Time with clients is what the service is costed by. Either the client was there, or the time was not with them.",
	"contact/techniques-without-attendance": "Nothing can be practised with somebody who is not there. Either the client came, or the techniques are those that were planned.",
	"contact/after-closure":                 "Sessions after closing are in no count of the episode. The closing date is wrong, or the client came back and needs an episode of their own; follow-ups are expected there, and are let pass.",

	"goal/number-twice":           "The number says which goal of the episode's row it is. With two of one number, one of them is held against the wrong goal.",
	"goal/due-too-early":          "A goal needs time in which to be reached. The two dates have changed places, or one of them is a slip.",
	"goal/review-too-early":       "A goal cannot be looked back on before it was set. What was reviewed is an earlier goal, or a date is a slip.",
	"goal/settled-without-review": "Somebody decided whether the goal was reached. Without the day nobody can say how long it took, and a status that was filled in at export looks the same.",
	"goal/overdue":                "The share of goals achieved is the programme's main result. A goal that nobody settles is left out of it, and one that was given up looks the same as one that is worked on.",
	"goal/value-range":            "No client can have this value: it is a slip of the keyboard, another unit, or belongs to another measure.",
	"goal/measure-missing":        "Five of what? A number without its unit can be compared with nothing.",
	"goal/target-is-baseline":     "A goal that is reached on the day it is set counts as a success without any change. To keep something up is a goal only where it would be lost otherwise, which the row cannot say.",
	"goal/result-disagrees":       "Whether a goal was achieved is a judgement, and the numbers are what it can be checked by. Where they contradict it, one of the two was entered wrongly or the goal was changed on the way.",
	"goal/without-plan":           "Goals are agreed in a personal health plan. Without its date the client is counted as one who never had a plan, and the goals as belonging to none.",
	"goal/before-plan":            "Goals are agreed as part of a plan. One from before it belongs to an earlier plan, or one of the dates is a slip.",
	"goal/after-closure":          "Nobody was there to agree a goal with. The closing date is wrong, or the goal belongs to the client's next episode.",
	"goal/open-but-closed":        "Completed means that the plan was reviewed, and each goal with it. The review was not written down, or the episode closed for another reason.",
	"goal/disagrees-with-episode": "The same goal is told twice, and evaluators count now from one file and now from the other: both have to give the same number of goals achieved.",

	"signpost/outcome-too-early":        "Nothing can come of a referral before it was made. The two dates have changed places, or one of them is a slip.",
	"signpost/outcome-missing":          "The day on which the outcome was known is there, so somebody knew it. What came of onward referral is what the other service is asked about.",
	"signpost/consent-missing":          "To refer a client on is to tell another service about them, which the client has to agree to. Nobody can show that they did.",
	"signpost/referred-without-consent": "To tell another service about a client who refused is a breach of confidence, which has to be looked into; more often the client was told where to go, which is signposting.",
	"signpost/after-closure":            "It is in no count of the episode. The closing date is wrong, or somebody went on helping, which is good and belongs in the record.",
	"signpost/not-in-episode":           "Onward referrals are counted from the row of the episode in one report and from signposts.csv in another. Both have to name the same destinations.",

	"need/settled-too-early":    "A need cannot be met before anybody knew of it. The two dates have changed places, or it came up again and needs a row of its own.",
	"need/settled-without-date": "How long people wait for housing, advice on debt or treatment is what this file can show and an episode cannot; without the day it cannot.",
	"need/not-in-episode":       "Wider needs are what the DCRS could not hold, so that it understated the work (MATH). Where the two files differ, one of them still does.",
	"need/status-disagrees":     "The same need is told twice, and has to have come to the same end in both.",

	"measure/nothing-recorded":         "A row without a value or an answer says that somebody meant to measure. It counts as a form given out, and lowers the share that was filled in.",
	"measure/not-an-instrument":        "A weight has no answers and no scales. The row is of another measure, or cells have slipped into the next column.",
	"measure/value-range":              "No client can have this value: it is a slip of the keyboard, another unit, or a number from another column. One of them moves a mean for everybody.",
	"measure/implausible":              "Such values occur, but slips are far more common. The value is kept and counted; somebody should look.",
	"measure/scale-missing":            "The WHO-5 has a raw sum from 0 to 25 and a percentage from 0 to 100. A 20 may be a good day or a bad one: without the scale nobody can say.",
	"measure/scale-unknown":            "A score on a scale that the instrument does not have cannot be compared with anything, or is that of another instrument.",
	"measure/score-range":              "The scale ends before it. The score is of another scale, another edition of the instrument or a slip.",
	"measure/score-impossible":         "Sums of answers leave gaps: a WHO-5 percentage is a multiple of four. A score in a gap was worked out wrongly, prorated or is of another scale.",
	"measure/answer-count":             "Answers are told apart by their place alone. With one too few, every one behind the gap may be that of another question.",
	"measure/answer-unknown":           "The answer was coded in another way, perhaps from 1 where the instrument begins at 0. Then the others of the form are wrong as well, without showing it.",
	"measure/form-incomplete":          "The instrument's owner allows no score from so few answers, and a partial sum passes for a worse state than it is.",
	"measure/score-disagrees":          "The answers are what the client gave; the score was worked out afterwards. Where they differ the working is at fault, most often by a reversed item or another scale.",
	"measure/score-of-incomplete-form": "Somebody added up what was there, or filled in what was not. Either makes a score that cannot stand beside those of whole forms.",
	"measure/pre-after-review":         "Change is the difference from the baseline. A baseline taken when the work was done hides all of it.",
	"measure/post-too-early":           "Change is what happened since the baseline. A second value from before the plan shows none, whatever the client achieved.",
	"measure/followup-too-early":       "A follow-up asks whether a change lasted after the review. What was measured before it cannot say.",
	"measure/followup-off-schedule":    "Follow-ups at 3, 6 and 12 months are compared with others of the same age. A value from far off the month belongs to another group, or the time point is wrong.",
	"measure/disagrees-with-episode":   "The same value is told twice, and a report from either file has to give the same change.",

	"extract/missing-episodes":     "Everything else hangs on the episodes: whose contact, goal or score it is. Without them no figure of the service can be worked out.",
	"extract/file-name":            "Programs that look for a file by its name may pass over this one and report that nobody had a goal.",
	"extract/file-twice":           "Which of the two is the right one only the sender knows. To read both would count everything twice.",
	"extract/unknown-file":         "It may be a note, or a file of data under a name that nobody looks for; and it may hold what was never meant to be sent.",
	"extract/too-many-files":       "An extract has six files. Thousands of them are a mistake, or are meant to keep whoever unpacks them busy.",
	"extract/not-a-zip":            "A transfer that broke off leaves such a file, and nothing in it can be trusted.",
	"extract/damaged":              "Rows behind the damage are missing, and a file that ends early looks like a quiet month.",
	"extract/too-large":            "A small zip can be made to unpack to more than a disk holds. Extracts of real cases do not shrink that far.",
	"extract/not-compared":         "Each row may be sound by itself and belong to nobody. What the rules across files would have found is not known.",
	"extract/episodes-without-key": "Contacts and goals of these episodes look like orphans, so that one fault shows as many: mend this one first.",

	"agreement/first-contact":      "Waiting times run to the first contact. Two dates give two waiting times, and a report takes whichever file it was written for.",
	"agreement/sessions-attended":  "Sessions are counted from either file. One that is in the count and not in contacts.csv cannot be shown to have taken place.",
	"agreement/sessions-missed":    "The share of clients who stay away is read from these. The count may or may not take in sessions that were called off, so that anything between is let pass.",
	"agreement/assessment-contact": "The baseline is dated by the assessment. Where that lies outside the contacts that were for it, a day is wrong or a contact is missing.",
	"agreement/review-contact":     "Results are dated by the review, and follow-ups count from it. Where that lies outside the contacts that were for it, a day is wrong or a contact is missing.",
	"agreement/goal-1-missing":     "Goals are counted from either file. One that goals.csv lacks has no numbers and no day, and is left out of every figure that needs them.",
	"agreement/goal-2-missing":     "Goals are counted from either file. One that goals.csv lacks has no numbers and no day, and is left out of every figure that needs them.",
	"agreement/goal-3-missing":     "Goals are counted from either file. One that goals.csv lacks has no numbers and no day, and is left out of every figure that needs them.",
	"agreement/signposted-date":    "How soon clients are pointed to other help is read from this date. Where the files differ, one has a row that the other lacks.",
	"agreement/signposts-missing":  "Onward referrals are counted from either file. One that signposts.csv lacks has no outcome, so that nobody asks what came of it.",
	"agreement/needs-missing":      "Wider needs are counted from either file. One that needs.csv lacks has no severity and no course.",
	"agreement/needs-met":          "That a need was met is a result that services are paid and praised for. The file that tells its course has to show it.",
	"agreement/needs-part-met":     "That a need was met in part is a result too. The file that tells its course has to show it.",
}
