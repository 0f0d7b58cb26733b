package isolate

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"testing"
	"time"
)

func noNews(buf []byte) []byte { return buf }

// text has add append it.
func text(s string) func([]byte) []byte {
	return func(buf []byte) []byte { return append(buf, s...) }
}

func TestOutboxHasABound(t *testing.T) {
	r, w := io.Pipe()
	o := newOutbox(w, noNews)
	var group sync.WaitGroup
	group.Go(o.write)
	never := make(chan struct{})
	if !o.roomy() || !o.await(never) {
		t.Fatal("an empty outbox has room")
	}
	o.add(text(string(make([]byte, outboxRoom))))
	if o.roomy() {
		t.Error("a full outbox has room")
	}
	cancelled := make(chan struct{})
	close(cancelled)
	if o.await(cancelled) {
		t.Error("waiting that was cancelled came to an end")
	}
	waited := make(chan bool)
	go func() { waited <- o.await(never) }()
	o.add(text("end")) // what must go, goes
	var got bytes.Buffer
	group.Go(func() { _, _ = io.Copy(&got, r) })
	if !<-waited {
		t.Error("waiting for room failed")
	}
	if err := o.drain(0); err != nil {
		t.Error(err)
	}
	_ = w.Close()
	group.Wait()
	if got.Len() != outboxRoom+3 || !bytes.HasSuffix(got.Bytes(), []byte("end")) {
		t.Errorf("%d bytes arrived", got.Len())
	}
}

func TestOutboxWithoutReader(t *testing.T) {
	r, w := io.Pipe()
	o := newOutbox(w, func(buf []byte) []byte { return append(buf, "news"...) })
	var group sync.WaitGroup
	group.Go(o.write)
	o.add(text(string(make([]byte, outboxRoom))))
	if err := o.drain(time.Millisecond); !errors.Is(err, errUnread) {
		t.Errorf("%v", err)
	}
	_ = r.CloseWithError(io.ErrClosedPipe)
	group.Wait()
	if o.await(make(chan struct{})) || !errors.Is(o.drain(0), io.ErrClosedPipe) {
		t.Error("there is room in an outbox that nobody reads")
	}
	o.add(text("more"))
	if o.waiting() != 0 {
		t.Error("an outbox that is closed takes more")
	}
}

// A script asks for messages and publishes what they answer: that it wants them
// must not be said after that.
func TestNewsAreNewerThanWhatFollows(t *testing.T) {
	r, w := io.Pipe()
	news, added := []string{"old ", "new "}, make(chan struct{})
	var o *outbox
	o = newOutbox(w, func(buf []byte) []byte {
		if len(news) == 0 {
			return buf
		}
		if len(news) == 2 {
			o.add(text("late")) // while the first news are gathered
			close(added)
		}
		buf, news = append(buf, news[0]...), news[1:]
		return buf
	})
	var group sync.WaitGroup
	group.Go(o.write)
	group.Go(func() {
		o.add(text("first "))
		<-added
		if err := o.drain(0); err != nil {
			t.Error(err)
		}
		_ = w.Close()
	})
	got, err := io.ReadAll(r)
	group.Wait()
	if want := "old first new late"; err != nil || string(got) != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
