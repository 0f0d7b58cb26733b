package filters

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/mqscript/mqscript/internal/packet"
)

// some makes filters and topics of few different levels.
type some struct{ *rand.Rand }

func (s some) of(levels ...string) string {
	parts := make([]string, 1+s.IntN(4))
	for i := range parts {
		parts[i] = levels[s.IntN(len(levels))]
	}
	return strings.Join(parts, "/")
}

func (s some) filter() string {
	filter := s.of("a", "b", "+", "", "$x")
	switch {
	case s.IntN(6) == 0:
		return "#"
	case filter == "" || s.IntN(6) == 0:
		return filter + "/#"
	}
	return filter
}

// The tree finds what packet.MatchTopic says, also when filters have gone, and
// is empty when all have.
func TestTreeAgainstMatchTopic(t *testing.T) {
	rng := some{rand.New(rand.NewPCG(1, 2))}
	var tree Tree[string]
	here := map[string]bool{}
	for round := range 3000 {
		filter := rng.filter()
		if round%2 == 0 || len(here) < 50 {
			*tree.At(filter) = filter
			here[filter] = true
		} else {
			tree.Remove(filter)
			delete(here, filter)
		}
		if got := tree.Get(filter); (got != nil) != here[filter] || got != nil && *got != filter {
			t.Fatalf("round %d: Get(%q) is %v", round, filter, got)
		}
		topic := rng.of("a", "b", "c", "", "$x")
		if topic == "" {
			continue
		}
		var got, want []string
		tree.Match(topic, func(filter *string) { got = append(got, *filter) })
		for filter := range here {
			if packet.MatchTopic(filter, topic) {
				want = append(want, filter)
			}
		}
		slices.Sort(got)
		if slices.Sort(want); !slices.Equal(got, want) {
			t.Fatalf("round %d: topic %q has %q, want %q", round, topic, got, want)
		}
	}
	for filter := range here {
		tree.Remove(filter)
	}
	if !tree.Empty() {
		t.Errorf("left is %v", tree)
	}
}
