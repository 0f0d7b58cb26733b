package mqtt

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// lingerTime bounds how long a goodbye is waited for: once for the packets that
// are still to be written, once for the peer to close its side. Closing with
// unread data would reset the connection, and the peer might never see our
// DISCONNECT.
const lingerTime = 500 * time.Millisecond

// maxHops bounds the redirects that are followed without a connection that stood.
const maxHops = 4

// stableAfter is how long a connection through which no message went must have
// stood for the back-off to start over: a server that accepts and throws out at
// once is not hammered.
const stableAfter = 5 * time.Second

// live is the client's own goroutine: one connection after the other, until
// End or until there is no point in another one.
func (c *Client) live(stop context.Context) {
	defer close(c.finished)
	defer c.session.close()
	delay := backoff{first: c.cfg.ReconnectPeriod, most: c.cfg.ReconnectMax}
	hops := 0
	for {
		out := c.attempt(stop)
		if out.stable {
			delay.reset()
			hops = 0
		}
		again, redirected := c.next(out, hops)
		if !again {
			break
		}
		if hops++; !redirected {
			hops = 0
			if !wait(stop, delay.next()) {
				break
			}
		}
		c.mu.Lock()
		if !c.ending {
			c.cfg.Handler.Reconnecting()
		}
		c.mu.Unlock()
	}
	<-stop.Done()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conclude()
}

// outcome is how a connection went.
type outcome struct {
	accepted  bool      // CONNACK accepted it
	worked    bool      // and messages went through it
	stable    bool      // and it stood for stableAfter, or worked
	fatal     error     // trying again is no use
	redirect  *endpoint // where the server sent the client
	permanent bool      // the redirect holds for good
}

// next decides whether to connect again and where to.
func (c *Client) next(out outcome, hops int) (again, redirected bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.ending:
		return false, false
	case out.redirect != nil && hops < maxHops:
		c.target = *out.redirect
		if out.permanent {
			c.origin = *out.redirect
		}
		return true, true
	case out.fatal != nil:
		c.giveUp(out.fatal)
		return false, false
	case c.cfg.ReconnectPeriod == 0:
		c.giveUp(&Error{Message: "the connection is closed and reconnecting is off"})
		return false, false
	}
	c.target = c.origin
	return true, false
}

// attempt is one connection from dialing to closed.
func (c *Client) attempt(stop context.Context) outcome {
	ctx, cancel := context.WithTimeout(stop, c.cfg.ConnectTimeout)
	defer cancel()
	if err := c.session.heal(); err != nil {
		return c.attemptFailed(ctx, stop, err)
	}
	connect, err := c.makeConnect(ctx)
	if err != nil {
		return c.attemptFailed(ctx, stop, &Error{Message: "authentication: " + err.Error(), Cause: err})
	}
	tr, err := c.cfg.dial(ctx, c.server())
	if err != nil {
		return c.attemptFailed(ctx, stop, err)
	}
	cn := c.open(tr, connect) //nolint:contextcheck // the connection outlives the attempt's context
	select {
	case <-cn.up:
	case <-cn.down:
	case <-ctx.Done():
		c.expire(stop, cn)
	}
	cancel()
	c.serve(stop, cn)
	cn.close()
	return c.lost(stop, cn)
}

// expire ends a connection that was not accepted in time.
func (c *Client) expire(stop context.Context, cn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case cn.accepted:
	case stop.Err() == nil:
		cn.fail(errConnackTimeout)
	default:
		cn.fail(nil)
	}
}

func (c *Client) server() endpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.target
}

// attemptFailed reports an attempt that did not get as far as a connection.
// One that End cut short is not worth an event.
func (c *Client) attemptFailed(ctx, stop context.Context, err error) outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	if stop.Err() != nil {
		return outcome{}
	}
	if ctx.Err() != nil {
		err = errConnackTimeout
	}
	c.cfg.Handler.Error(err)
	c.cfg.Handler.Closed()
	return outcome{}
}

// serve looks after an accepted connection until it ends: keepalive, and the
// orderly end.
func (c *Client) serve(stop context.Context, cn *conn) {
	timer := time.NewTimer(cn.beat())
	defer timer.Stop()
	stopping := stop.Done()
	for {
		select {
		case <-cn.down:
			return
		case <-timer.C:
			timer.Reset(cn.beat())
		case <-stopping:
			stopping = nil
			cn.drain()
		case <-cn.drained:
			c.goodbye(cn)
			return
		case <-c.hurry:
			c.goodbye(cn)
			return
		case <-c.kill:
			c.mu.Lock()
			cn.fail(nil)
			c.mu.Unlock()
			return
		}
	}
}

// goodbye sends the DISCONNECT of an orderly end; nothing is sent after it
// [MQTT-3.14.4-2].
func (c *Client) goodbye(cn *conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if cn.dead || c.killed {
		cn.fail(nil)
		return
	}
	cn.send(new(packet.Disconnect))
	cn.flush = true
	cn.fail(nil)
}

// lost takes leave of a connection whose goroutines have ended.
func (c *Client) lost(stop context.Context, cn *conn) outcome {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.conn = nil
	c.collectReplay(cn)
	c.quota.endPause()
	c.collectUnsettled(cn)
	c.collectRequests()
	c.signalRoom()
	out := cn.outcome
	out.stable = out.accepted && (out.worked || time.Since(cn.since) >= stableAfter)
	// An attempt that End cut short before CONNACK ends without this event.
	if out.accepted || cn.refused || stop.Err() == nil {
		c.cfg.Handler.Closed()
	}
	return out
}

// backoff is the time between attempts.
type backoff struct {
	first, most time.Duration
	delay       time.Duration // the last one; 0: none yet
}

func (b *backoff) reset() { b.delay = 0 }

// next is how long to wait: a random time between half of the delay and all of
// it, so that many clients of one server do not come back in step.
func (b *backoff) next() time.Duration {
	b.delay = min(max(b.first, 2*b.delay), b.most)
	return b.delay - rand.N(b.delay/2+1)
}
