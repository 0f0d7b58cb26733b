package mqtt

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/wal"
)

// SessionConfig says where the client's side of the session is kept on disk, so
// that it goes on after the end of the process: QoS 1 and 2 publications with
// their packet identifiers and how far their handshakes are, what waited for a
// connection, QoS 0 included, and the identifiers of QoS 2 messages that were
// dealt with. Nothing that depends on a record is sent before the record is
// committed.
type SessionConfig struct {
	// Dir is a folder for this client alone; it is made when it is not there.
	Dir string
	// Sync is how safe committed means; see [wal.Sync].
	Sync wal.Sync
	// SegmentSize is when a new file begins, in bytes; default 4 MiB. On disk
	// there is at most twice what is wanted and four segments.
	SegmentSize int64
	// Warn is told what of an earlier run could not be read, and that the server
	// has no room for more; nil: nobody. It must not call the Client.
	Warn func(text string)
	// Stored is told that a Publication with TellStored is on disk, at most
	// once each and never after its Handler.Published. It is called as a Handler
	// method is.
	Stored func(*Publication)
}

// session is the client's side of the session on disk, guarded by the client's
// mutex. A nil session keeps nothing.
type session struct {
	cfg    SessionConfig
	client *Client
	log    *wal.Log

	live     map[uint64]int // by segment: the records that are wanted
	bytes    int64          // of all wanted records
	segment  uint64         // that was appended to last
	buf      []byte
	awaiting fifo[awaited]
	resumed  bool // there is something of an earlier run
}

// awaited is a publication whose record is not on disk yet.
type awaited struct {
	position uint64
	pub      *Publication
}

// kept says where the record of a publication or of an identifier is.
type kept struct {
	segment uint64 // 0: it has no record
	size    int64
}

// sessionFailed says that the session on disk cannot be written.
func sessionFailed(err error) *Error {
	return &Error{Message: "keeping the session on disk: " + err.Error(), Cause: err}
}

// ErrNotStored says that Publication.TellStored cannot be kept to.
var ErrNotStored = errors.New("only QoS 1 and 2 messages of a client with a session on disk can be waited for until they are stored")

// openSession reads what an earlier run left. The Client is not shared yet.
func openSession(c *Client, cfg SessionConfig) error {
	s := &session{cfg: cfg, client: c, live: make(map[uint64]int)}
	restored := restorer{session: s, publications: make(map[uint64]*Publication)}
	var err error
	s.log, err = wal.Open(wal.Options{
		Dir: cfg.Dir, Sync: cfg.Sync, SegmentSize: cfg.SegmentSize, Warn: cfg.Warn,
		Replay: restored.take, Durable: s.durable, Failed: s.failed,
	})
	if err != nil {
		return fmt.Errorf("opening the session in %s: %w", cfg.Dir, err)
	}
	if err := s.identify(); err != nil {
		return errors.Join(err, s.log.Close())
	}
	restored.finish()
	c.session = s
	return nil
}

// identify makes sure that the session belongs to this client identifier, which
// is the one of the earlier run unless another was asked for.
func (s *session) identify() error {
	path := filepath.Join(s.cfg.Dir, "client-id")
	data, err := os.ReadFile(path)
	id := strings.TrimSuffix(string(data), "\n")
	switch {
	case errors.Is(err, os.ErrNotExist):
		if err := os.WriteFile(path, []byte(s.client.clientID+"\n"), 0o600); err != nil {
			return fmt.Errorf("opening the session: %w", err)
		}
		return nil
	case err != nil:
		return fmt.Errorf("opening the session: %w", err)
	case !s.client.cfg.generatedID && id != s.client.clientID:
		return fmt.Errorf("opening the session: %s is that of the client %q and not of %q: name another folder, or that client identifier",
			s.cfg.Dir, id, s.client.clientID)
	}
	s.client.clientID = id
	return nil
}

// close commits and closes. Not with the client's mutex held.
func (s *session) close() {
	if s == nil {
		return
	}
	if err := s.log.Close(); err != nil {
		s.warn(sessionFailed(err).Message)
	}
}

// commit waits until all records are on disk. Not with the client's mutex held.
func (s *session) commit() error {
	if s == nil {
		return nil
	}
	return s.log.Commit()
}

// durable is told by the log how far it is.
func (s *session) durable(position uint64) {
	s.client.mu.Lock()
	defer s.client.mu.Unlock()
	for s.awaiting.n > 0 && s.awaiting.front().position <= position {
		if p := s.awaiting.pop().pub; !p.finished {
			s.cfg.Stored(p)
		}
	}
}

// failed is told by the log that nothing is written any more. Without
// records nothing is sent: the connection ends, and the next one begins with
// writing everything anew.
func (s *session) failed(err error) {
	c := s.client
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.conn != nil && !c.conn.dead {
		c.conn.fail(sessionFailed(err))
		return
	}
	c.cfg.Handler.Error(sessionFailed(err))
}

// warn tells the owner of the session something that is not an error.
func (s *session) warn(text string) {
	if s.cfg.Warn != nil {
		s.cfg.Warn(text)
	}
}

// heal writes everything anew after a failure. Not with the client's mutex held.
func (s *session) heal() error {
	if s == nil || s.log.Err() == nil {
		return nil
	}
	c := s.client
	c.mu.Lock()
	first := s.log.Restart()
	clear(s.live)
	s.bytes, s.segment = 0, first
	s.carry(func(kept) bool { return true })
	c.mu.Unlock()
	if err := s.log.Commit(); err != nil {
		return sessionFailed(err)
	}
	s.log.Drop(first)
	return nil
}

