package synthetic

// The codes of the dictionary's lists, each as its place in the text below. A
// cell of a coded column holds the place; a test holds the texts to the
// dictionary.
const (
	gender1Male = iota
	gender2Female
	gender9Indeterminate
	genderXNotKnown
)

const (
	ethnicA = iota
	ethnicB
	ethnicC
	ethnicD
	ethnicE
	ethnicF
	ethnicG
	ethnicH
	ethnicJ
	ethnicK
	ethnicL
	ethnicM
	ethnicN
	ethnicP
	ethnicR
	ethnicS
	ethnicZNotStated
	ethnic99NotKnown
)

const (
	edition2004 = iota
	edition2007
	edition2010
	edition2015
	edition2019
	edition2025
	editionW2005
	editionW2008
	editionW2011
	editionW2014
	editionW2019
	editionW2025
)

// editionYears are the years of the editions above.
var editionYears = [...]int{2004, 2007, 2010, 2015, 2019, 2025, 2005, 2008, 2011, 2014, 2019, 2025}

const (
	status01Verified = iota
	status02NotTraced
	status03TraceRequired
	status04NoMatch
	status05ToResolve
	status06InProgress
	status07NoNumber
	status08Postponed
)

const (
	work01Employed = iota
	work02Seeking
	work03Student
	work04Sick
	work05Homemaker
	work06NotSeeking
	work07Voluntary
	work08Retired
	workZZNotStated
)

const (
	disability01 = iota
	disability02
	disability03
	disability04
	disability05Mobility
	disability06
	disability07
	disability08Progressive
	disability09
	disability10
	disabilityXX
	disabilityNNNone
	disabilityZZNotStated
)

const (
	home01Owner = iota
	home02Social
	home03Private
	home04Family
	home05Friends
	home06College
	home07Tied
	home08Mobile
	home09Care
	home10Nursing
	home11Specialist
	home12Rough
	home13Squatting
	home14Sofa
	home15Guest
	home16BedAndBreakfast
	home17NightShelter
	home18Hostel
	home19Temporary
	home20Hospital
	home21Justice
	home98Other
)

const (
	settingCommunity = iota
	settingPrimaryCare
	settingProbation
	settingPrison
	settingApprovedPremises
	settingPharmacy
	settingHospital
	settingMentalHealth
	settingWorkplace
	settingEducation
	settingOther
)

const (
	supervisionNone = iota
	supervisionCommunityOrder
	supervisionSuspended
	supervisionLicence
	supervisionPostSentence
	supervisionCustody
	supervisionRemand
	supervisionOther
)

const (
	fromSelf = iota
	fromGP
	fromPharmacy
	fromHospital
	fromMentalHealth
	fromDrugAlcohol
	fromProbation
	fromPrison
	fromPoliceCourts
	fromSocialCare
	fromHousing
	fromJobCentre
	fromVoluntary
	fromHealthCheck
	fromOutreach
	fromFamilyFriend
	fromOther
)

const (
	consentYes = iota
	consentNo
	consentNotAsked
)

const (
	modeOneToOne = iota
	modeBrief
	modeSignposted
	modeInformation
	modeGroup
)

const (
	issueDiet = iota
	issueExercise
	issueSmoking
	issueAlcohol
	issueWeight
	issueEmotional
	issueDrugs
	issueSexualHealth
	issueSleep
	issueLongTerm
	issueLocal
)

const (
	needAccommodation = iota
	needFinance
	needEmployment
	needRelationships
	needIsolation
	needDependency
	needLiteracy
	needRegistration
	needCaring
	needSafety
)

const (
	planOpen = iota
	planAchieved
	planPart
	planNotAchieved
	planLost
)

const (
	goalOpen = iota
	goalAchieved
	goalPart
	goalNotAchieved
	goalRevised
	goalDropped
	goalLost
)

const (
	toStopSmoking = iota
	toGP
	toDentist
	toWeight
	toExercise
	toMentalHealth
	toDrugAlcohol
	toSexualHealth
	toHousing
	toDebt
	toEmployment
	toCommunity
	toOther
)

const (
	smoking1Current = iota
	smoking2Ex
	smoking3Non
	smoking4Never
	smokingZNotStated
	smoking9NotKnown
)

const (
	maintainedYes = iota
	maintainedPart
	maintainedNo
	maintainedLost
)

const (
	closedCompleted = iota
	closedSignposted
	closedDeclined
	closedNotContactable
	closedDisengaged
	closedMoved
	closedRecalled
	closedSentenced
	closedReleased
	closedSupervisionEnded
	closedTransferred
	closedIneligible
	closedConsentWithdrawn
	closedDied
	closedOther
)

const (
	stepNone = iota
	stepVolunteer
	stepChampion
	stepTrainee
	stepEmployed
)

// The texts of the codes, in the order of the constants above.
var (
	quintileCodes = []string{"1", "2", "3", "4", "5"}
	editionCodes  = []string{
		"2004", "2007", "2010", "2015", "2019", "2025",
		"W2005", "W2008", "W2011", "W2014", "W2019", "W2025",
	}
	genderCodes = []string{"1", "2", "9", "X"}
	ethnicCodes = []string{
		"A", "B", "C", "D", "E", "F", "G", "H", "J", "K", "L", "M", "N", "P", "R", "S", "Z", "99",
	}
	statusCodes     = []string{"01", "02", "03", "04", "05", "06", "07", "08"}
	workCodes       = []string{"01", "02", "03", "04", "05", "06", "07", "08", "ZZ"}
	disabilityCodes = []string{"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "XX", "NN", "ZZ"}
	homeCodes       = []string{
		"01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11",
		"12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "98",
	}
	settingCodes = []string{
		"community", "primary_care", "probation", "prison", "approved_premises", "pharmacy",
		"hospital", "mental_health", "workplace", "education", "other",
	}
	supervisionCodes = []string{
		"none", "community_order", "suspended_sentence", "licence", "post_sentence", "custody", "remand", "other",
	}
	sourceCodes = []string{
		"self", "gp", "pharmacy", "hospital", "mental_health", "drug_alcohol", "probation", "prison",
		"police_courts", "social_care", "housing", "job_centre", "voluntary", "health_check", "outreach",
		"family_friend", "other",
	}
	consentCodes = []string{"Y", "N", "not_asked"}
	modeCodes    = []string{"one_to_one", "brief", "signposted", "information", "group"}
	issueCodes   = []string{
		"diet", "exercise", "smoking", "alcohol", "weight", "emotional", "drugs", "sexual_health",
		"sleep", "long_term_condition", "local",
	}
	needCodes = []string{
		"accommodation", "finance", "employment", "relationships", "isolation", "dependency",
		"literacy", "registration", "caring", "safety",
	}
	planCodes     = []string{"open", "achieved", "part_achieved", "not_achieved", "lost"}
	goalCodes     = []string{"open", "achieved", "part_achieved", "not_achieved", "revised", "dropped", "lost"}
	signpostCodes = []string{
		"stop_smoking", "gp", "dentist", "weight_management", "exercise_referral", "mental_health",
		"drug_alcohol", "sexual_health", "housing", "debt", "employment", "community", "other",
	}
	smokingCodes    = []string{"1", "2", "3", "4", "Z", "9"}
	maintainedCodes = []string{"yes", "part", "no", "lost"}
	closureCodes    = []string{
		"completed", "signposted", "declined", "not_contactable", "disengaged", "moved", "recalled",
		"sentenced", "released", "supervision_ended", "transferred", "ineligible", "consent_withdrawn",
		"died", "other",
	}
	stepCodes = []string{"none", "volunteer", "champion", "trainee", "employed"}
)
