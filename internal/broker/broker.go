// Package broker is the embedded MQTT broker: mochi-mqtt behind a small type
// of ours, for running scripts without a broker of one's own, for trying
// things out and for tests. It keeps everything in memory.
//
// What a client sends reaches mochi only after internal/packet has found it
// correct, one packet at a time (see conn); that, the flow control towards
// the client and a recover around each connection contain mochi's known
// faults, so that a broken client harms only its own connection.
//
// # Known limits
//
// Of a will's MQTT 5 properties only user properties and the delay are kept.
// Messages that a persistent session missed are sent again in an order of the
// broker's choosing.
//
// # Concurrency
//
// All methods of Broker are safe from any goroutine. The broker starts one
// goroutine for each listener and one for each connection; Close joins them.
// mochi's own two kinds (a writer for each connection, one housekeeping loop)
// end by themselves when the connection or the broker is closed.
//
// # Queues
//
// For each client: up to 8,192 packets wait to be written, and up to 8,192
// QoS 1 and 2 messages are on their way or kept for an absent session. What
// exceeds them is dropped and counted in Stats.Dropped; of the first kind the
// log has a warning, once a connection.
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

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

const (
	defaultAddr           = "127.0.0.1:1883"
	defaultMaxConnections = 1024
	defaultMaxPacketSize  = 16 << 20
	queuedPackets         = 8192 // waiting to be written, for each client
	queuedMessages        = 8192 // QoS 1 and 2 not acknowledged, for each client
	aliasMaximum          = 64   // topic aliases that a client may register
	sysInterval           = 10   // seconds between updates of the $SYS topics

	connectTimeout = 10 * time.Second // from the TCP connection to the whole CONNECT
	writeTimeout   = 30 * time.Second // for one write to a client that does not read
	closeTimeout   = time.Second      // the same while the broker is being closed
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
	opts   Options
	server *mochi.Server
	log    *slog.Logger
	tcp    net.Listener
	ws     net.Listener // nil without WebSocket
	http   *http.Server // nil without WebSocket

	wg       sync.WaitGroup // listeners and connections
	done     chan struct{}  // closed by Close
	closing  sync.Once
	closeErr error
	accepted atomic.Int64
	faults   atomic.Int64

	mu     sync.Mutex
	conns  map[*conn]struct{}
	closed bool
}

// Start listens and serves. An error says which address could not be listened
// on and why; nothing is left running then.
func Start(opts Options) (*Broker, error) {
	opts = opts.withDefaults()
	if err := opts.validate(); err != nil {
		return nil, err
	}
	b := &Broker{opts: opts, log: opts.Log, done: make(chan struct{}), conns: map[*conn]struct{}{}}
	if err := b.listen(); err != nil {
		return nil, err
	}
	if err := b.startServer(); err != nil {
		return nil, errors.Join(err, b.closeListeners())
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

func (b *Broker) startServer() error {
	capabilities := mochi.NewDefaultServerCapabilities()
	capabilities.MaximumMessageExpiryInterval = 0 // keep messages until they say otherwise
	capabilities.MaximumPacketSize = uint32(b.opts.MaxPacketSize)
	capabilities.MaximumClientWritesPending = queuedPackets
	capabilities.MaximumInflight = queuedMessages
	capabilities.TopicAliasMaximum = aliasMaximum
	// mochi loses count of this quota when flows end with an error, so that
	// only the specification's largest value is safe.
	capabilities.ReceiveMaximum = 65535
	capabilities.Compatibilities.NoInheritedPropertiesOnAck = true
	b.server = mochi.New(&mochi.Options{
		Capabilities:           capabilities,
		SysTopicResendInterval: sysInterval,
		// Its records hold whole packets, passwords included.
		Logger: slog.New(slog.DiscardHandler),
	})
	if err := b.server.AddHook(&hook{broker: b}, nil); err != nil {
		return fmt.Errorf("setting up the broker: %w", err)
	}
	if err := b.server.Serve(); err != nil {
		return fmt.Errorf("starting the broker: %w", err)
	}
	return nil
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
	info := b.server.Info
	return Stats{
		Connections: int64(open),
		Accepted:    b.accepted.Load(),
		Received:    atomic.LoadInt64(&info.MessagesReceived),
		Sent:        atomic.LoadInt64(&info.MessagesSent),
		Dropped:     atomic.LoadInt64(&info.MessagesDropped) + atomic.LoadInt64(&info.InflightDropped),
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
		b.closeErr = errors.Join(b.closeErr, b.server.Close())
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
	b.closed = true
	open := make([]*conn, 0, len(b.conns))
	for c := range b.conns {
		open = append(open, c)
	}
	b.mu.Unlock()
	for _, c := range open {
		c.hurry()
	}
	// At once, so that clients which do not read cost one closeTimeout in all.
	var wg sync.WaitGroup
	for _, c := range open {
		wg.Go(func() {
			if client := c.client.Load(); client != nil {
				_ = b.server.DisconnectClient(client, packets.ErrServerShuttingDown)
			}
			_ = c.Close()
		})
	}
	wg.Wait()
}