// refuses is why a publication cannot be taken, or nil.
func (s *session) refuses(p *Publication) error {
	switch {
	case p.TellStored && (s == nil || s.cfg.Stored == nil || p.Packet.QoS == 0):
		return ErrNotStored
	case s == nil || p.Packet.QoS == 0:
		return nil
	}
	if err := s.log.Err(); err != nil {
		return sessionFailed(err)
	}
	return nil
}

// keep writes a publication down, with where its handshake is.
func (s *session) keep(p *Publication) {
	if s == nil {
		return
	}
	s.buf = appendPublication(s.buf[:0], p)
	position := s.put(&p.kept)
	if p.TellStored && !p.told {
		p.told = true
		s.awaiting.push(awaited{position, p})
	}
	s.tidy()
}

// update notes where the handshake of a publication is.
func (s *session) update(p *Publication) {
	if s != nil && p.kept.segment > 0 {
		s.append(appendState(s.buf[:0], p))
	}
}

// forget notes that a publication is finished.
func (s *session) forget(p *Publication) {
	if s != nil && p.kept.segment > 0 {
		s.release(&p.kept)
		s.append(appendNumber(s.buf[:0], recordFinished, p.order))
	}
}

// received notes that a QoS 2 message was dealt with [MQTT-4.3.3-10].
func (s *session) received(d *delivery) {
	if s != nil && d.kept.segment == 0 {
		s.buf = appendNumber(s.buf[:0], recordReceived, uint64(d.id))
		s.put(&d.kept)
		s.tidy()
	}
}

// freed notes that the identifier of a QoS 2 message is free [MQTT-4.3.3-11].
func (s *session) freed(d *delivery) {
	if s != nil && d.kept.segment > 0 {
		s.release(&d.kept)
		s.append(appendNumber(s.buf[:0], recordFreed, uint64(d.id)))
	}
}

// put appends what is in buf as a record that is wanted until release.
func (s *session) put(k *kept) uint64 {
	position, segment := s.log.Append(s.buf)
	*k = kept{segment: segment, size: int64(len(s.buf))}
	s.live[segment]++
	s.bytes += k.size
	return position
}

func (s *session) release(k *kept) {
	s.live[k.segment]--
	s.bytes -= k.size
	*k = kept{}
}

// append appends a record that only changes what others say.
func (s *session) append(record []byte) {
	s.buf = record
	s.log.Append(record)
	s.tidy()
}

// tidy lets go of the oldest segments, once for each new one: those in which
// nothing is wanted, and, when the disk holds much more than what is wanted,
// those from which that little can be written again.
func (s *session) tidy() {
	size, oldest, current := s.log.Size()
	if current == s.segment {
		return
	}
	s.segment = current
	for oldest < current {
		if s.live[oldest] > 0 {
			if size <= 2*s.bytes+4*s.log.SegmentSize() {
				return
			}
			s.carry(func(k kept) bool { return k.segment == oldest })
		}
		delete(s.live, oldest)
		s.log.Drop(oldest + 1)
		size, oldest, current = s.log.Size()
		s.segment = current
	}
}

// carry writes again the records that are wanted and chosen.
func (s *session) carry(chosen func(kept) bool) {
	c := s.client
	again := func(p *Publication) {
		if p != nil && p.kept.segment > 0 && chosen(p.kept) {
			s.bytes -= p.kept.size
			s.buf = appendPublication(s.buf[:0], p)
			s.put(&p.kept)
		}
	}
	for _, p := range c.inflight {
		again(p)
	}
	for _, p := range c.replay {
		if p.Packet.QoS == 0 {
			again(p)
		}
	}
	for i := range c.queue.n {
		again(c.queue.at(i).pub)
	}
	for _, d := range c.received {
		if d.kept.segment > 0 && chosen(d.kept) {
			s.bytes -= d.kept.size
			s.buf = appendNumber(s.buf[:0], recordReceived, uint64(d.id))
			s.put(&d.kept)
		}
	}
}

// validSession checks that the server is asked to keep its side too.
func (c *Config) validSession() error {
	switch {
	case c.Session == nil:
		return nil
	case c.Session.Dir == "":
		return errors.New("configuring the client: the session on disk has no folder")
	case c.CleanStart:
		return errors.New("configuring the client: a session on disk goes with a clean start off")
	case c.Version == packet.V5 && (c.SessionExpiry == nil || *c.SessionExpiry == 0):
		return errors.New("configuring the client: a session on disk needs a session expiry, or the server ends its side with the connection")
	}
	return nil
}

// onItsWay notes that a publication was handed to a connection. fresh tells that
// it has just got its packet identifier. QoS 0 needs no record any more.
func (s *session) onItsWay(p *Publication, fresh bool) {
	switch {
	case s == nil:
	case p.Packet.QoS == 0:
		s.forget(p)
	case p.kept.segment == 0:
		s.keep(p)
	case fresh:
		s.update(p)
	}
}

// continues tells that an earlier run left something that the server may know.
func (s *session) continues() bool { return s != nil && s.resumed }

// dropReceived forgets the QoS 2 messages of a session that the server lost.
func (c *Client) dropReceived() {
	for _, d := range c.received {
		c.session.freed(d)
	}
	clear(c.received)
	clear(c.unsettled)
}
