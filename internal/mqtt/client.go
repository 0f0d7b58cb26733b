package mqtt

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/packet"
)

// Client is one MQTT client: one session at one server, over one network
// connection after the other. Make it with New.
type Client struct {
	cfg Config // not changed after New

	stop     func()        // ends dialing and back-off; begins the drain
	hurry    chan struct{} // closed: the drain is over, whatever is left
	kill     chan struct{} // closed: no goodbye either
	done     chan struct{} // closed: the client gave up or ended
	finished chan struct{} // closed: no goroutine of the client is left

	mu       sync.Mutex // guards what follows, and is held for every Handler call
	started  bool
	ending   bool  // End was called
	hurried  bool  // hurry is closed
	killed   bool  // kill is closed
	gaveUp   error // why the client stopped by itself
	trace    bool
	clientID string   // as assigned by the server, if it did
	origin   endpoint // the server, after a permanent redirect the new one
	target   endpoint // the server to dial next
	conn     *conn    // nil between connections
	met      bool     // a server accepted a connection before
	stats    counters

	// Publishing.
	queue      fifo[queued]            // waits for the connection or the window
	queuedPubs int                     // the publications in queue
	queuedSize int                     // their bytes
	replay     []*Publication          // left over by an earlier connection, in order
	inflight   map[uint16]*Publication // QoS 1 and 2 without their last answer
	order      uint64                  // of the last publication or PUBREC
	lastID     uint16                  // the packet identifier given out last
	aliases    map[uint16]string       // what the caller's topic aliases stand for
	room       chan struct{}           // closed when the queue has room again; nil: nobody waits
	unheld     bool                    // somebody waits for it whatever holds the reader

	// Subscribing.
	requests    map[uint16]*request // without their answer
	unanswered  []*request          // left over by an earlier connection
	requestsNow int                 // taken and not answered
	subs        subscriptions

	quota   quota
	session *session // on disk; nil: nowhere

	// Receiving.
	received  map[uint16]*delivery // QoS 2 until PUBREL [MQTT-4.3.3-10]
	unsettled map[uint16]*delivery // QoS 1 that an earlier connection left without PUBACK
}

type counters struct {
	connections uint64
	strayAcks   uint64
	dropped     uint64
}

// Info is what a Client is like at one moment.
type Info struct {
	Connected bool // a server accepted the connection, and it stands
	ClientID  string
	URL       string // the server in use, without user name and password
	Version   packet.Version
	Limits    Limits // of the server; zero between connections

	Queued      int    // publications that wait
	QueuedBytes int    // their size in bytes
	Inflight    int    // QoS 1 and 2 publications without their last answer
	Unacked     int    // QoS 1 and 2 messages of this connection not yet acknowledged
	Connections uint64 // that a server accepted
	StrayAcks   uint64 // acknowledgements of nothing that was sent, ignored
	Dropped     uint64 // messages not delivered because the client was being ended
	Postponed   uint64 // refusals for want of room at the server, after which the publication stayed
}

// New checks the configuration and makes a Client of it. Nothing runs until
// Start; Publish and Subscribe may be called before. With a session on disk, the
// client must be ended by End, started or not.
func New(cfg Config) (*Client, error) {
	server, err := cfg.prepare()
	if err != nil {
		return nil, err
	}
	c := &Client{
		cfg: cfg, clientID: cfg.ClientID, origin: server, target: server,
		stop: func() {}, hurry: make(chan struct{}), kill: make(chan struct{}),
		done: make(chan struct{}), finished: make(chan struct{}),
		inflight: make(map[uint16]*Publication), requests: make(map[uint16]*request),
		received: make(map[uint16]*delivery), unsettled: make(map[uint16]*delivery), aliases: make(map[uint16]string),
	}
	if cfg.Session != nil {
		if err := openSession(c, *cfg.Session); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// Start begins to connect and returns at once. Calls after the first, or after
// End, do nothing.
func (c *Client) Start() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.started {
		return
	}
	c.started = true
	stop, cancel := context.WithCancel(context.Background())
	c.stop = cancel
	go c.live(stop)
}

// Done is closed when the client will not connect any more: it was ended, or it
// gave up for the reason that Err then returns.
func (c *Client) Done() <-chan struct{} { return c.done }

// Err is why the client stopped by itself: the server refused it for a reason
// that does not heal, or the connection was lost and ReconnectPeriod is 0. It is
// nil while the client is at work, and when End ended it before that.
func (c *Client) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.gaveUp
}

// Trace switches Handler.PacketSent and Handler.PacketReceived on or off for
// the packets from now on.
func (c *Client) Trace(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.trace = on
}

// URL is the server in use, without user name and password.
func (c *Client) URL() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.target.String()
}

// Info describes the client now.
func (c *Client) Info() Info {
	c.mu.Lock()
	defer c.mu.Unlock()
	info := Info{
		ClientID: c.clientID, URL: c.target.String(), Version: c.cfg.Version,
		Queued: c.queuedPubs, QueuedBytes: c.queuedSize, Inflight: len(c.inflight),
		Connections: c.stats.connections, StrayAcks: c.stats.strayAcks, Dropped: c.stats.dropped,
		Postponed: c.quota.postponed,
	}
	if cn := c.conn; cn != nil {
		info.Connected, info.Limits, info.Unacked = cn.usable(), cn.limits, cn.unacked
	}
	return info
}

// End ends the client. It takes nothing more, waits until what was published is
// acknowledged (only while connected, and only until ctx is done), says
// goodbye, and closes the connection; force leaves all that out, so that the
// server publishes the will. What was not finished by then fails with ErrEnded.
//
// End returns when every goroutine of the client has ended, which takes up to a
// second longer when the server does not answer. It may be called at any time,
// repeatedly and by several goroutines. The error is ctx's when that cut the
// drain short.
func (c *Client) End(ctx context.Context, force bool) error {
	c.mu.Lock()
	if !c.started {
		c.started, c.ending = true, true
		c.conclude()
		go func() { // not with the mutex held
			c.session.close()
			close(c.finished)
		}()
	}
	c.ending = true
	if force && !c.killed {
		c.killed = true
		close(c.kill)
	}
	c.stop()
	c.mu.Unlock()
	select {
	case <-c.finished:
		return nil
	case <-ctx.Done():
	}
	c.mu.Lock()
	if !c.hurried {
		c.hurried = true
		close(c.hurry)
	}
	c.mu.Unlock()
	<-c.finished
	if force {
		return nil
	}
	return fmt.Errorf("ending the client: %w", ctx.Err())
}

// conclude fails what is left and reports the end.
func (c *Client) conclude() {
	c.abandon(ErrEnded)
	select {
	case <-c.done:
	default:
		close(c.done)
	}
	c.cfg.Handler.Ended()
}

// giveUp stops the client for good, until End ends it.
func (c *Client) giveUp(err error) {
	c.gaveUp = err
	c.abandon(err)
	close(c.done)
}

// abandon fails everything that waits for a server.
func (c *Client) abandon(err error) {
	c.failPublications(err)
	c.failRequests(err)
	clear(c.received)
	clear(c.unsettled)
	c.signalRoom()
}

// refusal is why nothing is taken any more, or nil.
func (c *Client) refusal() error {
	if c.ending {
		return ErrEnded
	}
	return c.gaveUp
}

// wait sleeps for d; it is false when stop came first.
func wait(stop context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop.Done():
		return false
	}
}
