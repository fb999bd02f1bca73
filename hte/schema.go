package hte

import (
	_ "embed"
	"slices"
)

var (
	//go:embed event.schema.json
	eventSchema []byte
	//go:embed state.schema.json
	stateSchema []byte
)

// EventSchema is the JSON Schema (draft 2020-12) of an event as
// [Event.MarshalJSON] writes it, made from the Go types and their comments.
// Members that may tell who somebody is are marked "x-personal".
func EventSchema() []byte { return slices.Clone(eventSchema) }

// StateSchema is the JSON Schema (draft 2020-12) of a [State].
func StateSchema() []byte { return slices.Clone(stateSchema) }
