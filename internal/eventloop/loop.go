// Package eventloop lets one goroutine own one JavaScript VM: a queue of jobs
// from outside, timers, microtasks, promises that Go settles, and the
// interruption of code that does not end.
//
// # Concurrency
//
// The goroutine that calls Loop.Run owns the VM until Run returns. "On the
// loop" means on that goroutine, inside a Job or a native function that a job
// called; only there may anything of goja be touched. A method that may be
// called "from anywhere" says so. Before Run the creator of the loop counts as
// being on the loop.
//
// The queue has a stated capacity for what comes from outside (Offer). Answers
// to what the VM itself asked for (Answer) are always taken, so their number
// is bounded by what was asked.
package eventloop

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/engine"
)

// Job is work for the loop. Of Run and Drop exactly one is called, once.
type Job interface {
	// Run does the work, on the loop.
	Run()
	// Drop says that the loop ended before the job's turn. It is called from
	// any goroutine and must not touch the VM.
	Drop()
}

// Taker does the work for many things that wait in the queue by themselves, so
// that no Job has to be made for each. Of Take and Refuse exactly one is called
// for a thing, once.
type Taker interface {
	// Take does the work, on the loop.
	Take(thing any)
	// Refuse says that the loop ended before the thing's turn. It is called from
	// any goroutine and must not touch the VM.
	Refuse(thing any)
}

// entry is what waits in the queue.
type entry struct {
	to    Taker
	thing any
}

// Run does the work of a turn.
func (e *entry) Run() { e.to.Take(e.thing) }

// jobs takes a Job.
type jobs struct{}

// Take implements Taker.
func (jobs) Take(thing any) { thing.(Job).Run() } //nolint:forcetypeassert // Offer and Answer queue nothing else

// Refuse implements Taker.
func (jobs) Refuse(thing any) { thing.(Job).Drop() } //nolint:forcetypeassert // as above

// Config describes a Loop.
type Config struct {
	// Limit is how long one turn (a job or timer with its microtasks) may run
	// JavaScript before it is interrupted; 0 means no limit.
	Limit time.Duration
	// Capacity is how many jobs Offer lets wait; 0 means 4096.
	Capacity int
	// Report receives every failure that no JavaScript caught, on the loop:
	// *goja.Exception, *Rejection, *Overrun, *Overflow or *Panic. where names
	// what was running, such as "onMessage" or "setTimeout".
	Report func(where string, err error)
	// AfterTurn is called on the loop after each turn; nil is allowed.
	AfterTurn func()
}

// Loop owns a VM. Create it with New, then call Run on its goroutine.
type Loop struct {
	vm       *goja.Runtime
	report   func(where string, err error)
	after    func()
	capacity int
	dog      *watchdog
	stack    *engine.Stack
	globals  *engine.Lazy

	mu      sync.Mutex
	queue   []entry
	offered int // jobs in queue that count against capacity
	closed  bool

	wake    chan struct{} // capacity 1: a token means "look again"
	stopped atomic.Bool

	// All below is touched on the loop only.
	timers     timerHeap
	timerSeq   uint64
	timerID    int64
	timersByID map[int64]*Timer
	immediates []*Timer
	rejections []*goja.Promise
	pending    int // promises that Go has yet to settle
	then       goja.Callable
	wrap       goja.Callable
	resolved   goja.Value
	nop        *goja.Program
	kept       []*goja.Object // until the turn ends
	carried    *goja.Object   // see Carry

	ticks      []tick
	ticking    bool // UseTicks was called
	primed     bool // Primed is running
	primedWork func()
	frame      goja.Callable
}

// maxCallDepth bounds recursion. Each level may cost a few KB of Go stack, and
// a Go stack that reaches its limit ends the process; and where native code
// takes part, unwinding takes time with the square of the depth (measured:
// 1.5 to 5 s for 8000 levels).
const maxCallDepth = 4000

// New creates a loop with a fresh VM that has the timer functions and
// queueMicrotask as globals.
func New(cfg Config) *Loop {
	if cfg.Capacity <= 0 {
		cfg.Capacity = 4096
	}
	vm := goja.New()
	vm.SetMaxCallStackSize(maxCallDepth)
	l := &Loop{
		vm:         vm,
		report:     cfg.Report,
		after:      cfg.AfterTurn,
		capacity:   cfg.Capacity,
		dog:        newWatchdog(vm, cfg.Limit),
		stack:      engine.StackOf(vm),
		globals:    engine.LazyGlobals(vm),
		wake:       make(chan struct{}, 1),
		timersByID: make(map[int64]*Timer),
		nop:        goja.MustCompile("", "0", true),
	}
	engine.FasterForOf(vm, func(name string, f func(goja.FunctionCall) goja.Value) *goja.Object { return Function(vm, name, 0, f) })
	l.installPromises()
	l.installTicks()
	l.installTimers()
	return l
}

