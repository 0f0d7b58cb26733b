// Command bench compares mqscript with the same scripts in Node.js on MQTT.js.
//
//	go run ./bench                    everything, with a report in bench/results
//	go run ./bench -quick             about two minutes
//	go run ./bench -cases echo,json -n 200000 -pairs 5
//	go run ./bench -check             a quick run against bench/baseline.json
//
// docs/BENCHMARK.md says how it measures.
//
// # Concurrency
//
// The harness runs one driver and one subject at a time, each a process of its
// own that it ends by its process id. Both have one goroutine here that waits
// for the end, and the driver one that reads what it prints; end joins them.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

// The program starts itself again in these roles.
const (
	roleVariable = "MQSCRIPT_BENCH_ROLE"
	roleDriver   = "driver"
	roleBare     = "bare"
)

func main() {
	os.Exit(program(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) //nolint:forbidigo // main of a program
}

func program(args []string, in io.Reader, out, words io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var err error
	switch os.Getenv(roleVariable) {
	case roleDriver:
		stop() // its end is that of its stdin, or of the process
		err = drive(in, out)
	case roleBare:
		err = bareProcess(ctx, args)
	default:
		err = bench(ctx, args, out, words)
	}
	switch {
	case err == nil || errors.Is(err, flag.ErrHelp):
		return 0
	case errors.Is(err, errUsage):
		return 2
	}
	_, _ = fmt.Fprintf(words, "bench: error: %v\n", err)
	return 1
}

var errUsage = errors.New("wrong usage")

// options are the flags.
type options struct {
	selection
	size
	quick, writeBaseline, check bool
	band                        float64
	limit                       time.Duration
	dir, out, binary            string
}

func parse(args []string, words io.Writer) (*options, error) {
	var o options
	var cases, groups, peers, protocols, qos string
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(words)
	f.StringVar(&cases, "cases", "", "only these `cases`, with commas between")
	f.StringVar(&groups, "groups", "", "only these `groups`: throughput, brokers, latency, start, burst, memory, scripts, others")
	f.StringVar(&peers, "peers", "", "only these `peers`: batching, mosquitto, embedded")
	f.StringVar(&protocols, "protocol", "", "only these `versions`: 3.1.1, 5")
	f.StringVar(&qos, "qos", "", "only these `levels`: 0, 1, 2")
	f.IntVar(&o.messages, "n", 0, "`messages` of one run (default 200000, quick 50000)")
	f.IntVar(&o.pairs, "pairs", 0, "how often both take their `turn` (default 5, quick 3)")
	f.BoolVar(&o.quick, "quick", false, "fewer rows and fewer messages: about two minutes")
	f.BoolVar(&o.check, "check", false, "a quick run, compared with the baseline: exit code 1 when a case fell")
	f.Float64Var(&o.band, "band", 0.4, "the `share` by which a case may fall below the baseline")
	f.BoolVar(&o.writeBaseline, "write-baseline", false, "write baseline.json from this run")
	f.DurationVar(&o.limit, "limit", time.Minute, "the longest `time` of one run")
	f.StringVar(&o.binary, "binary", "", "measure this `file` in place of an mqscript built from the source")
	f.StringVar(&o.dir, "dir", "bench", "the `folder` that holds adapter.js and cases")
	f.StringVar(&o.out, "out", "", "the `folder` of the report (default: results in it)")
	if err := f.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, err
		}
		return nil, errUsage
	}
	o.selection = selection{cases: list(cases), groups: list(groups), peers: list(peers), versions: list(protocols), qos: list(qos)}
	o.settle()
	return &o, nil
}

// settle fills in what the flags leave open.
func (o *options) settle() {
	def := fullSize
	if o.quick || o.check {
		def = quickSize
	}
	o.size.quick = def.quick
	if o.messages <= 0 {
		o.messages = def.messages
	}
	if o.pairs <= 0 {
		o.pairs = def.pairs
	}
	if o.out == "" {
		o.out = filepath.Join(o.dir, "results")
	}
}

// bench runs the rows that the flags name.
func bench(ctx context.Context, args []string, out, words io.Writer) error {
	o, err := parse(args, words)
	if err != nil {
		return err
	}
	var before *baseline
	file := filepath.Join(o.dir, "baseline.json")
	if o.check {
		if before, err = readBaseline(file); err != nil {
			return err
		}
	}
	h, err := newHarness(ctx, o)
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(h.tmp) }()
	rep, err := h.all(ctx, o, words)
	if err != nil {
		return err
	}
	if err := rep.write(o.out); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "%s is written\n", filepath.Join(o.out, "REPORT.md"))
	now := baselineOf(rep)
	if o.writeBaseline {
		if err := writeJSON(file, now); err != nil {
			return err
		}
	}
	if before != nil {
		return before.compare(now, o.band, out)
	}
	return rep.failed()
}

// all measures every row of the plan that is selected.
func (h *harness) all(ctx context.Context, o *options, words io.Writer) (*report, error) {
	rep := &report{Machine: machine(ctx, o.dir), Begun: time.Now().UTC()}
	for _, r := range plan(o.size) {
		if !o.keep(r) {
			continue
		}
		res, err := h.measure(ctx, r, words)
		if errors.Is(err, errNoMosquitto) || errors.Is(err, errNoOthers) {
			_, _ = fmt.Fprintf(words, " left out: %v\n", err)
			continue
		}
		if err != nil {
			return nil, err
		}
		rep.Results = append(rep.Results, res)
	}
	rep.Took = time.Since(rep.Begun)
	if len(rep.Results) == 0 {
		return nil, errors.New("the flags leave nothing to run")
	}
	return rep, nil
}

// newHarness builds mqscript, without the race detector, and looks for the
// other side.
func newHarness(ctx context.Context, o *options) (*harness, error) {
	if _, err := exec.LookPath("node"); err != nil {
		return nil, errors.New("node is not installed: the comparison is with Node.js 20")
	}
	if _, err := os.Stat(filepath.Join(o.dir, "node_modules", "mqtt")); err != nil {
		return nil, fmt.Errorf("MQTT.js is not installed: run npm ci in %s", o.dir)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("finding this program: %w", err)
	}
	tmp, err := os.MkdirTemp("", "mqscript-bench-")
	if err != nil {
		return nil, fmt.Errorf("making a folder: %w", err)
	}
	h := &harness{self: self, mqscript: filepath.Join(tmp, "mqscript"), dir: o.dir, tmp: tmp, limit: o.limit}
	if o.binary != "" {
		h.mqscript = o.binary
		return h, nil
	}
	build := exec.CommandContext(ctx, "go", "build", "-o", h.mqscript, "github.com/mqscript/mqscript/cmd/mqscript") //nolint:gosec // the harness's own path
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if text, err := build.CombinedOutput(); err != nil {
		return nil, errors.Join(fmt.Errorf("building mqscript: %w\n%s", err, text), os.RemoveAll(tmp))
	}
	return h, nil
}
