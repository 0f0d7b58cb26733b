package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

// harness runs drivers and subjects.
type harness struct {
	self     string // this program
	mqscript string
	dir      string // the folder bench
	tmp      string
	limit    time.Duration // of one run
}

// sample is what one run of one subject gave. Times are of the whole process,
// its start included, except for Elapsed and Latency.
type sample struct {
	Subject     string
	Rate        float64       // messages a second
	CPUPer      float64       // µs of processor time a message
	CPU         time.Duration // user and system
	PeakRSS     int64         // bytes
	IdleRSS     int64         // bytes, before the first message; 0: not known
	Start       time.Duration // from the start of the process to onConnect's publish
	Outcome     outcome
	PacketShare float64 `json:",omitempty"` // of the packets, what onPacketSend and onPacketReceive saw
}

// run measures one subject once.
func (h *harness) run(ctx context.Context, r *row, subject string) (*sample, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, h.limit, fmt.Errorf("took longer than %v", h.limit))
	defer cancel()
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	j := r.job()
	if r.peer != peerBatching {
		b, err := h.startBroker(ctx, r.peer)
		if err != nil {
			return nil, err
		}
		defer b.end()
		j.Broker = b.addr
	}
	d, err := h.startDriver(ctx, j)
	if err != nil {
		return nil, err
	}
	defer d.end()
	first, err := d.next(ctx)
	if err != nil {
		return nil, err
	}
	cmd := h.command(r, subject, first.Address)
	begin := time.Now()
	p, err := startProcess(ctx, cmd)
	if err != nil {
		return nil, err
	}
	defer p.end()
	go func() { // ends with the subject
		<-p.ended
		fail(fmt.Errorf("%s ended, %v: %s", subject, p.cmd.ProcessState, p.words()))
	}()
	s, err := d.observe(ctx, r, p, begin)
	if err != nil {
		return nil, errors.Join(err, said(subject, p))
	}
	s.Subject = subject
	return s, s.check(r)
}

func said(subject string, p *process) error {
	if p.words() == "" {
		return nil
	}
	return fmt.Errorf("%s said: %s", subject, p.words())
}

// observe takes the subject through the driver's job and ends it.
func (d *driver) observe(ctx context.Context, r *row, p *process, begin time.Time) (*sample, error) {
	ready, err := d.next(ctx)
	if err != nil {
		return nil, err
	}
	s := &sample{Start: time.Duration(ready.Ready - begin.UnixNano())}
	select {
	case <-time.After(r.settle):
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	s.IdleRSS = p.resident()
	if err := d.proceed(); err != nil {
		return nil, err
	}
	last, err := d.next(ctx)
	if err != nil {
		return nil, err
	}
	p.end()
	s.Outcome = *last.Outcome
	u := p.usage()
	s.CPU, s.PeakRSS = u.cpu, u.peak
	if units := r.units(); units > 0 {
		s.Rate = float64(units) / s.Outcome.Elapsed.Seconds()
		all := float64(units) * float64(r.messages+r.warmup) / float64(r.messages)
		s.CPUPer = float64(u.cpu.Microseconds()) / all
	}
	return s, nil
}

// check demands that nothing was lost or made up: what the scripts counted is
// what was sent, and what they answered was received.
func (s *sample) check(r *row) error {
	if r.messages == 0 {
		return nil
	}
	if len(s.Outcome.Done) != r.scripts {
		return fmt.Errorf("%d scripts answered at the end, not %d", len(s.Outcome.Done), r.scripts)
	}
	for _, said := range s.Outcome.Done {
		counted, rest, _ := strings.Cut(said, " ")
		if n, err := strconv.Atoi(counted); err != nil || n != r.messages {
			return fmt.Errorf("a script counted %s messages of %d", counted, r.messages)
		}
		if r.workload.name == "trace" {
			packets, _, _ := strings.Cut(rest, " ")
			n, _ := strconv.Atoi(packets)
			s.PacketShare = float64(n) / float64(2*r.messages)
		}
	}
	if s.Outcome.Answers != r.answers() {
		return fmt.Errorf("%d answers arrived of %d", s.Outcome.Answers, r.answers())
	}
	return nil
}

func (h *harness) startBroker(ctx context.Context, peer string) (*broker, error) {
	if peer == peerMosquitto {
		return startMosquitto(ctx, h.tmp)
	}
	return startEmbedded(ctx, h.mqscript)
}

// driver is the harness's side of a driver process.
type driver struct {
	*process
	in  *os.File
	out chan happening
}

func (h *harness) startDriver(ctx context.Context, j job) (*driver, error) {
	cmd := exec.Command(h.self) //nolint:noctx,gosec // startProcess ends it
	cmd.Env = append(os.Environ(), roleVariable+"="+roleDriver)
	theirs, in, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("making a pipe: %w", err)
	}
	out, theirOut, err := os.Pipe()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("making a pipe: %w", err), theirs.Close(), in.Close())
	}
	cmd.Stdin, cmd.Stdout = theirs, theirOut
	p, err := startProcess(ctx, cmd)
	err = errors.Join(err, theirs.Close(), theirOut.Close())
	if err != nil {
		return nil, errors.Join(err, in.Close(), out.Close())
	}
	d := &driver{process: p, in: in, out: make(chan happening, 4)} // it says three things at most
	go func() {                                                    // ends with the driver
		defer close(d.out)
		defer func() { _ = out.Close() }()
		for lines := json.NewDecoder(bufio.NewReader(out)); ; {
			var one happening
			if lines.Decode(&one) != nil {
				return
			}
			d.out <- one
		}
	}()
	if err := json.NewEncoder(in).Encode(j); err != nil {
		d.end()
		return nil, fmt.Errorf("telling the driver: %w", err)
	}
	return d, nil
}

// end ends the driver and joins what reads from it.
func (d *driver) end() {
	_ = d.in.Close()
	d.process.end()
	for range d.out {
		continue // what is not wanted any more
	}
}

// next is what the driver says next.
func (d *driver) next(ctx context.Context) (happening, error) {
	select {
	case one, ok := <-d.out:
		switch {
		case !ok:
			return one, errors.Join(fmt.Errorf("the driver ended: %s", d.words()), context.Cause(ctx))
		case one.Failure != "":
			return one, errors.New(one.Failure)
		}
		return one, nil
	case <-ctx.Done():
		return happening{}, context.Cause(ctx)
	}
}

// proceed lets the driver go on.
func (d *driver) proceed() error {
	if _, err := d.in.WriteString("\n"); err != nil {
		return fmt.Errorf("telling the driver: %w", err)
	}
	return nil
}
