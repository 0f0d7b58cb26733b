package script

import (
	"sync/atomic"
	"time"
)

// Stats counts what a script did since it was created.
type Stats struct {
	MessagesReceived uint64 // taken by Deliver
	MessagesHandled  uint64 // finished, whether the handler succeeded or not
	MessagesDropped  uint64 // refused by Deliver
	EventsDropped    uint64 // refused by Notify because too many waited
	Failed           uint64 // exceptions, rejections and interruptions
	Publishes        uint64 // calls of publish that the host took
	Backlog          int    // messages that are not finished
	BacklogBytes     int    // their payload
	HandlerTime      time.Duration
	MaxHandlerTime   time.Duration // of one call, until it returned
}

// counters are on two lines of the processor's cache, by who writes them for
// each message, so that the two goroutines do not take it from each other.
type counters struct {
	_                                cacheLine
	received, dropped, eventsDropped atomic.Uint64 // by the host
	_                                cacheLine
	handled, failed, publishes       atomic.Uint64 // on the loop
	total, longest                   atomic.Int64  // ns; on the loop
	_                                cacheLine
}

// cacheLine keeps apart what is before it from what is behind it.
type cacheLine [64]byte

func (c *counters) handlerRan(d time.Duration) {
	c.total.Add(int64(d))
	if int64(d) > c.longest.Load() {
		c.longest.Store(int64(d))
	}
}

// Stats returns the counters as they are now.
func (s *Script) Stats() Stats {
	messages, bytes := s.Backlog()
	c := &s.counts
	return Stats{
		MessagesReceived: c.received.Load(),
		MessagesHandled:  c.handled.Load(),
		MessagesDropped:  c.dropped.Load(),
		EventsDropped:    c.eventsDropped.Load(),
		Failed:           c.failed.Load(),
		Publishes:        c.publishes.Load(),
		Backlog:          messages,
		BacklogBytes:     bytes,
		HandlerTime:      time.Duration(c.total.Load()),
		MaxHandlerTime:   time.Duration(c.longest.Load()),
	}
}
