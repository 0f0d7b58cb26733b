package packet

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const judgeFolder = "testdata/judge"

// judge is the npm package mqtt-packet in a process of its own: an
// implementation that shares nothing with this one.
type judge struct {
	t   *testing.T
	in  io.Writer
	out *bufio.Reader
}

// newJudge starts the judge, which ends with the test. Without node or the
// package the test is skipped, unless MQSCRIPT_REQUIRE demands it.
func newJudge(t *testing.T) *judge {
	t.Helper()
	missing := t.Skipf
	if slices.Contains(strings.Split(os.Getenv("MQSCRIPT_REQUIRE"), ","), "judge") {
		missing = t.Fatalf
	}
	node, err := exec.LookPath("node")
	if err != nil {
		missing("the judge needs node: %v", err)
	}
	if _, err := os.Stat(filepath.Join(judgeFolder, "node_modules", "mqtt-packet")); err != nil {
		missing("the judge is not installed, run npm ci in %s: %v", judgeFolder, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, node, "judge.js")
	cmd.Dir = judgeFolder
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("starting the judge: %v", err)
	}
	t.Cleanup(func() {
		if err := in.Close(); err != nil {
			t.Errorf("closing the judge's input: %v", err)
		}
		_ = cmd.Wait() // it is killed with the test's context; how it ended says nothing
	})
	return &judge{t, in, bufio.NewReader(out)}
}

// judgement is an answer of the judge; nothing is set when it waits for more
// bytes.
type judgement struct {
	Packet map[string]any
	Hex    string
	Error  string
}

func (j *judge) ask(request any) (a judgement) {
	j.t.Helper()
	line, err := json.Marshal(request)
	if err != nil {
		j.t.Fatal(err)
	}
	if _, err := j.in.Write(append(line, '\n')); err != nil {
		j.t.Fatalf("asking the judge: %v", err)
	}
	if line, err = j.out.ReadBytes('\n'); err != nil {
		j.t.Fatalf("waiting for the judge: %v", err)
	}
	if err := json.Unmarshal(line, &a); err != nil {
		j.t.Fatalf("the judge says %q: %v", line, err)
	}
	return a
}

func (j *judge) parse(b []byte, v Version) judgement {
	return j.ask(map[string]any{"op": "parse", "hex": hex.EncodeToString(b), "version": int(v)})
}

func (j *judge) generate(p Packet, v Version) judgement {
	return j.ask(map[string]any{"op": "generate", "packet": judgeFields(p, v), "version": int(v)})
}

// TestJudgeFixtures compares fields and bytes of every fixture.
func TestJudgeFixtures(t *testing.T) {
	j := newJudge(t)
	var names []string
	for _, f := range fixtures {
		name := f.v.String() + " " + f.name
		wire := wireBytes(t, f.wire)
		got, err := decodeAll(wire, f.v)
		if err != nil {
			t.Fatal(err)
		}
		want := plain(t, judgeFields(got, f.v))
		a := j.parse(wire, f.v)
		if !reflect.DeepEqual(a.Packet, want) && name != "5 auth" { // an empty AUTH is in judgeRefuses
			t.Errorf("%s: the judge reads\n%v, %s, want\n%v", name, a.Packet, a.Error, want)
		}
		a = j.generate(f.packet, f.v)
		same := a.Hex == hex.EncodeToString(wire)
		if reason, other := otherBytes[name]; other == same {
			t.Errorf("%s: the judge writes\n%s, %s, want\n%x (%s)", name, a.Hex, a.Error, wire, reason)
		}
		names = append(names, name)
	}
	for name := range otherBytes {
		if !slices.Contains(names, name) {
			t.Errorf("there is no fixture %q", name)
		}
	}
}

// TestJudgeVerdicts compares what is accepted: the tables of malformed packets
// and of deliberate readings, and every fixture changed in many ways.
func TestJudgeVerdicts(t *testing.T) {
	j := newJudge(t)
	count := 0
	check := func(name string, b []byte, v Version) {
		count++
		j.compare(name, b, v)
	}
	for _, c := range malformedCases {
		check(c.name, wireBytes(t, c.wire), c.v)
	}
	for _, c := range strictness {
		check(c.name, wireBytes(t, c.wire), c.v)
	}
	random := rand.New(rand.NewPCG(3, 11))
	for _, f := range fixtures {
		for range 10 {
			check(f.name+" changed", mutate(wireBytes(t, f.wire), random), f.v)
		}
	}
	t.Logf("%d packets compared", count)
	for _, d := range slices.Concat(weRefuse, judgeRefuses, otherFields) {
		if !d.seen {
			t.Errorf("no packet shows the difference %q (%s)", d.message, d.reason)
		}
	}
}

// compare asks both sides about one packet.
func (j *judge) compare(name string, b []byte, v Version) {
	j.t.Helper()
	p, err := decodeAll(b, v)
	a := j.parse(b, v)
	known := func(list []difference, message any) bool {
		return listed(list, fmt.Sprintf("%v %v: %v", v, Type(b[0]>>4), message))
	}
	refused := err != nil
	judgeRefused := a.Packet == nil
	incomplete := errors.Is(err, io.ErrUnexpectedEOF)
	judgeIncomplete := judgeRefused && a.Error == ""
	switch {
	case refused && judgeRefused && incomplete == judgeIncomplete:
	case refused:
		if incomplete || !known(weRefuse, err) {
			j.t.Errorf("MQTT %v %s %x: the judge says %v %q, only we refuse: %v", v, name, b, a.Packet, a.Error, err)
		}
	case judgeRefused:
		if judgeIncomplete || !known(judgeRefuses, a.Error) {
			j.t.Errorf("MQTT %v %s %x: only the judge refuses: %q", v, name, b, a.Error)
		}
	default:
		want := plain(j.t, judgeFields(p, v))
		for field := range want {
			if !reflect.DeepEqual(a.Packet[field], want[field]) && !known(otherFields, field) {
				j.t.Errorf("MQTT %v %s %x: the judge reads %s as %v, we as %v", v, name, b, field, a.Packet[field], want[field])
			}
		}
		if len(a.Packet) != len(want) {
			j.t.Errorf("MQTT %v %s %x: the judge reads\n%v, we read\n%v", v, name, b, a.Packet, want)
		}
	}
}

// listed finds the difference that the message shows and notes that it was
// seen.
func listed(list []difference, message string) bool {
	for i := range list {
		if strings.Contains(message, list[i].message) {
			list[i].seen = true
			return true
		}
	}
	return false
}

// mutate changes a packet in one place and keeps its remaining length right,
// so that both sides look at the change and not at what follows the packet.
func mutate(packet []byte, random *rand.Rand) []byte {
	_, n, _ := readVarint(packet[1:], V5)
	first, body := packet[0], slices.Clone(packet[1+n:])
	at := 0
	if len(body) > 0 {
		at = random.IntN(len(body))
	}
	change := random.IntN(8)
	switch {
	case change == 0:
		first ^= 1 << random.IntN(8)
	case change == 1:
		body = append(body, byte(random.Uint32()))
	case change == 2:
		body = slices.Insert(body, at, byte(random.Uint32()))
	case len(body) == 0:
		first = byte(random.Uint32())
	case change == 3:
		body = slices.Delete(body, at, at+1)
	case change == 4:
		body = body[:at]
	case change == 5:
		body[at] = []byte{0, 1, 2, 3, 0x7F, 0x80, 0xC0, 0xFF, '+', '#'}[random.IntN(10)]
	default:
		body[at] ^= 1 << random.IntN(8)
	}
	return append(appendVarint([]byte{first}, len(body)), body...)
}
