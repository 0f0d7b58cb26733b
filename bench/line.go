package main

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// line is the other end of the subject's connection: it sprays messages, takes
// what comes back, and does the handshakes of QoS 1 and 2.
//
// One goroutine reads and one writes; the owner joins both in close. What waits
// to be written besides messages (replies) is bounded by what the reader gets
// in one read, because a subject that sends QoS 1 or 2 waits for them.
type line struct {
	conn    net.Conn
	version packet.Version
	window  int // unfinished QoS 1 and 2 messages of ours, at most
	group   sync.WaitGroup

	mu      sync.Mutex
	wake    *sync.Cond // something to write, or the end
	news    chan struct{}
	err     error // why the line ended
	replies []byte
	lateMax time.Duration

	spray   spray
	ready   int      // scripts that said so
	readyAt int64    // the last one, Unix nanoseconds
	done    []string // what scripts said at the end of the spray
	doneAt  time.Time
	subs    int // SUBSCRIBE packets answered, or SUBACKs received
}

// spray is one stream of messages and what came of it.
type spray struct {
	train  *train
	qos    byte
	total  int
	sent   int
	due    int // how many may be sent by now: total, or what the clock allows
	credit int // messages that may be without an answer; 0: any number
	covers int // messages that one answer stands for

	unacked   int // QoS 1 and 2 handshakes that are open
	answers   int
	digest    uint32
	start     time.Time
	interval  time.Duration // between messages; 0: as fast as possible
	latencies []int64       // ns, in order of arrival
}

func newLine(conn net.Conn, v packet.Version) *line {
	l := &line{conn: conn, version: v, window: defaultWindow, news: make(chan struct{}, 1)}
	l.wake = sync.NewCond(&l.mu)
	return l
}

// start begins to read, from in, and to write.
func (l *line) start(in []byte) {
	l.group.Go(func() { l.read(in) })
	l.group.Go(l.write)
}

// close ends the line and joins its goroutines.
func (l *line) close() {
	l.fail(net.ErrClosed)
	l.group.Wait()
}

func (l *line) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err == nil {
		l.err = err
	}
	_ = l.conn.Close()
	l.wake.Broadcast()
	l.tell()
}

// tell lets await look again. It is called locked.
func (l *line) tell() {
	select {
	case l.news <- struct{}{}:
	default:
	}
}

// await returns when ok, called locked, is true, or with the reason why the
// line ended.
func (l *line) await(ok func() bool) error {
	for {
		l.mu.Lock()
		reached, err := ok(), l.err
		l.mu.Unlock()
		if reached || err != nil {
			return err
		}
		<-l.news
	}
}

// chunk is how much is written at once, about.
const chunk = 64 << 10

// write is the writing goroutine.
func (l *line) write() {
	out := make([]byte, 0, 2*chunk)
	for {
		l.mu.Lock()
		for l.err == nil && len(l.replies) == 0 && !l.spray.maySend(l.window) {
			l.wake.Wait()
		}
		if l.err != nil {
			l.mu.Unlock()
			return
		}
		out = append(out[:0], l.replies...)
		l.replies = l.replies[:0]
		for len(out) < chunk && l.spray.maySend(l.window) {
			out = l.spray.next(out, &l.lateMax)
		}
		if l.spray.sent == l.spray.total {
			l.tell()
		}
		l.mu.Unlock()
		if _, err := l.conn.Write(out); err != nil {
			l.fail(fmt.Errorf("writing: %w", err))
			return
		}
	}
}

func (s *spray) maySend(window int) bool {
	return s.sent < s.due &&
		(s.qos == 0 || s.unacked < window) &&
		(s.credit == 0 || s.sent-s.answers*s.covers < s.credit)
}

// next appends the next message.
func (s *spray) next(out []byte, lateMax *time.Duration) []byte {
	var id uint16
	if s.qos > 0 {
		id = uint16(s.sent%65_535) + 1 //nolint:gosec // in range
		s.unacked++
	}
	var stamp int64
	if s.interval > 0 {
		intended := time.Duration(s.sent) * s.interval
		stamp = int64(intended) + 1 // 0 means none
		*lateMax = max(*lateMax, time.Since(s.start)-intended)
	}
	out = s.train.appendMessage(out, s.sent, id, stamp)
	s.sent++
	return out
}

