package host

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// A script that starts after the client has subscribed has missed the retained
// messages that came then. The host has the server send them again, on the same
// connection, and gives the copies to that script alone:
//
//   - A copy is known by its retain flag, which other messages do not have, or
//     by a subscription identifier where they may; see [mqtt.Retained].
//   - The first copy for a topic is the script's. Others for that topic, which
//     come when subscriptions overlap, are nobody's.
//   - When somebody else has just subscribed to the topic as well, and its copy
//     has not come, one of them is for everybody; which one does not matter.
//
// A server does not tell when it has sent the last copy. So the script stays
// late until none has come for quietTime; that it is late for too long harms
// nobody.

const (
	// quietTime is how long after the last copy a script is no longer late.
	quietTime = 3 * time.Second
	// shareTime is how long after its answer copies of an ordinary subscription
	// are expected.
	shareTime = 10 * time.Second
	// busyTime bounds the wait for subscriptions that are under way; they, and
	// processes that start, are looked at every busyPoll.
	busyTime, busyPoll = 5 * time.Second, 10 * time.Millisecond
	// maxSeen and maxShared bound what is remembered: the topics that a late
	// script has, or everybody, and the ordinary subscriptions of the last
	// moments.
	maxSeen, maxShared = 65_536, 4096
)

// latecomers are what a host knows of its late scripts. The zero value is ready
// to use.
type latecomers struct {
	count   atomic.Int32 // late scripts
	sharing atomic.Bool  // there are ordinary subscriptions

	mu        sync.Mutex
	connected chan struct{} // closed at the next connection; nil: nobody waits for it
	epoch     int           // counts connections
	open      int           // copies of QoS 1 and 2 that are not settled
	last      time.Time     // when a copy came or was settled
	shared    []sharing
	heard     map[string]int // the retained messages that all have got, by topic: order then
	order     int            // counts ordinary subscriptions
}

// sharing is an ordinary subscription, whose retained messages are for all.
type sharing struct {
	what  *mqtt.Retained // nil: everything
	until time.Time      // zero: as long as there is no answer
	order int
}

// lateness is what one script has and expects when it is late. It is guarded by
// latecomers.mu.
type lateness struct {
	is      bool
	expects []*mqtt.Retained
	seen    map[string]struct{} // the topics of its copies
}

// active tells whether route has anything to do.
func (l *latecomers) active() bool { return l.count.Load() > 0 || l.sharing.Load() }

// begin makes a script a late one, or one that is late once more.
func (l *latecomers) begin(late *lateness) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !late.is {
		late.is = true
		l.count.Add(1)
	}
	late.seen = make(map[string]struct{})
}

// end says that a script is late no longer. It is called locked.
func (l *latecomers) end(late *lateness) {
	if late.is {
		*late = lateness{}
		l.count.Add(-1)
	}
}

// expect notes copies that a late script is to have. It is false for a script
// that is not late.
func (l *latecomers) expect(late *lateness, what *mqtt.Retained) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if late.is {
		late.expects = append(late.expects, what)
		l.last = time.Now()
	}
	return late.is
}

// isLate tells whether a script is late.
func (l *latecomers) isLate(late *lateness) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return late.is
}

// share notes an ordinary subscription; the function that it returns is to be
// called with its answer.
func (l *latecomers) share(subs []packet.Subscription) (answered func()) {
	what := mqtt.RetainedOf(subs)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addShared(sharing{what: what})
	return func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		for i := range l.shared {
			if l.shared[i].what == what {
				l.shared[i].until = time.Now().Add(shareTime)
			}
		}
	}
}

// addShared notes a subscription. It is called locked.
func (l *latecomers) addShared(s sharing) {
	l.forgetShared(time.Now(), maxShared-1)
	l.order++
	s.order = l.order
	l.shared = append(l.shared, s)
	l.sharing.Store(true)
}

