// Package broker is the embedded MQTT broker, for running scripts without a
// broker of one's own, for trying things out and for tests. It speaks MQTT 3.1,
// 3.1.1 and 5.0 and keeps everything in memory; with the process all of it is
// gone. Enhanced authentication and access rules are left out.
//
// # Concurrency
//
// All methods of Broker are safe from any goroutine. The broker starts one
// goroutine for each listener and two for each connection, a reader and a
// writer; Close joins them, and the timers too. One mutex guards sessions,
// subscriptions and retained messages; nobody waits for the network with it.
//
// # Queues
//
// Towards each client outboundBytes wait to be written, and one packet more;
// then QoS 0 messages are dropped, others wait, and nothing is read from the
// client. For each session up to queuedMessages and queuedBytes of QoS 1 and 2
// are on their way, wait for the client's receive maximum, or are kept while
// it is away; those over that are dropped. Up to maxRetained topics have a
// retained message and maxSessions sessions are kept; what exceeds that is
// refused. What is dropped is counted in Stats.Dropped, and the log has a
// warning, once a connection.
package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/filters"
	"github.com/mqscript/mqscript/internal/packet"
)

const (
	defaultAddr           = "127.0.0.1:1883"
	defaultMaxConnections = 1024
	defaultMaxPacketSize  = 16 << 20

	outboundBytes    = 16 << 20 // waiting to be written, for each client
	queuedMessages   = 8192     // QoS 1 and 2 not acknowledged, for each session
	queuedBytes      = 64 << 20 // their size
	maxRetained      = 65536    // topics with a retained message
	maxSessions      = 16384    // with and without a connection
	maxSubscriptions = 4096     // for each session
	aliasMaximum     = 64       // topic aliases that a client may register

	connectTimeout = 10 * time.Second // from the TCP connection to the whole CONNECT
	writeTimeout   = 30 * time.Second // for one write to a client that does not read
	closeTimeout   = time.Second      // for what is still to be written at the end of a connection
	acceptPause    = 50 * time.Millisecond
)

// Options configures a Broker. The zero value listens on 127.0.0.1:1883 for
// anybody on this machine.
type Options struct {
	// Addr is the TCP address to listen on, "127.0.0.1:1883" when empty. Port
	// 0 takes a free port.
	Addr string
	// Fallback takes a free port of the same host when Addr's is in use.
	Fallback bool
	// WebSocket is the address to listen on for MQTT over WebSocket, at any
	// path; none when empty. Fallback does not apply to it.
	WebSocket string
	// Users maps user names to passwords. With none, everybody may connect.
	Users map[string]string
	// Anonymous allows listening on an address that other machines reach
	// although there are no Users.
	Anonymous bool
	// MaxConnections is how many connections may be open; one more is closed
	// at once. 1,024 when 0.
	MaxConnections int
	// MaxPacketSize is the largest packet taken from a client, in bytes; a
	// larger one ends its connection. 16 MiB when 0.
	MaxPacketSize int
	// Log receives the broker's words. None are said when nil.
	Log *slog.Logger
}

// ErrOpen says that an address was asked for that needs Users or Anonymous.
var ErrOpen = errors.New("can be reached from other machines, so who may connect must be said")

// Stats are the broker's counters. All but Connections only grow.
type Stats struct {
	Connections int64 // open now, those that have not sent CONNECT included
	Accepted    int64 // connections ever accepted
	Received    int64 // PUBLISH packets from clients
	Sent        int64 // PUBLISH packets to clients
	Dropped     int64 // messages that a full queue cost a client
	Faults      int64 // connections that ended by a fault of the broker's own
}

// Broker is a running broker. Start makes it.
type Broker struct {
	opts Options
	log  *slog.Logger
	tcp  net.Listener
	ws   net.Listener // nil without WebSocket
	http *http.Server // nil without WebSocket

	wg       sync.WaitGroup // listeners, connections and timers
	done     chan struct{}  // closed by Close
	closing  sync.Once
	closeErr error

	accepted, received, sent, dropped, faults atomic.Int64

	mu       sync.Mutex // guards what follows, and the sessions
	conns    map[*conn]struct{}
	closed   bool
	sessions map[string]*session
	filters  filters.Tree[subscribers]
	retained map[string]*message
}

// Start listens and serves. An error says which address could not be listened
// on and why; nothing is left running then.
func Start(opts Options) (*Broker, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	b := &Broker{
		opts: opts, log: opts.Log, done: make(chan struct{}),
		conns: make(map[*conn]struct{}), sessions: make(map[string]*session), retained: make(map[string]*message),
	}
	if err := b.listen(); err != nil {
		return nil, err
	}
	b.wg.Go(func() { b.accept(b.tcp) })
	if b.ws != nil {
		b.serveWebSocket()
	}
	return b, nil
}

