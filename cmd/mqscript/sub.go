package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// toPrint is how many messages wait to be printed before the client stops
// reading from the socket. What it had already read comes on top.
const toPrint = 1024

// exitTimeout is the exit code when --wait ends before --count is reached.
const exitTimeout = 27

// subscriber prints messages. The client puts them into its queue, subscribe's
// goroutine takes them out.
type subscriber struct {
	link     link
	settings *config.Sub
	format   format
	out      *bufio.Writer

	mu    sync.Mutex
	queue []*mqtt.Message
	some  chan struct{} // capacity 1: the queue is not empty
	room  chan struct{} // capacity 1: the queue has got shorter
}

// subscribe runs "mqscript sub".
func subscribe(ctx context.Context, settings *config.Sub, c console) error {
	form, err := newFormat(settings)
	if err != nil {
		return usage(err)
	}
	s := &subscriber{
		settings: settings,
		format:   form,
		out:      bufio.NewWriter(c.out),
		some:     make(chan struct{}, 1),
		room:     make(chan struct{}, 1),
	}
	s.link.log = newLog(settings.Log, c)
	s.link.message = s.put
	waiting := ctx
	if settings.Wait > 0 {
		var cancel context.CancelFunc
		waiting, cancel = context.WithTimeout(ctx, time.Duration(settings.Wait))
		defer cancel()
	}
	printed, err := s.print(waiting)
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		err = nil
		if ctx.Err() == nil && printed < settings.Count {
			err = &exitError{code: exitTimeout, err: fmt.Errorf("%d of %d messages came in %v", printed, settings.Count, time.Duration(settings.Wait))}
		}
	}
	return err
}

// print connects, subscribes, and prints until there is a reason to stop.
func (s *subscriber) print(ctx context.Context) (printed int, err error) {
	if err := s.link.connect(ctx, &s.settings.Connection, s.gate); err != nil {
		return 0, err
	}
	defer func() {
		if end := s.link.end(ctx); err == nil {
			err = end
		}
	}()
	if err := s.request(ctx); err != nil {
		return 0, err
	}
	for {
		n, err := s.show(s.take(), s.settings.Count-printed)
		printed += n
		if err != nil || printed > 0 && printed == s.settings.Count {
			return printed, err
		}
		select {
		case <-s.some:
		case <-s.link.client.Done():
			return printed, s.link.client.Err()
		case <-ctx.Done():
			return printed, ctx.Err()
		}
	}
}

// show prints messages until most of them are printed, if most is over zero,
// and acknowledges them once they are out.
func (s *subscriber) show(messages []*mqtt.Message, most int) (printed int, err error) {
	for i, m := range messages {
		if !s.wanted(m) {
			continue
		}
		s.format.write(s.out, m)
		if printed++; printed == most {
			messages = messages[:i+1]
			break
		}
	}
	if err := s.out.Flush(); err != nil {
		return printed, fmt.Errorf("printing: %w", err)
	}
	for _, m := range messages {
		s.link.client.Ack(m)
	}
	return printed, nil
}

// request subscribes and reports what the server refused.
func (s *subscriber) request(ctx context.Context) error {
	props, err := s.settings.Property.For(packet.SUBSCRIBE)
	if err != nil {
		return usage(err)
	}
	subs := make([]packet.Subscription, len(s.settings.Topic))
	for i, filter := range s.settings.Topic {
		subs[i] = packet.Subscription{Filter: filter, QoS: byte(s.settings.QoS), NoLocal: s.settings.NoLocal}
		if s.settings.NoStale {
			subs[i].RetainHandling = 2 // MQTT 5 need not even send them
		}
	}
	codes, err := s.link.client.Subscribe(ctx, subs, props)
	if err != nil {
		return fmt.Errorf("subscribing: %w", err)
	}
	var refused []string
	for i, code := range codes {
		if code.Failed() {
			refused = append(refused, fmt.Sprintf("%s (%v)", subs[i].Filter, code))
		}
	}
	if len(refused) > 0 {
		return fmt.Errorf("the server refused to subscribe %s", strings.Join(refused, ", "))
	}
	s.link.log.Debug("subscribed")
	return nil
}

func (s *subscriber) wanted(m *mqtt.Message) bool {
	stale := m.Packet.Retain
	if stale && s.settings.NoStale || !stale && s.settings.RetainedOnly {
		return false
	}
	return !slices.ContainsFunc(s.settings.FilterOut, func(filter string) bool {
		return packet.MatchTopic(filter, m.Topic)
	})
}

// put is called by the client for each message.
func (s *subscriber) put(m *mqtt.Message) (done bool) {
	s.mu.Lock()
	s.queue = append(s.queue, m)
	s.mu.Unlock()
	wake(s.some)
	return false
}

func (s *subscriber) take() []*mqtt.Message {
	s.mu.Lock()
	queue := s.queue
	s.queue = nil
	s.mu.Unlock()
	wake(s.room)
	return queue
}

// gate holds the client back while the queue is full.
func (s *subscriber) gate(stop <-chan struct{}) {
	for {
		s.mu.Lock()
		full := len(s.queue) >= toPrint
		s.mu.Unlock()
		if !full {
			return
		}
		select {
		case <-s.room:
		case <-stop:
			return
		}
	}
}

// wake leaves a note in a channel of capacity 1.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
