package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"runtime"
	"slices"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// defaultWindow bounds the unfinished QoS 1 and 2 messages of the driver; a
// receive maximum or a broker may lower it. It is the same for both subjects.
const defaultWindow = 200

// job tells a driver what to do. The driver is a process of its own, so that
// its memory and its garbage are not the harness's.
type job struct {
	Broker   string // host:port to dial; empty: be the server and listen
	Version  packet.Version
	QoS      byte
	Workload string
	Messages int
	Warmup   int
	Rate     int // messages a second, the latency is measured; 0: as fast as possible
	Credit   int // messages without an answer; 0: any number
	Scripts  int // that will say that they are ready
}

// happening is one line that a driver prints.
type happening struct {
	Address string   `json:",omitempty"` // first: where the subject is to connect
	Ready   int64    `json:",omitempty"` // second: when all scripts were, Unix nanoseconds
	Outcome *outcome `json:",omitempty"` // third, after a line on stdin
	Failure string   `json:",omitempty"` // in place of any of them
}

// outcome is what a driver saw.
type outcome struct {
	Elapsed time.Duration // from the first message to what the last script said at the end
	Answers int
	Digest  uint32 // of all answers, in order
	Done    []string
	Latency *latency `json:",omitempty"`
}

// latency is from when a message should have been sent to its answer.
type latency struct {
	P50, P99, P999 time.Duration
	// Late is the longest time by which the driver itself sent too late; it is
	// part of the latencies.
	Late time.Duration
}

// drive is the driver's process: it reads a job from in and says on out what
// happens. It ends when in does.
func drive(in io.Reader, out io.Writer) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	lines := bufio.NewScanner(in)
	if !lines.Scan() {
		return errors.New("there is no job on stdin")
	}
	var j job
	if err := json.Unmarshal(lines.Bytes(), &j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	proceed := make(chan struct{}, 1)
	go func() { // ends with the process: nothing else can end a read of stdin
		for lines.Scan() {
			proceed <- struct{}{}
		}
		cancel(errors.New("the harness is gone"))
	}()
	say := json.NewEncoder(out)
	if err := j.run(ctx, proceed, say); err != nil {
		return errors.Join(err, say.Encode(happening{Failure: err.Error()}))
	}
	return nil
}

