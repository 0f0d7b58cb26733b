package isolate

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// mailbox is what waits for the child and what the child has not finished. It
// outlives the process: what one left behind is there for the next.
type mailbox struct {
	maxMessages, maxBytes int

	wake chan struct{} // capacity 1: a token means that something waits

	messages, bytes atomic.Int64 // delivered and not finished

	mu         sync.Mutex
	sealed     bool    // no message is taken or handed over any more
	closed     bool    // nothing is
	urgent     []frame // goes before everything else
	queue      []frame
	generation uint64 // of the process that lives, or that is the next
	events     eventRoom
	number     uint64
	held       map[uint64]*parcel // QoS 1 and 2: the child has them
	loose      int                // QoS 0: as many does the child have
	looseSize  int
	suspects   int // parcels, waiting or held, that two processes died with
	counted    tally
}

// tally is what the mailbox counts for the statistics.
type tally struct {
	received, handled, dropped, eventsDropped uint64
}

// frame is something to be written.
type frame interface {
	append(buf []byte) []byte
}

// parcel is a message.
type parcel struct {
	message *script.Message
	number  uint64 // 0: QoS 0
	deaths  int    // processes that died while they had it
}

func (p *parcel) append(buf []byte) []byte { return appendMessage(buf, p.number, p.message) }

func (p *parcel) size() int { return len(p.message.Packet.Payload) }

// The deaths of processes after which a message that they had is handed over by
// itself, so that it is seen whether it was that message, and after which it is
// not handed over any more.
const (
	deathsAlone  = 2
	deathsEnough = 3
)

// event is a client event.
type event struct{ *script.Event }

func (e event) append(buf []byte) []byte { return appendEvent(buf, e.Event) }

// answer is a frame that means something to one process only.
type answer interface {
	frame
	answers()
}

type publishDone struct {
	id  uint64
	err *script.ClientError
}

func (a publishDone) append(buf []byte) []byte { return appendPublishDone(buf, a.id, a.err) }
func (publishDone) answers()                   {}

type subscribeDone struct {
	id    uint64
	codes []packet.ReasonCode
	err   *script.ClientError
}

func (a subscribeDone) append(buf []byte) []byte {
	return appendSubscribeDone(buf, a.id, a.codes, a.err)
}
func (subscribeDone) answers() {}

// warning is a warning of the host.
type warning string

func (w warning) append(buf []byte) []byte { return appendBlob(buf, kindWarning, string(w)) }

// bare is a frame without content.
type bare kind

func (b bare) append(buf []byte) []byte { return appendNumbers(buf, kind(b)) }

func newMailbox(maxMessages, maxBytes int) *mailbox {
	return &mailbox{
		maxMessages: maxMessages, maxBytes: maxBytes,
		wake: make(chan struct{}, 1), held: make(map[uint64]*parcel),
	}
}

func (m *mailbox) signal() {
	select {
	case m.wake <- struct{}{}:
	default:
	}
}

// push appends and wakes the writer; it is called locked and unlocks.
func (m *mailbox) push(f frame) {
	m.queue = append(m.queue, f)
	first := len(m.queue) == 1
	m.mu.Unlock()
	if first {
		m.signal()
	}
}

// deliver takes a message when there is room for it. One is always taken.
func (m *mailbox) deliver(msg *script.Message) bool {
	size := int64(len(msg.Packet.Payload))
	m.mu.Lock()
	n, bytes := m.messages.Load(), m.bytes.Load()
	if m.sealed || n > 0 && (n >= int64(m.maxMessages) || bytes+size > int64(m.maxBytes)) {
		m.counted.dropped++
		m.mu.Unlock()
		return false
	}
	m.messages.Add(1)
	m.bytes.Add(size)
	m.counted.received++
	p := &parcel{message: msg}
	if msg.Packet.QoS > 0 {
		m.number++
		p.number = m.number
	}
	m.push(p)
	return true
}

// notify takes an event when there is room for it.
func (m *mailbox) notify(e *script.Event) {
	m.mu.Lock()
	switch {
	case m.closed: // there is nobody whom it could concern
		m.mu.Unlock()
		return
	case !m.events.take(e.Kind):
		m.counted.eventsDropped++
		m.mu.Unlock()
		return
	}
	m.push(event{e})
}

// answer takes the answer to a question of one generation of the process, if
// that is the one which lives.
func (m *mailbox) answer(generation uint64, a answer) {
	m.mu.Lock()
	if m.closed || generation != m.generation {
		m.mu.Unlock()
		return
	}
	m.push(a)
}

// warn takes a warning; false means that there is nobody left to write it.
func (m *mailbox) warn(w warning) bool {
	m.mu.Lock()
	if m.closed {
		m.mu.Unlock()
		return false
	}
	m.push(w)
	return true
}

// current returns the generation that lives, or is the next.
func (m *mailbox) current() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.generation
}

// waiting returns how many frames wait.
func (m *mailbox) waiting() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.queue)
}

// hurry takes a frame that goes before all that waits.
func (m *mailbox) hurry(f frame) {
	m.mu.Lock()
	m.urgent = append(m.urgent, f)
	m.mu.Unlock()
	m.signal()
}

// take moves what may be written now from the queue to out, and notes which
// messages the child has from now on.
func (m *mailbox) take(out []frame) []frame {
	m.mu.Lock()
	defer m.mu.Unlock()
	out = append(out, m.urgent...)
	m.urgent = m.urgent[:0]
	rest := m.queue[:0]
	blocked := false // a message has to wait, and with it what came after it
	for _, f := range m.queue {
		switch f := f.(type) {
		case *parcel:
			blocked = blocked || m.sealed || m.suspects > 0 && !m.mayGo(f)
			if blocked {
				rest = append(rest, f)
				continue
			}
			m.hand(f)
		case event:
			if blocked && !m.sealed {
				rest = append(rest, f)
				continue
			}
			m.events.give(f.Kind)
		}
		out = append(out, f)
	}
	clear(m.queue[len(rest):])
	m.queue = rest
	return out
}

