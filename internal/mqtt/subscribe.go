package mqtt

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/mqscript/mqscript/internal/packet"
)

// requestLimit bounds the SUBSCRIBEs and UNSUBSCRIBEs that wait to be sent or
// for their answer.
const requestLimit = 1024

// request is a SUBSCRIBE or an UNSUBSCRIBE until its answer.
type request struct {
	sub   *packet.Subscribe // one of the two
	unsub *packet.Unsubscribe
	conn  *conn
	pos   uint64
	done  func([]packet.ReasonCode, error)
	own   bool // made by the client to subscribe again
	// passing: it ends with its connection and changes nothing that is to be
	// remembered.
	passing bool
}

// position is where the request stands in the stream; 0 for no request.
func (r *request) position() uint64 {
	if r == nil {
		return 0
	}
	return r.pos
}

// Subscribe asks for messages and waits for the server's answer: one reason
// code a filter, in their order, those above 0x80 being refusals. What was
// granted is subscribed again after a reconnect on which the server has no
// session. While the client is not connected the request waits. When ctx is
// done first, the error is ctx's and the request goes on.
func (c *Client) Subscribe(ctx context.Context, subs []packet.Subscription, props packet.Properties) ([]packet.ReasonCode, error) {
	return await(ctx, func(done func([]packet.ReasonCode, error)) { c.SubscribeAsync(subs, props, done) })
}

// Unsubscribe ends subscriptions and waits for the server's answer, as
// Subscribe does. From the call on they are not subscribed again.
func (c *Client) Unsubscribe(ctx context.Context, filters []string, props packet.Properties) ([]packet.ReasonCode, error) {
	return await(ctx, func(done func([]packet.ReasonCode, error)) { c.UnsubscribeAsync(filters, props, done) })
}

type answer struct {
	codes []packet.ReasonCode
	err   error
}

func await(ctx context.Context, ask func(done func([]packet.ReasonCode, error))) ([]packet.ReasonCode, error) {
	ch := make(chan answer, 1)
	ask(func(codes []packet.ReasonCode, err error) { ch <- answer{codes, err} })
	select {
	case a := <-ch:
		return a.codes, a.err
	case <-ctx.Done():
		return nil, fmt.Errorf("waiting for the server's answer: %w", ctx.Err())
	}
}

// SubscribeAsync is Subscribe without the waiting. done, which may be nil, is
// called once, before SubscribeAsync returns or later, with the client's lock
// held: it must return at once and must not call the client.
func (c *Client) SubscribeAsync(subs []packet.Subscription, props packet.Properties, done func([]packet.ReasonCode, error)) {
	p := &packet.Subscribe{Subscriptions: slices.Clone(subs), Properties: props}
	c.ask(&request{sub: p, done: done}, checkSubscribe(p, c.cfg.Version))
}

// UnsubscribeAsync is Unsubscribe without the waiting, as SubscribeAsync.
func (c *Client) UnsubscribeAsync(filters []string, props packet.Properties, done func([]packet.ReasonCode, error)) {
	p := &packet.Unsubscribe{Filters: slices.Clone(filters), Properties: props}
	c.ask(&request{unsub: p, done: done}, checkUnsubscribe(p, c.cfg.Version))
}

func checkSubscribe(p *packet.Subscribe, v packet.Version) error {
	if len(p.Subscriptions) == 0 {
		return protocolError(packet.ProtocolError, "MQTT-3.8.3-2", "a subscription needs at least one topic filter")
	}
	for _, s := range p.Subscriptions {
		if err := checkFilter(s.Filter); err != nil {
			return err
		}
		switch {
		case s.QoS > 2 || s.RetainHandling > 2:
			return protocolError(packet.ProtocolError, "MQTT-3.8.3-5",
				"subscription to %s: QoS and retain handling must be 0, 1 or 2", s.Filter)
		case v == packet.V5 && s.NoLocal && isShared(s.Filter):
			return protocolError(packet.ProtocolError, "MQTT-3.8.3-4",
				"subscription to %s: a shared subscription cannot be no-local", s.Filter)
		}
	}
	if v == packet.V5 {
		return p.Properties.Validate(packet.SUBSCRIBE)
	}
	return nil
}

func checkUnsubscribe(p *packet.Unsubscribe, v packet.Version) error {
	if len(p.Filters) == 0 {
		return protocolError(packet.ProtocolError, "MQTT-3.10.3-2", "unsubscribing needs at least one topic filter")
	}
	for _, f := range p.Filters {
		if err := checkFilter(f); err != nil {
			return err
		}
	}
	if v == packet.V5 {
		return p.Properties.Validate(packet.UNSUBSCRIBE)
	}
	return nil
}

