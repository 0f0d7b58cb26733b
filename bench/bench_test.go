package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/mqtttest"
	"github.com/mqscript/mqscript/internal/packet"
)

func TestMain(m *testing.M) {
	if os.Getenv(roleVariable) != "" {
		os.Exit(program(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	goleak.VerifyTestMain(m)
}

// tiny is enough for the rows to be gone through.
var tiny = size{messages: 200, pairs: 1, quick: true}

// testHarness is a harness for both sides, or the test is skipped.
func testHarness(t *testing.T) *harness {
	t.Helper()
	if _, err := exec.LookPath("node"); err != nil {
		mqtttest.Missing(t, "bench") // Node.js, here
	}
	if _, err := os.Stat(filepath.Join("node_modules", "mqtt")); err != nil {
		mqtttest.Missing(t, "bench") // npm ci in this folder, here
	}
	h, err := newHarness(t.Context(), &options{dir: ".", limit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(h.tmp) })
	return h
}

// TestRows runs each row of a quick run, and what only a full one has besides,
// with few messages: both sides must count right and answer alike.
func TestRows(t *testing.T) {
	h := testHarness(t)
	rows := plan(tiny)
	for qos := byte(0); qos <= 2; qos++ {
		rows = append(rows, throughput(tiny, "echo", packet.V311, qos))
	}
	checkReport(t, runRows(t, h, rows), func(g string) bool { return g != groupBrokers && g != groupOthers })
}

// TestOthers runs a row of each kind that other programs have a part in.
func TestOthers(t *testing.T) {
	h := testHarness(t)
	rows := slices.DeleteFunc(otherRows(tiny), func(r *row) bool {
		return slices.Contains([]string{"count", "json", "route", "state"}, r.workload.name)
	})
	if h.installed(rows[0]) != nil {
		mqtttest.Missing(t, "node-red") // or mqtt-scripts: npm ci in the folder others, here
	}
	checkReport(t, runRows(t, h, rows), func(g string) bool { return g == groupOthers })
}

// runRows measures every row, and demands that all subjects did their part.
func runRows(t *testing.T, h *harness, rows []*row) *report {
	t.Helper()
	rep := &report{Machine: "a test"}
	for _, r := range rows {
		r.settle = 0
		res, err := h.measure(t.Context(), r, io.Discard)
		if errors.Is(err, errNoMosquitto) {
			t.Logf("%s left out: %v", r.id(), err)
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", r.id(), err)
		}
		for _, failure := range res.Failures {
			t.Errorf("%s: %s", r.id(), failure)
		}
		if want := len(r.subjects()); len(res.Samples) != want {
			t.Errorf("%s: %d samples, want %d", r.id(), len(res.Samples), want)
		}
		if !(res.score() > 0) {
			t.Errorf("%s: score %v", r.id(), res.score())
		}
		rep.Results = append(rep.Results, res)
	}
	return rep
}

// checkReport demands tables for those groups in what is written of rep.
func checkReport(t *testing.T, rep *report, has func(group string) bool) {
	t.Helper()
	dir := t.TempDir()
	if err := rep.write(dir); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "REPORT.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if !strings.Contains(string(text), "\n## "+table.title+"\n") && has(table.group) {
			t.Errorf("the report lacks %s", table.title)
		}
	}
	if strings.Contains(string(text), "NaN") || strings.Contains(string(text), "Inf") {
		t.Errorf("the report has figures that are none:\n%s", text)
	}
	now := baselineOf(rep)
	if err := now.compare(now, 0.4, io.Discard); err != nil {
		t.Errorf("a run compared with itself: %v", err)
	}
}

// TestLoss proves that a subject that loses or changes messages does not pass.
func TestLoss(t *testing.T) {
	h := testHarness(t)
	echo, err := os.ReadFile(filepath.Join("cases", "echo.js"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, old, replacement, want string }{
		{"counts wrong", "count++", "if (count < 50) count++", "counted 50 messages of 200"},
		{"answers twice", "publish('out/echo', payload, opts)", "publish('out/echo', payload, opts); if (count === 7) publish('out/echo', '')", "201 answers arrived of 200"},
		{"fails to load", "module.exports", "nothing.exports", "mqscript ended, exit status 1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "cases"), 0o755); err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(echo), tt.old, tt.replacement, 1)
			if err := os.WriteFile(filepath.Join(dir, "cases", "echo.js"), []byte(changed), 0o600); err != nil {
				t.Fatal(err)
			}
			broken := *h
			broken.dir = dir
			_, err := broken.run(t.Context(), throughput(tiny, "echo", packet.V5, 0), subjectMqscript)
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestDisagreement(t *testing.T) {
	var res result
	same := &sample{Outcome: outcome{Digest: 1}}
	res.compare(map[string]*sample{subjectMqscript: same, subjectNode: same})
	if len(res.Failures) != 0 {
		t.Fatalf("failures %v of equal answers", res.Failures)
	}
	res.compare(map[string]*sample{subjectMqscript: same, subjectNode: {Outcome: outcome{Digest: 2}}})
	if len(res.Failures) != 1 {
		t.Fatalf("failures %v of different answers", res.Failures)
	}
}

func TestPlan(t *testing.T) {
	for _, s := range []size{fullSize, quickSize} {
		var ids, names []string
		for _, r := range plan(s) {
			if slices.Contains(ids, r.id()) {
				t.Errorf("two rows are %s", r.id())
			}
			ids = append(ids, r.id())
			names = append(names, r.workload.name)
		}
		for _, w := range workloads {
			if !slices.Contains(names, w.name) {
				t.Errorf("no row has %s", w.name)
			}
			if _, err := os.Stat(filepath.Join("cases", w.script())); err != nil {
				t.Error(err)
			}
		}
		for _, a := range aims {
			if !slices.Contains(ids, a.id) && !s.quick {
				t.Errorf("the aim %q has no row", a.what)
			}
		}
	}
}

func TestFlags(t *testing.T) {
	o, err := parse([]string{"-cases", "echo,json", "-protocol", "5", "-n", "300", "-pairs", "2", "-qos", "0"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range plan(o.size) {
		if o.keep(r) && r.group == groupThroughput {
			got = append(got, r.id())
			if r.messages != 300 || r.pairs != 2 {
				t.Errorf("%s: %d messages, %d pairs", r.id(), r.messages, r.pairs)
			}
		}
	}
	want := []string{"throughput/echo/batching/v5/qos0", "throughput/json/batching/v5/qos0"}
	if !slices.Equal(got, want) {
		t.Errorf("rows %q, want %q", got, want)
	}
	if _, err := parse([]string{"-casse"}, io.Discard); !errors.Is(err, errUsage) {
		t.Errorf("a wrong flag: %v", err)
	}
}

func TestBaseline(t *testing.T) {
	before := &baseline{Scores: map[string]float64{"a": 2, "b": 1, "c": 1}}
	var out strings.Builder
	err := before.compare(&baseline{Scores: map[string]float64{"a": 1.3, "b": 0.5}}, 0.4, &out)
	if !errors.Is(err, errFell) {
		t.Errorf("a case that fell: %v", err)
	}
	for _, want := range []string{"good     a", "FELL     b", "not run  c"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not said:\n%s", want, out.String())
		}
	}
	if err := before.compare(&baseline{Scores: map[string]float64{"a": 1.21, "b": 0.61, "c": 9}}, 0.4, io.Discard); err != nil {
		t.Errorf("nothing fell: %v", err)
	}
	if _, err := readBaseline(filepath.Join(t.TempDir(), "none.json")); err == nil {
		t.Error("a baseline that is not there was read")
	}
}

func TestMedian(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   spread
	}{
		{nil, spread{}},
		{[]float64{3}, spread{3, 3, 3}},
		{[]float64{9, 1, 2}, spread{2, 1, 9}},
		{[]float64{4, 1, 9, 2}, spread{3, 1, 9}},
	} {
		if got := spreadOf(tt.values); got != tt.want {
			t.Errorf("%v: %v, want %v", tt.values, got, tt.want)
		}
	}
}

// TestTrain reads back what a train sends.
func TestTrain(t *testing.T) {
	for _, w := range workloads {
		for qos := byte(0); qos <= 2; qos++ {
			train, err := newTrain(&w, packet.V5, qos, 3)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 5 { // past its end as well
				var id uint16
				if qos > 0 {
					id = uint16(1000 + i)
				}
				want := w.message(i % 3)
				stamp := int64(i) << 40
				if len(want.Payload) < 8 {
					stamp = 0
				}
				b := train.appendMessage(nil, i, id, stamp)
				h, n, err := packet.ParseHeader(b, packet.V5)
				if err != nil {
					t.Fatal(err)
				}
				var p packet.Publish
				if err := packet.DecodePublish(&p, h, b[n:], packet.V5); err != nil {
					t.Fatalf("%s %d: %v", w.name, i, err)
				}
				if p.Topic != want.Topic || p.ID != id || p.QoS != qos || len(p.Payload) != len(want.Payload) {
					t.Errorf("%s %d: %+v", w.name, i, p)
				}
				if stamp != 0 && stampOf(p.Payload) != stamp {
					t.Errorf("%s %d: stamp %d, want %d", w.name, i, stampOf(p.Payload), stamp)
				}
			}
		}
	}
}

func TestPayloadSizes(t *testing.T) {
	for _, w := range workloads {
		want := 64
		switch w.name {
		case "bytes":
			want = 1024
		case "burst":
			continue
		}
		for _, i := range []int{0, 1, 42, distinct - 1} {
			if got := len(w.message(i).Payload); got != want {
				t.Errorf("%s, message %d: %d bytes: %q", w.name, i, got, w.message(i).Payload)
			}
		}
	}
}