// read is the reading goroutine: it takes all whole packets of a read under
// one lock. in is what was read already.
func (l *line) read(in []byte) {
	buf := make([]byte, 256<<10)
	n := copy(buf, in)
	for {
		l.mu.Lock()
		used, err := l.takeAll(buf[:n])
		l.mu.Unlock()
		if err != nil {
			l.fail(err)
			return
		}
		n = copy(buf, buf[used:n])
		if n == len(buf) {
			l.fail(errors.New("the subject sent a packet larger than any it should"))
			return
		}
		k, err := l.conn.Read(buf[n:])
		if err != nil {
			if errors.Is(err, io.EOF) {
				err = errors.New("the subject closed the connection")
			}
			l.fail(err)
			return
		}
		n += k
	}
}

// takeAll acts on the whole packets in b and returns their length. It is
// called locked.
func (l *line) takeAll(b []byte) (used int, err error) {
	now := time.Now()
	for {
		h, n, err := packet.ParseHeader(b[used:], l.version)
		if err != nil {
			return used, fmt.Errorf("from the subject: %w", err)
		}
		if n == 0 || len(b)-used-n < h.Length {
			break
		}
		body := b[used+n : used+n+h.Length]
		used += n + h.Length
		if err := l.take(h, body, now); err != nil {
			return used, err
		}
	}
	if used > 0 {
		l.wake.Broadcast()
	}
	return used, nil
}

// take acts on one packet. It is called locked.
func (l *line) take(h packet.Header, body []byte, now time.Time) error {
	if h.Type == packet.PUBLISH {
		var p packet.Publish
		if err := packet.DecodePublish(&p, h, body, l.version); err != nil {
			return fmt.Errorf("from the subject: %w", err)
		}
		l.took(&p, body, now)
		switch p.QoS {
		case 1:
			return l.reply(&packet.Ack{Kind: packet.PUBACK, ID: p.ID})
		case 2:
			return l.reply(&packet.Ack{Kind: packet.PUBREC, ID: p.ID})
		}
		return nil
	}
	pk, err := packet.Decode(h, body, l.version)
	if err != nil {
		return fmt.Errorf("from the subject: %w", err)
	}
	switch p := pk.(type) {
	case *packet.Ack:
		return l.acked(p)
	case *packet.Subscribe:
		codes := make([]packet.ReasonCode, len(p.Subscriptions))
		for i, s := range p.Subscriptions {
			codes[i] = packet.ReasonCode(s.QoS)
		}
		l.subs++
		return l.reply(&packet.Suback{ID: p.ID, ReasonCodes: codes})
	case *packet.Suback:
		l.subs++
		l.tell()
	case *packet.Pingreq:
		return l.reply(&packet.Pingresp{})
	case *packet.Disconnect:
		return errors.New("the subject disconnected")
	}
	return nil
}

func (l *line) reply(p packet.Packet) (err error) {
	l.replies, err = p.Append(l.replies, l.version)
	return err
}

// acked goes on with the handshake of a message of ours, or of the subject's.
func (l *line) acked(a *packet.Ack) error {
	if a.ReasonCode.Failed() {
		return fmt.Errorf("the subject answered %v with %v", a.Kind, a.ReasonCode)
	}
	switch a.Kind {
	case packet.PUBREC:
		return l.reply(&packet.Ack{Kind: packet.PUBREL, ID: a.ID})
	case packet.PUBREL:
		return l.reply(&packet.Ack{Kind: packet.PUBCOMP, ID: a.ID})
	default: // PUBACK, PUBCOMP
		l.spray.unacked--
		if l.spray.unacked == 0 {
			l.tell()
		}
		return nil
	}
}

// took counts a message of the subject's and adds it to the digest, except for
// the packet identifier. All of it is valid during the call only.
func (l *line) took(p *packet.Publish, body []byte, now time.Time) {
	s := &l.spray
	switch p.Topic {
	case "out/ready":
		l.ready++
		l.readyAt = now.UnixNano()
		l.tell()
		return
	case "out/done":
		l.done = append(l.done, strings.Clone(string(p.Payload)))
		l.doneAt = now
		l.tell()
		return
	}
	s.answers++
	if s.credit > 0 && s.sent == s.due {
		l.tell()
	}
	if s.interval > 0 {
		s.latencies = append(s.latencies, int64(now.Sub(s.start))-(stampOf(p.Payload)-1))
		return
	}
	s.digest = crc32.Update(s.digest, crc32.IEEETable, body[:2+len(p.Topic)])
	s.digest = crc32.Update(s.digest, crc32.IEEETable, p.Properties)
	s.digest = crc32.Update(s.digest, crc32.IEEETable, p.Payload)
}
