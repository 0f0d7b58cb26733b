// Package examples runs every example as its first comment shows it: the
// commands, and each line of output, on the embedded broker and on mosquitto.
package examples

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// patience bounds one dialogue.
const patience = time.Minute

// binary is the program, built once.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "mqscript-examples-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := 1
	binary = filepath.Join(dir, "mqscript")
	if out, err := exec.Command("go", "build", "-o", binary, "../cmd/mqscript").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the program: %v\n%s", err, out)
	} else {
		code = m.Run()
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// broker tells how a dialogue's commands reach it.
type broker struct {
	url string // empty: the embedded one, which the example starts
}

func TestExamples(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no interrupt signal to send to a process")
	}
	for file, d := range dialogues(t) {
		t.Run(file, func(t *testing.T) {
			t.Run("embedded", func(t *testing.T) {
				t.Parallel()
				play(t, d, broker{})
			})
			t.Run("mosquitto", func(t *testing.T) {
				t.Parallel()
				play(t, d, broker{url: mqtttest.Mosquitto(t, mqtttest.BrokerOptions{}).URL})
			})
		})
	}
}

// dialogues reads every script. One without a dialogue must be part of
// another's.
func dialogues(t *testing.T) map[string]*dialogue {
	t.Helper()
	files, err := filepath.Glob("*.[jt]s")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	all := make(map[string]*dialogue)
	var used []string
	for _, file := range files {
		if d := readDialogue(t, file); d != nil {
			all[file] = d
			for _, s := range d.steps {
				used = append(used, s.args...)
			}
		}
	}
	for _, file := range files {
		if !slices.Contains(used, "examples/"+file) {
			t.Errorf("%s is in no dialogue", file)
		}
	}
	return all
}

// stage is a dialogue that is being played.
type stage struct {
	dir    string
	broker broker
	own    []string // the first command for a broker of one's own
	main   *process
	behind *process // in the background
	url    string   // where the broker is, once known
}

func play(t *testing.T, d *dialogue, b broker) {
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	st := &stage{dir: t.TempDir(), broker: b, own: d.own, url: b.url}
	skipping := false
	for _, s := range d.steps {
		switch s.kind {
		case skipLines:
			skipping = true
		case expectLine:
			st.expect(ctx, t, s, skipping)
			skipping = false
		case expectedEnd:
			st.expectEnd(ctx, t, s, skipping)
			skipping = false
		default:
			st.do(ctx, t, s)
		}
	}
}

// do carries out what the person does.
func (st *stage) do(ctx context.Context, t *testing.T, s step) {
	t.Helper()
	switch s.kind {
	case runScript:
		args := s.args
		if st.broker.url != "" {
			args = st.own
		} else {
			st.url = ""
		}
		st.main = start(ctx, t, st.dir, st.resolve(ctx, t, args))
	case command:
		p := start(ctx, t, st.dir, append(st.resolve(ctx, t, s.args), "--url", st.address(ctx, t)))
		for range p.lines { // what it prints is not part of the dialogue
		}
		if code := p.wait(); code != 0 {
			t.Fatalf("%v: exit code %d", s, code)
		}
	case background:
		st.behind = start(ctx, t, st.dir, st.resolve(ctx, t, s.args))
	case killLast:
		signal(t, st.behind, os.Kill)
	case interrupt:
		signal(t, st.main, os.Interrupt)
	}
}

// resolve puts real addresses and files into a command.
func (st *stage) resolve(ctx context.Context, t *testing.T, args []string) []string {
	t.Helper()
	args = slices.Clone(args)
	for i, arg := range args {
		if file, ok := strings.CutPrefix(arg, "examples/"); ok {
			path, err := filepath.Abs(file)
			if err != nil {
				t.Fatal(err)
			}
			args[i] = path
		}
		if arg == "mqtt://127.0.0.1:1883" || arg == "mqtt://HOST" {
			args[i] = st.address(ctx, t)
		}
	}
	return args
}

// address is where the broker is; the embedded one says it on standard error.
func (st *stage) address(ctx context.Context, t *testing.T) string {
	t.Helper()
	if st.url == "" {
		select {
		case st.url = <-st.main.url:
		case <-ctx.Done():
			t.Fatal("the program did not say where its broker is")
		}
	}
	return st.url
}

func signal(t *testing.T, p *process, sig os.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		t.Fatal(err)
	}
}

// expect reads lines up to the expected one. Only while skipping may others
// come before it.
func (st *stage) expect(ctx context.Context, t *testing.T, s step, skipping bool) {
	t.Helper()
	for {
		line, ok := st.main.next(ctx, t)
		switch {
		case !ok:
			t.Fatalf("the output ended before %v", s)
		case s.matches(line):
			return
		case !skipping:
			t.Fatalf("got the line %q before %v", line, s)
		}
	}
}

func (st *stage) expectEnd(ctx context.Context, t *testing.T, s step, skipping bool) {
	t.Helper()
	for {
		line, ok := st.main.next(ctx, t)
		if !ok {
			break
		}
		if !skipping {
			t.Fatalf("got the line %q before %v", line, s)
		}
	}
	if code := st.main.wait(); code != s.code {
		t.Fatalf("exit code %d instead of %d", code, s.code)
	}
}
