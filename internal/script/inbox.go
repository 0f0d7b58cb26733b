package script

import "sync"

// The bounds of client events that wait, by kind.
const (
	maxPacketEvents = 4096
	maxOtherEvents  = 1024
)

// inbox counts what was handed to the script and is not finished. The jobs
// themselves wait in the loop's queue, in the order in which they came.
type inbox struct {
	mu           sync.Mutex
	messages     int
	bytes        int
	packetEvents int
	otherEvents  int
}

// take admits a message of size bytes when it fits.
func (b *inbox) take(size, maxMessages, maxBytes int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.messages > 0 && (b.messages >= maxMessages || b.bytes+size > maxBytes) {
		return false
	}
	b.messages++
	b.bytes += size
	return true
}

func (b *inbox) give(size int) {
	b.mu.Lock()
	b.messages--
	b.bytes -= size
	b.mu.Unlock()
}

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
	s.inbox.mu.Lock()
	defer s.inbox.mu.Unlock()
	return s.inbox.messages, s.inbox.bytes
}
