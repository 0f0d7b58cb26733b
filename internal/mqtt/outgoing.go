package mqtt

import (
	"cmp"
	"slices"

	"github.com/mqscript/mqscript/internal/packet"
)

// acknowledged takes PUBACK, PUBREC, PUBREL and PUBCOMP.
func (cn *conn) acknowledged(a *packet.Ack) {
	c := cn.client
	if a.Kind == packet.PUBREL {
		cn.pubrel(a)
		return
	}
	p := c.inflight[a.ID]
	switch {
	case p == nil || p.conn != cn || (p.Packet.QoS == 1) != (a.Kind == packet.PUBACK) ||
		a.Kind == packet.PUBCOMP && p.released == 0:
		cn.stray(a)
	case a.ReasonCode == packet.QuotaExceeded && a.Kind != packet.PUBCOMP:
		cn.refusedForRoom(p)
	case a.ReasonCode.Failed() && a.Kind != packet.PUBCOMP:
		c.finish(p, reasonError(a.ReasonCode, "Publish error: %v", a.ReasonCode))
	case a.Kind == packet.PUBREC:
		if p.released == 0 {
			c.order++
			p.released = c.order
			c.session.update(p)
		}
		cn.release(p, packet.Success)
	default:
		c.quota.relax(cn.limit())
		c.finish(p, nil)
	}
}

// stray answers an acknowledgement of nothing that is known. Only a PUBREC
// needs an answer, without which the server would keep its state.
func (cn *conn) stray(a *packet.Ack) {
	cn.client.stats.strayAcks++
	if a.Kind == packet.PUBREC && !a.ReasonCode.Failed() {
		cn.send(&packet.Ack{Kind: packet.PUBREL, ID: a.ID, ReasonCode: packet.PacketIdentifierNotFound})
	}
}

// release sends PUBREL [MQTT-4.3.3-4].
func (cn *conn) release(p *Publication, code packet.ReasonCode) {
	cn.send(&packet.Ack{Kind: packet.PUBREL, ID: p.id, ReasonCode: code})
	p.pos = cn.end
}

// finish reports a publication's end and frees its identifier.
func (c *Client) finish(p *Publication, err error) {
	if p.id > 0 && c.inflight[p.id] == p {
		delete(c.inflight, p.id)
		if c.conn != nil && p.conn == c.conn {
			c.conn.outstanding[p.Packet.QoS]--
		}
	}
	c.session.forget(p)
	p.finished = true
	c.cfg.Handler.Published(p, err)
	if c.conn != nil {
		c.checkDrained(c.conn)
	}
}

// collectReplay gathers, when a connection is gone, what was published on it
// and is not finished.
func (c *Client) collectReplay(cn *conn) {
	left := c.replay[:0:0]
	for _, p := range c.replay {
		if p.Packet.QoS == 0 {
			left = append(left, p)
		}
	}
	for cn.unwritten.n > 0 {
		left = append(left, cn.unwritten.pop())
	}
	for _, p := range c.inflight {
		p.sent = p.sent || p.conn == cn && p.pos <= cn.written
		left = append(left, p)
	}
	c.replay = left
}

// orderReplay puts what is left over in order for a new connection. Without
// the session at the server every publication starts from the beginning: a
// duplicate is better than a loss. PUBREL comes before PUBLISH, so that the
// server has room for what follows: one that refuses a PUBLISH for want of room
// and closes would never get a PUBREL behind it.
func (c *Client) orderReplay(kept bool) {
	for _, p := range c.replay {
		if kept {
			continue
		}
		p.sent = false
		if p.released > 0 {
			p.released = 0
			c.session.update(p)
		}
	}
	slices.SortFunc(c.replay, func(a, b *Publication) int {
		if (a.released > 0) != (b.released > 0) {
			return cmp.Compare(b.released, a.released)
		}
		return cmp.Compare(a.rank(), b.rank())
	})
}

// rank orders PUBLISH by its publishing and PUBREL by its PUBREC.
func (p *Publication) rank() uint64 { return max(p.order, p.released) }

// failPublications ends everything that was not finished. In a session on disk
// it stays, for the next run.
func (c *Client) failPublications(err error) {
	left := c.replay
	c.replay = nil
	clear(c.inflight)
	slices.SortFunc(left, func(a, b *Publication) int { return cmp.Compare(a.order, b.order) })
	for _, p := range left {
		p.finished = true
		c.cfg.Handler.Published(p, err)
	}
	var requests []queued
	for c.queue.n > 0 {
		q := c.queue.pop()
		if q.pub == nil {
			requests = append(requests, q)
			continue
		}
		c.queuedPubs--
		c.queuedSize -= q.pub.size
		q.pub.finished = true
		c.cfg.Handler.Published(q.pub, err)
	}
	for _, q := range requests {
		c.queue.push(q)
	}
}

// drain begins the orderly end: the gate lets the reader go, and drained is
// closed as soon as nothing is on its way.
func (cn *conn) drain() {
	c := cn.client
	c.mu.Lock()
	defer c.mu.Unlock()
	cn.openGate()
	cn.draining = true
	c.checkDrained(cn)
}

func (c *Client) checkDrained(cn *conn) {
	idle := c.queue.n == 0 && len(c.replay) == 0 && len(c.inflight) == 0 && cn.written == cn.end
	if idle && cn.draining && !cn.dead {
		cn.draining = false
		close(cn.drained)
	}
}
