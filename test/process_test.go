package test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience bounds every wait for something that is sure to come.
const patience = 30 * time.Second

// process is a running mqscript whose output is read line by line.
type process struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout *lines
	stderr *lines
	done   chan struct{}
	err    error
}

// start runs the binary in a folder of its own and ends it with the test.
func start(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	return startBinary(t, binary, dir, args...)
}

// startBinary is start with another build of the program.
func startBinary(t *testing.T, binary, dir string, args ...string) *process {
	t.Helper()
	p := &process{t: t, stdout: newLines(), stderr: newLines(), done: make(chan struct{})}
	p.cmd = exec.Command(binary, args...)
	p.cmd.Dir = dir
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var readers sync.WaitGroup
	readers.Go(func() { p.stdout.read(out) })
	readers.Go(func() { p.stderr.read(errs) })
	go func() {
		readers.Wait()
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	t.Cleanup(func() {
		select {
		case <-p.done:
		default:
			_ = p.cmd.Process.Kill()
			<-p.done
		}
		if s := p.stderr.all(); strings.Contains(s, "DATA RACE") || strings.Contains(s, "panic:") {
			t.Errorf("the program reported:\n%s", s)
		}
		if t.Failed() {
			t.Logf("%s\n--- stdout\n%s--- stderr\n%s", strings.Join(p.cmd.Args, " "), tail(p.stdout.all()), tail(p.stderr.all()))
		}
	})
	return p
}

func tail(s string) string {
	const most = 6000
	if len(s) > most {
		return "…" + s[len(s)-most:]
	}
	return s
}

// run runs the binary to its end and returns stdout, stderr and exit code.
func run(t *testing.T, dir string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	p := start(t, dir, args...)
	code = p.wait()
	return p.stdout.all(), p.stderr.all(), code
}

// wait returns the exit code, -1 when a signal ended the process.
func (p *process) wait() int {
	p.t.Helper()
	select {
	case <-p.done:
	case <-time.After(patience):
		p.t.Fatalf("the process did not end: %v", p.cmd.Args)
	}
	var exit *exec.ExitError
	if errors.As(p.err, &exit) {
		return exit.ExitCode()
	}
	if p.err != nil {
		p.t.Fatal(p.err)
	}
	return 0
}

// stop sends SIGTERM and returns the exit code.
func (p *process) stop() int {
	p.t.Helper()
	p.signal(syscall.SIGTERM)
	return p.wait()
}

func (p *process) signal(sig os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// expect waits until each pattern (path.Match form, over the whole line) has
// matched a line of stdout, in this order, starting after the last match.
func (p *process) expect(patterns ...string) {
	p.t.Helper()
	for _, pattern := range patterns {
		if !p.stdout.await(pattern, p.done) {
			p.t.Fatalf("no line %q on stdout", pattern)
		}
	}
}

// expectErr does for stderr what expect does for stdout, and returns the last
// line that matched.
func (p *process) expectErr(patterns ...string) string {
	p.t.Helper()
	for _, pattern := range patterns {
		if !p.stderr.await(pattern, p.done) {
			p.t.Fatalf("no line %q on stderr", pattern)
		}
	}
	return p.stderr.matched()
}

// lines collects a stream's lines and lets one goroutine wait for them.
type lines struct {
	mu   sync.Mutex
	list []string
	next int // where await goes on
	more chan struct{}

	patience time.Duration // of await
}

func newLines() *lines { return &lines{more: make(chan struct{}), patience: patience} }

func (l *lines) read(r io.Reader) {
	b := bufio.NewReaderSize(r, 1<<16)
	for {
		s, err := b.ReadString('\n')
		if s != "" {
			l.mu.Lock()
			l.list = append(l.list, strings.TrimSuffix(s, "\n"))
			close(l.more)
			l.more = make(chan struct{})
			l.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

func (l *lines) await(pattern string, done <-chan struct{}) bool {
	deadline := time.After(l.patience)
	for last := false; ; {
		l.mu.Lock()
		for ; l.next < len(l.list); l.next++ {
			if matches(pattern, l.list[l.next]) {
				l.next++
				l.mu.Unlock()
				return true
			}
		}
		more := l.more
		l.mu.Unlock()
		if last {
			return false
		}
		select {
		case <-more:
		case <-done:
			last = true
		case <-deadline:
			return false
		}
	}
}

// matches is path.Match with * standing for any characters, slashes too.
func matches(pattern, line string) bool {
	swap := strings.NewReplacer("/", "\x01")
	ok, err := path.Match(swap.Replace(pattern), swap.Replace(line))
	return err == nil && ok
}

func (l *lines) matched() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.list[l.next-1]
}

func (l *lines) all() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == 0 {
		return ""
	}
	return strings.Join(l.list, "\n") + "\n"
}

func (l *lines) count(pattern string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, s := range l.list {
		if matches(pattern, s) {
			n++
		}
	}
	return n
}

// write puts a script into a new folder and returns folder and file.
func write(t *testing.T, name, source string) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	file = filepath.Join(dir, name)
	if err := os.WriteFile(file, bytes.TrimLeft([]byte(source), "\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, file
}
