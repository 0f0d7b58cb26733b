package eventloop_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dop251/goja"
	"go.uber.org/goleak"

	"github.com/mqscript/mqscript/internal/eventloop"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// instruction is the number of an instruction, which goja adds to positions.
var instruction = regexp.MustCompile(`\(\d+\)$`)

// harness is a running loop that records what it reports.
type harness struct {
	*eventloop.Loop
	t    *testing.T
	done chan struct{}

	mu      sync.Mutex
	reports []string
	log     []string
}

func start(t *testing.T, cfg eventloop.Config) *harness {
	t.Helper()
	h := &harness{t: t, done: make(chan struct{})}
	cfg.Report = func(where string, err error) {
		h.mu.Lock()
		text := instruction.ReplaceAllString(err.Error(), "")
		h.reports = append(h.reports, strings.TrimSpace(where+": "+text))
		h.mu.Unlock()
	}
	h.Loop = eventloop.New(cfg)
	_ = h.VM().Set("log", func(call goja.FunctionCall) goja.Value {
		h.mu.Lock()
		h.log = append(h.log, call.Argument(0).String())
		h.mu.Unlock()
		return goja.Undefined()
	})
	_ = h.VM().Set("exit", func(goja.FunctionCall) goja.Value { h.Exit(); return nil })
	go func() {
		defer close(h.done)
		h.Run()
	}()
	t.Cleanup(func() {
		h.Kill()
		h.ended()
	})
	return h
}

func (h *harness) ended() {
	h.t.Helper()
	select {
	case <-h.done:
	case <-time.After(10 * time.Second):
		h.t.Fatal("the loop did not end")
	}
}

// eval runs source as a job and waits for the end of its turn.
func (h *harness) eval(source string) {
	h.t.Helper()
	ran := make(chan struct{})
	h.offer(job(func() {
		if _, err := h.VM().RunString(source); err != nil {
			h.Fail("job", err)
		}
	}))
	h.offer(job(func() { close(ran) }))
	select {
	case <-ran:
	case <-h.done:
	case <-time.After(10 * time.Second):
		h.t.Fatal("the job did not end")
	}
}

func (h *harness) offer(j eventloop.Job) {
	h.t.Helper()
	if !h.Offer(j) {
		h.t.Fatal("job refused")
	}
}

func (h *harness) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.log, " ")
}

func (h *harness) reported() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.reports, "\n")
}

// until polls until get returns want.
func (h *harness) until(get func() string, want string) {
	h.t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for get() != want {
		if time.Now().After(deadline) {
			h.t.Fatalf("got %q, want %q", get(), want)
		}
		time.Sleep(time.Millisecond)
	}
}

// job is a function as a Job.
type job func()

func (j job) Run()  { j() }
func (j job) Drop() {}

func TestTimersFireInOrderOfTheirTime(t *testing.T) {
	h := start(t, eventloop.Config{})
	h.eval(`
		setTimeout(() => log('30'), 30); setTimeout(() => log('10a'), 10); setTimeout(() => log('10b'), 10)
		setTimeout(() => log('0')); setTimeout((a, b) => log(a + b), 20, 'A', 'B')
		const dead = setTimeout(() => log('dead'), 15); clearTimeout(dead)
		let n = 0; const i = setInterval(() => { log('i' + ++n); if (n === 3) { clearInterval(i); log('end') } }, 50)
		Promise.resolve().then(() => log('promise')); queueMicrotask(() => log('microtask')); log('sync')`)
	h.until(h.logged, "sync promise microtask 0 10a 10b AB 30 i1 i2 i3 end")
}

func TestFailuresAreReported(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"job", `throw new Error('boom')`, "job: Error: boom at <eval>:1:7"},
		{"timer", `setTimeout(() => { throw new Error('boom') })`, "setTimeout: Error: boom at <eval>:1:26"},
		{"interval", `const i = setInterval(() => { clearInterval(i); throw 5 })`, "setInterval: 5 at <eval>:1:49"},
		{"immediate", `setImmediate(() => { throw new TypeError('boom') })`, "setImmediate: TypeError: boom at <eval>:1:28"},
		{"microtask", `queueMicrotask(() => { throw new Error('boom') })`, "queueMicrotask: Error: boom at <eval>:1:30"},
		{"rejection", `Promise.reject(new Error('boom'))`, ": unhandled rejection: Error: boom"},
		{"async function", `(async () => { await null; throw new Error('boom') })()`, ": unhandled rejection: Error: boom"},
		{"two rejections", `Promise.reject(1); Promise.reject(2)`, ": unhandled rejection: 1\n: unhandled rejection: 2"},
		{"recursion", `(function f() { f() })()`, "job: RangeError: Maximum call stack size exceeded"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, eventloop.Config{})
			h.eval(c.source)
			h.until(h.reported, c.want)
			h.eval(`log('alive')`)
			h.until(h.logged, "alive")
		})
	}
}

