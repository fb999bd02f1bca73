package synthetic

// The columns of the extract, in the order of the dictionary.
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
	fFollowup3MDate
	fFollowup3MMaintained
	fFollowup6MDate
	fFollowup6MMaintained
	fFollowup12MDate
	fFollowup12MMaintained
	fClosureDate
	fClosureReason
	fWorkforceStep
	columnCount
)

// kind says how the number in a cell is written.
type kind uint8

const (
	kindClient kind = iota
	kindEpisode
	kindService
	kindTrainer
	kindNHSNumber // the six digits between 999 and the check digit
	kindPostcode  // see postcode
	kindLSOA      // the six digits
	kindPractice  // the five digits
	kindDate      // the ordinal of an hte.Date
	kindCode      // a place in the column's codes
	kindCodes     // a set of them, the first the lowest bit
	kindInteger
	kindTenths // tenths, always written with one decimal place
	kindHalves // tenths, written without a decimal place where it would be 0
)

// limits are the numbers that a column can hold, as the dictionary has them.
type limits struct{ low, high int32 }

type column struct {
	name             string
	kind             kind
	codes            []string
	required         bool    // presence M or R: a blank cell is a finding
	valid, plausible *limits // nil where the dictionary has none
}

// columns describes every column. A test holds it to the dictionary.
var columns = [columnCount]column{
	fClientID:              {name: "client_id", kind: kindClient, required: true},
	fEpisodeID:             {name: "episode_id", kind: kindEpisode, required: true},
	fServiceCode:           {name: "service_code", kind: kindService, required: true},
	fTrainerID:             {name: "trainer_id", kind: kindTrainer, required: true},
	fTrainerIMDQuintile:    {name: "trainer_imd_quintile", kind: kindCode, codes: quintileCodes},
	fNHSNumber:             {name: "nhs_number", kind: kindNHSNumber},
	fNHSNumberStatus:       {name: "nhs_number_status", kind: kindCode, codes: statusCodes},
	fDateOfBirth:           {name: "date_of_birth", kind: kindDate, required: true},
	fAgeAtReferral:         {name: "age_at_referral", kind: kindInteger, valid: &limits{0, 120}, plausible: &limits{16, 110}},
	fGender:                {name: "gender", kind: kindCode, codes: genderCodes, required: true},
	fEthnicCategory:        {name: "ethnic_category", kind: kindCode, codes: ethnicCodes, required: true},
	fPostcode:              {name: "postcode", kind: kindPostcode, required: true},
	fLSOA:                  {name: "lsoa", kind: kindLSOA},
	fIMDQuintile:           {name: "imd_quintile", kind: kindCode, codes: quintileCodes},
	fIMDEdition:            {name: "imd_edition", kind: kindCode, codes: editionCodes},
	fGPPracticeCode:        {name: "gp_practice_code", kind: kindPractice, required: true},
	fEmploymentStatus:      {name: "employment_status", kind: kindCode, codes: workCodes},
	fDisability:            {name: "disability", kind: kindCodes, codes: disabilityCodes},
	fAccommodationType:     {name: "accommodation_type", kind: kindCode, codes: homeCodes},
	fSetting:               {name: "setting", kind: kindCode, codes: settingCodes, required: true},
	fSupervision:           {name: "supervision", kind: kindCode, codes: supervisionCodes},
	fReferralSource:        {name: "referral_source", kind: kindCode, codes: sourceCodes, required: true},
	fReferralDate:          {name: "referral_date", kind: kindDate, required: true},
	fFirstContactDate:      {name: "first_contact_date", kind: kindDate},
	fAssessmentDate:        {name: "assessment_date", kind: kindDate},
	fConsent:               {name: "consent", kind: kindCode, codes: consentCodes},
	fClientMode:            {name: "client_mode", kind: kindCode, codes: modeCodes},
	fPrimaryIssue:          {name: "primary_issue", kind: kindCode, codes: issueCodes},
	fSecondaryIssues:       {name: "secondary_issues", kind: kindCodes, codes: issueCodes},
	fWiderNeeds:            {name: "wider_needs", kind: kindCodes, codes: needCodes},
	fWiderNeedsMet:         {name: "wider_needs_met", kind: kindCodes, codes: needCodes},
	fWiderNeedsPartMet:     {name: "wider_needs_part_met", kind: kindCodes, codes: needCodes},
	fEmploymentStatusPost:  {name: "employment_status_post", kind: kindCode, codes: workCodes},
	fAccommodationTypePost: {name: "accommodation_type_post", kind: kindCode, codes: homeCodes},
	fPlanDate:              {name: "plan_date", kind: kindDate},
	fPlanStatus:            {name: "plan_status", kind: kindCode, codes: planCodes},
	fGoal1Issue:            {name: "goal_1_issue", kind: kindCode, codes: issueCodes},
	fGoal1Status:           {name: "goal_1_status", kind: kindCode, codes: goalCodes},
	fGoal2Issue:            {name: "goal_2_issue", kind: kindCode, codes: issueCodes},
	fGoal2Status:           {name: "goal_2_status", kind: kindCode, codes: goalCodes},
	fGoal3Issue:            {name: "goal_3_issue", kind: kindCode, codes: issueCodes},
	fGoal3Status:           {name: "goal_3_status", kind: kindCode, codes: goalCodes},
	fImportancePre:         {name: "importance_pre", kind: kindInteger, valid: &limits{0, 10}},
	fImportancePost:        {name: "importance_post", kind: kindInteger, valid: &limits{0, 10}},
	fConfidencePre:         {name: "confidence_pre", kind: kindInteger, valid: &limits{0, 10}},
	fConfidencePost:        {name: "confidence_post", kind: kindInteger, valid: &limits{0, 10}},
	fSessionsPlanned:       {name: "sessions_planned", kind: kindInteger, valid: &limits{0, 60}, plausible: &limits{0, 30}},
	fSessionsAttended:      {name: "sessions_attended", kind: kindInteger, valid: &limits{0, 60}, plausible: &limits{0, 30}},
	fSessionsMissed:        {name: "sessions_missed", kind: kindInteger, valid: &limits{0, 60}, plausible: &limits{0, 30}},
	fSignpostedTo:          {name: "signposted_to", kind: kindCodes, codes: signpostCodes},
	fSignpostedDate:        {name: "signposted_date", kind: kindDate},
	fReviewDate:            {name: "review_date", kind: kindDate},
	fHeightCm:              {name: "height_cm", kind: kindInteger, valid: &limits{50, 272}, plausible: &limits{120, 220}},
	fWeightKgPre:           {name: "weight_kg_pre", kind: kindTenths, valid: &limits{20, 640}, plausible: &limits{30, 300}},
	fWeightKgPost:          {name: "weight_kg_post", kind: kindTenths, valid: &limits{20, 640}, plausible: &limits{30, 300}},
	fBMIPre:                {name: "bmi_pre", kind: kindTenths, valid: &limits{8, 200}, plausible: &limits{12, 80}},
	fBMIPost:               {name: "bmi_post", kind: kindTenths, valid: &limits{8, 200}, plausible: &limits{12, 80}},
	fWaistCmPre:            {name: "waist_cm_pre", kind: kindHalves, valid: &limits{30, 300}, plausible: &limits{40, 200}},
	fWaistCmPost:           {name: "waist_cm_post", kind: kindHalves, valid: &limits{30, 300}, plausible: &limits{40, 200}},
	fSystolicPre:           {name: "systolic_pre", kind: kindInteger, valid: &limits{40, 300}, plausible: &limits{70, 250}},
	fSystolicPost:          {name: "systolic_post", kind: kindInteger, valid: &limits{40, 300}, plausible: &limits{70, 250}},
	fDiastolicPre:          {name: "diastolic_pre", kind: kindInteger, valid: &limits{20, 200}, plausible: &limits{40, 150}},
	fDiastolicPost:         {name: "diastolic_post", kind: kindInteger, valid: &limits{20, 200}, plausible: &limits{40, 150}},
	fFruitVegPre:           {name: "fruit_veg_pre", kind: kindHalves, valid: &limits{0, 50}, plausible: &limits{0, 20}},
	fFruitVegPost:          {name: "fruit_veg_post", kind: kindHalves, valid: &limits{0, 50}, plausible: &limits{0, 20}},
	fFriedSnacksPre:        {name: "fried_snacks_pre", kind: kindHalves, valid: &limits{0, 200}, plausible: &limits{0, 50}},
	fFriedSnacksPost:       {name: "fried_snacks_post", kind: kindHalves, valid: &limits{0, 200}, plausible: &limits{0, 50}},
	fActivityModeratePre:   {name: "activity_moderate_pre", kind: kindInteger, valid: &limits{0, 70}, plausible: &limits{0, 21}},
	fActivityModeratePost:  {name: "activity_moderate_post", kind: kindInteger, valid: &limits{0, 70}, plausible: &limits{0, 21}},
	fActivityVigorousPre:   {name: "activity_vigorous_pre", kind: kindInteger, valid: &limits{0, 70}, plausible: &limits{0, 21}},
	fActivityVigorousPost:  {name: "activity_vigorous_post", kind: kindInteger, valid: &limits{0, 70}, plausible: &limits{0, 21}},
	fAlcoholUnitsPre:       {name: "alcohol_units_pre", kind: kindHalves, valid: &limits{0, 1000}, plausible: &limits{0, 300}},
	fAlcoholUnitsPost:      {name: "alcohol_units_post", kind: kindHalves, valid: &limits{0, 1000}, plausible: &limits{0, 300}},
	fCigarettesPre:         {name: "cigarettes_pre", kind: kindInteger, valid: &limits{0, 200}, plausible: &limits{0, 100}},
	fCigarettesPost:        {name: "cigarettes_post", kind: kindInteger, valid: &limits{0, 200}, plausible: &limits{0, 100}},
	fSmokingStatusPre:      {name: "smoking_status_pre", kind: kindCode, codes: smokingCodes},
	fSmokingStatusPost:     {name: "smoking_status_post", kind: kindCode, codes: smokingCodes},
	fGeneralHealthPre:      {name: "general_health_pre", kind: kindInteger, valid: &limits{0, 100}},
	fGeneralHealthPost:     {name: "general_health_post", kind: kindInteger, valid: &limits{0, 100}},
	fSelfEfficacyPre:       {name: "self_efficacy_pre", kind: kindInteger, valid: &limits{10, 40}},
	fSelfEfficacyPost:      {name: "self_efficacy_post", kind: kindInteger, valid: &limits{10, 40}},
	fWHO51Pre:              {name: "who5_1_pre", kind: kindInteger, valid: &limits{0, 5}},
	fWHO52Pre:              {name: "who5_2_pre", kind: kindInteger, valid: &limits{0, 5}},
	fWHO53Pre:              {name: "who5_3_pre", kind: kindInteger, valid: &limits{0, 5}},
	fWHO54Pre:              {name: "who5_4_pre", kind: kindInteger, valid: &limits{0, 5}},
	fWHO55Pre:              {name: "who5_5_pre", kind: kindInteger, valid: &limits{0, 5}},
	fWHO5PercentPre:        {name: "who5_percent_pre", kind: kindInteger, valid: &limits{0, 100}},
	fWHO51Post:             {name: "who5_1_post", kind: kindInteger, valid: &limits{0, 5}},
	fWHO52Post:             {name: "who5_2_post", kind: kindInteger, valid: &limits{0, 5}},
	fWHO53Post:             {name: "who5_3_post", kind: kindInteger, valid: &limits{0, 5}},
	fWHO54Post:             {name: "who5_4_post", kind: kindInteger, valid: &limits{0, 5}},
	fWHO55Post:             {name: "who5_5_post", kind: kindInteger, valid: &limits{0, 5}},
	fWHO5PercentPost:       {name: "who5_percent_post", kind: kindInteger, valid: &limits{0, 100}},
	fFollowup3MDate:        {name: "followup_3m_date", kind: kindDate},
	fFollowup3MMaintained:  {name: "followup_3m_maintained", kind: kindCode, codes: maintainedCodes},
	fFollowup6MDate:        {name: "followup_6m_date", kind: kindDate},
	fFollowup6MMaintained:  {name: "followup_6m_maintained", kind: kindCode, codes: maintainedCodes},
	fFollowup12MDate:       {name: "followup_12m_date", kind: kindDate},
	fFollowup12MMaintained: {name: "followup_12m_maintained", kind: kindCode, codes: maintainedCodes},
	fClosureDate:           {name: "closure_date", kind: kindDate},
	fClosureReason:         {name: "closure_reason", kind: kindCode, codes: closureCodes},
	fWorkforceStep:         {name: "workforce_step", kind: kindCode, codes: stepCodes},
}

