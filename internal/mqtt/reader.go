package mqtt

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// read is the reader: it takes all whole packets of a read under one lock.
func (cn *conn) read(ctx context.Context) {
	defer close(cn.readDone)
	c := cn.client
	f := framer{version: c.cfg.Version, limit: c.cfg.packetLimit()}
	var pace pacer
	for {
		cn.awaitGate()
		pace.wait()
		n, err := cn.tr.Read(f.space())
		now := time.Now()
		c.mu.Lock()
		if n > 0 && !cn.dead {
			batch, bad := f.cut(n)
			packets := cn.take(ctx, batch, bad, now)
			pace.read(now, n, packets, cn.outstanding[1]+cn.outstanding[2] > 0)
		} else if cn.dead {
			f.n = 0 // the peer's last words, read so that it sees ours
		}
		if err != nil {
			cn.readFailed(err)
			c.mu.Unlock()
			return
		}
		for len(cn.out) > replyLimit && !cn.dead && cn.broken == nil {
			cn.relief.Wait()
		}
		c.mu.Unlock()
	}
}

// awaitGate lets the gate hold the reader, but not while the client ends.
func (cn *conn) awaitGate() {
	c := cn.client
	if c.cfg.Gate == nil {
		return
	}
	c.mu.Lock()
	hold := cn.accepted && !cn.opened
	cn.gated = hold
	c.mu.Unlock()
	if !hold {
		return
	}
	c.cfg.Gate(cn.ungate)
	c.mu.Lock()
	cn.gated = false
	cn.ungated = time.Now()
	c.mu.Unlock()
}

// take acts on a batch of whole packets and returns their number. bad is what
// is wrong with what follows them.
func (cn *conn) take(ctx context.Context, batch []byte, bad error, now time.Time) int {
	cn.lastReceived = now
	cn.pinged = time.Time{}
	packets := 0
	for len(batch) > 0 && !cn.dead {
		h, n, err := packet.ParseHeader(batch, cn.client.cfg.Version)
		if err != nil {
			bad = err
			break
		}
		size := n + h.Length
		if err := cn.handle(ctx, h, batch[n:size:size], len(batch)/size); err != nil {
			bad = err
			break
		}
		batch = batch[size:]
		packets++
	}
	cn.row = nil // it is not to keep messages of this batch for one of the next
	if bad != nil {
		cn.malformed(bad)
	}
	cn.client.pump()
	return packets
}

// malformed ends the connection because of a packet that cannot be decoded.
func (cn *conn) malformed(err error) {
	var e *packet.Error
	if !errors.As(err, &e) {
		e = &packet.Error{Code: packet.MalformedPacket, Message: err.Error()}
	}
	cn.violation(e)
}

// readFailed ends the connection at the end of the stream.
func (cn *conn) readFailed(err error) {
	switch {
	case endOfStream(err):
		cn.fail(nil)
	case errors.Is(err, os.ErrDeadlineExceeded) && cn.broken != nil:
		cn.fail(networkError("write", "", cn.broken))
	default:
		cn.fail(networkError("read", "", err))
	}
}

// arrivals is how many messages have their memory in one piece at most: what
// keeps one of them keeps the others.
const arrivals = 15

// newArrival returns memory for a message. like is how many messages of its size
// there are in the batch from it on.
func (cn *conn) newArrival(like int) *arrival {
	if len(cn.row) == 0 {
		cn.row = make([]arrival, min(like, arrivals))
	}
	m := &cn.row[0]
	cn.row = cn.row[1:]
	return m
}