// forgetShared drops what is over, and the oldest beyond a number. It is called
// locked.
func (l *latecomers) forgetShared(now time.Time, most int) {
	kept := l.shared[:0]
	for i, s := range l.shared {
		if (s.until.IsZero() || now.Before(s.until)) && len(l.shared)-i <= most {
			kept = append(kept, s)
		}
	}
	clear(l.shared[len(kept):])
	l.shared = kept
	if len(kept) == 0 {
		l.heard = nil
		l.sharing.Store(false)
	}
}

// owed tells whether somebody else has just subscribed to a topic and its
// retained message has not come. It is called locked.
func (l *latecomers) owed(topic string) bool {
	has := l.heard[topic]
	return slices.ContainsFunc(l.shared, func(s sharing) bool {
		return has < s.order && (s.what == nil || s.what.Matches(topic))
	})
}

// connection notes a new connection. On one without the session everything is
// subscribed anew, and its retained messages come to all.
func (l *latecomers) connection(residents []*resident, sessionPresent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.epoch++
	l.open = 0
	if l.connected != nil {
		close(l.connected)
		l.connected = nil
	}
	if sessionPresent {
		return
	}
	l.addShared(sharing{until: time.Now().Add(shareTime)})
	for _, r := range residents {
		l.end(&r.late)
	}
}

// next returns a channel that is closed at the next connection, and how many
// there were.
func (l *latecomers) next() (<-chan struct{}, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.connected == nil {
		l.connected = make(chan struct{})
	}
	return l.connected, l.epoch
}

// settled is told when a script is done with a copy of QoS 1 or 2 that came on
// the connection of that number.
func (l *latecomers) settled(epoch int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if epoch == l.epoch {
		l.open--
	}
	l.last = time.Now()
}

// touch says that something has just happened.
func (l *latecomers) touch() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = time.Now()
}

// quiet tells whether no copy has come or been settled for quietTime; when not,
// how long that may still take.
func (l *latecomers) quiet() (wait time.Duration, quiet bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open > 0 {
		return quietTime, false
	}
	wait = quietTime - time.Since(l.last)
	return wait, wait <= 0
}

// route is who gets a message with the retain flag while there are late scripts
// or ordinary subscriptions of the last moments, and the packet as they are to
// see it. When these are copies for late scripts that settled is to be told of,
// copyOf is the number of the connection, else 0.
func (l *latecomers) route(m *mqtt.Message, all []*resident) (to []*resident, p *packet.Publish, copyOf int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	l.forgetShared(now, maxShared)
	p = m.Packet
	var rest []*resident
	for _, r := range all {
		owner := r.late.owner(m)
		if owner == nil {
			rest = append(rest, r)
			continue
		}
		p = owner.Untagged(m.Packet)
		if r.late.take(m.Topic) {
			to = append(to, r)
		}
	}
	expected := len(rest) < len(all)
	switch {
	case len(to) > 0:
		l.last = now
		if p.QoS == 0 {
			return to, p, 0
		}
		l.open += len(to)
		return to, p, l.epoch
	case expected && !l.owed(m.Topic):
		return nil, p, 0
	}
	l.note(m.Topic, rest)
	return rest, p, 0
}

// note remembers a retained message that everybody gets. It is called locked.
func (l *latecomers) note(topic string, list []*resident) {
	if len(l.shared) > 0 && len(l.heard) < maxSeen {
		if l.heard == nil {
			l.heard = make(map[string]int)
		}
		l.heard[topic] = l.order
	}
	for _, r := range list {
		if r.late.is {
			r.late.take(topic)
		}
	}
}

