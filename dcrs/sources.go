package dcrs

// Source returns what a source key stands for: a citation, an address, or both,
// as far as it was seen. The keys stand in the Source of fields, codes and
// rules: "JECH; GOVINT; codes UKC" names three. Words beside a key say what the
// source shows, "own" that this library made the rest up.
//
// No complete specification of the DCRS, no data-entry manual and no blank
// extract is public. Many of the sources could be read only in their opening
// pages, so what they show is that an item was recorded, hardly ever how.
func Source(key string) (citation string, ok bool) {
	for _, s := range sources {
		if s.key == key {
			return s.citation, true
		}
	}
	return "", false
}

// sources are the sources that the dictionary and the rules rest on.
var sources = [...]struct{ key, citation string }{
	{"DOORIS", "Dooris, McArt, Hurley, Baybutt 2013, Perspect Public Health 133(4):199-206, doi 10.1177/1757913913486036 — https://clok.uclan.ac.uk/6882/ ; https://ouci.dntb.gov.ua/en/works/4kjm8nn7 (abstract only; ClOK miscites the volume as 33)"},
	{"GARD-ABS", "Gardner, Cane, Rumsey, Michie 2012, Psychology & Health 27(10):1178-1193, doi 10.1080/08870446.2011.652112 — https://uwe-repository.worktribe.com/output/953020/"},
	{"GARD-SL", "Gardner et al. slides 3 July 2012 — https://deploy.doczz.net/doc/6641316/evaluations-of-the-nhs-health-trainer-service ; copy https://vdocuments.mx/health-behaviour-change-among-users-of-nhs-health-trainer-services.html"},
	{"HTE-OUT", "healthtrainersengland.com/evidence/evidence-based-outcomes/ (quotes National Health Trainers DCRS Report May 2011, BPCSSA)"},
	{"HTE-ABT", "healthtrainersengland.com/about-health-trainers/"},
	{"HTE-FAQ", "healthtrainersengland.com/about-health-trainers/faq/"},
	{"MATH", "Mathers, Taylor, Parry 2017, J Public Health 39(1):139-144, doi 10.1093/pubmed/fdv214 (abstract) — research.birmingham.ac.uk"},
	{"JECH", "Lees, Rahman, Parkes, PP73, JECH 67 Suppl 1 A77 — https://jech.bmj.com/content/67/Suppl_1/A77.2"},
	{"RSPH13", "RSPH news on the half-year review, DCRS 1 Apr–30 Sep 2013 — https://www.rsph.org.uk/about-us/news/new-report-on-health-trainer-activities-demonstrates-significant-impact-of-the-role-in-reducing-health-inequalities.html"},
	{"GOVINT", "Governance International, Manchester Community Health Trainers, performance indicators (quotes RSPH 2013 pp 9-13) — http://www.govint.org/good-practice/case-studies/how-community-health-trainers-in-manchester-enable-positive-lifestyle-changes/performance-indicators/"},
	{"RSPH15", "RSPH \"Minded to change\" Nov 2015 news — https://www.rsph.org.uk/about-us/news/a--dumping-ground--for-the-mentally-unwell--report-finds-health-trainers-in-need-of-support-and-understanding.html"},
	{"GLOS", "Gloucestershire CHT quarterly report Apr–Jun 2010 — http://www.readbag.com/gloshealthtrainers-nhs-uk-userfiles-docstore-pdf-community-health-trainers-quarterly-report-april-june-2010"},
	{"NOTTS", "Evans, evaluation of Nottinghamshire County & Bassetlaw HTS 2010 — https://cdn.slideserve.com/arden/an-evaluation-of-the-health-trainer-service-in-nottinghamshire-county-and-bassetlaw-pct"},
	{"WILTS", "Maddern, PHE ePoster 2019 no. 175, HMP Erlestoke — https://phe.multilearning.com/phe/2019/eposters/274370/"},
	{"JENN", "Jennings, Barnes, Okereke, Welch, \"Successful weight management … health trainer model\" — Great Yarmouth & Waveney, not Medway — https://research-portal.uea.ac.uk/en/publications/successful-weight-management-and-health-behaviour-change-using-a-"},
	{"STREN", "Callaghan et al. 2019, PHR 7(20), STRENGTHEN pilot — https://ore.exeter.ac.uk/repository/handle/10871/37182 ; protocol BMJ Open 2018;8:e023123 ; https://plymouth.ac.uk/research/primarycare/public-health/hi5"},
	{"BAIL", "Bailey & Kerlin 2015, Health Promot Pract, 1524839915572802; slides http://slideplayer.com/slide/4386515/"},
	{"HANDB", "NHS Health Trainer Handbook, contents — https://pdfkul.com/improving-health-changing-behaviour-nhs-semantic-scholar_59ba4b9e1723dde1a9ebbedd.html ; https://studylib.net/doc/8083493/ (Gateway 9721)"},
	{"DVE", "NHSDigital/data-validation-engine @d42897f (MIT, Crown copyright)"},
	{"UKC", "NHSDigital/FHIR-R4-UKCORE-STAGING-MAIN @3d2827e, codesystems/"},
	{"MHDQ", "NHSDigital/mental-health-monthly-statistics @7b4d742, menh_dq (VODIM) and menh_publications/94_Round_output.py"},
	{"MHREF", "NHS MHSDS bulletin SQL reference table"},
	{"SRCREF", "NHS MHSDS SQL with SourceOfReferral labels"},
	{"NG7", "NICE NG7 glossary"},
	{"BCTT", "Michie, Richardson, Johnston et al. 2013, Ann Behav Med 46(1):81-95, doi 10.1007/s12160-013-9486-6: BCT Taxonomy v1, 93 techniques in 16 groups (numbers and labels as public coding tables repeat them)"},
	{"PCODE", "rcpch postcode constants (citing NHS Wales DD) and uk-postcode tests"},
	{"SMK", "Tobacco dependence data guidance quoted in public SQL"},
	{"IMD", "opendata.cambridgeshireinsight.org.uk node 1803 (IoD2019); devon.gov.uk/factsandfigures/category/deprivation (IoD2015, 1–32,844); opendatacommunities.org imd-income-rank-la-2010"},
}
