// Package lookup fills and verifies places and practices of an extract from
// files that the caller supplies: the ONS postcode directory, the ranks of the
// indices of multiple deprivation, and the NHS list of GP practices.
//
//	postcodes, err := lookup.ReadPostcodes(ctx, onspd)
//	ranks, err := lookup.ReadRanks(ctx, "2019", imd)
//	practices, err := lookup.ReadPractices(ctx, epraccur)
//	sources := lookup.Sources{Postcodes: postcodes, Ranks: []*lookup.Ranks{ranks}, Practices: practices}
//
// [Sources.Extend] adds rules to a dictionary, so that a validator finds the
// postcode that does not exist, the quintile that another edition gave, and the
// practice that had closed. [Sources.Fill] lets [dcrs.Validator.Normalise] fill
// areas and quintiles that are blank; nothing else fills them, and every fill is
// counted there. A value that is present is never changed.
//
// # The files
//
// None of them comes with this library. All are published under the Open
// Government Licence: the ONS Postcode Directory (ONSPD) or the National
// Statistics Postcode Lookup (NSPL) on the Open Geography Portal, the English
// Indices of Deprivation on GOV.UK, the Welsh Index of Multiple Deprivation by
// the Welsh Government, and epraccur by the Organisation Data Service. Workbooks
// have to be saved as CSV first. The files in this package's tests are made up.
//
// The headings read were seen in public programs that read these files, not in
// the files themselves:
//
//   - ONSPD and NSPL until 2024: pcd,pcd2,pcds,dointr,doterm … lsoa01,lsoa11,lsoa21
//     (soa1 before 2011 for what became lsoa01); since 2025: pcd7,pcd8,pcds …
//     lsoa01cd,lsoa11cd,lsoa21cd. doterm is written yyyymm.
//   - English indices: "LSOA code (2011)" and "Index of Multiple Deprivation (IMD)
//     Rank (where 1 is most deprived)" in File 1 and File 7; "LSOA CODE" and "RANK
//     OF IMD SCORE (where 1 is most deprived)" in 2010.
//   - Welsh index: "LSOA code" and "WIMD 2019 overall rank", or "WIMD 2019" in the
//     sheet of ranks.
//   - epraccur: 27 columns without headings, of which the 1st is the code, the
//     11th and 12th the dates of opening and closing (yyyymmdd) and the 13th the
//     status, A, C, D or P, or ACTIVE and INACTIVE in the newer service
//     (nhsconnect/prm-gp-registrations-mi-infra, utils/trud_files.py).
//
// # Editions and censuses
//
// An edition of an index ranks the areas of one census: 2010 those of 2001, 2015
// and 2019 those of 2011, 2025 those of 2021. [Sources] takes from the postcode
// directory the area of the census that the edition goes by. An area that is
// named in the extract itself is right if it is that of any census.
//
// # What it is not for
//
// It fetches nothing and keeps no copy of anybody's data. It does not know
// Scotland's data zones or Northern Ireland's areas, and gives no quintile for
// the ZZ99 postcodes, which stand for no place. It does not look up NHS numbers:
// that is the Personal Demographics Service's work.
package lookup
