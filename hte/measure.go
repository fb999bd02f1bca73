package hte

import (
	"slices"

	"github.com/healthtrainer/healthtrainer/wellbeing"
)

// A Measure is something that is measured or counted at assessment, in sessions,
// at review and at follow-up: weight_kg, fruit_veg and so on. [Measures] lists
// them. Questionnaires are not measures: see [QuestionnaireCompleted].
type Measure string

// MeasureDefinition says what a measure is. The names, units and ranges are those
// of the DCRS dictionary's fields; a test of package dcrs/export holds them equal.
type MeasureDefinition struct {
	Name  Measure `json:"name"`
	Label string  `json:"label"`
	Unit  string  `json:"unit"`
	// Min and Max bound what can be true at all.
	Min wellbeing.Value `json:"min"`
	Max wellbeing.Value `json:"max"`
	// Whole says that only whole numbers make sense.
	Whole bool `json:"whole,omitzero"`
}

var measures = [...]MeasureDefinition{
	measure("height_cm", "Height", "cm", 50, 272, false),
	measure("weight_kg", "Weight", "kg", 20, 640, false),
	measure("bmi", "Body mass index", "kg/m2", 8, 200, false),
	measure("waist_cm", "Waist circumference", "cm", 30, 300, false),
	measure("systolic", "Systolic blood pressure", "mmHg", 40, 300, true),
	measure("diastolic", "Diastolic blood pressure", "mmHg", 20, 200, true),
	measure("fruit_veg", "Fruit and vegetables", "portions/day", 0, 50, false),
	measure("fried_snacks", "Fried or high-fat snacks", "per week", 0, 200, false),
	measure("activity_moderate", "Moderate physical activity", "sessions/week", 0, 70, true),
	measure("activity_vigorous", "Vigorous physical activity", "sessions/week", 0, 70, true),
	measure("alcohol_units", "Alcohol", "units/week", 0, 1000, false),
	measure("cigarettes", "Cigarettes", "per day", 0, 200, true),
	measure("general_health", "Self-rated general health", "0-100", 0, 100, true),
}

func measure(name Measure, label, unit string, lowest, highest int64, whole bool) MeasureDefinition {
	return MeasureDefinition{
		Name: name, Label: label, Unit: unit,
		Min: wellbeing.Whole(lowest), Max: wellbeing.Whole(highest), Whole: whole,
	}
}

// Measures returns the definitions of all measures.
func Measures() []MeasureDefinition { return slices.Clone(measures[:]) }

// Definition returns what the measure is; ok is false where there is no such
// measure.
func (m Measure) Definition() (d MeasureDefinition, ok bool) {
	if i := m.index(); i >= 0 {
		return measures[i], true
	}
	return MeasureDefinition{}, false
}

func (m Measure) index() int {
	for i := range measures {
		if measures[i].Name == m {
			return i
		}
	}
	return -1
}

// InRange reports whether v is a value that the measure can have.
func (m Measure) InRange(v wellbeing.Value) bool {
	i := m.index()
	if i < 0 || !v.Known() {
		return false
	}
	if _, whole := v.Int64(); measures[i].Whole && !whole {
		return false
	}
	return v.Cmp(measures[i].Min) >= 0 && v.Cmp(measures[i].Max) <= 0
}
