package eventloop

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/dop251/goja"
)

// watchdog interrupts a turn that takes longer than the limit. A turn costs it
// two atomic operations and a look at the clock; one runtime timer serves all
// turns and is armed only while turns happen, so an idle loop costs nothing.
type watchdog struct {
	vm    *goja.Runtime
	limit time.Duration
	epoch time.Time

	turn    uint64        // loop only: number of turns begun
	begun   time.Duration // loop only: when the last turn began, since epoch
	looked  time.Duration // loop only: the time at the last look; 0 when that is too long ago
	state   atomic.Uint64 // turn<<1, plus 1 while it runs
	started atomic.Int64  // when it began, ns since epoch
	armed   atomic.Bool   // timer is running or check is under way
	overran atomic.Int64  // when the turn was interrupted that has not ended since, ns since epoch; 0: none

	mu     sync.Mutex // orders interrupting against clearing
	timer  *time.Timer
	dead   atomic.Bool // an interruption by kill is never cleared
	closed bool
}

func newWatchdog(vm *goja.Runtime, limit time.Duration) *watchdog {
	return &watchdog{vm: vm, limit: limit, epoch: time.Now()}
}

func (w *watchdog) begin() {
	if w.begun = w.looked; w.begun == 0 {
		w.begun = w.look()
	}
	w.looked = 0
	if w.limit <= 0 {
		return
	}
	w.turn++
	w.started.Store(int64(w.begun))
	w.state.Store(w.turn<<1 | 1)
	if !w.armed.Load() && w.armed.CompareAndSwap(false, true) {
		w.arm(w.limit)
	}
}

// look reads the clock. The next turn begins at that time, if it follows at
// once: reading it twice is a tenth of what a short handler takes.
func (w *watchdog) look() time.Duration {
	w.looked = time.Since(w.epoch) // half of what time.Now takes
	return w.looked
}

// forget says that the last look was long ago.
func (w *watchdog) forget() { w.looked = 0 }

func (w *watchdog) end() {
	if w.limit <= 0 || w.state.CompareAndSwap(w.turn<<1|1, w.turn<<1) {
		return
	}
	// check has taken this turn: wait until its interruption is in and undo it.
	w.mu.Lock()
	w.overran.Store(0)
	if !w.dead.Load() {
		w.vm.ClearInterrupt()
	}
	w.mu.Unlock()
}

func (w *watchdog) arm(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	if w.timer == nil {
		w.timer = time.AfterFunc(d, w.check)
		return
	}
	w.timer.Reset(d)
}

// check runs on the timer's goroutine.
func (w *watchdog) check() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	state, started := w.state.Load(), w.started.Load()
	if state&1 == 0 {
		w.armed.Store(false)
		// A turn that began before the line above did not arm the timer.
		if w.state.Load()&1 == 1 && w.armed.CompareAndSwap(false, true) {
			w.timer.Reset(w.limit)
		}
		return
	}
	left := w.limit - (time.Since(w.epoch) - time.Duration(started))
	if left > 0 {
		w.timer.Reset(left)
		return
	}
	if w.state.CompareAndSwap(state, state&^1) {
		w.vm.Interrupt(errLimit)
		w.overran.Store(int64(time.Since(w.epoch)))
	}
	w.timer.Reset(w.limit)
}

// kill interrupts for good.
func (w *watchdog) kill(reason error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.dead.Load() {
		w.dead.Store(true)
		w.vm.Interrupt(reason)
	}
}

func (w *watchdog) killed() bool { return w.dead.Load() }

// close ends the timer; when it returns check does nothing any more.
func (w *watchdog) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	if w.timer != nil {
		w.timer.Stop()
	}
}
