// Package host lets many scripts live on one MQTT client. It hands the
// client's events to every script, counts who is done with a message before
// the client acknowledges it, slows the client's reading when a script cannot
// keep up, and stops everything in the right order.
//
// # Concurrency
//
// The client calls the handler methods one at a time with its lock held; they
// only hand events on. Each script runs on a goroutine of its own and calls
// its resident from there. Add, Start, Stop and Stats may be called from any
// goroutine. Every goroutine that a Host starts is joined before Stop returns.
package host

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// Options configures a Host.
type Options struct {
	// Client is the connection; Handler and Gate are the host's own.
	Client mqtt.Config
	// Subscriptions are made at the first connection and kept.
	Subscriptions []packet.Subscription
	// New makes a script, which is not started yet. Default: script.New, which
	// lets it live in this process.
	New func(script.Options) Script
	// Log takes the host's own words.
	Log *slog.Logger
	// StallLimit is how long one script that does not keep up may hold up the
	// reading of the socket before it is taken as stuck. Default 1 s.
	StallLimit time.Duration
	// DrainLimit bounds how long Stop waits for publications that are on their
	// way once every script has ended. Default 5 s.
	DrainLimit time.Duration
}

// Host is scripts on a client.
type Host struct {
	opts    Options
	client  *mqtt.Client
	version packet.Version
	gate    gate

	mu        sync.Mutex // guards the writing of residents, and sealed
	residents atomic.Pointer[[]*resident]
	sealed    bool // no script is added any more

	alive    sync.WaitGroup // one for each resident that has not ended
	empty    chan struct{}  // closed: sealed and no script is left
	watchers sync.WaitGroup

	late   latecomers
	number atomic.Uint64 // of the last QoS 1 or 2 message that arrived

	started    atomic.Bool   // Start was called
	stopping   atomic.Bool   // Stop was called: what no script handled is not acknowledged
	subscribed atomic.Bool   // something was subscribed
	running    signal        // a script has loaded
	connected  signal        // a server has accepted the connection
	drained    chan struct{} // capacity 1: a token when nothing is on its way any more

	outstanding atomic.Int64 // publications that the client took and has not finished
	spares      spares
}

// signal is a channel that is closed once.
type signal struct {
	once sync.Once
	ch   chan struct{}
}

func newSignal() signal { return signal{ch: make(chan struct{})} }

func (s *signal) give() { s.once.Do(func() { close(s.ch) }) }

// New makes a host with its client; nothing runs until Start. The error says
// what is wrong with the client's configuration.
func New(opts Options) (*Host, error) {
	if opts.StallLimit == 0 {
		opts.StallLimit = time.Second
	}
	if opts.DrainLimit == 0 {
		opts.DrainLimit = 5 * time.Second
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.New == nil {
		opts.New = func(o script.Options) Script { return script.New(o) }
	}
	h := &Host{opts: opts, empty: make(chan struct{}), running: newSignal(), connected: newSignal(), drained: make(chan struct{}, 1)}
	h.residents.Store(&[]*resident{})
	h.gate = gate{host: h, limit: opts.StallLimit}
	opts.Client.Handler = h
	opts.Client.Gate = h.gate.wait
	if s := opts.Client.Session; s != nil {
		session := *s
		session.Stored = stored
		session.Warn = func(text string) { opts.Log.Warn(text) }
		opts.Client.Session = &session
	}
	client, err := mqtt.New(opts.Client)
	if err != nil {
		return nil, err
	}
	h.client = client
	h.version = client.Info().Version
	return h, nil
}

// Add puts a script on the client and starts it. It may be called before and
// after Start, but not after Seal. The script's Host and Settled are the
// host's own.
func (h *Host) Add(opts script.Options) Script {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := newResident(h, nil, opts)
	list := append(slices.Clone(*h.residents.Load()), r)
	h.residents.Store(&list)
	h.begin(r)
	return r.script
}

// begin starts the script of a new resident. It is called locked.
func (h *Host) begin(r *resident) {
	h.alive.Add(1)
	h.watchers.Go(func() { h.watch(r) })
	r.script.Start()
}

// watch follows one script from its loading to its end.
func (h *Host) watch(r *resident) {
	defer h.alive.Done()
	<-r.script.Loaded()
	h.adjustTrace() // before anybody connects because the script runs
	if state, _ := r.script.Result(); state != script.StateFailed {
		h.running.give()
	}
	if h.late.isLate(&r.late) {
		h.watchers.Go(func() { h.fetchRetained(r) })
	}
	<-r.script.Done()
	state, reason := r.script.Result()
	if state == script.StateFailed {
		h.opts.Log.Error(reason.Error())
	}
	h.adjustTrace()
	if r.place != nil {
		r.place.ended(r, state)
	}
}

// Seal says that no script follows: from now on the channel that Empty returns
// is closed when the last one has ended.
func (h *Host) Seal() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sealed {
		return
	}
	h.sealed = true
	h.watchers.Go(func() {
		h.alive.Wait()
		close(h.empty)
	})
}