// handle decodes one packet and acts on it. like is how many of its size there
// are in the batch from it on.
func (cn *conn) handle(ctx context.Context, h packet.Header, body []byte, like int) error {
	c := cn.client
	if h.Type == packet.PUBLISH {
		m := cn.newArrival(like)
		if err := packet.DecodePublish(&m.publish, h, body, c.cfg.Version); err != nil {
			return err
		}
		m.Packet, m.Version = &m.publish, c.cfg.Version
		cn.arrived(m.Packet, 0)
		if cn.accepted {
			return cn.publish(&m.Message)
		}
		return protocolError(packet.ProtocolError, "MQTT-3.2.0-1", "PUBLISH before CONNACK")
	}
	p, err := packet.Decode(h, body, c.cfg.Version)
	if err != nil {
		if code, ok := oldRefusal(h, body); ok && !cn.accepted {
			p = &packet.Connack{ReasonCode: code, Length: h.Length}
		} else {
			return err
		}
	}
	cn.arrived(p, cn.answers(p))
	return cn.act(ctx, p)
}

// arrived reports a packet, after all that came before it: what answers a
// packet of ours proves that it was written.
func (cn *conn) arrived(p packet.Packet, answered uint64) {
	if answered > 0 {
		cn.report(answered)
	}
	if cn.greeting != nil {
		cn.greet()
	}
	if cn.client.trace {
		cn.client.cfg.Handler.PacketReceived(p)
	}
}

// answers is the position of the packet that p answers, 0 when there is none.
func (cn *conn) answers(p packet.Packet) uint64 {
	c := cn.client
	switch p := p.(type) {
	case *packet.Connack, *packet.Auth:
		if !cn.accepted {
			return cn.end // nothing is sent before the answer is there
		}
	case *packet.Pingresp:
		return cn.pingPos
	case *packet.Ack:
		return cn.answersAck(p)
	case *packet.Suback:
		return c.requests[p.ID].position()
	case *packet.Unsuback:
		return c.requests[p.ID].position()
	}
	return 0
}

func (cn *conn) answersAck(p *packet.Ack) uint64 {
	if p.Kind == packet.PUBREL {
		if d := cn.client.received[p.ID]; d != nil && d.conn == cn && d.told {
			return d.pos
		}
		return 0
	}
	if pub := cn.client.inflight[p.ID]; pub != nil && pub.conn == cn {
		return pub.pos
	}
	return 0
}

// act acts on a packet other than PUBLISH.
func (cn *conn) act(ctx context.Context, p packet.Packet) error {
	switch p := p.(type) {
	case *packet.Connack:
		return cn.connack(p)
	case *packet.Auth:
		return cn.auth(ctx, p)
	}
	if !cn.accepted {
		return protocolError(packet.ProtocolError, "MQTT-3.2.0-1", "%v before CONNACK", p.Type())
	}
	switch p := p.(type) {
	case *packet.Ack:
		cn.acknowledged(p)
	case *packet.Suback:
		return cn.answered(p.ID, packet.SUBACK, p.ReasonCodes)
	case *packet.Unsuback:
		return cn.answered(p.ID, packet.UNSUBACK, p.ReasonCodes)
	case *packet.Pingresp:
	case *packet.Disconnect:
		return cn.disconnected(p)
	default:
		return protocolError(packet.ProtocolError, "", "a server must not send %v", p.Type())
	}
	return nil
}

// disconnected takes the server's DISCONNECT, MQTT 5 only; the connection is
// closed without waiting for the server to do so [MQTT-3.14.4-1].
func (cn *conn) disconnected(p *packet.Disconnect) error {
	c := cn.client
	if c.cfg.Version != packet.V5 {
		return protocolError(packet.ProtocolError, "", "a server must not send DISCONNECT before MQTT 5")
	}
	c.cfg.Handler.Disconnected(p)
	cn.redirect(p.ReasonCode, p.Properties)
	cn.fail(nil)
	return nil
}

// redirect notes where the server sends the client [MQTT-4.11].
func (cn *conn) redirect(code packet.ReasonCode, props packet.Properties) bool {
	if code != packet.UseAnotherServer && code != packet.ServerMoved {
		return false
	}
	to, ok := cn.client.target.redirected(props.String(packet.PropServerReference))
	if !ok {
		return false
	}
	cn.outcome.redirect = &to
	cn.outcome.permanent = code == packet.ServerMoved
	return true
}