// VM returns the VM. It may be touched on the loop only.
func (l *Loop) VM() *goja.Runtime { return l.vm }

// Globals is the VM's global object, for globals that are made when they are
// first used. On the loop.
func (l *Loop) Globals() *engine.Lazy { return l.globals }

// Offer queues a job from outside. It never blocks; false means that the queue
// is full or the loop has ended, and neither Run nor Drop will be called. From
// anywhere.
func (l *Loop) Offer(job Job) bool {
	l.mu.Lock()
	if l.closed || l.offered >= l.capacity {
		l.mu.Unlock()
		return false
	}
	l.offered++
	l.push(jobs{}, job)
	return true
}

// Answer queues a job that answers something the VM asked for. It never
// blocks; when the loop has ended the job is dropped at once. From anywhere.
func (l *Loop) Answer(job Job) { l.Hand(jobs{}, job) }

// Hand is Answer for a thing that a Taker takes.
func (l *Loop) Hand(to Taker, thing any) {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		to.Refuse(thing)
		return
	}
	l.push(to, thing)
}

// push appends and wakes the loop; it is called locked and unlocks.
func (l *Loop) push(to Taker, thing any) {
	l.queue = append(l.queue, entry{to, thing})
	first := len(l.queue) == 1
	l.mu.Unlock()
	if first {
		l.signal()
	}
}

func (l *Loop) signal() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Stop makes Run return after the turn that is running. From anywhere, any
// number of times.
func (l *Loop) Stop() {
	l.stopped.Store(true)
	l.signal()
}

// Kill makes Run return and interrupts the JavaScript that is running. From
// anywhere, any number of times. Native code that is running, such as a sort
// or a regular expression, is waited for.
func (l *Loop) Kill() {
	l.stopped.Store(true)
	l.dog.kill(errKilled)
	l.signal()
}

// Exit stops the loop and unwinds the JavaScript that called it; catch and
// finally blocks do not run. It does not return. On the loop, from a native
// function only.
func (l *Loop) Exit() {
	l.stopped.Store(true)
	l.signal()
	l.dog.kill(errExited)
	_, err := l.vm.RunProgram(l.nop)
	panic(err)
}

// Stuck returns how long it is since a turn was interrupted that has not ended
// since, because native code in it goes on; 0 when there is none. From anywhere.
func (l *Loop) Stuck() time.Duration {
	at := l.dog.overran.Load()
	if at == 0 {
		return 0
	}
	return time.Since(l.dog.epoch) - time.Duration(at)
}

// Stopped tells whether Stop, Kill or Exit was called. From anywhere.
func (l *Loop) Stopped() bool { return l.stopped.Load() }

// KeepDuringTurn keeps an object from being collected until the turn that is
// running ends. On the loop.
func (l *Loop) KeepDuringTurn(obj *goja.Object) { l.kept = append(l.kept, obj) }

// Pending returns how many promises wait for Go to settle them. On the loop.
func (l *Loop) Pending() int { return l.pending }

// Run makes the calling goroutine the owner of the VM and returns when the
// loop was stopped. Jobs still queued are dropped.
func (l *Loop) Run() {
	defer l.close()
	var spare []entry
	for !l.stopped.Load() {
		l.fireTimers()
		batch := l.take(spare)
		for i := range batch {
			if l.stopped.Load() {
				refuseAll(batch[i:])
				return
			}
			l.turn("", &batch[i])
			batch[i] = entry{}
			if len(l.timers) > 0 && !l.timers[0].when.After(time.Now()) {
				l.fireTimers()
			}
		}
		spare = batch[:0]
		l.dog.forget()
		l.stack.Clear()
		l.fireImmediates()
		if len(batch) == 0 && len(l.immediates) == 0 && !l.stopped.Load() {
			l.wait()
		}
	}
}

// take swaps the queue for an empty one and returns what was in it.
func (l *Loop) take(spare []entry) []entry {
	l.mu.Lock()
	batch := l.queue
	l.queue = spare
	l.offered = 0
	l.mu.Unlock()
	return batch
}

// wait sleeps until a job comes, a timer is due or the loop is stopped.
func (l *Loop) wait() {
	if len(l.timers) == 0 {
		<-l.wake
		return
	}
	d := time.Until(l.timers[0].when)
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-l.wake:
	case <-t.C:
	}
}

func (l *Loop) close() {
	l.stopped.Store(true)
	l.mu.Lock()
	l.closed = true
	rest := l.queue
	l.queue = nil
	l.mu.Unlock()
	refuseAll(rest)
	l.dog.close()
}

// Discard ends a loop that was never Run.
func (l *Loop) Discard() { l.close() }

func refuseAll(queue []entry) {
	for _, e := range queue {
		e.to.Refuse(e.thing)
	}
}
