package dcrs

// The fields of edition 2026.1 in the order of the extract. The constants index
// the table below; a test holds the two together.
const (
	fClientID = iota
	fEpisodeID
	fServiceCode
	fTrainerID
	fTrainerIMDQuintile
	fNHSNumber
	fNHSNumberStatus
	fDateOfBirth
	fAgeAtReferral
	fGender
	fEthnicCategory
	fPostcode
	fLSOA
	fIMDQuintile
	fIMDEdition
	fGPPracticeCode
	fEmploymentStatus
	fDisability
	fAccommodationType
	fSetting
	fSupervision
	fReferralSource
	fReferralDate
	fFirstContactDate
	fAssessmentDate
	fConsent
	fClientMode
	fPrimaryIssue
	fSecondaryIssues
	fWiderNeeds
	fWiderNeedsMet
	fWiderNeedsPartMet
	fEmploymentStatusPost
	fAccommodationTypePost
	fPlanDate
	fPlanStatus
	fGoal1Issue
	fGoal1Status
	fGoal2Issue
	fGoal2Status
	fGoal3Issue
	fGoal3Status
	fImportancePre
	fImportancePost
	fConfidencePre
	fConfidencePost
	fSessionsPlanned
	fSessionsAttended
	fSessionsMissed
	fSignpostedTo
	fSignpostedDate
	fReviewDate
	fHeightCm
	fWeightKgPre
	fWeightKgPost
	fBMIPre
	fBMIPost
	fWaistCmPre
	fWaistCmPost
	fSystolicPre
	fSystolicPost
	fDiastolicPre
	fDiastolicPost
	fFruitVegPre
	fFruitVegPost
	fFriedSnacksPre
	fFriedSnacksPost
	fActivityModeratePre
	fActivityModeratePost
	fActivityVigorousPre
	fActivityVigorousPost
	fAlcoholUnitsPre
	fAlcoholUnitsPost
	fCigarettesPre
	fCigarettesPost
	fSmokingStatusPre
	fSmokingStatusPost
	fGeneralHealthPre
	fGeneralHealthPost
	fSelfEfficacyPre
	fSelfEfficacyPost
	fWHO51Pre
	fWHO52Pre
	fWHO53Pre
	fWHO54Pre
	fWHO55Pre
	fWHO5PercentPre
	fWHO51Post
	fWHO52Post
	fWHO53Post
	fWHO54Post
	fWHO55Post
	fWHO5PercentPost
	fFollowup3mDate
	fFollowup3mMaintained
	fFollowup6mDate
	fFollowup6mMaintained
	fFollowup12mDate
	fFollowup12mMaintained
	fClosureDate
	fClosureReason
	fWorkforceStep
	fieldCount
)

