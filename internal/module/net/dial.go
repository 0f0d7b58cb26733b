package net

import (
	"context"
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"

	"github.com/mqscript/mqscript/internal/module/native"
)

// dial is an attempt to connect.
type dial struct {
	resources *native.Resources
	denied    error
	network   string
	address   string // host and port, or a path
	shown     string // what errors name
	port      int
	dialer    net.Dialer

	once sync.Once
	stop chan struct{} // closed by cancel
}

// newDial reads its argument, an object with host, address and port or with
// path; localAddress and localPort; and limit, in milliseconds.
func newDial(env *native.Env, a native.Args) (*dial, error) {
	o := a.At(0).ToObject(env.VM)
	text := func(name string) string {
		if v := o.Get(name); v != nil {
			return v.String()
		}
		return ""
	}
	number := func(name string) int {
		if v := o.Get(name); v != nil {
			return int(v.ToInteger())
		}
		return 0
	}
	d := &dial{resources: env.Resources, stop: make(chan struct{}), dialer: net.Dialer{KeepAlive: -1, FallbackDelay: -1}}
	d.dialer.Timeout = time.Duration(number("limit")) * time.Millisecond
	if path := text("path"); path != "" {
		d.network, d.address, d.shown = "unix", path, path
		d.denied = env.Permissions.Unix(path)
		return d, nil
	}
	d.network, d.shown, d.port = "tcp", text("address"), number("port")
	d.address = net.JoinHostPort(d.shown, strconv.Itoa(d.port))
	d.denied = env.MayConnect(text("host"), d.shown, d.port)
	if local := text("localAddress"); local != "" || number("localPort") > 0 {
		at := &net.TCPAddr{Port: number("localPort")}
		if address, err := netip.ParseAddr(local); err == nil {
			at.IP, at.Zone = address.AsSlice(), address.Zone()
		}
		d.dialer.LocalAddr = at
	}
	return d, nil
}

// connect makes the connection.
func (d *dial) connect(ctx context.Context) (any, error) {
	if d.denied != nil {
		return nil, d.denied
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	finished := make(chan struct{})
	var watch sync.WaitGroup
	watch.Go(func() {
		select {
		case <-d.stop:
			cancel()
		case <-finished:
		}
	})
	c, err := d.dialer.DialContext(ctx, d.network, d.address)
	close(finished)
	watch.Wait()
	if err != nil {
		return nil, Failed("connect", err).At(d.shown, d.port)
	}
	_, made := NewConn(d.resources, c)
	return made, nil
}

// cancel ends the attempt.
func (d *dial) cancel() { d.once.Do(func() { close(d.stop) }) }
