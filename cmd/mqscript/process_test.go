package main

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/mqscript/mqscript/internal/mqtttest"
)

// patience bounds everything that a script waits for.
const patience = 30 * time.Second

type processesKey struct{}

// processes are a script's background processes, by name.
type processes struct{ byName map[string]*process }

func processesOf(ts *testscript.TestScript) *processes {
	return ts.Value(processesKey{}).(*processes)
}

// process is a program in the background.
type process struct {
	cmd            *exec.Cmd
	stdout, stderr output
	done           chan struct{} // closed when it has ended
	err            error         // how; after done
}

// output collects what a process prints and tells who waits for it.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // replaced by each write
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changed != nil {
		close(o.changed)
		o.changed = nil
	}
	return o.text.Write(p)
}

// state returns the text so far and a channel that is closed when it grows.
func (o *output) state() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.changed == nil {
		o.changed = make(chan struct{})
	}
	return o.text.String(), o.changed
}

func (ps *processes) start(name string, cmd *exec.Cmd) error {
	p := &process{cmd: cmd, done: make(chan struct{})}
	cmd.Stdout, cmd.Stderr = &p.stdout, &p.stderr
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", name, err)
	}
	go func() {
		defer close(p.done)
		p.err = cmd.Wait()
	}()
	if ps.byName == nil {
		ps.byName = make(map[string]*process)
	}
	ps.byName[name] = p
	return nil
}

func (ps *processes) get(ts *testscript.TestScript, name string) *process {
	p, ok := ps.byName[name]
	if !ok {
		ts.Fatalf("no process is called %q", name)
	}
	return p
}

// end kills what a script left running.
func (ps *processes) end() {
	for _, p := range ps.byName {
		_ = p.cmd.Process.Kill()
		<-p.done
	}
}

// cmdSpawn starts a program in the background:
//
//	spawn NAME PROGRAM [ARG...]
func cmdSpawn(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: spawn NAME PROGRAM [ARG...]")
	}
	path := args[1]
	if path == "mqscript" {
		path = binaryDir + string(os.PathSeparator) + path + exeSuffix()
	}
	cmd := exec.Command(path, args[2:]...)
	cmd.Dir = ts.MkAbs(".")
	cmd.Env = []string{"HOME=" + ts.Getenv("HOME"), "PATH=" + ts.Getenv("PATH")}
	for _, name := range []string{"GORACE", "MQSCRIPT_URL", "MQSCRIPT_USERNAME", "MQSCRIPT_PASSWORD", "MQSCRIPT_STORE", "MQSCRIPT_ISOLATE"} {
		if value := ts.Getenv(name); value != "" {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
	}
	ts.Check(processesOf(ts).start(args[0], cmd))
}

// cmdAwait waits until a background process has printed something. The first
// group of the regular expression becomes the value of VARIABLE:
//
//	await NAME stdout|stderr REGEXP [VARIABLE]
func cmdAwait(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 || len(args) > 4 {
		ts.Fatalf("usage: await NAME stdout|stderr REGEXP [VARIABLE]")
	}
	p := processesOf(ts).get(ts, args[0])
	out := &p.stdout
	if args[1] == "stderr" {
		out = &p.stderr
	}
	want, err := regexp.Compile("(?m)" + args[2])
	ts.Check(err)
	deadline := time.After(patience)
	ended := false
	for {
		text, changed := out.state()
		if match := want.FindStringSubmatch(text); match != nil {
			if len(args) == 4 {
				ts.Setenv(args[3], match[1])
			}
			return
		}
		if ended {
			ts.Fatalf("%s ended (%v) without printing %q; it printed\n%s", args[0], p.err, args[2], text)
		}
		select {
		case <-changed:
		case <-p.done:
			ended = true
		case <-deadline:
			ts.Fatalf("%s did not print %q; it printed\n%s", args[0], args[2], text)
		}
	}
}

// cmdSignal sends a signal to a background process:
//
//	signal NAME INT|TERM|KILL
func cmdSignal(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": os.Interrupt, "TERM": syscall.SIGTERM, "KILL": os.Kill}
	if neg || len(args) != 2 || signals[args[1]] == nil {
		ts.Fatalf("usage: signal NAME INT|TERM|KILL")
	}
	ts.Check(processesOf(ts).get(ts, args[0]).cmd.Process.Signal(signals[args[1]]))
}

// cmdEnded waits for the end of a background process and puts what it printed
// into the files NAME.out and NAME.err:
//
//	ended NAME CODE
func cmdEnded(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: ended NAME CODE")
	}
	p := processesOf(ts).get(ts, args[0])
	want, err := strconv.Atoi(args[1])
	ts.Check(err)
	select {
	case <-p.done:
	case <-time.After(patience):
		ts.Fatalf("%s does not end", args[0])
	}
	stdout, _ := p.stdout.state()
	stderr, _ := p.stderr.state()
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".out"), []byte(stdout), 0o600))
	ts.Check(os.WriteFile(ts.MkAbs(args[0]+".err"), []byte(stderr), 0o600))
	if code := p.cmd.ProcessState.ExitCode(); code != want {
		ts.Fatalf("%s ended with exit code %d, want %d; it printed\n%s%s", args[0], code, want, stdout, stderr)
	}
}

// cmdMosquitto starts a mosquitto on a free port of the loopback interface and
// sets the variable NAME to the port. Each LINE is added to its configuration:
//
//	mosquitto NAME [LINE...]
func cmdMosquitto(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: mosquitto NAME [LINE...]")
	}
	name := args[0]
	for attempt := 0; ; attempt++ {
		free, err := mqtttest.FreePort()
		ts.Check(err)
		port := strconv.Itoa(free)
		config := append([]string{"listener " + port + " 127.0.0.1", "user root"}, args[1:]...)
		if !strings.Contains(strings.Join(config, "\n"), "allow_anonymous") {
			config = append(config, "allow_anonymous true")
		}
		file := ts.MkAbs(name + ".conf")
		ts.Check(os.WriteFile(file, []byte(strings.Join(config, "\n")+"\n"), 0o600))
		ts.Check(processesOf(ts).start(name, exec.Command(mosquittoPath(), "-c", file)))
		if err := awaitPort(processesOf(ts).get(ts, name), port); err == nil {
			ts.Setenv(name, port)
			return
		} else if attempt == 2 { // somebody else may have taken the port meanwhile
			ts.Fatalf("mosquitto does not start: %v", err)
		}
	}
}

// awaitPort waits until the process listens.
func awaitPort(p *process, port string) error {
	deadline := time.Now().Add(patience)
	for time.Now().Before(deadline) {
		conn, err := net.DialTimeout("tcp", "127.0.0.1:"+port, time.Second)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-p.done:
			text, _ := p.stderr.state()
			return fmt.Errorf("it ended: %s", text)
		case <-time.After(10 * time.Millisecond):
		}
	}
	return errors.New("it does not listen")
}
