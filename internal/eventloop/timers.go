package eventloop

import (
	"container/heap"
	"math"
	"time"

	"github.com/dop251/goja"
)

// Timer is what setTimeout, setInterval and setImmediate return. It is touched
// on the loop only.
type Timer struct {
	id     int64
	where  string // the function that made it
	fn     goja.Callable
	args   []goja.Value
	object *goja.Object // the Timeout or Immediate that JavaScript holds
	native func()       // in place of fn, for a timer of Go

	carried *goja.Object // see Loop.Carry

	delay  time.Duration
	repeat bool
	unref  bool
	dead   bool // cleared, or fired and not repeating

	when  time.Time
	seq   uint64 // order of timers that are due at the same time
	index int    // in the heap; -1 outside
}

// timerHeap is a heap of timers by due time.
type timerHeap []*Timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool {
	if h[i].when.Equal(h[j].when) {
		return h[i].seq < h[j].seq
	}
	return h[i].when.Before(h[j].when)
}

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements heap.Interface.
func (h *timerHeap) Push(x any) {
	t := x.(*Timer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop implements heap.Interface.
func (h *timerHeap) Pop() any {
	old := *h
	t := old[len(old)-1]
	old[len(old)-1] = nil
	*h = old[:len(old)-1]
	t.index = -1
	return t
}

// start puts the timer on the heap, due after its delay.
func (l *Loop) start(t *Timer, now time.Time) {
	t.when = now.Add(t.delay)
	l.timerSeq++
	t.seq = l.timerSeq
	t.dead = false
	if t.native == nil {
		l.timersByID[t.id] = t
	}
	if t.index >= 0 {
		heap.Fix(&l.timers, t.index)
		return
	}
	heap.Push(&l.timers, t)
}

// clear makes sure that the timer does not fire again.
func (l *Loop) clear(t *Timer) {
	t.dead = true
	if t.native == nil {
		delete(l.timersByID, t.id)
	}
	if t.index >= 0 {
		heap.Remove(&l.timers, t.index)
	}
}

// fireTimers runs the timers that are due. Those that they start wait for the
// next round, so that a timer of no delay cannot keep the queue waiting.
func (l *Loop) fireTimers() {
	if len(l.timers) == 0 {
		return
	}
	now, last := time.Now(), l.timerSeq
	for len(l.timers) > 0 && !l.stopped.Load() {
		t := l.timers[0]
		if t.when.After(now) || t.seq > last {
			return
		}
		if t.repeat {
			l.start(t, now)
		} else {
			l.clear(t)
		}
		l.fire(t)
	}
}

func (l *Loop) fire(t *Timer) {
	if t.native != nil {
		l.Turn("", t.native)
		return
	}
	l.Turn(t.where, func() {
		l.carried = t.carried
		l.Call(t.where, t.fn, t.object, t.args...)
	})
}

// fireImmediates runs the immediates that were set before this round.
func (l *Loop) fireImmediates() {
	list := l.immediates
	l.immediates = nil
	for _, t := range list {
		if l.stopped.Load() {
			return
		}
		if !t.dead {
			l.clear(t)
			l.fire(t)
		}
	}
}

// After calls f as a turn of its own once d has passed; the returned function
// cancels it. On the loop.
func (l *Loop) After(d time.Duration, f func()) (cancel func()) {
	t := &Timer{native: f, delay: d, index: -1}
	l.start(t, time.Now())
	return func() { l.clear(t) }
}

// HasTimers tells whether a timer or immediate of the script waits. On the
// loop.
func (l *Loop) HasTimers() bool { return len(l.timersByID) > 0 }

// TimerMark returns a mark for OneShotsSince. On the loop.
func (l *Loop) TimerMark() int64 { return l.timerID }

// OneShotsSince tells whether a timeout or immediate that was set after the
// mark has yet to fire. Intervals and unref'd timers do not count. On the loop.
func (l *Loop) OneShotsSince(mark int64) bool {
	for id, t := range l.timersByID {
		if id > mark && !t.repeat && !t.unref {
			return true
		}
	}
	return false
}

// delayOf reads a delay in milliseconds as Node does: what is no number, below
// 1 or too large is 1.
func delayOf(v goja.Value) time.Duration {
	ms := v.ToFloat()
	if !(ms >= 1 && ms <= math.MaxInt32) {
		ms = 1
	}
	return time.Duration(ms) * time.Millisecond
}
