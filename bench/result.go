package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"
)

// result is a row with all its samples.
type result struct {
	ID       string
	Group    string
	Case     string
	Peer     string
	Version  string
	QoS      byte
	Offered  int `json:",omitempty"` // messages a second, in the latency group
	Scripts  int
	Messages int
	Samples  []*sample // in the order in which they were taken
	// Failures are runs that gave no sample, and pairs that disagree.
	Failures []string `json:",omitempty"`
}

func newResult(r *row) *result {
	return &result{
		ID: r.id(), Group: r.group, Case: r.workload.name, Peer: r.peer, Version: r.version.String(),
		QoS: r.qos, Offered: r.rate, Scripts: r.scripts, Messages: r.messages,
	}
}

// measure lets the subjects of a row take turns. Only the end of ctx is an
// error: a run that fails is part of the result.
func (h *harness) measure(ctx context.Context, r *row, progress io.Writer) (*result, error) {
	res := newResult(r)
	_, _ = fmt.Fprintf(progress, "%-45s", r.id())
	if err := h.installed(r); err != nil {
		return nil, err
	}
	for range r.pairs {
		turn := make(map[string]*sample)
		for _, subject := range r.subjects() {
			s, err := h.run(ctx, r, subject)
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			if errors.Is(err, errNoMosquitto) {
				return nil, err
			}
			if err != nil {
				res.Failures = append(res.Failures, fmt.Sprintf("%s: %v", subject, err))
				continue
			}
			turn[subject] = s
			res.Samples = append(res.Samples, s)
		}
		res.compare(turn)
	}
	_, _ = fmt.Fprintf(progress, " %s\n", res.headline())
	return res, nil
}

// compare demands that all subjects gave the same answers in the same order.
func (res *result) compare(turn map[string]*sample) {
	ours := turn[subjectMqscript]
	for _, subject := range slices.Sorted(maps.Keys(turn)) {
		if ours != nil && turn[subject].Outcome.Digest != ours.Outcome.Digest {
			res.Failures = append(res.Failures, "the answers of mqscript and "+subject+" differ")
		}
	}
}

// metric is something that a sample tells.
type metric func(*sample) float64

func rate(s *sample) float64      { return s.Rate }
func cpuPer(s *sample) float64    { return s.CPUPer }
func cpu(s *sample) float64       { return float64(s.CPU) }
func peakRSS(s *sample) float64   { return float64(s.PeakRSS) }
func idleRSS(s *sample) float64   { return float64(s.IdleRSS) }
func startTime(s *sample) float64 { return float64(s.Start) }

func latencyAt(pick func(*latency) time.Duration) metric {
	return func(s *sample) float64 {
		if s.Outcome.Latency == nil {
			return 0
		}
		return float64(pick(s.Outcome.Latency))
	}
}

var (
	p50  = latencyAt(func(l *latency) time.Duration { return l.P50 })
	p99  = latencyAt(func(l *latency) time.Duration { return l.P99 })
	p999 = latencyAt(func(l *latency) time.Duration { return l.P999 })
	late = latencyAt(func(l *latency) time.Duration { return l.Late })
)

// values are a subject's samples of a metric.
func (res *result) values(subject string, m metric) []float64 {
	var out []float64
	for _, s := range res.Samples {
		if s.Subject == subject {
			out = append(out, m(s))
		}
	}
	return out
}

// middle is the median of a subject's samples; 0 when there is none.
func (res *result) middle(subject string, m metric) float64 {
	return median(res.values(subject, m))
}

// ratio is mqscript's value by MQTT.js's, pair by pair.
func (res *result) ratio(m metric) spread { return res.ratioTo(subjectNode, m) }

// ratioTo is mqscript's value by another subject's, turn by turn.
func (res *result) ratioTo(subject string, m metric) spread {
	a, b := res.values(subjectMqscript, m), res.values(subject, m)
	var all []float64
	for i := range min(len(a), len(b)) {
		if b[i] > 0 {
			all = append(all, a[i]/b[i])
		}
	}
	return spreadOf(all)
}

// score says how many times better than MQTT.js mqscript is in what the row is
// there for: 2 is twice as good, 0 means that there is nothing to compare.
func (res *result) score() float64 {
	var lower metric // is better
	switch res.Group {
	case groupLatency:
		lower = p50
	case groupStart:
		lower = cpu // the time itself depends on what else the machine does
	case groupMemory:
		lower = peakRSS
	default:
		return res.ratio(rate).Median
	}
	if r := res.ratio(lower).Median; r > 0 {
		return 1 / r
	}
	return 0
}

func (res *result) headline() string {
	text := fmt.Sprintf("%.2f times as good", res.score())
	if len(res.Failures) > 0 {
		text += fmt.Sprintf(", %d failures: %s", len(res.Failures), res.Failures[0])
	}
	return text
}

// spread is what several samples say together.
type spread struct{ Median, Min, Max float64 }

func spreadOf(values []float64) spread {
	if len(values) == 0 {
		return spread{}
	}
	return spread{Median: median(values), Min: slices.Min(values), Max: slices.Max(values)}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}
