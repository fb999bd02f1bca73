package hte

import "strconv"

// A Technique is a behaviour change technique, by its number in the Behavior
// Change Technique Taxonomy v1: "1.4" is action planning. [Techniques] lists all
// 93, in 16 groups.
//
// Source: Michie, Richardson, Johnston, Abraham, Francis, Hardeman, Eccles, Cane
// and Wood 2013, Annals of Behavioral Medicine 46(1):81-95,
// doi 10.1007/s12160-013-9486-6. The article was read in its abstract only, which
// gives the 93 techniques and 16 groups; numbers and labels were read in two
// independent public listings that cite it, which agree but for spelling. Labels
// are spelt here in British English.
type Technique string

// TechniqueDefinition is what the taxonomy says of a technique.
type TechniqueDefinition struct {
	Number Technique `json:"number"`
	Label  string    `json:"label"`
	Group  string    `json:"group"`
}

// Techniques returns all techniques in the order of the taxonomy.
func Techniques() []TechniqueDefinition {
	var all []TechniqueDefinition
	for g, group := range techniqueGroups {
		for i, label := range group.labels {
			all = append(all, TechniqueDefinition{
				Number: Technique(strconv.Itoa(g+1) + "." + strconv.Itoa(i+1)), Label: label, Group: group.name,
			})
		}
	}
	return all
}

// Label returns the technique's label, or "" where the taxonomy has no such
// number.
func (t Technique) Label() string {
	g, i, ok := t.split()
	if !ok {
		return ""
	}
	return techniqueGroups[g].labels[i]
}

// Group returns the name of the technique's group, or "" where the taxonomy has
// no such number.
func (t Technique) Group() string {
	g, _, ok := t.split()
	if !ok {
		return ""
	}
	return techniqueGroups[g].name
}

// Valid reports whether the taxonomy has a technique of that number.
func (t Technique) Valid() bool {
	_, _, ok := t.split()
	return ok
}

// split returns the places of the group and of the technique in it.
func (t Technique) split() (group, place int, ok bool) {
	number, dot := [2]int{}, 0
	for i := range len(t) {
		switch c := t[i]; {
		case c == '.' && dot == 0:
			dot = 1
		case c >= '0' && c <= '9' && len(t) <= len("10.11") && (c != '0' || number[dot] != 0):
			number[dot] = number[dot]*10 + int(c-'0')
		default:
			return 0, 0, false
		}
	}
	group, place = number[0]-1, number[1]-1
	if group < 0 || group >= len(techniqueGroups) || place < 0 || place >= len(techniqueGroups[group].labels) {
		return 0, 0, false
	}
	return group, place, true
}

var techniqueGroups = [...]struct {
	name   string
	labels []string
}{
	{"Goals and planning", []string{
		"Goal setting (behaviour)",
		"Problem solving",
		"Goal setting (outcome)",
		"Action planning",
		"Review behaviour goal(s)",
		"Discrepancy between current behaviour and goal",
		"Review outcome goal(s)",
		"Behavioural contract",
		"Commitment",
	}},
	{"Feedback and monitoring", []string{
		"Monitoring of behaviour by others without feedback",
		"Feedback on behaviour",
		"Self-monitoring of behaviour",
		"Self-monitoring of outcome(s) of behaviour",
		"Monitoring of outcome(s) of behaviour without feedback",
		"Biofeedback",
		"Feedback on outcome(s) of behaviour",
	}},
	{"Social support", []string{
		"Social support (unspecified)",
		"Social support (practical)",
		"Social support (emotional)",
	}},
	{"Shaping knowledge", []string{
		"Instruction on how to perform the behaviour",
		"Information about antecedents",
		"Re-attribution",
		"Behavioural experiments",
	}},
	{"Natural consequences", []string{
		"Information about health consequences",
		"Salience of consequences",
		"Information about social and environmental consequences",
		"Monitoring of emotional consequences",
		"Anticipated regret",
		"Information about emotional consequences",
	}},
	{"Comparison of behaviour", []string{
		"Demonstration of the behaviour",
		"Social comparison",
		"Information about others' approval",
	}},
	{"Associations", []string{
		"Prompts/cues",
		"Cue signalling reward",
		"Reduce prompts/cues",
		"Remove access to the reward",
		"Remove aversive stimulus",
		"Satiation",
		"Exposure",
		"Associative learning",
	}},
	{"Repetition and substitution", []string{
		"Behavioural practice/rehearsal",
		"Behaviour substitution",
		"Habit formation",
		"Habit reversal",
		"Overcorrection",
		"Generalisation of target behaviour",
		"Graded tasks",
	}},
	{"Comparison of outcomes", []string{
		"Credible source",
		"Pros and cons",
		"Comparative imagining of future outcomes",
	}},
	{"Reward and threat", []string{
		"Material incentive (behaviour)",
		"Material reward (behaviour)",
		"Non-specific reward",
		"Social reward",
		"Social incentive",
		"Non-specific incentive",
		"Self-incentive",
		"Incentive (outcome)",
		"Self-reward",
		"Reward (outcome)",
		"Future punishment",
	}},
	{"Regulation", []string{
		"Pharmacological support",
		"Reduce negative emotions",
		"Conserving mental resources",
		"Paradoxical instructions",
	}},
	{"Antecedents", []string{
		"Restructuring the physical environment",
		"Restructuring the social environment",
		"Avoidance/reducing exposure to cues for the behaviour",
		"Distraction",
		"Adding objects to the environment",
		"Body changes",
	}},
	{"Identity", []string{
		"Identification of self as role model",
		"Framing/reframing",
		"Incompatible beliefs",
		"Valued self-identity",
		"Identity associated with changed behaviour",
	}},
	{"Scheduled consequences", []string{
		"Behaviour cost",
		"Punishment",
		"Remove reward",
		"Reward approximation",
		"Rewarding completion",
		"Situation-specific reward",
		"Reward incompatible behaviour",
		"Reward alternative behaviour",
		"Reduce reward frequency",
		"Remove punishment",
	}},
	{"Self-belief", []string{
		"Verbal persuasion about capability",
		"Mental rehearsal of successful performance",
		"Focus on past success",
		"Self-talk",
	}},
	{"Covert learning", []string{
		"Imaginary punishment",
		"Imaginary reward",
		"Vicarious consequences",
	}},
}
