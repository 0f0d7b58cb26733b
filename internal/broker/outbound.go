package broker

import (
	"net"
	"sync"
	"time"
)

// outbound is what a connection has still to write: a buffer that everybody
// adds to and one goroutine takes away.
type outbound struct {
	nc   net.Conn
	room func()        // called by the writer, without a lock, when full is over
	gone chan struct{} // closed when the connection's reader has ended
	done chan struct{} // closed when write has returned

	mu       sync.Mutex
	changed  sync.Cond // buf or finished
	buf      []byte
	starved  bool      // somebody found it full
	finished bool      // nothing is added any more
	deadline time.Time // of all writes, once finished
}

func newOutbound(nc net.Conn, room func()) *outbound {
	o := &outbound{nc: nc, room: room, gone: make(chan struct{}), done: make(chan struct{})}
	o.changed.L = &o.mu
	return o
}

// add lets f append to what is to be written. f is not called when nothing is
// taken any more.
func (o *outbound) add(f func(buf []byte) []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.finished {
		o.buf = f(o.buf)
		o.changed.Broadcast()
	}
}

// full tells whether the client is too far behind for another message. When
// it is, room will be called.
func (o *outbound) full() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.starved = len(o.buf) >= outboundBytes
	return o.starved
}

// await waits while the client is too far behind.
func (o *outbound) await() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.buf) >= outboundBytes && !o.finished {
		o.changed.Wait()
	}
}

// finish lets write return, and the connection be closed, once what was added
// is written or closeTimeout has passed. It may be called again.
func (o *outbound) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.finished {
		return
	}
	o.finished = true
	o.deadline = time.Now().Add(closeTimeout)
	_ = o.nc.SetWriteDeadline(o.deadline) // for the write that is going on
	o.changed.Broadcast()
}

// take waits for something to write. It returns nothing when all is written
// and finish was called. spare is a buffer for reuse.
func (o *outbound) take(spare []byte) (buf []byte, starved bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for len(o.buf) == 0 && !o.finished {
		o.changed.Wait()
	}
	buf, o.buf = o.buf, spare[:0]
	starved, o.starved = o.starved, false
	o.changed.Broadcast()
	deadline := o.deadline
	if !o.finished {
		deadline = time.Now().Add(writeTimeout)
	}
	_ = o.nc.SetWriteDeadline(deadline)
	return buf, starved
}

// keptBuffer is the largest buffer that is kept for reuse.
const keptBuffer = 64 << 10

// write writes until the connection fails or finish is called, and closes the
// connection, which ends its reader too.
func (o *outbound) write() {
	defer close(o.done)
	defer func() { _ = o.nc.Close() }()
	var spare []byte
	for {
		buf, starved := o.take(spare)
		if len(buf) == 0 {
			o.linger()
			return
		}
		if _, err := o.nc.Write(buf); err != nil {
			o.finish()
			return
		}
		if starved {
			o.room()
		}
		if spare = buf; cap(spare) > keptBuffer {
			spare = nil
		}
	}
}

// linger closes our side and gives the client time to read what was written:
// to close with bytes unread would reset the connection.
func (o *outbound) linger() {
	if half, ok := o.nc.(interface{ CloseWrite() error }); ok {
		_ = half.CloseWrite()
	}
	timer := time.NewTimer(closeTimeout)
	defer timer.Stop()
	select {
	case <-o.gone:
	case <-timer.C:
	}
}
