// Package outcomes holds the statistics of a before-and-after evaluation: accumulators that count and sum
// exactly and merge in any order, and tests, intervals and effect sizes that give R's answers.
//
// # Two ways in
//
// A sample in memory is a pair of []float64, complete pairs only:
//
//	t, err := outcomes.PairedT(pre, post)
//
// A stream, or many shards of one, goes through an accumulator, which is a plain struct with exported
// fields (so that JSON, gob and Beam keep all of it), a useful zero value, and a Merge that is
// associative and commutative to the last bit:
//
//	var weight outcomes.Paired
//	weight.Add(92500, 89100) // thousandths: see Thousandths
//	weight.AddPre(101000)    // not weighed again
//	err := weight.AddPairs(pre, post) // whole columns, faster
//	t, err := weight.T()
//
// [Moments] sums one measure; [Paired] two measurements of the same people; [PairedBinary] a state before
// and after; [Freq] and [Cross] count categories; [Funnel] counts stages reached and reasons for leaving.
// Values are whole thousandths, rounded half to even on the way in, so sums are whole numbers and exact;
// [Counts] keeps how often each distinct value occurs, so medians, quantiles and rank tests are exact too.
//
// # What there is
//
//   - Paired: [PairedT], [SignedRank], [HodgesLehmann], [SignTest], [RankBiserial]; McNemar's test and Newcombe's
//     interval on [PairedBinary]; effect sizes on [PairSummary]; Bowker, Stuart–Maxwell, Bhapkar and kappa
//     on [Table]; [CommonLanguage]; [ReliableChange]
//     and [ClinicalChange].
//   - One sample: [OneSampleT], [Wilson], [ClopperPearson], [Jeffreys], [AgrestiCoull], [BinomialTest],
//     [PoissonRate], [Quantiles] of all nine types.
//   - Between groups: [WelchT], [PooledT], [MannWhitney], [HodgesLehmannShift], [KruskalWallis], [ANOVA],
//     [WelchANOVA]; chi-squared, Fisher (exact or simulated), odds and risk ratio and risk difference on [Table];
//     [CochranArmitage], [MantelHaenszel]; Cohen's d, Hedges' g and standardised differences on [Summary].
//   - Relations: [Pearson], [Spearman], [Kendall], [Linear], [Logistic], [Inequality].
//   - Time: [KaplanMeier], [LogRank], [CumulativeIncidence] with its intervals.
//   - Over the year and between services: [XmR], [PChart], [UChart] with the rules of Making Data Count as the
//     public R package NHSRplotthedots 0.2.2 has them, [ExactFunnelLimits] and its kin, [Overdispersion].
//   - Reliability: [CronbachAlpha], [ICC], [MinimalDetectableChange].
//   - Many tests, resampling: [Adjust], [Bootstrap].
//   - Those who were lost: [BaselineCarriedForward], [ExtremeCases], [InverseProbability], [Impute] with [Pool].
//   - Economics: [QALYs], [CostPerGoal], [CostEffectiveness] with its acceptability curve, [NetMonetaryBenefit];
//     every price, threshold and discount rate is the caller's.
//
// # What a result says
//
// Every statistic is a small function or method that returns a struct naming its method and definition:
// whether a distribution was exact or an approximation, what became of zeros and ties, whether continuity
// was corrected for. Changes are post minus pre. Where R has a default it is the default here, and the doc
// says which R function it is. R's answers, with the scripts that made them, lie in testdata and are
// compared to one part in 1e10 unless a test says why not. Tails are computed as tails, so a p-value of
// 1e-300 is as accurate as one of 0.05.
//
// # What cannot be computed
//
// Too few observations, no variation, an empty margin or a number that is not finite give a typed error
// that is [ErrNotComputable]; a NaN is never returned. A wrong option is an [OptionError].
//
// # How often the intervals hold the truth
//
// COVERAGE.md beside this file has every method, over data that evaluations have, by seeded simulation (the
// test TestCoverage repeats it). At 95 %, from it:
//
//	t, mean change                     0.95    exact for normal data
//	t, mean change, n = 30, skewed     0.93    misses on one side
//	dz, noncentral t                   0.95    exact for normal data
//	dav, noncentral t                  0.98    too wide where pre and post correlate; rescaled 0.95
//	Wilson, n = 30, p = 0.3            0.93    it swings about 0.95 with n and p
//	Clopper–Pearson, the same          0.98    never below 0.95
//	Jeffreys, n = 50, p = 0.05         0.88    too short where few are expected
//	Newcombe, Miettinen–Nurminen       0.95
//	pooled t, unequal spread and n     0.87    Welch 0.96
//	regression, classical              0.76    where the spread depends on the predictor; HC3 0.95
//	complete pairs, loss by pre        0.68    imputed or weighted 0.92 to 0.94
//
// # What it does not do
//
// It does not choose a test from the data, read files, know dates, suppress small numbers or draw charts;
// package evaluation and the examples do those. It holds no threshold of clinical meaning.
package outcomes
