package lookup_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/healthtrainer/healthtrainer/dcrs"
	"github.com/healthtrainer/healthtrainer/dcrs/lookup"
	"github.com/healthtrainer/healthtrainer/hte"
)

func ExampleSources_Extend() {
	// The files are the caller's: here are a made-up directory of one postcode and
	// ranks in the order of the areas' codes.
	ctx := context.Background()
	postcodes, err := lookup.ReadPostcodes(ctx, strings.NewReader("pcds,doterm,lsoa11\nZA1 1AA,,E01016000\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	ranks, err := lookup.ReadRanks(ctx, "2019", madeUpRanks(32_844))
	if err != nil {
		fmt.Println(err)
		return
	}
	sources := lookup.Sources{Postcodes: postcodes, Ranks: []*lookup.Ranks{ranks}}
	dictionary, err := sources.Extend(dcrs.Episodes())
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dcrs.NewValidator(dictionary, asOf)
	if err != nil {
		fmt.Println(err)
		return
	}
	extract := "client_id,episode_id,service_code,postcode,imd_quintile,imd_edition\nC1,E1,RX1,ZA1 1AA,1,2019\nC2,E2,RX1,ZA1 1ZZ,1,2019\n"
	report, err := v.Validate(ctx, "q1.csv", strings.NewReader(extract), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range report.Rules {
		if strings.HasPrefix(rule.Rule, "lookup/") && rule.Count > 0 {
			fmt.Println(rule.Rule, "record", rule.Examples[0].Record)
		}
	}
	// Output:
	// lookup/postcode-unknown record 2
	// lookup/quintile-disagrees record 1
}

func madeUpRanks(areas int) io.Reader {
	var b strings.Builder
	b.WriteString("LSOA code (2011),Index of Multiple Deprivation (IMD) Rank (where 1 is most deprived)\n")
	for i := range areas {
		fmt.Fprintf(&b, "E01%06d,%d\n", i+1, i+1)
	}
	return strings.NewReader(b.String())
}

func ExampleSources_Fill() {
	ctx := context.Background()
	postcodes, err := lookup.ReadPostcodes(ctx, strings.NewReader("pcds,doterm,lsoa11\nZA1 1AA,,E01016000\n"))
	if err != nil {
		fmt.Println(err)
		return
	}
	ranks, err := lookup.ReadRanks(ctx, "2019", madeUpRanks(32_844))
	if err != nil {
		fmt.Println(err)
		return
	}
	asOf, err := hte.ParseDate("2026-03-31")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
	if err != nil {
		fmt.Println(err)
		return
	}
	sources := lookup.Sources{Postcodes: postcodes, Ranks: []*lookup.Ranks{ranks}}
	fill, err := sources.Fill(v.Dictionary(), "2019")
	if err != nil {
		fmt.Println(err)
		return
	}
	extract := "client_id,postcode,imd_quintile,imd_edition\nC1,za11aa,,\nC2,ZZ99 3VZ,,\n"
	log, err := v.Normalise(ctx, "q1.csv", strings.NewReader(extract), os.Stdout, fill)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(log.Count("imd_quintile", dcrs.ChangeFilled), "quintile filled")
	// Output:
	// client_id,postcode,imd_quintile,imd_edition,lsoa
	// C1,ZA1 1AA,3,2019,E01016000
	// C2,ZZ99 3VZ,,,
	// 1 quintile filled
}
