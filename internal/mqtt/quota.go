package mqtt

import (
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// How long a client waits before it sends again what the server had no room
// for: at first, and at most when that happens again and again.
const (
	firstQuotaPause = 100 * time.Millisecond
	lastQuotaPause  = 10 * time.Second
)

// quota is what a client knows of a server that has said "Quota exceeded" to
// QoS 1 or 2 publications, guarded by the client's mutex. Its zero value knows
// of none. Some servers end the connection as well, so it outlives that.
type quota struct {
	window    int           // publications that may be on their way; 0: whatever the limits say
	taken     int           // since the window grew last
	pause     time.Duration // that was waited last
	waiting   *time.Timer   // until then nothing of QoS 1 and 2 is sent; nil: it may be
	postponed uint64        // publications, one of them as often as that happened
}

// refusedForRoom takes "Quota exceeded": from now on fewer are on their way.
// What is in the session on disk stays, since somebody may have been told that
// it is safe; everything else fails.
func (cn *conn) refusedForRoom(p *Publication) {
	c := cn.client
	if p.kept.segment > 0 {
		cn.postpone(p)
	} else {
		c.finish(p, reasonError(packet.QuotaExceeded, "Publish error: %v", packet.QuotaExceeded))
	}
	c.quota.window, c.quota.taken = max(1, cn.outstanding[1]+cn.outstanding[2]), 0
}

// postpone takes a publication back. It keeps its packet identifier and goes out
// again, as new, when others are through or after a pause, whichever is later.
func (cn *conn) postpone(p *Publication) {
	c := cn.client
	cn.outstanding[p.Packet.QoS]--
	p.conn, p.sent = nil, false
	c.replay = append([]*Publication{p}, c.replay...)
	q := &c.quota
	if q.postponed++; q.window == 0 {
		c.session.warn("the broker has no room for more messages (Quota exceeded); they stay in the session and are sent again")
	}
	if q.waiting == nil {
		q.pause = min(max(2*q.pause, firstQuotaPause), lastQuotaPause)
		q.waiting = time.AfterFunc(q.pause, c.resumeAfterQuota)
	}
}

// resumeAfterQuota goes on after the pause.
func (c *Client) resumeAfterQuota() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.quota.endPause()
	c.pump()
}

// endPause lets a new connection try at once.
func (q *quota) endPause() {
	if q.waiting != nil {
		q.waiting.Stop()
		q.waiting = nil
	}
}

// relax notes that the server took a publication. When it has taken as many as
// may be on their way, one more may, up to what the limits say.
func (q *quota) relax(limit int) {
	if q.window == 0 {
		return
	}
	q.pause = 0
	if q.taken++; q.taken < q.window {
		return
	}
	q.taken = 0
	if q.window++; q.window >= limit {
		q.window = 0
	}
}

// bound is how many publications may be on their way of those that the limits
// allow.
func (q *quota) bound(limit int) int {
	switch {
	case q.waiting != nil:
		return 0
	case q.window > 0:
		return min(q.window, limit)
	}
	return limit
}
