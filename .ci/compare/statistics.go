package main

// testsGroup is the table of statistics. The answers of all programs that do a task are compared before any is
// timed.
func testsGroup() group {
	const near, far = 1e-10, 1e-8
	task := func(name, label string, tolerance float64) job {
		return job{name: name, label: label, unit: "ms", tolerance: tolerance}
	}
	within := func(absolute float64, j job) job {
		j.absolute = absolute
		return j
	}
	return group{
		name: "tests", title: "Statistics on a million rows, milliseconds", down: true,
		note: "A million rows unless the line says otherwise. Weights to half a kilogram, and \"fine\", the same unrounded, without ties. " +
			"Two groups are the first half before against the second half after; five groups are services. " +
			"Tests of tables count the columns first, by tabulate in R; regressions make their design first (post on pre, quintile, sex and age; who completed on the same). " +
			"Columns are in memory. R is t.test, wilcox.test, cor.test, oneway.test, lm, glm, survfit and so on; \"bare\" is .lm.fit and glm.fit on a matrix made by hand, " +
			"with standard errors from its QR decomposition; data.table (one thread) groups with by and ranks with frank, the formulas of the tests by hand. " +
			"\"Stream\" adds the pairs, whole thousandths, to a Paired (by columns with AddPairs; one by one in the 5 groups), which afterwards also gives medians, quantiles and rank tests, and merges.",
		after: "Answers agree, relative to the larger, as the last column says, or where it has ±, absolutely. " +
			"Hodges–Lehmann: both searches stop within 1e-4. Logistic: the standard errors of R are those of the step before its last, which small p-values magnify. Bootstrap: of the mean, percentile and BCa, 2,000 resamples of 1,000 rows; " +
			"the random numbers are others, so the limits agree as far as resampling lets them. Fine pairs in the stream are rounded to thousandths.\n\n" +
			"Smaller than a million: Kendall (R compares every pair of pairs, 1e12 of them; outcomes sorts), Hodges–Lehmann (R ranks anew at each step of its search: minutes) and bootstrap (the jackknife of BCa is quadratic in both). " +
			"Left out: what works on a few counts and takes microseconds (one-sample intervals, Poisson, risk and odds ratios, McNemar's variants, Bowker, Stuart–Maxwell, kappa, slope index, funnel limits, control charts); " +
			"exact distributions, which are for small samples; Fisher's test, whose cost hangs on the margins and not on the rows; effect sizes, which follow from the summary in the first line; " +
			"and what neither R itself nor a package that comes with it has: ICC, multiple imputation, inverse-probability weights with their own variance, reliable change, QALYs and cost-effectiveness.",
		tasks: []job{
			task("accumulate", "n, means, SDs", near),
			within(1e-5, task("fine_accumulate", "n, means, SDs, fine", near)),
			task("by_group", "n, means, SDs in 5 groups", near),
			task("t", "paired t", near),
			task("signed_rank", "signed rank", near),
			task("fine_signed_rank", "signed rank, fine", near),
			within(1e-4, task("hodges_lehmann", "Hodges–Lehmann, fine, 100,000 pairs", 0)),
			task("sign", "sign test", far),
			task("mcnemar", "McNemar", near),
			task("quantiles", "5 quantiles, type 7", near),
			task("fine_quantiles", "5 quantiles, type 7, fine", near),
			task("welch", "Welch t, 2 groups", near),
			task("mann_whitney", "Mann–Whitney, 2 groups", near),
			task("fine_mann_whitney", "Mann–Whitney, 2 groups, fine", near),
			within(1e-4, task("shift", "Hodges–Lehmann shift, fine, 2 × 100,000", 0)),
			task("anova", "analysis of variance, 5 groups", near),
			task("welch_anova", "Welch's one-way test, 5 groups", near),
			task("kruskal", "Kruskal–Wallis, 5 groups", far),
			task("proportions", "two proportions", near),
			task("chi_squared", "chi-squared, 5 × 2", near),
			task("trend", "Cochran–Armitage", near),
			task("mantel_haenszel", "Mantel–Haenszel, 5 services", near),
			task("pearson", "Pearson, fine", near),
			task("spearman", "Spearman", near),
			task("fine_spearman", "Spearman, fine", near),
			task("kendall", "Kendall, 5,000 pairs", near),
			task("linear", "linear regression, 7 terms", far),
			task("logistic", "logistic regression, 7 terms", 1e-5),
			task("kaplan_meier", "Kaplan–Meier", near),
			task("log_rank", "log-rank, 5 groups", near),
			task("incidence", "Aalen–Johansen, 2 causes", far),
			task("adjust", "Benjamini–Hochberg", near),
			task("alpha", "Cronbach's alpha, 5 items", near),
			within(0.2, task("bootstrap", "bootstrap of 1,000 rows", 0)),
		},
		rows: []program{
			{label: "outcomes", process: "ours", variant: "sample", skip: []string{"by_group"}, env: oneCore},
			{label: "outcomes, stream", process: "ours", variant: "stream", only: []string{
				"accumulate", "fine_accumulate", "by_group", "t", "signed_rank", "sign", "quantiles",
			}, env: oneCore},
			{label: "R", process: "R", variant: "base"},
			{label: "R, bare", process: "R", variant: "bare", only: []string{"linear", "logistic"}},
			{label: "R, data.table", process: "R", variant: "table", only: []string{
				"accumulate", "by_group", "signed_rank", "fine_signed_rank", "spearman", "fine_spearman", "mann_whitney", "fine_mann_whitney", "kruskal",
			}},
		},
	}
}