func TestHandledRejectionsAreNot(t *testing.T) {
	h := start(t, eventloop.Config{})
	h.eval(`
		Promise.reject(1).catch(() => {})
		const p = Promise.reject(2); Promise.resolve().then(() => p.catch(() => log('caught')));
		(async () => { try { await Promise.reject(3) } catch {} })()`)
	if got := h.reported(); got != "" || h.logged() != "caught" {
		t.Errorf("reported %q, logged %q", got, h.logged())
	}
}

func TestEndlessLoopsAreInterrupted(t *testing.T) {
	for _, c := range []struct{ name, source, where string }{
		{"job", `log('in'); for (;;) {}`, "job"},
		{"timer", `setTimeout(() => { log('in'); for (;;) {} })`, "setTimeout"},
		{"promise", `Promise.resolve().then(() => { log('in'); for (;;) {} })`, "job"},
		{"microtask", `queueMicrotask(() => { log('in'); for (;;) {} })`, "job"},
		{"microtasks without end", `log('in'); (function again() { Promise.resolve().then(again) })()`, "job"},
		{"try", `log('in'); for (;;) try { for (;;) {} } catch {} finally { continue }`, "job"},
		{"callback", `log('in'); [1].forEach(() => { for (;;) {} })`, "job"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, eventloop.Config{Limit: 20 * time.Millisecond})
			h.eval(c.source)
			h.until(h.reported, c.where+": interrupted after 20ms: it did not return")
			h.eval(`log('alive'); Promise.resolve().then(() => log('promises too'))`)
			h.until(h.logged, "in alive promises too")
		})
	}
}

func TestLimitCountsEachTurn(t *testing.T) {
	h := start(t, eventloop.Config{Limit: time.Second})
	h.eval(`
		let n = 0
		const i = setInterval(() => {
			const until = Date.now() + 120; while (Date.now() < until) {}
			if (++n === 10) { clearInterval(i); log('done') }
		}, 1)`)
	h.until(h.logged, "done")
	if got := h.reported(); got != "" {
		t.Errorf("reported %q", got)
	}
}

func TestPanicsOfNativeFunctionsAreContained(t *testing.T) {
	h := start(t, eventloop.Config{})
	_ = h.VM().Set("bad", func(goja.FunctionCall) goja.Value {
		panic("a mistake of the program")
	})
	h.eval(`bad()`)
	h.eval(`setTimeout(() => bad()); Promise.resolve().then(() => bad())`)
	h.eval(`log('alive'); Promise.resolve().then(() => log('promises too'))`)
	h.until(h.logged, "alive promises too")
	if got := h.reported(); !strings.Contains(got, "internal error: a mistake of the program") {
		t.Errorf("reported %q", got)
	}
}

func TestExitUnwindsEverything(t *testing.T) {
	for _, source := range []string{
		`exit(); log('after')`,
		`try { exit() } catch { log('catch') } finally { log('finally') }; log('after')`,
		`[1, 2].forEach(() => { exit(); log('after') })`,
		`[1, 2].forEach(exit)`,
		`new Promise(() => { exit(); log('after') }).catch(() => log('catch'))`,
		`Promise.resolve().then(() => { exit(); log('after') }).finally(() => log('finally'))`,
		`Promise.resolve().then(exit).then(() => log('after')); Promise.resolve().then(() => {}).then(() => log('after'))`,
		`setTimeout(() => { exit(); log('after') }); setTimeout(() => log('later'), 1)`,
		`setTimeout(exit); setTimeout(() => log('later'))`,
		`setImmediate(exit); setImmediate(() => log('later'))`,
		`(async () => { await null; try { exit() } finally { log('finally') } })(); (async () => { await null; await null; log('after') })()`,
		`({ get x() { exit(); log('after') } }).x; log('after')`,
		`const g = (function* () { try { yield 1 } finally { log('finally') } })(); for (const x of g) { exit() }`,
		`for (const x of { [Symbol.iterator]() { return { next: () => ({ value: 1 }), return() { log('return'); return {} } } } }) { exit() }`,
		`JSON.stringify({ toJSON() { exit() } }); log('after')`,
		`queueMicrotask(exit); queueMicrotask(() => log('after'))`,
		`new Proxy({}, { get() { exit() } }).x; log('after')`,
		`[3, 1, 2].sort(() => { exit() }); log('after')`,
		`class A { constructor() { try { exit() } finally { log('finally') } } }; new A(); log('after')`,
	} {
		h := start(t, eventloop.Config{Limit: time.Second})
		h.offer(job(func() {
			if _, err := h.VM().RunString(source); err != nil {
				h.Fail("job", err)
			}
		}))
		h.ended()
		if h.logged() != "" || h.reported() != "" {
			t.Errorf("%s\nlogged %q, reported %q", source, h.logged(), h.reported())
		}
	}
}

func TestKillInterrupts(t *testing.T) {
	h := start(t, eventloop.Config{})
	h.offer(job(func() { _, _ = h.VM().RunString(`log('in'); try { for (;;) {} } finally { log('finally') }`) }))
	h.until(h.logged, "in")
	h.Kill()
	h.Kill()
	h.ended()
	if h.logged() != "in" || h.reported() != "" {
		t.Errorf("logged %q, reported %q", h.logged(), h.reported())
	}
}