func checkFilter(filter string) error {
	if err := packet.ValidTopicFilter(filter); err != nil {
		return &Error{Message: fmt.Sprintf("Invalid topic %s: %v", filter, err), Cause: err}
	}
	return nil
}

// ask takes a request, unless err says what is wrong with it.
func (c *Client) ask(r *request, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if err == nil {
		err = c.refusal()
	}
	if err == nil && c.requestsNow >= requestLimit {
		err = &QueueFullError{Limit: requestLimit, Unit: "subscription requests"}
	}
	if err != nil {
		r.tell(nil, err)
		return
	}
	c.requestsNow++
	if r.unsub != nil {
		c.subs.forget(r.unsub.Filters)
	}
	c.queue.push(queued{req: r})
	c.pump()
}

func (r *request) tell(codes []packet.ReasonCode, err error) {
	if r.done != nil {
		r.done(codes, err)
	}
}

// sendRequest sends a request unless the server said that it would refuse it.
func (c *Client) sendRequest(cn *conn, r *request) {
	id := c.nextID()
	var p packet.Packet = r.unsub
	var err error
	if r.sub != nil {
		r.sub.ID = id
		p, err = r.sub, cn.limits.subscribe(r.sub)
	} else {
		r.unsub.ID = id
	}
	out := cn.out
	if err == nil {
		out, err = p.Append(cn.out, c.cfg.Version)
	}
	if err == nil {
		err = cn.limits.size(p.Type(), len(out)-len(cn.out))
	}
	if err != nil {
		c.conclusion(r, nil, err)
		return
	}
	cn.sent(out)
	r.conn, r.pos = cn, cn.end
	c.requests[id] = r
	if c.trace {
		cn.traced.push(traced{pos: cn.end, pkt: p})
	}
}

// answered takes SUBACK and UNSUBACK.
func (cn *conn) answered(id uint16, t packet.Type, codes []packet.ReasonCode) error {
	c := cn.client
	r := c.requests[id]
	if r == nil || r.conn != cn || (r.sub != nil) != (t == packet.SUBACK) {
		c.stats.strayAcks++
		return nil
	}
	n := 0
	if r.sub != nil {
		n = len(r.sub.Subscriptions)
	} else if n = len(r.unsub.Filters); c.cfg.Version != packet.V5 {
		codes = make([]packet.ReasonCode, n)
	}
	if len(codes) != n {
		return protocolError(packet.ProtocolError, "MQTT-3.8.4-6", "%v has %d reason codes for %d topic filters", t, len(codes), n)
	}
	delete(c.requests, id)
	switch {
	case r.passing:
	case r.sub != nil:
		c.subs.granted(r.sub, codes)
	default:
		c.subs.forget(r.unsub.Filters)
	}
	c.conclusion(r, codes, nil)
	return nil
}

// conclusion ends a request. A subscription that the client made again has
// nobody waiting for it: what went wrong is an Error event.
func (c *Client) conclusion(r *request, codes []packet.ReasonCode, err error) {
	if r.passing {
		r.tell(codes, err)
		return
	}
	if !r.own {
		c.requestsNow--
		r.tell(codes, err)
		return
	}
	for i, s := range r.sub.Subscriptions {
		switch {
		case err != nil:
			c.cfg.Handler.Error(&Error{Message: fmt.Sprintf("subscribing again to %s: %v", s.Filter, err), Cause: err})
		case codes[i].Failed():
			c.cfg.Handler.Error(reasonError(codes[i], "subscribing again to %s: %v", s.Filter, codes[i]))
		}
	}
}

// collectRequests keeps, when a connection is gone, what had no answer.
func (c *Client) collectRequests() {
	for _, r := range slices.SortedFunc(maps.Values(c.requests), func(a, b *request) int { return cmp.Compare(a.pos, b.pos) }) {
		switch {
		case r.passing:
			r.tell(nil, ErrNotConnected)
		case !r.own:
			c.unanswered = append(c.unanswered, r)
		}
	}
	clear(c.requests)
}

// sendRequests sends, on a new connection, what an earlier one left without an
// answer, and subscribes again what the server's session does not have.
func (c *Client) sendRequests(cn *conn) {
	left := c.unanswered
	c.unanswered = nil
	for _, r := range left {
		c.sendRequest(cn, r)
	}
	for _, p := range c.subs.missing() {
		c.sendRequest(cn, &request{sub: p, own: true})
	}
}

// failRequests ends every request; done hears err.
func (c *Client) failRequests(err error) {
	for _, r := range c.unanswered {
		c.conclusion(r, nil, err)
	}
	c.unanswered = nil
	for c.queue.n > 0 {
		c.conclusion(c.queue.pop().req, nil, err)
	}
}
