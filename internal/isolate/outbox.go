package isolate

import (
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// outbox gathers what a child writes and writes it on a goroutine of its own.
type outbox struct {
	w    io.Writer
	news func([]byte) []byte // appends what goes before all that was added

	wake chan struct{} // capacity 1: a token means "look again"
	done chan struct{} // closed: all is written, or writing failed

	mu     sync.Mutex
	buf    []byte
	flying int           // bytes that are being written
	room   chan struct{} // closed when await may look again; nil: nobody waits
	ending bool          // nothing follows
	err    error
}

// outboxRoom is how much may wait before the script does.
const outboxRoom = 1 << 20

func newOutbox(w io.Writer, news func([]byte) []byte) *outbox {
	return &outbox{w: w, news: news, wake: make(chan struct{}, 1), done: make(chan struct{})}
}

// add has f append a frame. It does not block: who can wait, awaits room first.
func (o *outbox) add(f func([]byte) []byte) {
	o.mu.Lock()
	if !o.ending {
		o.buf = f(o.buf)
	}
	o.mu.Unlock()
	o.nudge()
}

// nudge has news told soon.
func (o *outbox) nudge() {
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// roomy tells whether a script may add more.
func (o *outbox) roomy() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.ending && len(o.buf)+o.flying < outboxRoom
}

// await waits until there is room; false when cancel was closed before, or
// nothing is written any more.
func (o *outbox) await(cancel <-chan struct{}) bool {
	for {
		o.mu.Lock()
		if o.ending || len(o.buf)+o.flying < outboxRoom {
			defer o.mu.Unlock()
			return !o.ending
		}
		if o.room == nil {
			o.room = make(chan struct{})
		}
		room := o.room
		o.mu.Unlock()
		select {
		case <-room:
		case <-cancel:
			return false
		case <-o.done:
			return false
		}
	}
}

// write is the goroutine that writes, until drain or close was called.
func (o *outbox) write() {
	defer close(o.done)
	var pace pace
	var added, spare []byte
	for range o.wake {
		pace.wait(o.waiting)
		for {
			var ending bool
			added, ending = o.take(added)
			// Only now: what was added may rest on the newest of the news.
			batch := append(o.news(spare[:0]), added...)
			if len(batch) == 0 {
				if ending {
					return
				}
				break
			}
			_, err := o.w.Write(batch)
			pace.wrote(len(batch))
			added, spare = kept(added), kept(batch)
			if o.written(err) {
				return
			}
			if !ending {
				break
			}
		}
		if o.waiting() > 0 {
			o.nudge()
		}
	}
}

// take returns what was added, and whether nothing follows; the next is added to
// spare.
func (o *outbox) take(spare []byte) (added []byte, ending bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	added, o.buf = o.buf, spare[:0]
	o.flying = len(added)
	return added, o.ending
}

// kept returns a buffer to use again, unless it has become too large for that.
func kept(buf []byte) []byte {
	if cap(buf) > keepSize {
		return nil
	}
	return buf
}

// written takes account of a write and tells whether it was the last.
func (o *outbox) written(err error) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.flying = 0
	if o.room != nil && len(o.buf) < outboxRoom {
		close(o.room)
		o.room = nil
	}
	if err != nil {
		o.err, o.ending, o.buf = err, true, nil
	}
	return err != nil
}

// waiting returns how many bytes wait.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.buf)
}

// close says that nothing follows.
func (o *outbox) close() {
	o.mu.Lock()
	o.ending = true
	o.mu.Unlock()
	o.nudge()
}

// errUnread is a host's process that does not read what the child writes.
var errUnread = errors.New("what the script said last was not read")

// drain closes the outbox and waits until all is written; not longer than
// limit, unless that is 0.
func (o *outbox) drain(limit time.Duration) error {
	o.close()
	var late <-chan time.Time
	if limit > 0 {
		timer := time.NewTimer(limit)
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-o.done:
	case <-late:
		return errUnread
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return fmt.Errorf("writing to mqscript: %w", o.err)
	}
	return nil
}