// Empty is closed when every script has ended, after Seal.
func (h *Host) Empty() <-chan struct{} { return h.empty }

// Running is closed when the first script has loaded.
func (h *Host) Running() <-chan struct{} { return h.running.ch }

// Connection is closed when a server has accepted the connection for the first
// time.
func (h *Host) Connection() <-chan struct{} { return h.connected.ch }

// Subscribed tells whether anything was subscribed, by the host's options or
// by a script.
func (h *Host) Subscribed() bool { return h.subscribed.Load() }

// Start connects the client, in the background, and subscribes.
func (h *Host) Start() {
	h.started.Store(true)
	if len(h.opts.Subscriptions) > 0 {
		h.subscribed.Store(true)
		answered := h.late.share(h.opts.Subscriptions)
		h.client.SubscribeAsync(h.opts.Subscriptions, nil, func(codes []packet.ReasonCode, err error) {
			answered()
			h.reportSubscriptions(codes, err)
		})
	}
	h.client.Start()
}

func (h *Host) reportSubscriptions(codes []packet.ReasonCode, err error) {
	if errors.Is(err, mqtt.ErrEnded) {
		return // the scripts were quicker than the broker
	}
	if err != nil {
		h.opts.Log.Error("the subscription failed", "reason", err)
		return
	}
	for i, code := range codes {
		filter := h.opts.Subscriptions[i].Filter
		if code.Failed() {
			h.opts.Log.Error("the broker refused the subscription to "+filter, "reason", code.String())
			continue
		}
		h.opts.Log.Info("subscribed to "+filter, "qos", int(code))
	}
}

// Client is the connection that the scripts live on.
func (h *Host) Client() *mqtt.Client { return h.client }

// Stop ends everything: no more messages, onWillExit with its limit for every
// script, then the client, once what the scripts published is acknowledged or
// DrainLimit has passed. When ctx is done, scripts are killed and the client
// is cut off. Stop seals the host and may be called more than once.
func (h *Host) Stop(ctx context.Context) error {
	h.stopping.Store(true)
	h.Seal()
	for _, r := range *h.residents.Load() {
		r.script.Stop()
	}
	select {
	case <-h.empty:
	case <-ctx.Done():
		for _, r := range *h.residents.Load() {
			r.script.Kill()
		}
		<-h.empty
	}
	drain, cancel := context.WithTimeout(ctx, h.opts.DrainLimit)
	defer cancel()
	h.drain(drain)
	err := h.client.End(drain, ctx.Err() != nil)
	h.watchers.Wait()
	if errors.Is(err, context.DeadlineExceeded) {
		return nil // drain has said so
	}
	return err
}

// drain waits until what the scripts published is acknowledged. The client may
// have yet to connect for that.
func (h *Host) drain(ctx context.Context) {
	for h.outstanding.Load() > 0 {
		select {
		case <-h.drained:
		case <-h.client.Done():
			return
		case <-ctx.Done():
			h.opts.Log.Warn("ended with messages that the broker has not taken", "messages", h.outstanding.Load())
			return
		}
	}
}

// adjustTrace asks the client for packet events only while a script has a
// handler for them. A script that is still loading may have one.
func (h *Host) adjustTrace() {
	h.client.Trace(slices.ContainsFunc(*h.residents.Load(), func(r *resident) bool {
		return r.wants(script.EventPacketSend) || r.wants(script.EventPacketReceive)
	}))
}
