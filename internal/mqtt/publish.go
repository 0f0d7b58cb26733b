package mqtt

import (
	"fmt"

	"github.com/mqscript/mqscript/internal/packet"
)

// queued is what waits in the queue, in the order of the calls: one of the two.
type queued struct {
	pub *Publication
	req *request
}

// Publish takes a message. It never waits: with the connection up and the
// window open the message goes to the writer, else it waits in the queue. An
// error means that it was not taken and that Handler.Published will not be
// called for it: a [QueueFullError], an [Error] about a limit of the server,
// a [packet.Error] about the message itself, or ErrEnded. A Publication can be
// published once, unless it is one for Publication.Reuse.
//
// Packet.Topic may be empty when a topic alias stands for the topic of an
// earlier Publication. A QoS, retain flag or size that the server does not take
// is refused here when it is known, else at the time of sending, by
// Handler.Published.
func (c *Client) Publish(p *Publication) error {
	if p.taken {
		return fmt.Errorf("publishing %q: it was published before", p.Packet.Topic)
	}
	if err := p.examine(c.cfg.Version); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.refusal(); err != nil {
		return err
	}
	if err := c.session.refuses(p); err != nil {
		return err
	}
	if p.topic == "" {
		if p.topic = c.aliases[p.alias]; p.topic == "" {
			return protocolError(packet.TopicAliasInvalid, "", "topic alias %d stands for no topic yet", p.alias)
		}
	}
	if err := c.takeIn(p); err != nil {
		return err
	}
	p.taken = true
	if p.alias > 0 {
		c.aliases[p.alias] = p.topic
	}
	return nil
}

// takeIn sends or queues a publication.
func (c *Client) takeIn(p *Publication) error {
	cn := c.conn
	if cn != nil && cn.usable() {
		w := p.wire(cn)
		if err := cn.limits.publish(&w, w.Size(c.cfg.Version)); err != nil {
			return err
		}
		if c.queue.n == 0 && len(c.replay) == 0 && cn.takes(p) {
			c.order++
			p.order = c.order
			return c.transmit(cn, p)
		}
	}
	p.size = overhead + len(p.topic) + len(p.Packet.Payload) + len(p.props)
	switch {
	case c.queuedPubs >= c.cfg.QueueLimit:
		return &QueueFullError{Limit: c.cfg.QueueLimit, Unit: "messages"}
	case c.queuedSize >= c.cfg.QueueBytes:
		return &QueueFullError{Limit: c.cfg.QueueBytes, Unit: "bytes"}
	}
	c.order++
	p.order = c.order
	c.queuedPubs++
	c.queuedSize += p.size
	c.queue.push(queued{pub: p})
	if p.Packet.QoS > 0 || cn == nil || !cn.usable() {
		c.session.keep(p)
	}
	return nil
}

// AwaitRoom waits until the queue is at most half full while the connection is
// up. It is false when waiting does not help: the client is not connected and
// its queue is full, it was ended or gave up, cancel was closed, or held was and
// the room depends on what the reader brings. Both may be nil.
func (c *Client) AwaitRoom(cancel, held <-chan struct{}) bool {
	for {
		c.mu.Lock()
		roomy := 2*c.queuedPubs <= c.cfg.QueueLimit && 2*c.queuedSize <= c.cfg.QueueBytes
		if roomy || c.refusal() != nil || c.conn == nil || !c.conn.usable() {
			ok := roomy && c.refusal() == nil
			c.mu.Unlock()
			return ok
		}
		if c.room == nil {
			c.room = make(chan struct{})
		}
		room, reader := c.room, held
		if !c.awaitsAnswers() {
			c.unheld, reader = true, nil
		}
		c.mu.Unlock()
		select {
		case <-room:
		case <-cancel:
			return false
		case <-reader:
			return false
		}
	}
}

// awaitsAnswers tells whether what is next may have to wait for an answer of the
// server. Otherwise it waits for the socket alone, and the writer makes room
// whatever the reader does.
func (c *Client) awaitsAnswers() bool {
	if len(c.replay) > 0 || c.queue.n == 0 {
		return len(c.replay) > 0
	}
	next := c.queue.front().pub
	return next != nil && len(c.conn.out) < highWater && !c.conn.takes(next)
}

// signalRoom lets AwaitRoom look again.
func (c *Client) signalRoom() {
	if c.room != nil {
		close(c.room)
		c.room, c.unheld = nil, false
	}
}

