package dcrs

import "strings"

// childCodeLists are the code lists of edition 2026.1 that only the files beside
// the episodes use. No public source gives codes for any but the consultation
// medium and the behaviour change techniques, so the others are words.
var childCodeLists = []CodeList{
	{Name: "consultation_medium", Codes: []Code{
		{Code: "01", Label: "face to face", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "02", Label: "telephone", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "04", Label: "talk type for a person unable to speak", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "05", Label: "email", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "09", Label: "text message, not answered at once", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "10", Label: "instant messaging", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "11", Label: "video consultation", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "12", Label: "message board", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "13", Label: "chat room", Quality: QualityValid, Basis: BasisNational, Source: "MHREF"},
		{Code: "98", Label: "other", Quality: QualityOther, Basis: BasisNational, Source: "MHREF"},
	}},
	{Name: "attendance", Codes: []Code{
		{Code: "planned", Label: "still to come", Quality: QualityValid, Basis: BasisOwn},
		{Code: "attended", Label: "attended", Quality: QualityValid, Basis: BasisOwn},
		{Code: "late", Label: "came late, and was seen", Quality: QualityValid, Basis: BasisOwn},
		{Code: "did_not_attend", Label: "did not attend", Quality: QualityValid, Basis: BasisOwn},
		{Code: "absent_with_reason", Label: "did not attend, for an acceptable reason", Quality: QualityValid, Basis: BasisOwn},
		{Code: "cancelled_by_client", Label: "cancelled by the client", Quality: QualityValid, Basis: BasisOwn},
		{Code: "cancelled_by_service", Label: "cancelled by the service", Quality: QualityValid, Basis: BasisOwn},
		{Code: "rescheduled", Label: "moved to another day", Quality: QualityValid, Basis: BasisOwn},
	}},
	{Name: "purpose", Codes: []Code{
		{Code: "outreach", Label: "outreach, before a referral", Quality: QualityValid, Basis: BasisOwn},
		{Code: "first_contact", Label: "first contact", Quality: QualityValid, Basis: BasisOwn},
		{Code: "assessment", Label: "assessment", Quality: QualityValid, Basis: BasisOwn},
		{Code: "planning", Label: "making the personal health plan", Quality: QualityValid, Basis: BasisOwn},
		{Code: "session", Label: "a session on the plan", Quality: QualityValid, Basis: BasisOwn},
		{Code: "review", Label: "review of the plan", Quality: QualityValid, Basis: BasisOwn},
		{Code: "followup", Label: "follow-up after the review", Quality: QualityValid, Basis: BasisOwn},
		{Code: "other", Label: "other", Quality: QualityValid, Basis: BasisOwn},
	}},
	{Name: "signpost_kind", Codes: []Code{
		{Code: "signposted", Label: "told where to go", Quality: QualityValid, Basis: BasisSource, Source: "HTE-OUT; NOTTS"},
		{Code: "referred", Label: "referred onward", Quality: QualityValid, Basis: BasisSource, Source: "HTE-OUT"},
		{Code: "information", Label: "given information", Quality: QualityValid, Basis: BasisSource, Source: "RSPH13"},
	}},
	{Name: "signpost_outcome", Codes: []Code{
		{Code: "awaited", Label: "not known yet", Quality: QualityValid, Basis: BasisOwn},
		{Code: "waiting", Label: "on a waiting list", Quality: QualityValid, Basis: BasisOwn},
		{Code: "engaged", Label: "took it up", Quality: QualityValid, Basis: BasisOwn},
		{Code: "not_engaged", Label: "did not take it up", Quality: QualityValid, Basis: BasisOwn},
		{Code: "not_accepted", Label: "not accepted there", Quality: QualityValid, Basis: BasisOwn},
		{Code: "not_known", Label: "not known", Quality: QualityDefault, Basis: BasisOwn},
	}},
	{Name: "need_severity", Codes: []Code{
		{Code: "low", Label: "low", Quality: QualityValid, Basis: BasisOwn},
		{Code: "moderate", Label: "moderate", Quality: QualityValid, Basis: BasisOwn},
		{Code: "high", Label: "high", Quality: QualityValid, Basis: BasisOwn},
		{Code: "urgent", Label: "urgent", Quality: QualityValid, Basis: BasisOwn},
	}},
	{Name: "need_status", Codes: []Code{
		{Code: "open", Label: "open", Quality: QualityValid, Basis: BasisOwn},
		{Code: "met", Label: "met", Quality: QualityValid, Basis: BasisOwn},
		{Code: "part_met", Label: "met in part", Quality: QualityValid, Basis: BasisOwn},
		{Code: "not_met", Label: "not met", Quality: QualityValid, Basis: BasisOwn},
		{Code: "declined", Label: "help declined by the client", Quality: QualityValid, Basis: BasisOwn},
	}},
	{Name: "time_point", Codes: []Code{
		{Code: "pre", Label: "at assessment", Quality: QualityValid, Basis: BasisOwn},
		{Code: "post", Label: "at review", Quality: QualityValid, Basis: BasisOwn},
		{Code: "3m", Label: "3 months after the review", Quality: QualityValid, Basis: BasisOwn},
		{Code: "6m", Label: "6 months after the review", Quality: QualityValid, Basis: BasisOwn},
		{Code: "12m", Label: "12 months after the review", Quality: QualityValid, Basis: BasisOwn},
		{Code: "other", Label: "at another time", Quality: QualityValid, Basis: BasisOwn},
	}},
}

