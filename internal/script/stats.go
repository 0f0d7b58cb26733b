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

type counters struct {
	received, handled, dropped, eventsDropped, failed, publishes atomic.Uint64

	total, longest atomic.Int64 // ns; written on the loop only
}

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