// takes tells whether a publication may go to the writer now.
func (cn *conn) takes(p *Publication) bool {
	switch {
	case len(cn.out) >= highWater:
		return false
	case p.Packet.QoS == 0:
		return true
	case p.Packet.QoS == 2 && cn.client.cfg.Version != packet.V5 && cn.outstanding[2] >= blindWindow:
		return false
	}
	return cn.outstanding[1]+cn.outstanding[2] < cn.window()
}

// blindWindow bounds the QoS 2 publications on their way before MQTT 5, where
// the server does not tell how many it takes. mosquitto takes 20 unless it is
// told otherwise, ends the connection at the next one, and acknowledges without
// keeping it a QoS 1 message that comes while the 20 are used up.
const blindWindow = 16

// limit is how many QoS 1 and 2 publications both sides allow to be on their
// way [MQTT-3.3.4-7].
func (cn *conn) limit() int {
	return min(cn.client.cfg.MaxInflight, int(cn.limits.ReceiveMaximum))
}

// window is how many of them may be on their way now.
func (cn *conn) window() int { return cn.client.quota.bound(cn.limit()) }

// pump sends what waits, as far as window and socket allow: first what an
// earlier connection left over, then the queue.
func (c *Client) pump() {
	cn := c.conn
	if cn == nil || !cn.usable() {
		return
	}
	for len(c.replay) > 0 && (cn.takes(c.replay[0]) || c.replay[0].released > 0) {
		p := c.replay[0]
		c.replay[0] = nil
		c.replay = c.replay[1:]
		c.resend(cn, p)
	}
	moved := false
	for len(c.replay) == 0 && c.queue.n > 0 && cn.usable() {
		next := c.queue.front()
		if next.pub != nil && !cn.takes(next.pub) {
			break
		}
		moved = true
		c.sendQueued(cn, c.queue.pop())
	}
	roomy := moved && 2*c.queuedPubs <= c.cfg.QueueLimit && 2*c.queuedSize <= c.cfg.QueueBytes
	if c.room != nil && (roomy || c.unheld && c.awaitsAnswers()) {
		c.signalRoom()
	}
	c.checkDrained(cn)
}

func (c *Client) sendQueued(cn *conn, q queued) {
	if q.req != nil {
		c.sendRequest(cn, q.req)
		return
	}
	c.queuedPubs--
	c.queuedSize -= q.pub.size
	if err := c.transmit(cn, q.pub); err != nil {
		c.finish(q.pub, err)
	}
}

// resend goes on with a publication of an earlier connection.
func (c *Client) resend(cn *conn, p *Publication) {
	if p.released > 0 {
		cn.outstanding[2]++
		p.conn = cn
		cn.release(p, packet.Success)
		return
	}
	if err := c.transmit(cn, p); err != nil {
		c.finish(p, err)
	}
}

// transmit puts a PUBLISH into the stream. With an error nothing was changed.
func (c *Client) transmit(cn *conn, p *Publication) error {
	qos := p.Packet.QoS
	fresh := qos > 0 && p.id == 0
	if fresh {
		p.id = c.nextID()
	}
	w := p.wire(cn)
	err := cn.limits.publish(&w, w.Size(c.cfg.Version))
	out := cn.out
	if err == nil {
		out, err = w.Append(cn.out, c.cfg.Version)
	}
	if err != nil {
		if fresh {
			p.id = 0
		}
		return err
	}
	cn.sent(out)
	p.conn, p.pos = cn, cn.end
	if qos > 0 {
		cn.outstanding[qos]++
		c.inflight[p.id] = p
	}
	c.session.onItsWay(p, fresh)
	if p.alias > 0 && p.alias <= cn.limits.TopicAliasMaximum {
		cn.aliasesOut[p.alias] = p.topic
	}
	c.reportWritten(cn, p, &w)
	return nil
}

// reportWritten notes what to report about a PUBLISH once it is written.
func (c *Client) reportWritten(cn *conn, p *Publication, w *packet.Publish) {
	if c.trace {
		pkt := *w
		cn.traced.push(traced{pos: cn.end, pkt: &pkt, pub: p})
	}
	if p.Packet.QoS == 0 {
		cn.unwritten.push(p)
	}
}

// nextID finds a packet identifier that is not in use [MQTT-2.2.1-3]. There is
// always one: the window and requestLimit together are smaller than their number.
func (c *Client) nextID() uint16 {
	for {
		c.lastID++
		if c.lastID == 0 {
			continue
		}
		if _, used := c.inflight[c.lastID]; used {
			continue
		}
		if _, used := c.requests[c.lastID]; !used {
			return c.lastID
		}
	}
}
