package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mqscript/mqscript/internal/config"
	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
)

// onTheirWay bounds the messages that pub has published and that are not
// acknowledged; it waits before it publishes more.
const onTheirWay = 256

// publisher publishes messages that differ in their payload only.
type publisher struct {
	link     link
	settings *config.Pub
	props    packet.Properties
	slots    chan struct{} // capacity onTheirWay: one for each message on its way
	failed   chan error    // capacity 1: the first publication that failed
}

// publish runs "mqscript pub".
func publish(ctx context.Context, settings *config.Pub, c console) error {
	p := &publisher{
		settings: settings,
		slots:    make(chan struct{}, onTheirWay),
		failed:   make(chan error, 1),
	}
	p.link.log = newLog(settings.Log, c)
	p.link.published = p.done
	var err error
	if p.props, err = settings.Property.For(packet.PUBLISH); err != nil {
		return usage(err)
	}
	payload, err := p.payload(c.in)
	if err != nil {
		return err
	}
	if err := p.link.connect(ctx, &settings.Connection, nil); err != nil {
		return err
	}
	if settings.Lines {
		err = p.sendLines(ctx, c.in)
	} else {
		err = p.sendRepeatedly(ctx, payload)
	}
	if err == nil {
		err = p.settle(ctx)
	}
	if end := p.link.end(ctx); err == nil {
		err = end
	}
	return err
}

// payload reads the one message that is published, unless it is lines.
func (p *publisher) payload(in io.Reader) ([]byte, error) {
	switch s := p.settings; {
	case s.Message != nil:
		return []byte(*s.Message), nil
	case s.File != "":
		content, err := os.ReadFile(s.File)
		if err != nil {
			return nil, usage(fmt.Errorf("--file: %w", err))
		}
		return content, nil
	case s.Stdin:
		content, err := io.ReadAll(io.LimitReader(in, packet.MaxLength+1))
		if err != nil {
			return nil, fmt.Errorf("reading stdin: %w", err)
		}
		return content, nil
	}
	return nil, nil
}

func (p *publisher) sendRepeatedly(ctx context.Context, payload []byte) error {
	for i := range p.settings.Repeat {
		if i > 0 {
			select {
			case <-time.After(time.Duration(p.settings.RepeatDelay)):
			case <-ctx.Done():
			}
		}
		if err := p.send(ctx, payload); err != nil {
			return err
		}
	}
	return nil
}

// line is one line of stdin, or why there is no more.
type line struct {
	text []byte
	err  error
}

func (p *publisher) sendLines(ctx context.Context, in io.Reader) error {
	// Nothing interrupts a read from a terminal: after a signal this goroutine
	// is left behind, and ends with the program.
	lines := make(chan line)
	go func() {
		defer close(lines)
		reader := bufio.NewReader(in)
		for {
			text, err := reader.ReadBytes('\n')
			select {
			case lines <- line{text, err}:
			case <-ctx.Done():
				return
			}
			if err != nil {
				return
			}
		}
	}()
	for {
		select {
		case l := <-lines:
			if len(l.text) > 0 {
				text := bytes.TrimSuffix(bytes.TrimSuffix(l.text, []byte("\n")), []byte("\r"))
				if err := p.send(ctx, text); err != nil {
					return err
				}
			}
			if errors.Is(l.err, io.EOF) {
				return nil
			}
			if l.err != nil {
				return fmt.Errorf("reading stdin: %w", l.err)
			}
		case err := <-p.failed:
			return err
		case <-p.link.client.Done():
			return p.link.client.Err()
		case <-ctx.Done():
			return nil // what was read is published; that was all there is to it
		}
	}
}

// send publishes one message, once there is room for it.
func (p *publisher) send(ctx context.Context, payload []byte) error {
	if err := p.acquire(ctx); err != nil {
		return err
	}
	err := p.link.client.Publish(&mqtt.Publication{Packet: packet.Publish{
		Topic: p.settings.Topic, Payload: payload,
		QoS: byte(p.settings.QoS), Retain: p.settings.Retain, Properties: p.props,
	}})
	if err != nil {
		return fmt.Errorf("publishing: %w", err)
	}
	return nil
}

var errInterrupted = errors.New("interrupted before everything was published")

// acquire waits for a slot.
func (p *publisher) acquire(ctx context.Context) error {
	if ctx.Err() != nil {
		return errInterrupted
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case err := <-p.failed:
		return err
	case <-p.link.client.Done():
		return p.link.client.Err()
	case <-ctx.Done():
		return errInterrupted
	}
}

// done is called by the client for each message that was published.
func (p *publisher) done(_ *mqtt.Publication, err error) {
	<-p.slots // holds one for this message
	if err == nil {
		return
	}
	select {
	case p.failed <- fmt.Errorf("publishing: %w", err):
	default: // one is enough
	}
}

// settle waits until every message is acknowledged; after an interrupt not for
// long.
func (p *publisher) settle(ctx context.Context) error {
	interrupted := ctx.Done()
	var late <-chan time.Time
	for settled := 0; settled < onTheirWay; {
		select {
		case p.slots <- struct{}{}:
			settled++
		case err := <-p.failed:
			return err
		case <-p.link.client.Done():
			return p.link.client.Err()
		case <-interrupted:
			interrupted = nil
			late = time.After(farewell)
		case <-late:
			return errInterrupted
		}
	}
	select {
	case err := <-p.failed:
		return err
	default:
		return nil
	}
}
