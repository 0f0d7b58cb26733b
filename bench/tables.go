package main

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
)

// table is how a group of rows is shown.
type table struct {
	group, title, text string
	columns            []column
}

var (
	caseColumn    = column{"case", func(r *result) string { return r.Case }}
	versionColumn = column{"MQTT", func(r *result) string { return r.Version }}
	qosColumn     = column{"QoS", func(r *result) string { return strconv.Itoa(int(r.QoS)) }}
	peerColumn    = column{"broker", func(r *result) string { return r.Peer }}
	rateColumns   = []column{
		of("mqscript msg/s", subjectMqscript, rate, count),
		of("MQTT.js msg/s", subjectNode, rate, count),
		ratioOf("ratio", rate),
	}
	costColumns = []column{
		both("CPU µs/msg", cpuPer, decimal),
		both("mem MB", peakRSS, megabytes),
	}
	bareColumn = of("bare Go client msg/s", subjectBare, rate, count)
)

var tables = []table{
	{
		groupThroughput, "Throughput", "Against a peer that sends as fast as the subject takes it. Figures of two: mqscript / MQTT.js.",
		slices.Concat([]column{caseColumn, versionColumn, qosColumn}, rateColumns, costColumns, []column{bareColumn, packetsColumn}),
	},
	{
		groupBrokers, "Through a broker", "The broker takes its part of the same processors.",
		slices.Concat([]column{peerColumn, caseColumn, qosColumn}, rateColumns, costColumns, []column{bareColumn, ratioOf("CPU ratio", cpuPer)}),
	},
	{
		groupLatency, "Latency", "Echo at an offered rate, from when a message should have been sent to its answer. Times in ms, mqscript / MQTT.js. \"late\" is the longest time by which the peer itself sent too late, which is part of the latencies.",
		[]column{
			{"offered msg/s", func(r *result) string { return strconv.Itoa(r.Offered) }},
			both("p50", p50, milliseconds), both("p99", p99, milliseconds), both("p99.9", p999, milliseconds),
			ratioOf("p50 ratio", p50), ratioOf("p99 ratio", p99), ratioOf("p99.9 ratio", p999), both("late", late, milliseconds),
		},
	},
	{
		groupStart, "Start", "From the start of the process to what onConnect publishes, in ms.",
		[]column{of("mqscript", subjectMqscript, startTime, milliseconds), of("MQTT.js", subjectNode, startTime, milliseconds), ratioOf("ratio", startTime), both("CPU", cpu, milliseconds), ratioOf("CPU ratio", cpu)},
	},
	{
		groupBurst, "Burst", "300,000 calls of publish in one loop. All of them arrived.",
		slices.Concat(rateColumns, costColumns, []column{ratioOf("mem ratio", peakRSS)}),
	},
	{
		groupMemory, "Memory", "The peak while a million messages are echoed (fewer in a quick run).",
		[]column{
			{"messages", func(r *result) string { return strconv.Itoa(r.Messages) }},
			of("mqscript MB", subjectMqscript, peakRSS, megabytes), of("MQTT.js MB", subjectNode, peakRSS, megabytes), ratioOf("ratio", peakRSS),
		},
	},
	{
		groupScripts, "Many scripts on one client", "Idle is the memory a second after all have started. The rate counts calls of onMessage in all of them.",
		slices.Concat([]column{
			{"scripts", func(r *result) string { return strconv.Itoa(r.Scripts) }},
			both("idle MB", idleRSS, megabytes),
		}, rateColumns, costColumns),
	},
	{
		groupOthers, "Other programs", "The same script files, where a program can run them. Figures of four: mqscript / MQTT.js / mqtt-scripts / Node-RED. Start is from the start of the process to when it is ready for messages, idle the memory a second later.",
		[]column{
			caseColumn, versionColumn, qosColumn, all("msg/s", rate, count), ratioOf("to MQTT.js", rate),
			ratioTo("to mqtt-scripts", subjectMqttScripts, rate), ratioTo("to Node-RED", subjectNodeRED, rate),
			all("CPU µs/msg", cpuPer, decimal), all("start ms", startTime, wholeMilliseconds),
			all("idle MB", idleRSS, megabytes), all("mem MB", peakRSS, megabytes),
		},
	},
}

var packetsColumn = column{"packets seen", func(r *result) string {
	if r.Case != "trace" {
		return ""
	}
	share := func(s *sample) float64 { return 100 * s.PacketShare }
	percent := func(v float64) string { return fmt.Sprintf("%.0f%%", v) }
	return both("", share, percent).cell(r)
}}

func of(title, subject string, m metric, show func(float64) string) column {
	return column{title, func(r *result) string {
		if len(r.values(subject, m)) == 0 {
			return "–"
		}
		return show(r.middle(subject, m))
	}}
}

func both(title string, m metric, show func(float64) string) column {
	a, b := of("", subjectMqscript, m, show), of("", subjectNode, m, show)
	return column{title, func(r *result) string { return a.cell(r) + " / " + b.cell(r) }}
}

