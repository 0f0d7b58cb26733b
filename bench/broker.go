package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"time"
)

// errNoMosquitto says that mosquitto is not installed.
var errNoMosquitto = errors.New("mosquitto is not installed")

// patience is how long a broker has to be ready.
const patience = 10 * time.Second

// broker is a broker process on loopback.
type broker struct {
	*process
	addr string
}

// startMosquitto starts mosquitto with its defaults, except that it does not
// drop QoS 0 messages for a client that is behind.
func startMosquitto(ctx context.Context, dir string) (*broker, error) {
	bin, err := exec.LookPath("mosquitto")
	if err != nil {
		if bin, err = exec.LookPath("/usr/sbin/mosquitto"); err != nil {
			return nil, errNoMosquitto
		}
	}
	// Between choosing a port and the broker's binding it, another process may
	// take it: then others are chosen.
	for attempt := 0; ; attempt++ {
		addr, err := freeAddress(ctx)
		if err != nil {
			return nil, err
		}
		_, port, _ := net.SplitHostPort(addr)
		conf := filepath.Join(dir, "mosquitto.conf")
		text := "listener " + port + " 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\nlog_type error\n"
		if os.Geteuid() == 0 {
			text += "user root\n"
		}
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			return nil, fmt.Errorf("configuring mosquitto: %w", err)
		}
		p, err := startProcess(ctx, exec.Command(bin, "-c", conf)) //nolint:noctx,gosec // startProcess ends it
		if err != nil {
			return nil, err
		}
		b := &broker{process: p, addr: addr}
		if err = b.awaitPort(ctx); err == nil {
			return b, nil
		}
		b.end()
		if attempt == 4 {
			return nil, fmt.Errorf("starting mosquitto: %w: %s", err, b.words())
		}
	}
}

func freeAddress(ctx context.Context) (string, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("choosing a port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

func (b *broker) awaitPort(ctx context.Context) error {
	return b.poll(ctx, func() bool {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.addr)
		if err != nil {
			return false
		}
		_ = conn.Close()
		return true
	})
}

var listening = regexp.MustCompile(`listening on mqtt://(\S+)`)

// startEmbedded starts "mqscript broker".
func startEmbedded(ctx context.Context, mqscript string) (*broker, error) {
	p, err := startProcess(ctx, exec.Command(mqscript, "broker", "--listen", "127.0.0.1:0")) //nolint:noctx,gosec // startProcess ends it
	if err != nil {
		return nil, err
	}
	b := &broker{process: p}
	err = b.poll(ctx, func() bool {
		m := listening.FindStringSubmatch(b.words())
		if m != nil {
			b.addr = m[1]
		}
		return m != nil
	})
	if err != nil {
		b.end()
		return nil, fmt.Errorf("starting the embedded broker: %w: %s", err, b.words())
	}
	return b, nil
}

// poll returns when ok does, or with an error when the broker ends or takes
// too long.
func (b *broker) poll(ctx context.Context, ok func() bool) error {
	deadline := time.After(patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-b.ended:
			return errors.New("it ended")
		case <-deadline:
			return errors.New("it takes too long")
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
	return nil
}
