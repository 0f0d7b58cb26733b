// Command mqscript runs JavaScript on an MQTT client, and brings the small
// tools that go with it.
//
// # Output
//
// stdout holds only what was asked for: what scripts print, messages, help.
// The program's own words go to stderr, one line each. An error is one line
// that begins with "mqscript: error: ".
//
// # Exit codes
//
// 0 all went well; 1 it did not; 2 the command line or a setting is wrong; 27
// sub waited in vain (see config.Sub).
//
// # Concurrency
//
// The first SIGINT or SIGTERM cancels the context that every command is given,
// the second ends the program at once.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/isolate"
)

func main() {
	c := console{in: os.Stdin, out: os.Stdout, err: os.Stderr}
	if len(os.Args) > 1 && os.Args[1] == isolate.Command {
		os.Exit(c.fail(scriptProcess(c)))
	}
	os.Exit(program(os.Args[1:], c))
}

// console is where the program reads and writes.
type console struct {
	in       io.Reader
	out, err io.Writer
}

// program runs one command line and returns the exit code.
func program(args []string, c console) int {
	settings, err := config.Parse(args, config.Output{Stdout: c.out, Version: version()})
	if err != nil {
		return c.fail(usage(err))
	}
	if settings == nil { // help or version, printed already
		return 0
	}
	ctx, stop := interruptible(context.Background())
	defer stop()
	return c.fail(c.execute(ctx, settings))
}

func (c console) execute(ctx context.Context, settings any) error {
	switch s := settings.(type) {
	case *config.Run:
		return run(ctx, s, c)
	case *config.Pub:
		return publish(ctx, s, c)
	case *config.Sub:
		return subscribe(ctx, s, c)
	case *config.Broker:
		return serveBroker(ctx, s, c)
	case *config.Init:
		return initialize(s, c)
	case *config.Check:
		return check(s, c)
	case *config.Types:
		return printTypes(s, c)
	}
	return fmt.Errorf("there is no command for %T", settings)
}

// exitError is an error with an exit code other than 1.
type exitError struct {
	code int
	err  error // nil: nothing more is to be said
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage marks an error as a wrong command line or setting.
func usage(err error) error { return &exitError{code: 2, err: err} }

// fail prints the error, if any, and returns the exit code for it.
func (c console) fail(err error) int {
	if err == nil {
		return 0
	}
	code := 1
	var exit *exitError
	if errors.As(err, &exit) {
		code = exit.code
		if exit.err == nil {
			return code
		}
	}
	_, _ = fmt.Fprintf(c.err, "mqscript: error: %v\n", err)
	return code
}

// echo is how long after the first signal another one is taken as the same one:
// timeout, container runtimes and npm signal a program and its process group.
const echo = 50 * time.Millisecond

// interruptible returns a context that the first signal cancels. The second
// ends the program.
func interruptible(parent context.Context) (ctx context.Context, stop func()) {
	ctx, cancel := context.WithCancel(parent)
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	done := make(chan struct{})
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		var first time.Time
		for {
			select {
			case <-signals:
				switch {
				case first.IsZero():
					first = time.Now()
					cancel()
				case time.Since(first) > echo:
					os.Exit(1)
				}
			case <-done:
				return
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(done)
		<-ended
		cancel()
	}
}

// version is the module's version as the build recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "(unknown)"
	}
	return info.Main.Version
}
