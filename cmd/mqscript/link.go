package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// farewell is how long pub and sub wait at their end for what is on its way.
const farewell = 5 * time.Second

// link is a client for pub and sub. Its first attempt to connect must succeed;
// after that it connects again by itself and says so in the log.
//
// The client calls the methods of mqtt.Handler, with its lock held.
type link struct {
	client    *mqtt.Client
	log       *slog.Logger
	message   func(*mqtt.Message) (done bool)
	published func(*mqtt.Publication, error)

	first chan error // capacity 1: how the first attempt went

	mu         sync.Mutex
	up         bool // the first attempt succeeded
	ended      bool
	redirected bool  // another server was named: the next attempt counts
	reason     error // of the attempt that failed
}

var _ mqtt.Handler = (*link)(nil)

// connect starts the client and waits until the server has accepted it.
func (l *link) connect(ctx context.Context, settings *config.Connection, gate func(<-chan struct{})) error {
	cfg, warning, err := settings.Client()
	if err != nil {
		return usage(err)
	}
	if warning != "" {
		l.log.Warn(warning)
	}
	cfg.Handler, cfg.Gate = l, gate
	l.first = make(chan error, 1)
	if l.client, err = mqtt.New(cfg); err != nil {
		return usage(err)
	}
	l.client.Start()
	select {
	case err = <-l.first:
	case <-l.client.Done():
		err = l.client.Err()
	case <-ctx.Done():
		err = ctx.Err()
	}
	if err != nil {
		_ = l.client.End(ctx, true)
		return explain(err)
	}
	l.log.Debug("connected", "url", l.client.URL())
	return nil
}

// credentialReasons are the refusals that a user name and password can heal.
var credentialReasons = []packet.ReasonCode{4, 5, packet.BadUserNameOrPassword, packet.NotAuthorized}

// explain adds what the user can do about an error.
func explain(err error) error {
	if hint := hint(err); hint != "" {
		return fmt.Errorf("%w: %s", err, hint)
	}
	return err
}

// hint is what the user can do about an error; "" when that is not known.
func hint(err error) string {
	var refused *mqtt.Error
	switch {
	case !errors.As(err, &refused):
	case refused.Code == "ECONNREFUSED":
		return "no broker listens there (mqscript broker starts one)"
	case refused.HasReason && (refused.Reason == packet.UnsupportedProtocolVersion || refused.Reason == 1):
		return "try another --protocol"
	case refused.HasReason && slices.Contains(credentialReasons, refused.Reason):
		return "check --username and the password"
	}
	return ""
}

// end says goodbye once what was published is acknowledged, or at once when
// the program was interrupted.
func (l *link) end(ctx context.Context) error {
	l.mu.Lock()
	l.ended = true
	l.mu.Unlock()
	// The goodbye is owed to the server after an interrupt too.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	return l.client.End(ctx, false)
}

// Connected ends the first attempt.
func (l *link) Connected(*packet.Connack) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up {
		l.log.Info("connected again")
		return
	}
	l.up = true
	l.first <- nil
}

// Error keeps the reason of an attempt that fails, or logs.
func (l *link) Error(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.up {
		l.log.Warn(err.Error())
		return
	}
	l.reason = err
	var e *mqtt.Error
	if errors.As(err, &e) && e.HasReason {
		l.redirected = e.Reason == packet.UseAnotherServer || e.Reason == packet.ServerMoved
	}
}

// Closed ends the first attempt when that is still going on.
func (l *link) Closed() {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.ended:
	case l.up:
		l.log.Warn("the connection is lost")
	case l.redirected:
		l.redirected = false
	default:
		if l.reason == nil {
			l.reason = errors.New("the server closed the connection without accepting it")
		}
		select {
		case l.first <- l.reason:
		default: // nobody waits for a second attempt
		}
	}
}

// Disconnected logs why the server says goodbye.
func (l *link) Disconnected(p *packet.Disconnect) {
	l.log.Warn("the server disconnects: " + p.ReasonCode.String())
}

// Message hands a message on.
func (l *link) Message(m *mqtt.Message) (done bool) {
	if l.message == nil {
		return true
	}
	return l.message(m)
}

// Published hands the result of a publication on.
func (l *link) Published(p *mqtt.Publication, err error) {
	if l.published != nil {
		l.published(p, err)
	}
}

// Reconnecting is of no interest.
func (*link) Reconnecting() {}

// Ended is of no interest.
func (*link) Ended() {}

// PacketSent is of no interest.
func (*link) PacketSent(packet.Packet, *mqtt.Publication) {}

// PacketReceived is of no interest.
func (*link) PacketReceived(packet.Packet) {}