// all shows who can be compared as a user's program, one after the other.
func all(title string, m metric, show func(float64) string) column {
	return column{title, func(r *result) string {
		var cells []string
		for _, subject := range []string{subjectMqscript, subjectNode, subjectMqttScripts, subjectNodeRED} {
			cells = append(cells, of("", subject, m, show).cell(r))
		}
		return strings.Join(cells, " / ")
	}}
}

func ratioOf(title string, m metric) column { return ratioTo(title, subjectNode, m) }

func ratioTo(title, subject string, m metric) column {
	return column{title, func(r *result) string {
		s := r.ratioTo(subject, m)
		if s.Median == 0 {
			return "–"
		}
		return fmt.Sprintf("**%.2f** (%.2f–%.2f)", s.Median, s.Min, s.Max)
	}}
}

func count(v float64) string { return fmt.Sprintf("%.0f", v) }

func decimal(v float64) string { return fmt.Sprintf("%.1f", v) }

func megabytes(v float64) string { return fmt.Sprintf("%.0f", v/(1<<20)) }

func wholeMilliseconds(v float64) string { return count(v / float64(time.Millisecond)) }

func milliseconds(v float64) string { return fmt.Sprintf("%.2f", v/float64(time.Millisecond)) }

// aim is a figure to come to; see docs/BENCHMARK.md.
type aim struct {
	what, id string
	value    func(*report, *result) float64
	limit    float64
	atMost   bool
	unit     string
}

func ratioAim(what, id string, m metric, limit float64, atMost bool) aim {
	return aim{what, id, func(_ *report, r *result) float64 { return r.ratio(m).Median }, limit, atMost, " times"}
}

var aims = []aim{
	ratioAim("count", "throughput/count/batching/v5/qos0", rate, 2.5, false),
	ratioAim("echo, QoS 0", "throughput/echo/batching/v5/qos0", rate, 5, false),
	ratioAim("echo, QoS 1", "throughput/echo/batching/v5/qos1", rate, 3, false),
	ratioAim("echo, QoS 2", "throughput/echo/batching/v5/qos2", rate, 3, false),
	ratioAim("json", "throughput/json/batching/v5/qos0", rate, 3, false),
	ratioAim("route", "throughput/route/batching/v5/qos0", rate, 2, false),
	ratioAim("state", "throughput/state/batching/v5/qos0", rate, 2, false),
	ratioAim("bytes", "throughput/bytes/batching/v5/qos0", rate, 2, false),
	ratioAim("props", "throughput/props/batching/v5/qos0", rate, 3, false),
	ratioAim("CPU a message, echo through mosquitto", "brokers/echo/mosquitto/v5/qos0", cpuPer, 0.6, true),
	ratioAim("receiving from mosquitto", "brokers/receive/mosquitto/v5/qos0", rate, 1, false),
	ratioAim("p99 at 10,000 msg/s", "latency/echo/batching/v5/qos0/10000", p99, 0.7, true),
	ratioAim("start", "start/count/batching/v5/qos0", startTime, 0.2, true),
	ratioAim("peak memory, echo of a million", "memory/echo/batching/v5/qos0", peakRSS, 0.35, true),
	{"peak memory, burst", "burst/burst/batching/v5/qos0", func(_ *report, r *result) float64 { return r.middle(subjectMqscript, peakRSS) / (1 << 20) }, 60, true, " MB"},
	{"memory of an idle script", "scripts/count/batching/v5/qos0/1000", perScript, 150, true, " KB"},
}

// perScript is what one of many idle scripts takes, in KB.
func perScript(rep *report, many *result) float64 {
	for _, one := range rep.Results {
		if one.Group == groupScripts && one.Scripts == 1 && many.Scripts > 1 {
			more := many.middle(subjectMqscript, idleRSS) - one.middle(subjectMqscript, idleRSS)
			return more / float64(many.Scripts-1) / (1 << 10)
		}
	}
	return 0
}

// aims prints what is aimed at beside what was found.
func (rep *report) aims(out io.Writer) {
	begun := false
	for _, a := range aims {
		i := slices.IndexFunc(rep.Results, func(r *result) bool { return r.ID == a.id })
		if i < 0 {
			continue
		}
		if !begun {
			begun = true
			_, _ = fmt.Fprint(out, "\n## Aims\n\nAims are not promises.\n\n| what | aim | found | |\n|---|---|---|---|\n")
		}
		found, sign, verdict := a.value(rep, rep.Results[i]), "≥", ""
		if a.atMost {
			sign = "≤"
		}
		if a.atMost != (found <= a.limit) || found == 0 {
			verdict = "missed"
		}
		_, _ = fmt.Fprintf(out, "| %s | %s %g%s | %.2f | %s |\n", a.what, sign, a.limit, a.unit, found, verdict)
	}
}
