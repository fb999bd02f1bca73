package outcomes

import (
	"encoding/json"
	"math"
)

// Interval is a confidence interval. A one-sided interval has an infinite end, which JSON shows as null.
type Interval struct {
	Level  float64
	Low    float64
	High   float64
	Method string // how it was made
}

type intervalJSON struct {
	Level  float64  `json:"level"`
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	Method string   `json:"method,omitempty"`
}

// MarshalJSON writes level, low, high and method; an infinite end is null.
func (i Interval) MarshalJSON() ([]byte, error) {
	out := intervalJSON{Level: i.Level, Method: i.Method}
	if !math.IsInf(i.Low, -1) {
		out.Low = &i.Low
	}
	if !math.IsInf(i.High, 1) {
		out.High = &i.High
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (i *Interval) UnmarshalJSON(data []byte) error {
	var in intervalJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return err
	}
	*i = Interval{Level: in.Level, Low: math.Inf(-1), High: math.Inf(1), Method: in.Method}
	if in.Low != nil {
		i.Low = *in.Low
	}
	if in.High != nil {
		i.High = *in.High
	}
	return nil
}
