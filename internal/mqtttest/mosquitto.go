package mqtttest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// BrokerOptions says what a mosquitto broker is to have besides a TCP listener.
type BrokerOptions struct {
	WebSocket bool
	Unix      bool
	TLS       *Certificates // with a TLS listener
	// ClientCertificates demands one on the TLS listener.
	ClientCertificates bool
	// Persistence keeps sessions and retained messages over Restart.
	Persistence bool
	// User and Password log in; "" lets everybody in.
	User, Password string
	// Config is appended to the configuration of the TCP listener.
	Config string
}

// Broker is a mosquitto process on loopback.
type Broker struct {
	// URL, TLSURL, WebSocketURL and UnixURL are the listeners; "" when absent.
	URL, TLSURL, WebSocketURL, UnixURL string
	// Addr is host:port of the TCP listener.
	Addr string

	dir  string
	bin  string
	ends []net.Addr // of all listeners
	mu   sync.Mutex
	cmd  *exec.Cmd
	log  *bytes.Buffer
	done chan struct{}
}

// Mosquitto starts a broker, which ends with the test. Without mosquitto
// installed the test is skipped, or fails: see [Missing].
func Mosquitto(tb testing.TB, opts BrokerOptions) *Broker {
	tb.Helper()
	bin, err := exec.LookPath("mosquitto")
	if err != nil {
		if bin, err = exec.LookPath("/usr/sbin/mosquitto"); err != nil {
			Missing(tb, "mosquitto")
		}
	}
	dir := socketDir(tb)
	// Between choosing a port and the broker's binding it, another process may
	// take it: then others are chosen.
	for attempt := 0; ; attempt++ {
		b := &Broker{dir: dir, bin: bin}
		if err := b.configure(opts); err != nil {
			tb.Fatalf("configuring mosquitto: %v", err)
		}
		err := b.start()
		if err == nil {
			tb.Cleanup(func() { b.Stop() })
			return b
		}
		if attempt == 4 {
			tb.Fatalf("starting mosquitto: %v", err)
		}
	}
}

// socketDir is a folder whose name is short enough for a Unix socket.
func socketDir(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "mq")
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // the broker may run as another user
		tb.Fatal(err)
	}
	return dir
}

// FreePort is a TCP port on loopback that nobody listened on a moment ago.
func FreePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	port := l.Addr().(*net.TCPAddr).Port
	return port, l.Close()
}

func (b *Broker) configure(opts BrokerOptions) error {
	var conf strings.Builder
	fmt.Fprintf(&conf, "per_listener_settings false\nlog_type all\nsys_interval 0\n")
	if os.Geteuid() == 0 {
		// Without this the broker would change to a user who cannot write here.
		conf.WriteString("user root\n")
	}
	if opts.User == "" {
		conf.WriteString("allow_anonymous true\n")
	} else if err := b.passwords(&conf, opts); err != nil {
		return err
	}
	if opts.Persistence {
		fmt.Fprintf(&conf, "persistence true\npersistence_location %s/\n", b.dir)
	}
	b.Addr = b.listener(&conf)
	b.URL = "mqtt://" + b.Addr
	conf.WriteString(opts.Config + "\n")
	if opts.TLS != nil {
		b.TLSURL = "mqtts://" + b.listener(&conf)
		fmt.Fprintf(&conf, "cafile %s\ncertfile %s\nkeyfile %s\nrequire_certificate %v\n",
			opts.TLS.CAFile, opts.TLS.CertFile, opts.TLS.KeyFile, opts.ClientCertificates)
	}
	if opts.WebSocket {
		b.WebSocketURL = "ws://" + b.listener(&conf)
		conf.WriteString("protocol websockets\n")
	}
	if opts.Unix {
		path := filepath.Join(b.dir, "sock")
		fmt.Fprintf(&conf, "listener 0 %s\n", path)
		b.ends = append(b.ends, &net.UnixAddr{Name: path, Net: "unix"})
		b.UnixURL = "unix://" + path
	}
	return os.WriteFile(filepath.Join(b.dir, "conf"), []byte(conf.String()), 0o600)
}

// listener adds a TCP listener. A port that is taken shows when the broker starts.
func (b *Broker) listener(conf *strings.Builder) string {
	port, err := FreePort()
	if err != nil {
		port = 1 // refused by the broker, which then reports it
	}
	fmt.Fprintf(conf, "listener %d 127.0.0.1\n", port)
	addr := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port}
	b.ends = append(b.ends, addr)
	return addr.String()
}

func (b *Broker) passwords(conf *strings.Builder, opts BrokerOptions) error {
	file := filepath.Join(b.dir, "passwd")
	if err := os.WriteFile(file, []byte(opts.User+":"+opts.Password+"\n"), 0o600); err != nil {
		return err
	}
	if out, err := exec.Command("mosquitto_passwd", "-U", file).CombinedOutput(); err != nil {
		return fmt.Errorf("hashing the password: %w: %s", err, out)
	}
	fmt.Fprintf(conf, "allow_anonymous false\npassword_file %s\n", file)
	return nil
}

// start runs the broker until it accepts connections.
func (b *Broker) start() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.log == nil {
		b.log = new(bytes.Buffer)
	}
	cmd := exec.Command(b.bin, "-c", filepath.Join(b.dir, "conf"))
	cmd.Stdout, cmd.Stderr = b.log, b.log
	if err := cmd.Start(); err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = cmd.Wait() // how it ended does not matter
		close(done)
	}()
	b.cmd, b.done = cmd, done
	return b.ready()
}

func (b *Broker) ready() error {
	deadline := time.After(Patience)
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for waiting := b.ends; len(waiting) > 0; {
		select {
		case <-b.done:
			return fmt.Errorf("mosquitto ended: %s", b.log)
		case <-deadline:
			return errors.New("mosquitto does not accept connections")
		case <-tick.C:
		}
		if conn, err := net.Dial(waiting[0].Network(), waiting[0].String()); err == nil {
			_ = conn.Close()
			waiting = waiting[1:]
		}
	}
	return nil
}

// Stop ends the broker with SIGTERM, on which it keeps what is persistent. It
// returns when the process is gone.
func (b *Broker) Stop() { b.end(syscall.SIGTERM) }

// Kill ends the broker at once; what it did not write is lost.
func (b *Broker) Kill() { b.end(syscall.SIGKILL) }

func (b *Broker) end(sig syscall.Signal) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.cmd == nil {
		return
	}
	_ = b.cmd.Process.Signal(sig) // it may be gone already
	select {
	case <-b.done:
	case <-time.After(Patience):
		_ = b.cmd.Process.Kill()
		<-b.done
	}
	b.cmd = nil
}

// Restart ends the broker with SIGTERM, if it runs, and starts it again on the
// same ports.
func (b *Broker) Restart(tb testing.TB) {
	tb.Helper()
	b.Stop()
	if err := b.start(); err != nil {
		tb.Fatalf("starting mosquitto again: %v", err)
	}
}

// Log is what the broker wrote, in all its runs; it is there once the broker was
// stopped.
func (b *Broker) Log() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.done:
		return b.log.String()
	default:
		return ""
	}
}
