package page

import "github.com/healthtrainer/healthtrainer/outcomes/evaluation"

// fixture is a document with every kind of section, chart, table and row. Its numbers are made up, and
// its words hold what HTML would trip over.
func fixture() *evaluation.Document {
	right := func(id, title string) evaluation.Column {
		return evaluation.Column{ID: id, Title: title, Align: evaluation.Right}
	}
	first := func(title string) evaluation.Column {
		return evaluation.Column{ID: "label", Title: title, Align: evaluation.Left}
	}
	body := func(cells ...string) evaluation.Row { return evaluation.Row{Kind: evaluation.BodyRow, Cells: cells} }
	bar := func(label string, v, low, high float64, text, n string) evaluation.Point {
		return evaluation.Point{Label: label, Value: v, Low: low, High: high, Interval: low != high, Text: text, N: n}
	}
	part := func(label string, v float64, text, n string) evaluation.Point {
		return evaluation.Point{Label: label, Value: v, Text: text, N: n}
	}
	fields := []string{"Date of birth", "Ethnic category", "Postcode", "Deprivation quintile of residence"}
	vodim := map[string][]float64{"valid": {97, 88, 91, 90}, "other": {0, 6, 0, 0}, "default": {0, 3, 5, 0}, "invalid": {1, 1, 1, 1}, "missing": {2, 2, 3, 9}}
	texts := map[float64]string{0: "0%", 1: "1%", 2: "2%", 3: "3%", 5: "5%", 6: "6%", 9: "9%", 88: "88%", 90: "90%", 91: "91%", 97: "97%"}
	var quality []evaluation.Series
	for _, k := range [][2]string{{"valid", "Valid"}, {"other", "Other"}, {"default", "Default"}, {"invalid", "Invalid"}, {"missing", "Missing"}} {
		s := evaluation.Series{ID: k[0], Label: k[1]}
		for i, f := range fields {
			v := vodim[k[0]][i]
			s.Points = append(s.Points, part(f, v, texts[v], "2,000"))
		}
		quality = append(quality, s)
	}
	return &evaluation.Document{
		Title:      "Health trainer service evaluation",
		Subtitle:   "1 April 2025 to 31 March 2026 (financial year 2025/26)",
		Disclosure: "Counts below 5 are shown as *, other counts are rounded to the nearest 5.",
		Suppressed: true,
		About: []evaluation.Fact{
			{Label: "File", Value: "an <extract> & more.csv"},
			{Label: "Records", Value: "2,000"},
			{Label: "As of", Value: "30 June 2026"},
			{Label: "Dictionary", Value: "edition 2026.1"},
		},
		Headlines: []evaluation.Headline{
			{ID: "clients", Value: "940", Label: "clients reached", Note: "in 1,015 episodes of care"},
			{ID: "deprived", Value: "68%", Label: "live in the two most deprived fifths of areas", Note: "of 845 clients whose quintile is known; 95% CI 65% to 71%"},
			{ID: "plans", Value: "330", Label: "personal health plans made", Note: "33% of episodes"},
			{ID: "achieved", Value: "47%", Label: "of closed plans achieved", Note: "of 290 closed plans, the lost ones included; 95% CI 41% to 53%"},
			{ID: "bmi", Value: "−1.8 kg/m²", Label: "body mass index", Note: "mean change in 110 clients measured twice; 95% CI −2.1 to −1.5"},
			{ID: "who5", Value: "+12 points", Label: "WHO-5 wellbeing", Note: "mean change in 95 clients measured twice; 95% CI 9 to 15"},
		},
		Summary: []string{
			"The service reached 940 clients in 1,015 episodes.",
			"Of the clients whose quintile is known, 68% live in the two most deprived fifths of areas in the country; an even spread would put 40% there.",
			"Changes are of clients measured twice, and part of them would have happened without the service.",
		},
		Sections: []evaluation.Section{
			{
				ID: "quality", Title: "How good the data are",
				Text: []string{"2% of rows were kept out because they hold an error."},
				Charts: []evaluation.Chart{{
					ID: "quality", Kind: evaluation.StackedChart, Title: "What the key fields hold", Axis: "% of rows", Max: 100,
					Description: "Stacked bars of valid, other, default, invalid and missing cells of four fields.", Series: quality, Table: "quality",
					Notes: []string{"Other: a code for “other” or “not stated”."},
				}},
				Tables: []evaluation.Table{{
					ID: "quality", Caption: "Key fields: valid, other, default, invalid, missing",
					Columns: []evaluation.Column{first("Field"), right("n", "Rows"), right("v", "Valid"), right("o", "Other"), right("d", "Default"), right("i", "Invalid"), right("m", "Missing")},
					Rows:    []evaluation.Row{body("Date of birth", "2,000", "97%", "0%", "0%", "1%", "2%"), body("Ethnic category", "2,000", "88%", "6%", "3%", "1%", "2%"), body("Postcode", "2,000", "91%", "–", "5%", "1%", "3%"), body("Deprivation quintile of residence", "2,000", "90%", "0%", "0%", "1%", "9%")},
				}},
			},
			{
				ID: "reach", Title: "Who was reached",
				Charts: []evaluation.Chart{{
					ID: "quintile", Kind: evaluation.BarChart, Title: "Clients by deprivation quintile", Axis: "% of clients whose quintile is known", Max: 60,
					Description: "Half of the clients live in the most deprived fifth of areas.", Reference: 20, ReferenceLabel: "20%: an even spread",
					Series: []evaluation.Series{{ID: "clients", Points: []evaluation.Point{
						bar("1, most deprived", 45, 42, 48, "45%", "380"), bar("2", 23, 20, 26, "23%", "195"), bar("3", 15, 13, 18, "15%", "130"),
						bar("4", 11, 9, 13, "11%", "90"),
						{Label: "5, least deprived", Text: "*", N: "*", Absent: "hidden: small number"},
					}}},
				}},
				Tables: []evaluation.Table{{
					ID: "reach", Caption: "Clients and episodes by characteristic",
					Columns: []evaluation.Column{first("Characteristic"), right("clients", "Clients"), right("share", "Share"), right("ci", "95% CI"), right("episodes", "Episodes")},
					Rows: []evaluation.Row{
						{Kind: evaluation.HeadingRow, Cells: []string{"Gender"}},
						body("Male", "380", "41%", "38% to 44%", "410"), body("Female", "550", "59%", "56% to 62%", "595"),
						{Kind: evaluation.UnknownRow, Cells: []string{"not recorded", "10", "1%", "", "10"}},
						{Kind: evaluation.HeadingRow, Cells: []string{"Ethnic group"}},
						body("White", "740", "82%", "79% to 84%", "800"),
						{Kind: evaluation.BodyRow, Indent: 1, Cells: []string{"British", "700", "78%", "75% to 80%", "755"}},
						{Kind: evaluation.BodyRow, Indent: 1, Cells: []string{"Irish", "*", "*", "*", "*"}},
						{Kind: evaluation.TotalRow, Cells: []string{"All", "940", "100%", "", "1,015"}},
					},
					Notes: []string{"Clients are counted by their first episode in the period."},
				}},
			},
			{
				ID: "journey", Title: "How far they came",
				Charts: []evaluation.Chart{
					{
						ID: "funnel", Kind: evaluation.FunnelChart, Title: "The journey, from referral to review", Axis: "episodes", Max: 1015,
						Description: "Of 1,015 episodes 330 came to a plan.",
						Series: []evaluation.Series{{ID: "episodes", Points: []evaluation.Point{
							part("Referred", 1015, "1,015", "1,015"), part("First contact", 800, "800 (79%)", ""), part("Assessment of needs and health behaviours", 610, "610 (60%)", ""),
							part("Personal health plan", 330, "330 (33%)", ""), part("Review", 180, "180 (18%)", ""),
						}}},
					},
					{
						ID: "goals", Kind: evaluation.StackedChart, Title: "What became of plans and goals", Axis: "% of those closed", Max: 100,
						Description: "47% of plans were achieved.", Table: "no-such-table",
						Series: []evaluation.Series{
							{ID: "achieved", Label: "achieved", Points: []evaluation.Point{part("All plans", 47, "47%", "290"), part("All goals", 44, "44%", "510")}},
							{ID: "part", Label: "part achieved", Points: []evaluation.Point{part("All plans", 23, "23%", "290"), part("All goals", 25, "25%", "510")}},
							{ID: "not", Label: "not achieved", Points: []evaluation.Point{part("All plans", 15, "15%", "290"), part("All goals", 13, "13%", "510")}},
							{ID: "lost", Label: "lost", Points: []evaluation.Point{part("All plans", 15, "15%", "290"), part("All goals", 18, "18%", "510")}},
						},
					},
				},
			},
			{
				ID: "change", Title: "What changed, and how sure we are",
				Text: []string{"Each measure was summarised in the way that was fixed for it beforehand."},
				Charts: []evaluation.Chart{{
					ID: "effects", Kind: evaluation.IntervalChart, Title: "Standardised change in each measure", Axis: "change in standard deviations of the change (dz)", Min: -1, Max: 1.5,
					Description: "Most measures moved the better way.", ReferenceLabel: "no change", LowLabel: "worse", HighLabel: "better", Table: "change",
					Series: []evaluation.Series{
						{ID: "everyone", Label: "everyone", Points: []evaluation.Point{
							bar("Body mass index", 0.68, 0.52, 0.84, "0.68 (0.52 to 0.84)", "110"), bar("Fruit and vegetables", 1.2, 1.0, 1.9, "1.20 (1.00 to 1.90)", "130"),
							bar("Systolic blood pressure", -0.1, -1.4, 0.2, "−0.10 (−1.40 to 0.20)", "20"),
							{Label: "Cigarettes", Text: "–", N: "5", Absent: "fewer than 10 pairs"},
						}},
						{ID: "goal", Label: "with a goal on it", Points: []evaluation.Point{
							bar("Body mass index", 0.81, 0.6, 1.02, "0.81 (0.60 to 1.02)", "80"), bar("Fruit and vegetables", 1.1, 0.8, 1.4, "1.10 (0.80 to 1.40)", "60"),
							{Label: "Systolic blood pressure", Text: "–", N: "*", Absent: "fewer than 10 pairs"},
							{Label: "Cigarettes", Text: "–", N: "*", Absent: "fewer than 10 pairs"},
						}},
					},
				}},
				Tables: []evaluation.Table{{
					ID: "change", Caption: "Before and after",
					Columns: []evaluation.Column{first("Measure"), right("n", "n with both"), right("missing", "n missing"), right("pre", "Before"), right("post", "After"), right("change", "Change"), right("ci", "95% CI"), right("dz", "Effect size"), right("p", "p")},
					Rows:    []evaluation.Row{body("Body mass index, kg/m²", "110", "830", "34.0 (5.6)", "32.3 (5.5)", "−1.8", "−2.1 to −1.5", "0.68", "<0.001")},
				}},
				Caveats: []string{
					"Regression to the mean: people come when things are at their worst, and part of the change would have happened without the service.",
					"There was no comparison group.",
				},
			},
		},
		Definitions: []evaluation.Definition{
			{ID: "quintile", Term: "Deprivation quintile", Text: "The fifth of areas in which the client lives; 1 is the most deprived.", Source: "Index of Multiple Deprivation, of the edition recorded"},
			{ID: "wilson", Term: "95% CI", Text: "Wilson’s interval."},
		},
	}
}
