package host

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/mqscript/mqscript/internal/mqtt"
	"github.com/mqscript/mqscript/internal/packet"
	"github.com/mqscript/mqscript/internal/script"
)

// BenchmarkEcho measures the way of a message from the socket through a script
// back to the socket, with a server that sends as fast as it can.
func BenchmarkEcho(b *testing.B) {
	server := newStream(b, b.N)
	h, err := New(Options{Client: mqtt.Config{URL: server.url, Version: packet.V5, CleanStart: true}})
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "echo.js")
	source := `exports.onMessage = (topic, payload) => { publish('out/echo', payload) }`
	if err := os.WriteFile(path, []byte(source), 0o600); err != nil {
		b.Fatal(err)
	}
	<-h.Add(script.Options{Path: path, Console: console{new(notes)}, HandlerLimit: 5 * time.Second}).Loaded()
	h.Start()
	<-server.ready
	b.ReportAllocs()
	b.ResetTimer()
	close(server.begin)
	if err := <-server.echoed; err != nil {
		b.Fatal(err)
	}
	b.StopTimer()
	if err := h.Stop(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// stream is a server that sends one message again and again to the first client
// that comes, and waits for as many answers of the same size.
type stream struct {
	url          string
	ready, begin chan struct{}
	echoed       chan error
}

func newStream(b *testing.B, n int) *stream {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	s := &stream{
		url: "mqtt://" + listener.Addr().String(), ready: make(chan struct{}), begin: make(chan struct{}), echoed: make(chan error, 1),
	}
	var group sync.WaitGroup
	group.Go(func() { s.echoed <- s.serve(listener, n) })
	b.Cleanup(func() {
		_ = listener.Close()
		group.Wait()
	})
	return s
}

// unread is how many messages may be without an answer: more would wait in the
// client, and then be refused, when the test has a single processor.
const unread = 8192

func (s *stream) serve(listener net.Listener, n int) error {
	conn, err := listener.Accept()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	in := bufio.NewReader(conn)
	if _, err := packet.Read(in, packet.V5, 0); err != nil {
		return err
	}
	ack, err := new(packet.Connack).Append(nil, packet.V5)
	if err != nil {
		return err
	}
	if _, err := conn.Write(ack); err != nil {
		return err
	}
	close(s.ready)
	<-s.begin
	one, err := (&packet.Publish{Topic: "in/data0", Payload: make([]byte, 64)}).Append(nil, packet.V5)
	if err != nil {
		return err
	}
	const chunk = 512
	train := make([]byte, 0, chunk*len(one))
	for range chunk {
		train = append(train, one...)
	}
	for sent, read := 0, 0; read < n; {
		for sent < n && sent-read < unread {
			k := min(chunk, n-sent)
			if _, err := conn.Write(train[:k*len(one)]); err != nil {
				return err
			}
			sent += k
		}
		k, err := io.CopyN(io.Discard, in, int64(min(chunk, n-read)*len(one)))
		if err != nil {
			return err
		}
		read += int(k) / len(one)
	}
	return nil
}
