package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// The groups of rows: one table each in the report.
const (
	groupThroughput = "throughput"
	groupBrokers    = "brokers"
	groupLatency    = "latency"
	groupStart      = "start"
	groupBurst      = "burst"
	groupScripts    = "scripts"
	groupMemory     = "memory"
	groupOthers     = "others"
)

// The peers that a subject connects to.
const (
	peerBatching  = "batching"
	peerMosquitto = "mosquitto"
	peerEmbedded  = "embedded"
)

// brokerCredit bounds the messages that a broker may hold for the subject.
// Brokers drop what is beyond their bounds.
const brokerCredit = 2000

// row is one line of the report: both subjects measured in turn.
type row struct {
	group    string
	workload *workload
	peer     string
	version  packet.Version
	qos      byte
	messages int // of one run
	warmup   int
	rate     int // messages a second; 0: as fast as possible
	scripts  int
	pairs    int
	settle   time.Duration // before the idle memory is read
	beside   []string      // the subjects that take their turns after mqscript and MQTT.js
}

// id names the row in the baseline.
func (r *row) id() string {
	id := fmt.Sprintf("%s/%s/%s/v%v/qos%d", r.group, r.workload.name, r.peer, r.version, r.qos)
	switch r.group {
	case groupLatency:
		id += fmt.Sprintf("/%d", r.rate)
	case groupScripts:
		id += fmt.Sprintf("/%d", r.scripts)
	}
	return id
}

func (r *row) job() job {
	j := job{
		Version: r.version, QoS: r.qos, Workload: r.workload.name,
		Messages: r.messages, Warmup: r.warmup, Rate: r.rate, Scripts: r.scripts,
	}
	if r.peer != peerBatching {
		j.Credit = brokerCredit
		if r.workload.covers == 0 {
			j.Credit = 0
		}
	}
	return j
}

// answers is how many messages the scripts publish in the measured part.
func (r *row) answers() int {
	if r.workload.covers > 1 {
		return r.messages / r.workload.covers * r.scripts
	}
	return r.messages * r.workload.answers * r.scripts
}

// units is what the rate counts: messages handled by a script, or those that a
// burst publishes.
func (r *row) units() int {
	if r.group == groupBurst {
		return r.answers()
	}
	return r.messages * r.scripts
}

// size is how much is measured.
type size struct {
	messages int
	pairs    int
	quick    bool
}

var (
	fullSize  = size{messages: 200_000, pairs: 5}
	quickSize = size{messages: 50_000, pairs: 3, quick: true}
)

// plan is every row of a full or a quick run, in the order of the report.
func plan(s size) []*row {
	versions := []packet.Version{packet.V5, packet.V311}
	if s.quick {
		versions = versions[:1]
	}
	var rows []*row
	for _, v := range versions {
		for _, name := range []string{"count", "echo", "json", "route", "routes", "props", "bytes", "state", "trace", "fan"} {
			rows = append(rows, throughput(s, name, v, 0))
		}
		for qos := byte(1); qos <= 2; qos++ {
			rows = append(rows, throughput(s, "echo", v, qos), throughput(s, "json", v, qos))
		}
	}
	rows = slices.DeleteFunc(rows, func(r *row) bool { return r.workload.v5Only && r.version != packet.V5 })
	rows = append(rows, brokerRows(s)...)
	rows = append(rows, latencyRows(s)...)
	lasting := 1_000_000 // messages, so many that growth would show
	if s.quick {
		lasting = 5 * s.messages
	}
	rows = append(rows,
		simple(groupStart, "count", s, 0),
		simple(groupBurst, "burst", s, 1),
		simple(groupMemory, "echo", s, lasting))
	rows = append(rows, scriptRows(s)...)
	if !s.quick {
		rows = append(rows, otherRows(s)...)
	}
	return rows
}

func newRow(group, name string, s size) *row {
	w, err := workloadNamed(name)
	if err != nil {
		w = &workloads[0] // the test of the plan looks for that
	}
	return &row{group: group, workload: w, peer: peerBatching, version: packet.V5, scripts: w.scripts, pairs: s.pairs}
}

func throughput(s size, name string, v packet.Version, qos byte) *row {
	r := newRow(groupThroughput, name, s)
	r.version, r.qos = v, qos
	r.messages = s.messages * r.workload.factor
	if qos > 0 {
		r.messages /= 2
	}
	r.warmup = r.messages / 10
	if slices.Contains(bareWorkloads, name) {
		r.beside = []string{subjectBare}
	}
	return r
}

func brokerRows(s size) []*row {
	var rows []*row
	for _, peer := range []string{peerMosquitto, peerEmbedded} {
		for _, one := range []struct {
			name string
			qos  byte
		}{{"receive", 0}, {"echo", 0}, {"echo", 1}} {
			if s.quick && one.qos > 0 {
				continue
			}
			r := throughput(s, one.name, packet.V5, one.qos)
			r.group, r.peer = groupBrokers, peer
			rows = append(rows, r)
		}
	}
	return rows
}

func latencyRows(s size) []*row {
	var rows []*row
	for _, rate := range []int{1000, 10_000, 50_000} {
		if s.quick && rate != 10_000 {
			continue
		}
		r := newRow(groupLatency, "echo", s)
		r.rate = rate
		r.messages = min(3*rate, s.messages)
		r.warmup = r.messages / 3
		rows = append(rows, r)
	}
	return rows
}

func simple(group, name string, s size, messages int) *row {
	r := newRow(group, name, s)
	r.messages = messages
	return r
}

// scriptRows feed more scripts with fewer messages, so that all of them
// together handle as many.
func scriptRows(s size) []*row {
	var rows []*row
	for _, n := range []int{1, 10, 100, 1000} {
		if s.quick && n != 1 && n != 100 {
			continue
		}
		r := newRow(groupScripts, "count", s)
		r.scripts = n
		r.messages = max(1, s.messages/n)
		r.pairs = min(s.pairs, 3)
		r.settle = time.Second
		rows = append(rows, r)
	}
	return rows
}

// otherRows are what other programs that run scripts can do as well:
// mqtt-scripts speaks 3.1.1, subscribes with QoS 0, publishes no bytes that are
// not text, and has no properties.
func otherRows(s size) []*row {
	var rows []*row
	for _, name := range []string{"count", "echo", "json", "route", "state"} {
		rows = append(rows, otherRow(s, name, packet.V311, 0, subjectMqttScripts, subjectNodeRED))
	}
	return append(rows,
		otherRow(s, "bytes", packet.V311, 0, subjectNodeRED),
		otherRow(s, "props", packet.V5, 0, subjectNodeRED),
		otherRow(s, "echo", packet.V5, 1, subjectNodeRED))
}

func otherRow(s size, name string, v packet.Version, qos byte, beside ...string) *row {
	r := throughput(s, name, v, qos)
	r.group, r.beside = groupOthers, beside
	r.messages = max(1, r.messages/2) // they are slower
	r.warmup = r.messages / 10
	r.settle = time.Second
	return r
}

// selection is what the flags leave of a plan.
type selection struct {
	cases, groups, peers []string // empty: all
	versions             []string
	qos                  []string
}

func (s *selection) keep(r *row) bool {
	in := func(list []string, v string) bool { return len(list) == 0 || slices.Contains(list, v) }
	return in(s.cases, r.workload.name) && in(s.groups, r.group) && in(s.peers, r.peer) &&
		in(s.versions, r.version.String()) && in(s.qos, fmt.Sprint(r.qos))
}

// list splits a flag's value at its commas.
func list(value string) []string {
	if value == "" {
		return nil
	}
	return strings.Split(value, ",")
}