// counted notes which of its methods was called.
type counted struct {
	run, drop chan<- int
	n         int
}

func (c counted) Run()  { c.run <- c.n }
func (c counted) Drop() { c.drop <- c.n }

func TestEachJobIsRunOrDroppedOnce(t *testing.T) {
	h := start(t, eventloop.Config{Capacity: 8})
	run, drop := make(chan int, 32), make(chan int, 32)
	block, blocked := make(chan struct{}), make(chan struct{})
	h.offer(job(func() { close(blocked); <-block }))
	<-blocked
	for i := range 8 {
		h.offer(counted{run, drop, i})
	}
	if h.Offer(counted{run, drop, 8}) {
		t.Error("the ninth job was taken")
	}
	h.Answer(counted{run, drop, 9})
	h.Stop()
	close(block)
	h.ended()
	h.Answer(counted{run, drop, 10})
	if h.Offer(counted{run, drop, 11}) {
		t.Error("a job was taken after the end")
	}
	close(run)
	close(drop)
	var dropped []int
	for n := range drop {
		dropped = append(dropped, n)
	}
	if len(run) != 0 || fmt.Sprint(dropped) != "[0 1 2 3 4 5 6 7 9 10]" {
		t.Errorf("%d run, dropped %v", len(run), dropped)
	}
}

func TestJobsKeepTheirOrder(t *testing.T) {
	h := start(t, eventloop.Config{Capacity: 100000})
	const senders, each = 4, 2000
	var mu sync.Mutex
	seen := make([][]int, senders)
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				h.Answer(job(func() {
					mu.Lock()
					seen[s] = append(seen[s], i)
					mu.Unlock()
				}))
			}
		})
	}
	wg.Wait()
	finished := make(chan struct{})
	h.Answer(job(func() { close(finished) }))
	<-finished
	for s, list := range seen {
		for i, v := range list {
			if v != i {
				t.Fatalf("sender %d: job %d came at %d", s, v, i)
			}
		}
		if len(list) != each {
			t.Errorf("sender %d: %d jobs", s, len(list))
		}
	}
}

func TestDeferredSettlesFromElsewhere(t *testing.T) {
	h := start(t, eventloop.Config{})
	var good, bad *eventloop.Deferred
	_ = h.VM().Set("promises", func(goja.FunctionCall) goja.Value {
		good, bad = h.Defer(), h.Defer()
		return h.VM().NewArray(good.Promise(), bad.Promise())
	})
	h.eval(`const [a, b] = promises(); a.then(v => log('a ' + v)); b.catch(e => log('b ' + e))`)
	pending := make(chan int, 2)
	h.offer(job(func() { pending <- h.Pending() }))
	go func() {
		good.Settle(func(vm *goja.Runtime) (goja.Value, bool) { return vm.ToValue(1), false })
		bad.Settle(func(vm *goja.Runtime) (goja.Value, bool) { return vm.ToValue(2), true })
	}()
	h.until(h.logged, "a 1 b 2")
	h.offer(job(func() { pending <- h.Pending() }))
	if before, after := <-pending, <-pending; before != 2 || after != 0 {
		t.Errorf("pending %d, then %d", before, after)
	}
}

func TestThenSeesBothOutcomes(t *testing.T) {
	h := start(t, eventloop.Config{})
	h.offer(job(func() {
		for _, source := range []string{`Promise.resolve('yes')`, `Promise.reject('no')`} {
			p, err := h.VM().RunString(source)
			if err != nil {
				t.Error(err)
			}
			log := func(prefix string) func(goja.Value) {
				return func(v goja.Value) {
					h.mu.Lock()
					h.log = append(h.log, prefix+v.String())
					h.mu.Unlock()
				}
			}
			if err := h.Then(p, log("fulfilled "), log("rejected ")); err != nil {
				t.Error(err)
			}
		}
	}))
	h.until(h.logged, "fulfilled yes rejected no")
	if h.reported() != "" {
		t.Errorf("reported %q", h.reported())
	}
}

func TestTimersOfGo(t *testing.T) {
	h := start(t, eventloop.Config{})
	fired := make(chan string, 2)
	h.offer(job(func() {
		cancel := h.After(time.Millisecond, func() { fired <- "cancelled" })
		h.After(5*time.Millisecond, func() { fired <- "fired" })
		cancel()
	}))
	if got := <-fired; got != "fired" {
		t.Errorf("%s", got)
	}
}

func TestDiscardedLoopDropsJobs(t *testing.T) {
	l := eventloop.New(eventloop.Config{Report: func(string, error) {}})
	run, drop := make(chan int, 1), make(chan int, 1)
	l.Answer(counted{run, drop, 1})
	l.Discard()
	if len(drop) != 1 || l.Offer(counted{run, drop, 2}) {
		t.Error("a discarded loop kept a job")
	}
}

func TestClassify(t *testing.T) {
	plain := errors.New("plain")
	if got := eventloop.Classify(plain, 0); !errors.Is(got, plain) {
		t.Errorf("got %v", got)
	}
}
