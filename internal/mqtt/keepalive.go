package mqtt

import (
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// beat does what keepalive demands now and returns when to ask again.
//
// PINGREQ is sent when for the whole interval nothing was sent [MQTT-3.1.2-20],
// or nothing was received, so that a server that went away is noticed also by
// a client that only publishes. Whatever arrives is a sign of life; without one
// the connection is over half an interval after PINGREQ.
//
// While the gate holds the reader, signs of life may wait in the socket: then
// nothing is concluded from their absence, and pings go on.
func (cn *conn) beat() time.Duration {
	cn.client.mu.Lock()
	defer cn.client.mu.Unlock()
	const never = time.Hour
	k := cn.keepAlive
	if k == 0 || !cn.usable() {
		return never
	}
	now := time.Now()
	waiting := !cn.pinged.IsZero()
	if waiting && !cn.gated {
		deadline := later(cn.pinged, cn.ungated).Add(k / 2)
		if !now.Before(deadline) {
			cn.fail(errKeepalive)
			return never
		}
		return deadline.Sub(now)
	}
	due := cn.lastSent.Add(k)
	if quiet := cn.lastReceived.Add(k); !waiting && quiet.Before(due) {
		due = quiet
	}
	if now.Before(due) {
		if cn.gated {
			return min(due.Sub(now), k/2)
		}
		return due.Sub(now)
	}
	cn.ping(now)
	return k / 2
}

func (cn *conn) ping(now time.Time) {
	cn.send(new(packet.Pingreq))
	cn.pingPos = cn.end
	cn.lastSent = now
	if cn.pinged.IsZero() {
		cn.pinged = now
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
