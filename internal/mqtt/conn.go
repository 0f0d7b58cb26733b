package mqtt

import (
	"context"
	"math"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

const (
	// highWater is how many bytes of encoded packets may wait for the socket
	// before publications stay in the queue.
	highWater = 256 << 10
	// replyLimit is how many may wait before the reader stops: a server that
	// asks without reading the answers does not make them pile up.
	replyLimit = 1 << 20
	// keptBuffer is the largest write buffer that is kept for the next round.
	keptBuffer = 1 << 20
)

// conn is one network connection. Its fields are guarded by the client's
// mutex, except for those that the reader alone uses.
type conn struct {
	client *Client
	tr     transport

	up      chan struct{} // closed: CONNACK accepted
	down    chan struct{} // closed with dead
	drained chan struct{} // closed: nothing is left to wait for before the end
	ungate  chan struct{} // closed: the gate must not hold the reader any more
	cut     func()        // cancels what the reader asks an Authenticator

	readDone  chan struct{}
	writeDone chan struct{}

	clean    bool // CONNECT asked for a clean start
	accepted bool // CONNACK arrived and accepted
	refused  bool // CONNACK arrived and refused
	dead     bool // nothing more is sent or acted on
	flush    bool // what was sent before dead is still to be written
	broken   error
	draining bool
	opened   bool // ungate is closed
	since    time.Time
	outcome  outcome
	limits   Limits

	// Writing. Positions count the bytes of the stream.
	out       []byte             // encoded, not yet taken by the writer
	end       uint64             // position behind out
	written   uint64             // position up to which the socket took the bytes
	unwritten fifo[*Publication] // of QoS 0, which are finished once they are written, by position
	traced    fifo[traced]       // what to report once it is written, by position
	greeting  *packet.Connack    // the Connected event that is due at greetAt
	greetAt   uint64
	work      *sync.Cond // the writer waits for out
	relief    *sync.Cond // the reader waits for out to be taken

	// Publishing.
	outstanding [3]int            // by QoS: publications on this connection without their last answer
	aliasesOut  map[uint16]string // topic aliases that the server knows

	// Receiving.
	row       []arrival          // memory for the next messages of the batch
	aliasesIn []string           // by number; [MQTT-3.3.2-7]
	unacked   int                // counts against the receive maximum
	acks      [3]fifo[*delivery] // by QoS: what waits for Ack, in order of arrival
	held      fifo[*Message]     // beyond the bound
	heldSize  int
	// overflowed: QoS 1 and 2 messages that come now stay with the server.
	overflowed bool

	// Keepalive.
	keepAlive    time.Duration
	lastSent     time.Time
	lastReceived time.Time
	pinged       time.Time // when the PINGREQ was sent that nothing followed; zero: none
	gated        bool      // the reader is held by the gate or by an Authenticator
	ungated      time.Time // when it was last let go
	pingPos      uint64
}

// traced is the PacketSent that is due when the stream is written up to pos.
type traced struct {
	pos uint64
	pkt packet.Packet
	pub *Publication // that pkt belongs to; may be nil
}

// open takes over a transport and sends CONNECT.
func (c *Client) open(tr transport, connect *packet.Connect) *conn {
	cn := &conn{
		client: c, tr: tr,
		up: make(chan struct{}), down: make(chan struct{}), drained: make(chan struct{}), ungate: make(chan struct{}),
		readDone: make(chan struct{}), writeDone: make(chan struct{}),
		work: sync.NewCond(&c.mu), relief: sync.NewCond(&c.mu),
		since: time.Now(),
	}
	ctx, cancel := context.WithCancel(context.Background())
	c.mu.Lock()
	defer c.mu.Unlock()
	cn.cut, cn.clean = cancel, connect.CleanStart
	c.conn = cn
	cn.send(connect)
	go cn.write()
	go cn.read(ctx)
	return cn
}

// usable tells whether packets other than CONNECT may be sent.
func (cn *conn) usable() bool { return cn.accepted && !cn.dead && cn.broken == nil }

// send hands a packet to the writer. Once the connection has failed it does
// nothing.
func (cn *conn) send(p packet.Packet) {
	if cn.dead || cn.broken != nil {
		return
	}
	out, err := p.Append(cn.out, cn.client.cfg.Version)
	if err != nil {
		cn.fail(&Error{Message: "encoding " + p.Type().String() + ": " + err.Error(), Cause: err})
		return
	}
	cn.sent(out)
	if cn.client.trace {
		cn.traced.push(traced{pos: cn.end, pkt: p})
	}
}

// sent takes over out with one more packet at its end.
func (cn *conn) sent(out []byte) {
	cn.end += uint64(len(out) - len(cn.out))
	cn.out = out
	cn.work.Signal()
}

// fail ends the connection; the first call counts. err is reported unless it
// is nil. Nothing is acted on any more; what was sent is written only if flush
// is set.
func (cn *conn) fail(err error) {
	if cn.dead {
		return
	}
	cn.dead = true
	if err != nil {
		cn.client.cfg.Handler.Error(err)
	}
	cn.openGate()
	cn.cut()
	close(cn.down)
	cn.work.Signal()
	cn.relief.Signal()
}

// violation ends the connection because of what the server sent; MQTT 5 tells
// it why [MQTT-4.13.1-1].
func (cn *conn) violation(err *packet.Error) {
	if cn.dead {
		return
	}
	cn.client.cfg.Handler.Error(&Error{Message: err.Error(), Cause: err})
	if cn.client.cfg.Version == packet.V5 && cn.accepted {
		cn.send(&packet.Disconnect{ReasonCode: err.Code})
		cn.flush = true
	}
	cn.fail(nil)
}

// openGate lets the reader go on, whatever holds it back.
func (cn *conn) openGate() {
	if !cn.opened {
		cn.opened = true
		close(cn.ungate)
	}
}

// write is the writer: one Write for all that waits.
func (cn *conn) write() {
	defer close(cn.writeDone)
	c := cn.client
	c.mu.Lock()
	defer c.mu.Unlock()
	var spare []byte
	for {
		for len(cn.out) == 0 && !cn.dead {
			cn.work.Wait()
		}
		if len(cn.out) == 0 || cn.dead && !cn.flush {
			return
		}
		buf, start := cn.out, cn.end-uint64(len(cn.out))
		cn.out = spare[:0]
		c.mu.Unlock()
		n, err := 0, c.session.commit()
		if err == nil {
			n, err = cn.tr.Write(buf)
		}
		c.mu.Lock()
		spare = buf
		if cap(spare) > keptBuffer {
			spare = nil
		}
		cn.lastSent = time.Now()
		cn.report(start + uint64(n))
		cn.relief.Signal()
		if err != nil {
			cn.writeFailed(err)
			return
		}
		c.pump()
		cn.releaseHeld()
	}
}

// writeFailed leaves the verdict to the reader: what the server sent before it
// closed, acknowledgements and the DISCONNECT with its reason, is still there.
func (cn *conn) writeFailed(err error) {
	cn.broken = err
	cn.relief.Signal()
	if cn.flush || cn.tr.SetReadDeadline(time.Now().Add(lingerTime)) != nil {
		cn.fail(networkError("write", "", err))
	}
}

// report notes that the stream is written up to pos, and tells the handler.
func (cn *conn) report(pos uint64) {
	c := cn.client
	cn.written = max(cn.written, pos)
	for {
		next, isTraced := cn.nextReport()
		if next > pos {
			break
		}
		if cn.greeting != nil && next > cn.greetAt {
			cn.greet()
		}
		if isTraced {
			r := cn.traced.pop()
			c.cfg.Handler.PacketSent(r.pkt, r.pub)
		} else {
			c.finish(cn.unwritten.pop(), nil)
		}
	}
	if cn.greeting != nil && pos >= cn.greetAt {
		cn.greet()
	}
}

// nextReport is the position of what is to be reported next: that a packet is
// sent, and then that its publication is finished.
func (cn *conn) nextReport() (pos uint64, isTraced bool) {
	pos = math.MaxUint64
	if cn.unwritten.n > 0 {
		pos = (*cn.unwritten.front()).pos
	}
	if cn.traced.n > 0 && cn.traced.front().pos <= pos {
		return cn.traced.front().pos, true
	}
	return pos, false
}

// greet reports the connection: when what was sent because of it is written,
// or just before the first packet that follows CONNACK.
func (cn *conn) greet() {
	ack := cn.greeting
	cn.greeting = nil
	cn.client.cfg.Handler.Connected(ack)
}

// close ends the network connection and joins its goroutines. With flush, what
// was sent is written first and the peer gets a moment to close its side.
func (cn *conn) close() {
	c := cn.client
	c.mu.Lock()
	cn.openGate()
	flush := cn.flush
	c.mu.Unlock()
	if flush && c.linger(cn.writeDone) && cn.tr.CloseWrite() == nil {
		c.linger(cn.readDone)
	}
	_ = cn.tr.Close() // it may be closed already
	<-cn.readDone
	<-cn.writeDone
}

// linger waits a moment for done; kill ends the waiting.
func (c *Client) linger(done <-chan struct{}) bool {
	timer := time.NewTimer(lingerTime)
	defer timer.Stop()
	select {
	case <-done:
		return true
	case <-timer.C:
	case <-c.kill:
	}
	return false
}
