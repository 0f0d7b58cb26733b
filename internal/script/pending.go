package script

import "time"

// pendingList holds the messages whose handlers' promises are pending, in the
// order of their deadlines. Its length is bounded by the inbox.
type pendingList struct {
	first, last *delivery
	timed       bool // a timer will look at the first deadline
}

// waiting is a message's place in the list, while the promise of its handler is
// pending.
type waiting struct {
	deadline   time.Time
	prev, next *delivery
}

func (l *pendingList) add(d *delivery, deadline time.Time) {
	d.waiting = &waiting{deadline: deadline, prev: l.last}
	if l.last == nil {
		l.first = d
	} else {
		l.last.waiting.next = d
	}
	l.last = d
}

// remove takes d out; it does nothing when d is not in.
func (l *pendingList) remove(d *delivery) {
	w := d.waiting
	if w == nil {
		return
	}
	if w.prev != nil {
		w.prev.waiting.next = w.next
	} else {
		l.first = w.next
	}
	if w.next != nil {
		w.next.waiting.prev = w.prev
	} else {
		l.last = w.prev
	}
	d.waiting = nil
}

// awaitOverdue has one timer wait for the deadline of the first message. On
// the loop.
func (s *Script) awaitOverdue() {
	if s.pending.timed || s.pending.first == nil {
		return
	}
	s.pending.timed = true
	s.loop.After(time.Until(s.pending.first.waiting.deadline), func() {
		s.pending.timed = false
		s.giveUpOverdue(time.Now())
		s.awaitOverdue()
	})
}

// giveUpOverdue stops waiting for async handlers whose time is over.
func (s *Script) giveUpOverdue(now time.Time) {
	for d := s.pending.first; d != nil && !now.Before(d.waiting.deadline); d = s.pending.first {
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