// techniqueList is the BCT Taxonomy v1: 93 techniques in 16 groups. No field
// names it, since a cell of several codes can have 64 of them at most; the rule
// contact/technique-unknown holds the cells against it.
var techniqueList = func() CodeList {
	labels := strings.Split(techniqueLabels, "\n")
	l := CodeList{Name: "bct"}
	for g, n := range techniquesInGroup {
		for i := range n {
			l.Codes = append(l.Codes, Code{
				Code: string(appendPart(append(appendPart(nil, g+1), '.'), i+1)), Label: labels[len(l.Codes)],
				Quality: QualityValid, Basis: BasisSource, Source: "BCTT",
			})
		}
	}
	return l
}()

// techniqueLabels are the labels of the techniques in their order.
const techniqueLabels = `goal setting (behaviour)
problem solving
goal setting (outcome)
action planning
review behaviour goal(s)
discrepancy between current behaviour and goal
review outcome goal(s)
behavioural contract
commitment
monitoring of behaviour by others without feedback
feedback on behaviour
self-monitoring of behaviour
self-monitoring of outcome(s) of behaviour
monitoring of outcome(s) of behaviour without feedback
biofeedback
feedback on outcome(s) of behaviour
social support (unspecified)
social support (practical)
social support (emotional)
instruction on how to perform the behaviour
information about antecedents
re-attribution
behavioural experiments
information about health consequences
salience of consequences
information about social and environmental consequences
monitoring of emotional consequences
anticipated regret
information about emotional consequences
demonstration of the behaviour
social comparison
information about others' approval
prompts/cues
cue signalling reward
reduce prompts/cues
remove access to the reward
remove aversive stimulus
satiation
exposure
associative learning
behavioural practice/rehearsal
behaviour substitution
habit formation
habit reversal
overcorrection
generalisation of target behaviour
graded tasks
credible source
pros and cons
comparative imagining of future outcomes
material incentive (behaviour)
material reward (behaviour)
non-specific reward
social reward
social incentive
non-specific incentive
self-incentive
incentive (outcome)
self-reward
reward (outcome)
future punishment
pharmacological support
reduce negative emotions
conserving mental resources
paradoxical instructions
restructuring the physical environment
restructuring the social environment
avoidance/reducing exposure to cues for the behaviour
distraction
adding objects to the environment
body changes
identification of self as role model
framing/reframing
incompatible beliefs
valued self-identity
identity associated with changed behaviour
behaviour cost
punishment
remove reward
reward approximation
rewarding completion
situation-specific reward
reward incompatible behaviour
reward alternative behaviour
reduce reward frequency
remove punishment
verbal persuasion about capability
mental rehearsal of successful performance
focus on past success
self-talk
imaginary punishment
imaginary reward
vicarious consequences`
