package script

import "time"

// pendingList holds the messages whose handlers' promises are pending, in the
// order of their deadlines. Its length is bounded by the inbox.
type pendingList struct {
	first, last *delivery
	timed       bool // a timer will look at the first deadline
}

func (l *pendingList) add(d *delivery) {
	d.prev = l.last
	if l.last == nil {
		l.first = d
	} else {
		l.last.next = d
	}
	l.last = d
}

// remove takes d out; it does nothing when d is not in.
func (l *pendingList) remove(d *delivery) {
	switch {
	case d.prev != nil:
		d.prev.next = d.next
	case l.first == d:
		l.first = d.next
	default:
		return
	}
	if d.next != nil {
		d.next.prev = d.prev
	} else {
		l.last = d.prev
	}
	d.prev, d.next = nil, nil
}

// awaitOverdue has one timer wait for the deadline of the first message. On
// the loop.
func (s *Script) awaitOverdue() {
	if s.pending.timed || s.pending.first == nil {
		return
	}
	s.pending.timed = true
	s.loop.After(time.Until(s.pending.first.deadline), func() {
		s.pending.timed = false
		s.giveUpOverdue(time.Now())
		s.awaitOverdue()
	})
}

// giveUpOverdue stops waiting for async handlers whose time is over.
func (s *Script) giveUpOverdue(now time.Time) {
	for d := s.pending.first; d != nil && !now.Before(d.deadline); d = s.pending.first {
		d.finish(true)
		if !s.warnedOverdue {
			s.warnedOverdue = true
			s.opts.Console.Write(LevelWarn, "onMessage: its promise is still pending after "+
				s.opts.HandlerLimit.String()+"; the message counts as handled")
		}
	}
}

// abandonPending finishes what the script's end left pending.
func (s *Script) abandonPending() {
	for s.pending.first != nil {
		s.pending.first.finish(false)
	}
}