// has tells whether a late script has got the retained message that another one
// left behind, and notes that it has it now.
func (l *latecomers) has(r *resident, msg *script.Message) bool {
	if !msg.Packet.Retain {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return r.late.is && !r.late.take(msg.Topic)
}

// owner is what the script expects a message by, nil for none.
func (late *lateness) owner(m *mqtt.Message) *mqtt.Retained {
	for _, what := range late.expects {
		if what.Owns(m) {
			return what
		}
	}
	return nil
}

// take tells whether the script has yet to get the retained message of a topic,
// and notes that it has.
func (late *lateness) take(topic string) bool {
	if _, has := late.seen[topic]; has {
		return false
	}
	if len(late.seen) < maxSeen {
		late.seen[topic] = struct{}{}
	}
	return true
}

// Restarting is told by a stand-in for a script in another process when that
// has ended and another one is about to be started: a late one.
func (r *resident) Restarting() {
	if !r.host.started.Load() {
		return
	}
	r.host.late.begin(&r.late)
	if r.restarts.Add(1) == 1 {
		r.host.watchers.Go(r.fetchAgain) // which watch waits for as well
	}
}

// fetchAgain gets the processes that have come since it last looked what they
// lack. However often one is started, one goroutine does this.
func (r *resident) fetchAgain() {
	for {
		r.host.awaitRunning(r)
		seen := r.restarts.Load()
		r.host.fetchRetained(r)
		if r.restarts.CompareAndSwap(seen, 0) {
			return
		}
		r.host.late.begin(&r.late)
	}
}

// fetchRetained gets a late script its retained messages, and returns when it
// is late no longer or has ended.
func (h *Host) fetchRetained(r *resident) {
	defer func() {
		h.late.mu.Lock()
		h.late.end(&r.late)
		h.late.mu.Unlock()
	}()
	if !h.awaitRunning(r) || !r.script.WantsMessages() {
		return
	}
	h.awaitShared(r)
	for h.late.isLate(&r.late) {
		connected, epoch := h.late.next()
		answer := make(chan error, 1)
		fetching, err := h.client.FetchRetained(
			func(what *mqtt.Retained) bool { return h.late.expect(&r.late, what) },
			func(err error) { answer <- err })
		switch {
		case errors.Is(err, mqtt.ErrNotConnected):
		case err != nil, !fetching, h.fetched(r, answer, epoch):
			return
		}
		// What the connection took with it comes on the next one.
		select {
		case <-connected:
		case <-r.script.Done():
			return
		case <-h.client.Done():
			return
		}
	}
}

// awaitRunning waits until a script runs, which in another process may be for
// the second time. It is false when the script has ended.
func (h *Host) awaitRunning(r *resident) bool {
	for {
		if state, _ := r.script.Result(); state != script.StateLoading {
			return state == script.StateRunning
		}
		if !r.pause(busyPoll, nil) {
			return false
		}
	}
}

// awaitShared waits for subscriptions that are under way, without whose answers
// it is not known what there is to be had.
func (h *Host) awaitShared(r *resident) {
	pending := func() bool {
		h.late.mu.Lock()
		defer h.late.mu.Unlock()
		return slices.ContainsFunc(h.late.shared, func(s sharing) bool { return s.until.IsZero() })
	}
	for began := time.Now(); pending() && h.client.Info().Connected && time.Since(began) < busyTime; {
		if !r.pause(busyPoll, nil) {
			return
		}
	}
}

// fetched waits until all copies are there. It is false when the connection was
// lost before.
func (h *Host) fetched(r *resident, answer <-chan error, epoch int) bool {
	select {
	case err := <-answer:
		if errors.Is(err, mqtt.ErrNotConnected) {
			return false
		}
		if err != nil {
			h.opts.Log.Warn("the retained messages for a script that started late did not come", "script", r.script.Name(), "reason", err)
			return true
		}
		h.late.touch()
	case <-r.script.Done():
		return true
	}
	for {
		connected, now := h.late.next()
		wait, quiet := h.late.quiet()
		switch {
		case now != epoch:
			return false
		case quiet, !r.pause(wait, connected):
			return true
		}
	}
}

// pause waits, or until early is closed. It is false when the script has ended.
func (r *resident) pause(d time.Duration, early <-chan struct{}) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-early:
	case <-r.script.Done():
		return false
	}
	return true
}
