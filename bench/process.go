package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is a child that runs until it is told to end.
type process struct {
	cmd    *exec.Cmd
	stderr tail
	ended  chan struct{}
}

// grace is how long a child has to end after SIGTERM.
const grace = 5 * time.Second

// startProcess starts a child, which is told to end when ctx is done.
func startProcess(ctx context.Context, cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, ended: make(chan struct{})}
	cmd.Stderr = &p.stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting %s: %w", cmd.Path, err)
	}
	go func() { // end joins it
		defer close(p.ended)
		stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
		defer stop()
		_ = cmd.Wait() // the process's state says how it ended
	}()
	return p, nil
}

// end tells the child to end, and kills it when it does not.
func (p *process) end() {
	_ = p.cmd.Process.Signal(syscall.SIGTERM) // it may be gone already
	select {
	case <-p.ended:
	case <-time.After(grace):
		_ = p.cmd.Process.Kill()
		<-p.ended
	}
}

// words is what the child said on stderr at last.
func (p *process) words() string { return strings.TrimSpace(p.stderr.text()) }

// usage is what a child that has ended used.
type usage struct {
	cpu  time.Duration // user and system
	peak int64         // resident memory, bytes
}

func (p *process) usage() usage {
	state := p.cmd.ProcessState
	u := usage{cpu: state.UserTime() + state.SystemTime()}
	u.peak = peakOf(state)
	return u
}

// resident is the memory that the child has now, in bytes; 0 where the system
// does not say.
func (p *process) resident() int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, ok := bytes.Cut(status, []byte("VmRSS:"))
	var kilobytes int64
	if _, err := fmt.Sscan(string(rest), &kilobytes); !ok || err != nil {
		return 0
	}
	return kilobytes << 10
}

// tail keeps the end of what is written to it.
type tail struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const tailSize = 4 << 10

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if extra := t.buf.Len() + len(b) - tailSize; extra > 0 {
		t.buf.Next(extra)
	}
	return t.buf.Write(b)
}

func (t *tail) text() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}
