package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
)

// baseline is what a quick run gave when it was last taken as good. It holds
// scores alone, which depend far less on the machine than figures do.
type baseline struct {
	Machine string
	Scores  map[string]float64 // by the row's ID; see result.score
}

func baselineOf(rep *report) *baseline {
	b := &baseline{Machine: rep.Machine, Scores: make(map[string]float64)}
	for _, res := range rep.Results {
		b.Scores[res.ID] = float64(int(res.score()*1000)) / 1000
	}
	return b
}

func readBaseline(file string) (*baseline, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the harness's own file
	if errors.Is(err, os.ErrNotExist) {
		return nil, errors.New("there is no baseline: write one with -quick -write-baseline")
	}
	if err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	b := new(baseline)
	if err := json.Unmarshal(text, b); err != nil {
		return nil, fmt.Errorf("reading the baseline: %w", err)
	}
	return b, nil
}

// errFell says that a case is worse than the baseline allows.
var errFell = errors.New("worse than the baseline allows")

// compare prints what fell below the baseline by more than the band, a share
// such as 0.4; the error is then errFell. A row without a score has fallen; a
// row that was not run is not looked at.
func (b *baseline) compare(now *baseline, band float64, out io.Writer) error {
	var err error
	for _, id := range slices.Sorted(maps.Keys(b.Scores)) {
		before := b.Scores[id]
		score, ran := now.Scores[id]
		if !ran {
			_, _ = fmt.Fprintf(out, "not run  %s\n", id)
			continue
		}
		verdict := "good    "
		if score < before*(1-band) {
			verdict = "FELL    "
			err = errFell
		}
		_, _ = fmt.Fprintf(out, "%s %-45s %.2f times as good as MQTT.js, baseline %.2f\n", verdict, id, score, before)
	}
	return err
}
