// Package evaluation turns an extract of health trainer episodes into the evaluation of a period: how
// good the data are, who was reached, how far they came, what changed and how sure we can be of it.
//
// [Run] reads the extract and gives an [Evaluation], which holds every number exactly.
// [Evaluation.Document] makes it ready to be read, with small numbers hidden by the NHS rule unless told
// otherwise; [Document.WriteText] prints a summary for a terminal, and a page can be drawn from the same
// Document by code that knows nothing of statistics.
//
//	v, err := dcrs.NewValidator(dcrs.Episodes(), asOf)
//	e, err := evaluation.Run(ctx, "extract.csv", file, v)
//	err = e.Document(evaluation.NHSRule).WriteText(os.Stdout)
//
// # What is counted
//
// An episode belongs to the period of its referral date. Without [From] and [To] the period is the latest
// UK financial year that had ended by the as-of date and holds a referral; without such a year, all rows.
//
// A client can come back, and episodes of one client are not independent. So reach is counted in clients
// and in episodes, and everything that is tested takes one episode a client, the index episode: the
// client's first episode of the period that came to a review or, where none did, the first. A client is
// a client_id within a service_code; a row without a client_id is a client of its own. The journey, plans,
// goals and follow-ups are counted in episodes; their intervals take episodes as independent, which
// overstates their precision where many clients return, and the tables say so.
//
// Rows with an error finding are kept out of every figure, and counted by rule; see [KeepOut]. The
// quality report is always about the whole file.
//
// # What is decided beforehand
//
// Which summary and which test a measure gets stands in a table ([Specs]) with the reason, and does not
// depend on the data: means and the paired t test where changes are near enough to symmetric, medians and
// Wilcoxon's signed rank test for skewed counts and short ordered scales, the exact McNemar test for a
// yes or no. p-values are given for everyone and for the clients with a goal on the measure, each family
// adjusted by Holm's method; groups by quintile and setting get intervals and no test. Nothing is
// summarised from fewer than [DefaultMinPairs] pairs, unless [MinPairs] says otherwise.
//
// The median change stands with the interval of its order statistics. The Hodges–Lehmann estimate, which
// R's wilcox.test reports, leaves out the pairs without change; of a count that most clients keep at 0 it
// would report a large change that most did not have. It is in the Evaluation, but not in the Document.
//
// A follow-up is due where the review plus its months is not after the as-of date and the client has not
// died before. Whoever is lost stays in the denominator of plans, goals and follow-ups; what is still
// open does not.
//
// # What it is not for
//
// It makes no causal claim: there is no comparison group, and people are taken on when things are bad, so
// that some return to the average is to be expected. It imputes nothing, weights nothing and adjusts for
// nothing. It fits no model of change over time, compares no two services and ranks none. It says
// nothing of a population that it does not see. Drawing is left to others.
//
// # Cost
//
// The file is read three times. Memory is constant but for about 100 bytes for each client in the period
// and one bit for each row.
package evaluation