func (j *job) run(ctx context.Context, proceed <-chan struct{}, say *json.Encoder) error {
	w, err := workloadNamed(j.Workload)
	if err != nil {
		return err
	}
	t, err := newTrain(w, j.Version, j.QoS, max(j.Messages, j.Warmup, 1))
	if err != nil {
		return err
	}
	l, err := j.connect(ctx, say)
	if err != nil {
		return err
	}
	defer l.close()
	defer context.AfterFunc(ctx, func() { l.fail(context.Cause(ctx)) })()
	if err := l.await(func() bool { return l.ready >= j.Scripts }); err != nil {
		return fmt.Errorf("waiting for the scripts: %w", err)
	}
	if err := say.Encode(happening{Ready: l.readyAt}); err != nil {
		return fmt.Errorf("reporting: %w", err)
	}
	select {
	case <-proceed:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	var o *outcome
	for _, n := range []int{j.Warmup, j.Messages} {
		if n == 0 {
			continue
		}
		if o, err = j.send(l, w, t, n); err != nil {
			return err
		}
	}
	if o == nil {
		o = new(outcome)
	}
	if err := say.Encode(happening{Outcome: o}); err != nil {
		return fmt.Errorf("reporting: %w", err)
	}
	<-ctx.Done() // the harness ends the subject first, so that its end is like any other
	return nil
}

// connect makes the line: to a broker, or from the subject itself.
func (j *job) connect(ctx context.Context, say *json.Encoder) (*line, error) {
	if j.Broker == "" {
		return j.accept(ctx, say)
	}
	l, err := j.dial(ctx)
	if err != nil {
		return nil, err
	}
	if err := say.Encode(happening{Address: j.Broker}); err != nil {
		l.close()
		return nil, fmt.Errorf("reporting: %w", err)
	}
	return l, nil
}

// accept plays the server for the first client that comes.
func (j *job) accept(ctx context.Context, say *json.Encoder) (*line, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	defer func() { _ = listener.Close() }()
	defer context.AfterFunc(ctx, func() { _ = listener.Close() })()
	if err := say.Encode(happening{Address: listener.Addr().String()}); err != nil {
		return nil, fmt.Errorf("reporting: %w", err)
	}
	conn, err := listener.Accept()
	if err != nil {
		return nil, fmt.Errorf("waiting for the subject: %w", err)
	}
	l := newLine(conn, j.Version)
	rest, p, err := l.exchange(nil)
	if err == nil {
		connect, ok := p.(*packet.Connect)
		if !ok {
			err = fmt.Errorf("the subject began with %v", p.Type())
		} else {
			l.window = min(l.window, int(connect.Properties.Int(packet.PropReceiveMaximum, defaultWindow)))
			l.replies, err = (&packet.Connack{}).Append(nil, j.Version)
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("accepting the subject: %w", err)
	}
	l.start(rest)
	return l, nil
}

// dial connects to the broker and subscribes what the scripts publish.
func (j *job) dial(ctx context.Context) (*line, error) {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", j.Broker)
	if err != nil {
		return nil, fmt.Errorf("reaching the broker: %w", err)
	}
	l := newLine(conn, j.Version)
	rest, p, err := l.exchange(&packet.Connect{Version: j.Version, CleanStart: true, ClientID: "bench-driver"})
	if err == nil {
		ack, ok := p.(*packet.Connack)
		if !ok || ack.ReasonCode != packet.Success {
			err = fmt.Errorf("the broker answered %+v", p)
		} else {
			l.window = min(l.window, int(ack.Properties.Int(packet.PropReceiveMaximum, defaultWindow)))
			l.replies, err = (&packet.Subscribe{ID: 1, Subscriptions: []packet.Subscription{{Filter: "out/#", QoS: j.QoS}}}).Append(nil, j.Version)
		}
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("connecting to the broker: %w", err)
	}
	l.start(rest)
	if err := l.await(func() bool { return l.subs > 0 }); err != nil {
		l.close()
		return nil, fmt.Errorf("subscribing: %w", err)
	}
	return l, nil
}

// exchange sends p, if any, and reads one packet; rest is what came behind it.
func (l *line) exchange(p packet.Packet) (rest []byte, got packet.Packet, err error) {
	if p != nil {
		b, err := p.Append(nil, l.version)
		if err != nil {
			return nil, nil, err
		}
		if _, err := l.conn.Write(b); err != nil {
			return nil, nil, err
		}
	}
	r := bufio.NewReader(l.conn)
	if got, err = packet.Read(r, l.version, 64<<10); err != nil {
		return nil, nil, err
	}
	rest, err = r.Peek(r.Buffered())
	return rest, got, err
}

// send sends n messages, lets the scripts say what they counted, and reports.
func (j *job) send(l *line, w *workload, t *train, n int) (*outcome, error) {
	l.mu.Lock()
	l.done = nil
	l.lateMax = 0
	s := &l.spray
	*s = spray{train: t, qos: j.QoS, total: n, due: n, credit: j.Credit, covers: w.covers, digest: crc32.ChecksumIEEE(nil), start: time.Now()}
	if j.Rate > 0 {
		s.interval = time.Second / time.Duration(j.Rate)
		s.due = 0
		s.latencies = make([]int64, 0, n)
	}
	start, interval := s.start, s.interval
	l.wake.Broadcast()
	l.mu.Unlock()
	if interval > 0 {
		l.keepTime(start, interval, n)
	}
	err := l.await(func() bool {
		return s.sent == n && s.unacked == 0 && (s.credit == 0 || n-s.answers*s.covers < max(s.covers, 1))
	})
	if err != nil {
		return nil, fmt.Errorf("after %d of %d messages: %w", l.progress(), n, err)
	}
	if err := l.end(j.Scripts); err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	o := &outcome{Elapsed: l.doneAt.Sub(start), Answers: s.answers, Digest: s.digest, Done: slices.Clone(l.done)}
	if interval > 0 {
		o.Latency = latencyOf(s.latencies, l.lateMax)
	}
	return o, nil
}

func (l *line) progress() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.spray.sent
}

// keepTime allows one message after the other at its time, until all are due
// or the line has ended.
func (l *line) keepTime(start time.Time, interval time.Duration, n int) {
	// A thread of its own makes the short sleeps exact.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	for due := 0; due < n; {
		pause(time.Until(start.Add(time.Duration(due) * interval)))
		due = min(n, int(time.Since(start)/interval)+1)
		l.mu.Lock()
		l.spray.due = due
		ended := l.err != nil
		l.wake.Broadcast()
		l.mu.Unlock()
		if ended {
			return
		}
	}
}

// end tells the scripts that nothing follows and waits for what they say.
func (l *line) end(scripts int) error {
	l.mu.Lock()
	err := l.reply(&packet.Publish{Topic: "in/end"})
	l.wake.Broadcast()
	l.mu.Unlock()
	if err != nil {
		return err
	}
	if err := l.await(func() bool { return len(l.done) >= scripts }); err != nil {
		return fmt.Errorf("waiting for what the scripts say at the end: %w", err)
	}
	return nil
}

func latencyOf(all []int64, late time.Duration) *latency {
	if len(all) == 0 {
		return nil
	}
	slices.Sort(all)
	at := func(share float64) time.Duration {
		return time.Duration(all[min(len(all)-1, int(share*float64(len(all))))])
	}
	return &latency{P50: at(0.5), P99: at(0.99), P999: at(0.999), Late: late}
}