func (o Options) withDefaults() Options {
	if o.Addr == "" {
		o.Addr = defaultAddr
	}
	if o.MaxConnections == 0 {
		o.MaxConnections = defaultMaxConnections
	}
	if o.MaxPacketSize == 0 {
		o.MaxPacketSize = defaultMaxPacketSize
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) validate() error {
	for _, addr := range []string{o.Addr, o.WebSocket} {
		if addr == "" {
			continue
		}
		tcp, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			return fmt.Errorf("%q is not an address to listen on, such as 127.0.0.1:1883: %w", addr, err)
		}
		open := tcp.IP == nil || !tcp.IP.IsLoopback()
		if open && len(o.Users) == 0 && !o.Anonymous {
			return fmt.Errorf("%s %w", addr, ErrOpen)
		}
	}
	return nil
}

func (b *Broker) listen() error {
	var err error
	b.tcp, err = listen(b.opts.Addr)
	if inUse(err) && b.opts.Fallback {
		host, _, _ := net.SplitHostPort(b.opts.Addr) // validate has parsed it
		b.tcp, err = listen(net.JoinHostPort(host, "0"))
	}
	if err != nil {
		return listenError(b.opts.Addr, err)
	}
	if b.opts.WebSocket == "" {
		return nil
	}
	if b.ws, err = listen(b.opts.WebSocket); err != nil {
		return errors.Join(listenError(b.opts.WebSocket, err), b.closeListeners())
	}
	return nil
}

func listen(addr string) (net.Listener, error) {
	return new(net.ListenConfig).Listen(context.Background(), "tcp", addr)
}

func listenError(addr string, err error) error {
	if inUse(err) {
		return fmt.Errorf("%s is in use by another program", addr)
	}
	return fmt.Errorf("listening on %s: %w", addr, err)
}

// wsaeaddrinuse is what Windows reports; package syscall does not map it.
const wsaeaddrinuse = syscall.Errno(10048)

func inUse(err error) bool {
	var errno syscall.Errno
	return errors.As(err, &errno) && (errno == syscall.EADDRINUSE || errno == wsaeaddrinuse)
}

// Addr returns the TCP address that the broker listens on, such as
// "127.0.0.1:1883".
func (b *Broker) Addr() string { return b.tcp.Addr().String() }

// URL returns the address as a URL that a client takes.
func (b *Broker) URL() string { return "mqtt://" + b.Addr() }

// WebSocketURL returns the URL for MQTT over WebSocket, or "" without.
func (b *Broker) WebSocketURL() string {
	if b.ws == nil {
		return ""
	}
	return "ws://" + b.ws.Addr().String() + "/mqtt"
}

// Stats returns the counters as they are now.
func (b *Broker) Stats() Stats {
	b.mu.Lock()
	open := len(b.conns)
	b.mu.Unlock()
	return Stats{
		Connections: int64(open),
		Accepted:    b.accepted.Load(),
		Received:    b.received.Load(),
		Sent:        b.sent.Load(),
		Dropped:     b.dropped.Load(),
		Faults:      b.faults.Load(),
	}
}

// Close tells the clients that the broker shuts down, closes their
// connections and waits until all is gone. It may be called again, from any
// goroutine, and returns the same each time.
func (b *Broker) Close() error {
	b.closing.Do(func() {
		close(b.done)
		b.closeErr = b.closeListeners()
		b.closeConnections()
		b.wg.Wait()
	})
	return b.closeErr
}

func (b *Broker) closeListeners() error {
	err := b.tcp.Close()
	if b.http != nil {
		return errors.Join(err, b.http.Close())
	}
	if b.ws != nil {
		return errors.Join(err, b.ws.Close())
	}
	return err
}

func (b *Broker) closeConnections() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for c := range b.conns {
		c.end(packet.ServerShuttingDown)
	}
	for _, s := range b.sessions {
		s.stopTimers()
	}
}

// after calls f after d with the lock held, unless the broker is closed by
// then or stop is called, also with the lock held.
func (b *Broker) after(d time.Duration, f func()) (stop func()) {
	b.wg.Add(1)
	stopped := false
	timer := time.AfterFunc(d, func() {
		defer b.wg.Done()
		b.mu.Lock()
		defer b.mu.Unlock()
		if !b.closed && !stopped {
			f()
		}
	})
	return func() {
		stopped = true // for a timer that waits for the lock
		if timer.Stop() {
			b.wg.Done()
		}
	}
}
