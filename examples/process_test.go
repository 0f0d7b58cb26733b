package examples

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// process is a running mqscript. Its standard output comes line by line on a
// channel that is closed at the end.
type process struct {
	cmd    *exec.Cmd
	lines  chan string
	url    chan string // the first address that standard error names
	stderr strings.Builder
	read   sync.WaitGroup
}

// start runs the binary; the test's end kills it if it still lives.
func start(ctx context.Context, t *testing.T, dir string, args []string) *process {
	t.Helper()
	p := &process{cmd: exec.CommandContext(ctx, binary, args...), lines: make(chan string), url: make(chan string, 1)}
	p.cmd.Dir = dir
	p.cmd.Env = append(os.Environ(), "MQSCRIPT_URL=", "MQSCRIPT_USERNAME=", "MQSCRIPT_PASSWORD=", "MQSCRIPT_STORE=")
	stdout, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := p.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	p.read.Go(func() { p.readLines(ctx, stdout) })
	p.read.Go(func() { p.readErrors(stderr) })
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // an error says that it has ended
		p.read.Wait()
		_ = p.cmd.Wait()
		if t.Failed() {
			t.Logf("mqscript %s\n--- stderr\n%s", strings.Join(args, " "), p.stderr.String())
		}
	})
	return p
}

func (p *process) readLines(ctx context.Context, stdout io.Reader) {
	defer close(p.lines)
	for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
		select {
		case p.lines <- scanner.Text():
		case <-ctx.Done():
		}
	}
}

var address = regexp.MustCompile(`mqtt://[0-9.:]+`)

func (p *process) readErrors(stderr io.Reader) {
	for scanner := bufio.NewScanner(stderr); scanner.Scan(); {
		p.stderr.WriteString(scanner.Text() + "\n")
		if found := address.FindString(scanner.Text()); found != "" {
			select {
			case p.url <- found:
			default:
			}
		}
	}
}

// next returns the next line of standard output; false at the end.
func (p *process) next(ctx context.Context, t *testing.T) (string, bool) {
	t.Helper()
	select {
	case line, ok := <-p.lines:
		return line, ok
	case <-ctx.Done():
		t.Fatal("nothing more came on standard output in time")
		return "", false
	}
}

// wait returns the exit code once the output has been read to its end.
func (p *process) wait() int {
	p.read.Wait()
	_ = p.cmd.Wait() // the exit code says it
	return p.cmd.ProcessState.ExitCode()
}
