package export

import (
	"reflect"
	"slices"
	"time"

	"github.com/healthtrainer/healthtrainer/hte"
)

// Link tells journeys of each other that are episodes of one client of one service,
// as [Journey] makes them of rows: who was referred again when the episode before had
// closed came back. The later referral then names the earlier episode
// ([hte.Referred.Previous]), and the earlier log ends with [hte.ReReferred], recorded
// when and by whom is said. It returns the logs in their order, and changes none of
// those that it is given.
//
// It links each episode to the last before it, and only if that and all before are
// closed, no later than on the day of the new referral. So it links nothing to an
// episode that overlaps with an earlier one, or comes after one that was never closed:
// which of them is wrong, no row says. Nor does it where a log names another episode
// already, the referral was amended, or consent was withdrawn. Whether two references
// mean one person in two services, the host may know.
//
// The error is a [*hte.FoldError], of a log that is none.
func Link(journeys [][]hte.Event, recorded time.Time, by hte.Ref) ([][]hte.Event, error) {
	type person struct{ service, client hte.Ref }
	type episode struct {
		at    int
		state hte.State
	}
	out := slices.Clone(journeys)
	var people []person // in the order of the logs
	episodes := make(map[person][]episode)
	for i, log := range out {
		s, err := hte.Fold(log)
		if err != nil {
			return nil, err
		}
		who := person{s.Referral.Service, s.Referral.Client}
		if who.client == "" {
			continue
		}
		if episodes[who] == nil {
			people = append(people, who)
		}
		episodes[who] = append(episodes[who], episode{i, s})
	}
	for _, who := range people {
		all := episodes[who]
		slices.SortStableFunc(all, func(a, b episode) int {
			if c := a.state.ReferredOn.Compare(b.state.ReferredOn); c != 0 {
				return c
			}
			if ao, bo := a.state.Stage == hte.StageClosed, b.state.Stage == hte.StageClosed; ao != bo {
				if ao { // on one day, what is open still came after what is closed
					return -1
				}
				return 1
			}
			return a.state.Closure.On.Compare(b.state.Closure.On)
		})
		var closed hte.Date // the last closing so far
		for i := 1; i < len(all); i++ {
			before, after := &all[i-1], &all[i]
			if before.state.Stage != hte.StageClosed {
				break
			}
			if on := before.state.Closure.On; on.After(closed) {
				closed = on
			}
			first, ok := out[after.at][0].Data.(hte.Referred)
			if !ok || !reflect.DeepEqual(first, after.state.Referral) || first.Previous != "" ||
				before.state.Journey == after.state.Journey || after.state.ReferredOn.Before(closed) {
				continue
			}
			events, err := hte.Decide(nil, &before.state, hte.Command{
				On: after.state.ReferredOn, Recorded: recorded, By: by, Data: hte.ReReferred{Episode: after.state.Journey},
			})
			if err != nil {
				continue // it may not be said any more, or is said of another
			}
			out[before.at] = slices.Concat(out[before.at], events)
			first.Previous = before.state.Journey
			out[after.at] = slices.Clone(out[after.at])
			out[after.at][0].Data = first
		}
	}
	return out, nil
}
