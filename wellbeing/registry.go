package wellbeing

// registry lists the instruments in the order of the documentation.
func registry() []func() *Instrument {
	return []func() *Instrument{
		WHO5, WEMWBS, SWEMWBS, GSE, ONS4, SelfRatedHealth100,
		ImportanceRuler, ConfidenceRuler, ReadinessRuler, GBO,
		PHQ9, PHQ2, GAD7, GAD2,
		GHQ12,
		AUDIT, AUDITC, FAST,
		CORE10, COREOM, k10From1, k10From0, k6From0, k6From1,
		FTND, HSI, UCLA3, DJG6, LSNS6,
		rsesFrom0, rsesFrom1, SWLS, PSS10, PSS4, ReQoL10, RAND36, IPAQShort,
		eq5d3L, eq5dRowen, eq5dDevlin, eq5dCrosswalk,
	}
}