// pair is a measure taken at assessment and again at review.
type pair struct {
	pre, post int
	limit     int32 // a larger change is a finding, in the unit of the cell; 0: none
	percent   bool  // the limit is in per cent of the first
}

// pairs are all of them, in the order of the dictionary.
var pairs = [...]pair{
	{pre: fImportancePre, post: fImportancePost},
	{pre: fConfidencePre, post: fConfidencePost},
	{pre: fWeightKgPre, post: fWeightKgPost, limit: 30, percent: true},
	{pre: fBMIPre, post: fBMIPost, limit: 30, percent: true},
	{pre: fWaistCmPre, post: fWaistCmPost, limit: 30, percent: true},
	{pre: fSystolicPre, post: fSystolicPost, limit: 80},
	{pre: fDiastolicPre, post: fDiastolicPost, limit: 50},
	{pre: fFruitVegPre, post: fFruitVegPost, limit: 150},
	{pre: fFriedSnacksPre, post: fFriedSnacksPost, limit: 400},
	{pre: fActivityModeratePre, post: fActivityModeratePost, limit: 14},
	{pre: fActivityVigorousPre, post: fActivityVigorousPost, limit: 14},
	{pre: fAlcoholUnitsPre, post: fAlcoholUnitsPost, limit: 2000},
	{pre: fCigarettesPre, post: fCigarettesPost, limit: 60},
	{pre: fSmokingStatusPre, post: fSmokingStatusPost},
	{pre: fGeneralHealthPre, post: fGeneralHealthPost},
	{pre: fSelfEfficacyPre, post: fSelfEfficacyPost},
	{pre: fWHO51Pre, post: fWHO51Post},
	{pre: fWHO52Pre, post: fWHO52Post},
	{pre: fWHO53Pre, post: fWHO53Post},
	{pre: fWHO54Pre, post: fWHO54Post},
	{pre: fWHO55Pre, post: fWHO55Post},
	{pre: fWHO5PercentPre, post: fWHO5PercentPost},
}
