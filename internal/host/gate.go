package host

import (
	"sync"
	"sync/atomic"
	"time"
)

// The bounds of a script's inbox. At closeAt the gate closes; a read that was
// under way may still bring up to 64 KiB of small messages or one large one,
// for which the inbox itself has room above that.
const (
	closeAtMessages = 2048
	closeAtBytes    = 8 << 20
	inboxMessages   = 16_384
	inboxBytes      = 64 << 20
)

// gate is where the client's reader waits for the scripts. A script whose
// backlog has come to closeAt closes it until half of that is left, so that
// the socket fills up and the broker's own flow control sets in. A script that
// holds it closed for longer than limit is stuck: until it has caught up the
// gate does not wait for it, and QoS 0 messages beyond closeAt are dropped for
// it. QoS 1 and 2 messages are bounded by the client's receive maximum.
type gate struct {
	host  *Host
	limit time.Duration
}

// stall is how one script stands with the gate.
type stall struct {
	stuck  atomic.Bool // the gate does not wait for it
	before uint64      // what had been dropped when it got stuck; the reader's

	mu   sync.Mutex
	hold chan struct{} // closed while the gate waits for the script
}

// held returns a channel that is closed when the gate waits for the script.
func (s *stall) held() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.hold
}

func (s *stall) set(holding bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if holding {
		close(s.hold)
	} else {
		s.hold = make(chan struct{})
	}
}

func (r *resident) full() bool {
	messages, bytes := r.script.Backlog()
	return messages >= closeAtMessages || bytes >= closeAtBytes
}

func (r *resident) caughtUp() bool {
	messages, bytes := r.script.Backlog()
	return messages <= closeAtMessages/2 && bytes <= closeAtBytes/2
}

// pollInterval is how often a closed gate looks at the backlog that closed it.
// At full speed a script handles some hundred messages in that time, a part of
// what is left to it when the gate opens.
const pollInterval = 500 * time.Microsecond

// wait returns when every script that is not stuck has room. It is called by
// the client's reader, without the client's lock; stop ends the waiting.
func (g *gate) wait(stop <-chan struct{}) {
	for _, r := range *g.host.residents.Load() {
		switch {
		case r.stall.stuck.Load():
			if r.caughtUp() {
				r.stall.stuck.Store(false)
				g.host.opts.Log.Warn("a script has caught up", "script", r.script.Name(), "dropped", r.dropped.Load()-r.stall.before)
			}
		case r.full():
			g.waitFor(r, stop)
		}
	}
}

func (g *gate) waitFor(r *resident, stop <-chan struct{}) {
	r.stall.set(true)
	defer r.stall.set(false)
	deadline := time.Now().Add(g.limit)
	tick := time.NewTicker(pollInterval)
	defer tick.Stop()
	for !r.caughtUp() {
		select {
		case <-stop:
			return
		case now := <-tick.C:
			if now.After(deadline) {
				r.stall.before = r.dropped.Load()
				r.stall.stuck.Store(true)
				g.host.opts.Log.Warn("a script does not keep up: while that lasts, QoS 0 messages are dropped for it", "script", r.script.Name())
				return
			}
		}
	}
}