// mayGo lets a message that is under suspicion be the only one that the child
// has.
func (m *mailbox) mayGo(p *parcel) bool {
	if p.deaths >= deathsAlone {
		return len(m.held) == 0 && m.loose == 0
	}
	for _, h := range m.held {
		if h.deaths >= deathsAlone {
			return false
		}
	}
	return true
}

func (m *mailbox) hand(p *parcel) {
	if p.number != 0 {
		m.held[p.number] = p
		return
	}
	m.loose++
	m.looseSize += p.size()
}

// settled takes back a message that the child has handled; nil when it has no
// such message.
func (m *mailbox) settled(number uint64) *script.Message {
	m.mu.Lock()
	defer m.mu.Unlock()
	p := m.held[number]
	if p == nil {
		return nil
	}
	delete(m.held, number)
	m.counted.handled++
	m.forget(p)
	return p.message
}

// forget ends the account of a message. It is called locked.
func (m *mailbox) forget(p *parcel) {
	m.messages.Add(-1)
	m.bytes.Add(-int64(p.size()))
	if p.deaths >= deathsAlone {
		m.suspects--
		m.signal()
	}
}

// finished says that the child is done with n messages of QoS 0. It is false
// when it does not have as many.
func (m *mailbox) finished(n, size uint64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n > uint64(m.loose) || size > uint64(m.looseSize) {
		return false
	}
	m.loose -= int(n)
	m.looseSize -= int(size)
	m.messages.Add(-int64(n))
	m.bytes.Add(-int64(size))
	m.counted.handled += n
	if m.suspects > 0 {
		m.signal()
	}
	return true
}

// processEnded takes back what the process had. What it was asked and answered
// means nothing to the next; its QoS 1 and 2 messages wait again, before all
// others and in their order, and those of QoS 0 are lost and counted. crashed
// says that one of the messages may be to blame. Those that too many processes
// died with are returned, and are no longer the mailbox's.
func (m *mailbox) processEnded(crashed bool) (givenUp []*parcel) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.generation++
	m.urgent = m.urgent[:0]
	m.counted.dropped += uint64(m.loose)
	m.messages.Add(-int64(m.loose))
	m.bytes.Add(-int64(m.looseSize))
	m.loose, m.looseSize = 0, 0
	again := make([]frame, 0, len(m.held)+len(m.queue))
	for _, p := range m.heldInOrder() {
		if crashed {
			p.deaths++
		}
		switch {
		case crashed && p.deaths >= deathsEnough:
			m.counted.dropped++
			m.forget(p)
			givenUp = append(givenUp, p)
			continue
		case crashed && p.deaths == deathsAlone:
			m.suspects++
		}
		again = append(again, p)
	}
	clear(m.held)
	for _, f := range m.queue {
		if _, ok := f.(answer); !ok {
			again = append(again, f)
		}
	}
	m.queue = again
	if len(again) > 0 {
		m.signal()
	}
	return givenUp
}

func (m *mailbox) heldInOrder() []*parcel {
	list := make([]*parcel, 0, len(m.held))
	for _, p := range m.held {
		list = append(list, p)
	}
	slices.SortFunc(list, func(a, b *parcel) int { return int(a.number) - int(b.number) })
	return list
}

// reconnect puts an event that the next process has missed before all others,
// unless such a one waits anyway.
func (m *mailbox) reconnect(e *script.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.queue {
		if waiting, ok := f.(event); ok && waiting.Kind == e.Kind {
			return
		}
	}
	if m.events.take(e.Kind) {
		m.queue = slices.Insert(m.queue, 0, frame(event{e}))
		m.signal()
	}
}

// seal takes and hands over no message any more.
func (m *mailbox) seal() {
	m.mu.Lock()
	m.sealed = true
	m.mu.Unlock()
}

// stop seals the mailbox and tells the child to stop, after the events that
// came before.
func (m *mailbox) stop() {
	m.mu.Lock()
	m.sealed = true
	m.push(bare(kindStop))
}

// close ends the mailbox and returns what is left in it: the QoS 1 and 2
// messages, and warnings.
func (m *mailbox) close() (parcels []*parcel, warnings []warning) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sealed, m.closed = true, true
	parcels = m.heldInOrder()
	for _, f := range m.queue {
		switch f := f.(type) {
		case *parcel:
			if f.number != 0 {
				parcels = append(parcels, f)
			}
		case warning:
			warnings = append(warnings, f)
		}
	}
	m.queue, m.urgent = nil, nil
	clear(m.held)
	m.messages.Store(0)
	m.bytes.Store(0)
	return parcels, warnings
}

// counts returns the tally as it is now.
func (m *mailbox) counts() tally {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.counted
}

// eventRoom bounds the events that wait, as package script does.
type eventRoom struct{ packets, others int }

// The bounds of an eventRoom.
const (
	maxPacketEvents = 4096
	maxOtherEvents  = 1024
)

func (r *eventRoom) of(k script.EventKind) (count *int, limit int) {
	switch k {
	case script.EventPacketSend, script.EventPacketReceive, script.EventPublish:
		return &r.packets, maxPacketEvents
	}
	return &r.others, maxOtherEvents
}

func (r *eventRoom) take(k script.EventKind) bool {
	count, limit := r.of(k)
	if *count >= limit {
		return false
	}
	*count++
	return true
}

func (r *eventRoom) give(k script.EventKind) {
	count, _ := r.of(k)
	*count--
}