// episodeFields is the dictionary of one client episode.
var episodeFields = [fieldCount]Field{
	fClientID: {
		MaxLength: 36, Alphabet: idAlphabet,
		Name: "client_id", Label: "Client identifier", Type: TypeID,
		Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "one person in one service; up to 36 of A-Z a-z 0-9 . _ -",
	},
	fEpisodeID: {
		MaxLength: 36, Alphabet: idAlphabet,
		Name: "episode_id", Label: "Episode identifier", Type: TypeID,
		Presence: Mandatory, Sensitivity: Pseudonym, Basis: BasisOwn, Note: "one journey of one client; unique in the extract",
	},
	fServiceCode: {
		MaxLength: 12, Alphabet: serviceAlphabet,
		Name: "service_code", Label: "Health trainer service", Type: TypeID,
		Presence: Mandatory, Sensitivity: NotSensitive, Basis: BasisOwn, Source: "HTE-OUT (service-level counts)", Note: "ODS-shaped or local; up to 12 of A-Z 0-9",
	},
	fTrainerID: {
		MaxLength: 36, Alphabet: idAlphabet,
		Name: "trainer_id", Label: "Health trainer", Type: TypeID,
		Presence: Required, Sensitivity: Pseudonym, Basis: BasisOwn,
	},
	fTrainerIMDQuintile: {
		Name: "trainer_imd_quintile", Label: "Deprivation quintile of the trainer's home", Type: TypeCode,
		CodeList: "quintile", Presence: Optional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "GOVINT",
	},
	fNHSNumber: {
		Name: "nhs_number", Label: "NHS number", Type: TypeNHSNumber,
		Presence: Optional, Sensitivity: Identifying, Basis: BasisNational, Source: "DVE",
	},
	fNHSNumberStatus: {
		Name: "nhs_number_status", Label: "NHS number status", Type: TypeCode,
		CodeList: "nhs_number_status", Presence: Optional, Sensitivity: NotSensitive, Basis: BasisNational, Source: "UKC",
	},
	fDateOfBirth: {
		Name: "date_of_birth", Label: "Date of birth", Type: TypeDate,
		Presence: Required, Sensitivity: Identifying, Basis: BasisOwn,
	},
	fAgeAtReferral: {
		Name: "age_at_referral", Label: "Age at referral", Type: TypeInteger,
		Unit: "years", Valid: &Range{0, 120}, Plausible: &Range{16, 110}, Presence: Optional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "WILTS (age bands)", Note: "for extracts without dates of birth",
	},
	fGender: {
		Name: "gender", Label: "Person stated gender", Type: TypeCode,
		CodeList: "gender", Presence: Required, Sensitivity: NotSensitive, Basis: BasisSource, Source: "JECH; GOVINT; codes UKC",
	},
	fEthnicCategory: {
		Name: "ethnic_category", Label: "Ethnic category", Type: TypeCode,
		CodeList: "ethnic_category", Presence: Required, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "JECH; GARD-SL; codes UKC",
	},
	fPostcode: {
		Name: "postcode", Label: "Postcode of usual address", Type: TypePostcode,
		Presence: Required, Sensitivity: Identifying, Basis: BasisNational, Source: "DVE; PCODE", Note: "ZZ99 pseudo-postcodes allowed",
	},
	fLSOA: {
		Name: "lsoa", Label: "Lower layer super output area", Type: TypeLSOA,
		Presence: Optional, Sensitivity: QuasiIdentifying, Basis: BasisNational, Source: "IMD", Note: "E01 (England) or W01 (Wales) + 6 digits",
	},
	fIMDQuintile: {
		Name: "imd_quintile", Label: "Deprivation quintile of residence", Type: TypeCode,
		CodeList: "quintile", Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "HTE-OUT; GLOS; GOVINT", Note: "1 = most deprived; expected unless the postcode is ZZ99",
	},
	fIMDEdition: {
		Name: "imd_edition", Label: "Edition of the Index of Multiple Deprivation", Type: TypeCode,
		CodeList: "imd_edition", Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "GLOS (2007)", Note: "required with imd_quintile",
	},
	fGPPracticeCode: {
		Name: "gp_practice_code", Label: "GP practice", Type: TypeGPPractice,
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisSource, Source: "HTE-OUT; JECH; codes MHDQ", Note: "V81997 = not registered",
	},
	fEmploymentStatus: {
		Name: "employment_status", Label: "Employment status", Type: TypeCode,
		CodeList: "employment_status", Presence: Optional, Sensitivity: NotSensitive, Basis: BasisNational, Source: "MHREF",
	},
	fDisability: {
		Name: "disability", Label: "Disability", Type: TypeCodes,
		CodeList: "disability", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisNational, Source: "MHREF", Note: "several, separated by ;",
	},
	fAccommodationType: {
		Name: "accommodation_type", Label: "Accommodation type at referral", Type: TypeCode,
		CodeList: "accommodation_type", Presence: Optional, Sensitivity: OffenceData, Basis: BasisNational, Source: "MHREF",
	},
	fSetting: {
		Name: "setting", Label: "Setting of the service at referral", Type: TypeCode,
		CodeList: "setting", Presence: Required, Sensitivity: OffenceData, Basis: BasisSource, Source: "DOORIS; BAIL; GLOS (existence); codes own",
	},
	fSupervision: {
		Name: "supervision", Label: "Criminal justice supervision at referral", Type: TypeCode,
		CodeList: "supervision", Presence: Conditional, Sensitivity: OffenceData, Basis: BasisOwn, Note: "required when setting is probation, prison or approved_premises",
	},
	fReferralSource: {
		Name: "referral_source", Label: "Source of referral", Type: TypeCode,
		CodeList: "referral_source", Presence: Required, Sensitivity: OffenceData, Basis: BasisSource, Source: "HTE-FAQ (self, professional); codes own with MHSDS equivalents",
	},
	fReferralDate: {
		Name: "referral_date", Label: "Date of referral", Type: TypeDate,
		Presence: Required, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	fFirstContactDate: {
		Name: "first_contact_date", Label: "Date of first contact", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "blank while the client waits",
	},
	fAssessmentDate: {
		Name: "assessment_date", Label: "Date of initial assessment", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "required in one_to_one mode once a plan date or any measure at assessment exists",
	},
	fConsent: {
		Name: "consent", Label: "Consent to share the record outside the service", Type: TypeCode,
		CodeList: "consent", Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "expected once first_contact_date exists",
	},
	fClientMode: {
		Name: "client_mode", Label: "How the client was helped", Type: TypeCode,
		CodeList: "client_mode", Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "RSPH13; NOTTS; rest own", Note: "expected once first_contact_date exists",
	},
	fPrimaryIssue: {
		Name: "primary_issue", Label: "Primary issue", Type: TypeCode,
		CodeList: "issue", Presence: Conditional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GOVINT (diet, exercise, local issue); rest own", Note: "expected with plan_date",
	},
	fSecondaryIssues: {
		Name: "secondary_issues", Label: "Other issues", Type: TypeCodes,
		CodeList: "issue", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "several, separated by ;",
	},
	fWiderNeeds: {
		Name: "wider_needs", Label: "Wider needs at assessment", Type: TypeCodes,
		CodeList: "wider_need", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "several, separated by ; — the upstream issues that MATH found the DCRS could not hold",
	},
	fWiderNeedsMet: {
		Name: "wider_needs_met", Label: "Wider needs met by the end", Type: TypeCodes,
		CodeList: "wider_need", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "several, separated by ;",
	},
	fWiderNeedsPartMet: {
		Name: "wider_needs_part_met", Label: "Wider needs met in part by the end", Type: TypeCodes,
		CodeList: "wider_need", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "several, separated by ;",
	},
	fEmploymentStatusPost: {
		Name: "employment_status_post", Label: "Employment status at the end", Type: TypeCode,
		CodeList: "employment_status", Presence: Optional, Sensitivity: NotSensitive, Basis: BasisNational, Source: "MHREF",
	},
	fAccommodationTypePost: {
		Name: "accommodation_type_post", Label: "Accommodation type at the end", Type: TypeCode,
		CodeList: "accommodation_type", Presence: Optional, Sensitivity: OffenceData, Basis: BasisNational, Source: "MHREF",
	},
	fPlanDate: {
		Name: "plan_date", Label: "Date of the personal health plan", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "required with a plan status or a goal",
	},
	fPlanStatus: {
		Name: "plan_status", Label: "Outcome of the personal health plan", Type: TypeCode,
		CodeList: "plan_status", Presence: Conditional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "HTE-OUT; WILTS (achieved, part achieved); rest own", Note: "required with plan_date",
	},
	fGoal1Issue: {
		Name: "goal_1_issue", Label: "Goal 1: issue", Type: TypeCode,
		CodeList: "issue", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fGoal1Status: {
		Name: "goal_1_status", Label: "Goal 1: status", Type: TypeCode,
		CodeList: "goal_status", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fGoal2Issue: {
		Name: "goal_2_issue", Label: "Goal 2: issue", Type: TypeCode,
		CodeList: "issue", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fGoal2Status: {
		Name: "goal_2_status", Label: "Goal 2: status", Type: TypeCode,
		CodeList: "goal_status", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fGoal3Issue: {
		Name: "goal_3_issue", Label: "Goal 3: issue", Type: TypeCode,
		CodeList: "issue", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fGoal3Status: {
		Name: "goal_3_status", Label: "Goal 3: status", Type: TypeCode,
		CodeList: "goal_status", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fImportancePre: {
		Name: "importance_pre", Label: "Importance of change at assessment", Type: TypeInteger,
		Unit: "0-10", Valid: &Range{0, 10}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "HANDB (existence); scale own",
	},
	fImportancePost: {
		Name: "importance_post", Label: "Importance of change at review", Type: TypeInteger,
		Unit: "0-10", Valid: &Range{0, 10}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fConfidencePre: {
		Name: "confidence_pre", Label: "Confidence to change at assessment", Type: TypeInteger,
		Unit: "0-10", Valid: &Range{0, 10}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "HANDB (existence); scale own",
	},
	fConfidencePost: {
		Name: "confidence_post", Label: "Confidence to change at review", Type: TypeInteger,
		Unit: "0-10", Valid: &Range{0, 10}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fSessionsPlanned: {
		Name: "sessions_planned", Label: "Sessions planned", Type: TypeInteger,
		Unit: "sessions", Valid: &Range{0, 60}, Plausible: &Range{0, 30}, Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Source: "STREN (up to 12)",
	},
	fSessionsAttended: {
		Name: "sessions_attended", Label: "Sessions attended", Type: TypeInteger,
		Unit: "sessions", Valid: &Range{0, 60}, Plausible: &Range{0, 30}, Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	fSessionsMissed: {
		Name: "sessions_missed", Label: "Sessions not attended", Type: TypeInteger,
		Unit: "sessions", Valid: &Range{0, 60}, Plausible: &Range{0, 30}, Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn,
	},
	fSignpostedTo: {
		Name: "signposted_to", Label: "Signposted to", Type: TypeCodes,
		CodeList: "signpost", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "HTE-OUT (stop smoking); rest own", Note: "several, separated by ;",
	},
	fSignpostedDate: {
		Name: "signposted_date", Label: "Date of first signposting", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "required with signposted_to",
	},
	fReviewDate: {
		Name: "review_date", Label: "Date of post-plan review", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "required when any post measure is present",
	},
	fHeightCm: {
		Name: "height_cm", Label: "Height", Type: TypeDecimal,
		Unit: "cm", Valid: &Range{50, 272}, Plausible: &Range{120, 220}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-SL",
	},
	fWeightKgPre: {
		Name: "weight_kg_pre", Label: "Weight at assessment", Type: TypeDecimal,
		Unit: "kg", Valid: &Range{20, 640}, Plausible: &Range{30, 300}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-SL; JENN",
	},
	fWeightKgPost: {
		Name: "weight_kg_post", Label: "Weight at review", Type: TypeDecimal,
		Unit: "kg", Valid: &Range{20, 640}, Plausible: &Range{30, 300}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-SL; JENN",
	},
	fBMIPre: {
		Name: "bmi_pre", Label: "Body mass index at assessment", Type: TypeDecimal,
		Unit: "kg/m2", Valid: &Range{8, 200}, Plausible: &Range{12, 80}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-SL",
	},
	fBMIPost: {
		Name: "bmi_post", Label: "Body mass index at review", Type: TypeDecimal,
		Unit: "kg/m2", Valid: &Range{8, 200}, Plausible: &Range{12, 80}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-SL",
	},
	fWaistCmPre: {
		Name: "waist_cm_pre", Label: "Waist circumference at assessment", Type: TypeDecimal,
		Unit: "cm", Valid: &Range{30, 300}, Plausible: &Range{40, 200}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "NG7 (thresholds)",
	},
	fWaistCmPost: {
		Name: "waist_cm_post", Label: "Waist circumference at review", Type: TypeDecimal,
		Unit: "cm", Valid: &Range{30, 300}, Plausible: &Range{40, 200}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "NG7 (thresholds)",
	},
	fSystolicPre: {
		Name: "systolic_pre", Label: "Systolic blood pressure at assessment", Type: TypeInteger,
		Unit: "mmHg", Valid: &Range{40, 300}, Plausible: &Range{70, 250}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "JENN",
	},
	fSystolicPost: {
		Name: "systolic_post", Label: "Systolic blood pressure at review", Type: TypeInteger,
		Unit: "mmHg", Valid: &Range{40, 300}, Plausible: &Range{70, 250}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "JENN",
	},
	fDiastolicPre: {
		Name: "diastolic_pre", Label: "Diastolic blood pressure at assessment", Type: TypeInteger,
		Unit: "mmHg", Valid: &Range{20, 200}, Plausible: &Range{40, 150}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "JENN",
	},
	fDiastolicPost: {
		Name: "diastolic_post", Label: "Diastolic blood pressure at review", Type: TypeInteger,
		Unit: "mmHg", Valid: &Range{20, 200}, Plausible: &Range{40, 150}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "JENN",
	},
	fFruitVegPre: {
		Name: "fruit_veg_pre", Label: "Fruit and vegetables at assessment", Type: TypeDecimal,
		Unit: "portions/day", Valid: &Range{0, 50}, Plausible: &Range{0, 20}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "HTE-OUT; GARD-ABS; unit JENN",
	},
	fFruitVegPost: {
		Name: "fruit_veg_post", Label: "Fruit and vegetables at review", Type: TypeDecimal,
		Unit: "portions/day", Valid: &Range{0, 50}, Plausible: &Range{0, 20}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "HTE-OUT; GARD-ABS; unit JENN",
	},
	fFriedSnacksPre: {
		Name: "fried_snacks_pre", Label: "Fried or high-fat snacks at assessment", Type: TypeDecimal,
		Unit: "per week", Valid: &Range{0, 200}, Plausible: &Range{0, 50}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; HTE-OUT; period own",
	},
	fFriedSnacksPost: {
		Name: "fried_snacks_post", Label: "Fried or high-fat snacks at review", Type: TypeDecimal,
		Unit: "per week", Valid: &Range{0, 200}, Plausible: &Range{0, 50}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; HTE-OUT; period own",
	},
	fActivityModeratePre: {
		Name: "activity_moderate_pre", Label: "Moderate physical activity at assessment", Type: TypeInteger,
		Unit: "sessions/week", Valid: &Range{0, 70}, Plausible: &Range{0, 21}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; unit own", Note: "sessions of 30 minutes or more",
	},
	fActivityModeratePost: {
		Name: "activity_moderate_post", Label: "Moderate physical activity at review", Type: TypeInteger,
		Unit: "sessions/week", Valid: &Range{0, 70}, Plausible: &Range{0, 21}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; unit own", Note: "sessions of 30 minutes or more",
	},
	fActivityVigorousPre: {
		Name: "activity_vigorous_pre", Label: "Vigorous physical activity at assessment", Type: TypeInteger,
		Unit: "sessions/week", Valid: &Range{0, 70}, Plausible: &Range{0, 21}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS (\"intensive\"); unit own", Note: "sessions of 20 minutes or more",
	},
	fActivityVigorousPost: {
		Name: "activity_vigorous_post", Label: "Vigorous physical activity at review", Type: TypeInteger,
		Unit: "sessions/week", Valid: &Range{0, 70}, Plausible: &Range{0, 21}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS (\"intensive\"); unit own", Note: "sessions of 20 minutes or more",
	},
	fAlcoholUnitsPre: {
		Name: "alcohol_units_pre", Label: "Alcohol at assessment", Type: TypeDecimal,
		Unit: "units/week", Valid: &Range{0, 1000}, Plausible: &Range{0, 300}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH13; unit own (1 unit = 8 g)",
	},
	fAlcoholUnitsPost: {
		Name: "alcohol_units_post", Label: "Alcohol at review", Type: TypeDecimal,
		Unit: "units/week", Valid: &Range{0, 1000}, Plausible: &Range{0, 300}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH13; unit own (1 unit = 8 g)",
	},
	fCigarettesPre: {
		Name: "cigarettes_pre", Label: "Cigarettes at assessment", Type: TypeInteger,
		Unit: "per day", Valid: &Range{0, 200}, Plausible: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fCigarettesPost: {
		Name: "cigarettes_post", Label: "Cigarettes at review", Type: TypeInteger,
		Unit: "per day", Valid: &Range{0, 200}, Plausible: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn,
	},
	fSmokingStatusPre: {
		Name: "smoking_status_pre", Label: "Smoking status at assessment", Type: TypeCode,
		CodeList: "smoking_status", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisNational, Source: "SMK",
	},
	fSmokingStatusPost: {
		Name: "smoking_status_post", Label: "Smoking status at review", Type: TypeCode,
		CodeList: "smoking_status", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisNational, Source: "SMK",
	},
	fGeneralHealthPre: {
		Name: "general_health_pre", Label: "Self-rated general health at assessment", Type: TypeInteger,
		Unit: "0-100", Valid: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH15; GARD-ABS; range own",
	},
	fGeneralHealthPost: {
		Name: "general_health_post", Label: "Self-rated general health at review", Type: TypeInteger,
		Unit: "0-100", Valid: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH15; GARD-ABS; range own",
	},
	fSelfEfficacyPre: {
		Name: "self_efficacy_pre", Label: "General Self-Efficacy Scale total at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{10, 40}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; RSPH13; instrument own",
	},
	fSelfEfficacyPost: {
		Name: "self_efficacy_post", Label: "General Self-Efficacy Scale total at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{10, 40}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "GARD-ABS; RSPH13; instrument own",
	},
	fWHO51Pre: {
		Name: "who5_1_pre", Label: "WHO-5 item 1 at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO52Pre: {
		Name: "who5_2_pre", Label: "WHO-5 item 2 at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO53Pre: {
		Name: "who5_3_pre", Label: "WHO-5 item 3 at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO54Pre: {
		Name: "who5_4_pre", Label: "WHO-5 item 4 at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO55Pre: {
		Name: "who5_5_pre", Label: "WHO-5 item 5 at assessment", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO5PercentPre: {
		Name: "who5_percent_pre", Label: "WHO-5 percentage score at assessment", Type: TypeInteger,
		Unit: "%", Valid: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "a multiple of 4; equals 4 times the item sum where all five are present",
	},
	fWHO51Post: {
		Name: "who5_1_post", Label: "WHO-5 item 1 at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO52Post: {
		Name: "who5_2_post", Label: "WHO-5 item 2 at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO53Post: {
		Name: "who5_3_post", Label: "WHO-5 item 3 at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO54Post: {
		Name: "who5_4_post", Label: "WHO-5 item 4 at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO55Post: {
		Name: "who5_5_post", Label: "WHO-5 item 5 at review", Type: TypeInteger,
		Unit: "score", Valid: &Range{0, 5}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Source: "RSPH15 (a wellbeing measure); instrument own",
	},
	fWHO5PercentPost: {
		Name: "who5_percent_post", Label: "WHO-5 percentage score at review", Type: TypeInteger,
		Unit: "%", Valid: &Range{0, 100}, Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisOwn, Note: "a multiple of 4; equals 4 times the item sum where all five are present",
	},
	fFollowup3mDate: {
		Name: "followup_3m_date", Label: "Date the 3-month follow-up was held", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "months counted from review_date",
	},
	fFollowup3mMaintained: {
		Name: "followup_3m_maintained", Label: "Change made by the review maintained at 3 months", Type: TypeCode,
		CodeList: "maintained", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH13 (maintained); timing own",
	},
	fFollowup6mDate: {
		Name: "followup_6m_date", Label: "Date the 6-month follow-up was held", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "months counted from review_date",
	},
	fFollowup6mMaintained: {
		Name: "followup_6m_maintained", Label: "Change made by the review maintained at 6 months", Type: TypeCode,
		CodeList: "maintained", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH13 (maintained); timing own",
	},
	fFollowup12mDate: {
		Name: "followup_12m_date", Label: "Date the 12-month follow-up was held", Type: TypeDate,
		Presence: Optional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "months counted from review_date",
	},
	fFollowup12mMaintained: {
		Name: "followup_12m_maintained", Label: "Change made by the review maintained at 12 months", Type: TypeCode,
		CodeList: "maintained", Presence: Optional, Sensitivity: SpecialCategory, Basis: BasisSource, Source: "RSPH13 (maintained); timing own",
	},
	fClosureDate: {
		Name: "closure_date", Label: "Date the episode closed", Type: TypeDate,
		Presence: Conditional, Sensitivity: NotSensitive, Basis: BasisOwn, Note: "required with closure_reason",
	},
	fClosureReason: {
		Name: "closure_reason", Label: "Why the episode closed", Type: TypeCode,
		CodeList: "closure_reason", Presence: Conditional, Sensitivity: OffenceData, Basis: BasisOwn, Note: "required with closure_date",
	},
	fWorkforceStep: {
		Name: "workforce_step", Label: "Next step into the health trainer workforce", Type: TypeCode,
		CodeList: "workforce_step", Presence: Optional, Sensitivity: NotSensitive, Basis: BasisSource, Source: "DOORIS (aim); BAIL (champion); codes own",
	},
}
