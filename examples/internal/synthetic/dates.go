package synthetic

import "github.com/healthtrainer/healthtrainer/hte"

// monthsAfter counts months as the schedule of follow-ups does.
func monthsAfter(day int32, months int) int32 {
	return int32(hte.FromOrdinal(int(day)).AddMonths(months).Ordinal())
}

// years are the completed years between two days.
func years(from, to int32) int32 {
	return int32(hte.FromOrdinal(int(from)).YearsUntil(hte.FromOrdinal(int(to))))
}

func yearOf(day int32) int { return hte.FromOrdinal(int(day)).Year() }
