package script

import (
	"sync"
	"sync/atomic"
)

// The bounds of client events that wait, by kind.
const (
	maxPacketEvents = 4096
	maxOtherEvents  = 1024
)

// inbox counts what was handed to the script and is not finished. The jobs
// themselves wait in the loop's queue, in the order in which they came.
type inbox struct {
	backlog atomic.Uint64 // see backlog

	mu           sync.Mutex
	packetEvents int
	otherEvents  int
}

// backlog is a number of messages above the sum of their sizes: both are
// counted by one atomic operation on each side, so that the client's goroutine
// and the script's do not wait for each other.
type backlog uint64

const (
	sizeBits       = 40
	maxBacklog     = 1<<(64-sizeBits) - 1
	maxBacklogSize = 1<<sizeBits - 1 - maxPayload // one message more still fits
)

func backlogOf(size int) uint64 { return 1<<sizeBits | uint64(size) }

func (b backlog) messages() int { return int(b >> sizeBits) }
func (b backlog) bytes() int    { return int(b & (1<<sizeBits - 1)) }

// take admits a message of size bytes when it fits.
func (b *inbox) take(size, maxMessages, maxBytes int) bool {
	maxMessages = min(maxMessages, maxBacklog)
	most := min(int64(maxBytes), maxBacklogSize)
	for {
		old := b.backlog.Load()
		now := backlog(old)
		if now.messages() > 0 && (now.messages() >= maxMessages || int64(now.bytes()+size) > most) {
			return false
		}
		if b.backlog.CompareAndSwap(old, old+backlogOf(size)) {
			return true
		}
	}
}

func (b *inbox) give(size int) { b.backlog.Add(-backlogOf(size)) }

// takeEvent admits a client event when it fits.
func (b *inbox) takeEvent(kind EventKind) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, limit := b.events(kind)
	if *n >= limit {
		return false
	}
	*n++
	return true
}

func (b *inbox) giveEvent(kind EventKind) {
	b.mu.Lock()
	n, _ := b.events(kind)
	*n--
	b.mu.Unlock()
}

func (b *inbox) events(kind EventKind) (count *int, limit int) {
	switch kind {
	case EventPacketSend, EventPacketReceive, EventPublish:
		return &b.packetEvents, maxPacketEvents
	}
	return &b.otherEvents, maxOtherEvents
}

// Backlog returns how many messages, with how many bytes of payload, were
// delivered and are not finished.
func (s *Script) Backlog() (messages, bytes int) {
	b := backlog(s.inbox.backlog.Load())
	return b.messages(), b.bytes()
}
