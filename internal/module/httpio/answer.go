package httpio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// request is one that a server got, with the answer that the script gives.
type request struct {
	w     http.ResponseWriter
	r     *http.Request
	conn  *lent // nil when the connection is none of the script's
	body  *download
	work  chan step
	alone *atomic.Bool

	mu   sync.Mutex
	over bool // nothing more is done
}

func (x *request) reading() *download { return x.body }

// step is something to do for an answer. It says whether that is the end of it.
type step struct {
	do   func() (end bool, err error)
	done func(err error)
}

// maxSteps bounds the steps of one request that wait: a script waits for each
// part of an answer before it gives the next.
const maxSteps = 16

var (
	errGone      = errors.New("the client is gone")
	errAbandoned = errors.New("the request was abandoned")
	errBusy      = errors.New("too much waits for the client")
)

// submit has the handler's goroutine take a step. On the loop.
func (x *request) submit(s step) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.over {
		s.done(errGone)
		return
	}
	select {
	case x.work <- s:
	default:
		s.done(errBusy)
	}
}

// answer takes steps until the end.
func (x *request) answer(ctx context.Context) error {
	defer x.finish()
	for {
		select {
		case s := <-x.work:
			end, err := s.do()
			s.done(err)
			if end {
				return err
			}
		case <-ctx.Done():
			return errGone
		}
	}
}

// finish refuses what still waits.
func (x *request) finish() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.over = true
	for {
		select {
		case s := <-x.work:
			s.done(errGone)
		default:
			return
		}
	}
}

// The flags of a part of an answer.
const (
	flagEnd   = 1 // it is the last one
	flagFlush = 2 // it is sent at once
)

// part is a part of an answer.
type part struct {
	status   int // 0: the head was sent before
	headers  []string
	chunk    []byte
	flags    int
	trailers []string
}

func (x *request) send(p part) (end bool, err error) {
	header := x.w.Header()
	if p.status != 0 {
		for _, name := range []string{"Content-Type", "Date"} {
			header[name] = nil // net/http adds none of its own
		}
		setHeaders(header, p.headers)
		if x.alone.Load() {
			header["Connection"] = []string{"close"}
		}
		x.w.WriteHeader(p.status)
	}
	if len(p.chunk) > 0 {
		_, err = x.w.Write(p.chunk)
		if errors.Is(err, http.ErrBodyNotAllowed) {
			err = nil // an answer to HEAD, say, whose body Node leaves out as well
		}
	}
	if p.flags&flagEnd != 0 {
		for i := 0; i+1 < len(p.trailers); i += 2 {
			name := http.TrailerPrefix + p.trailers[i]
			header[name] = append(header[name], fromLatin1(p.trailers[i+1]))
		}
		return true, nil
	}
	if err == nil && p.flags&flagFlush != 0 {
		err = http.NewResponseController(x.w).Flush()
	}
	return false, err
}

// hijack gives the socket its connection back and returns what was read beyond
// the request.
func (x *request) hijack() ([]byte, error) {
	conn, buffered, err := http.NewResponseController(x.w).Hijack()
	if err != nil {
		return nil, err
	}
	head, err := buffered.Reader.Peek(buffered.Reader.Buffered())
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if x.conn != nil {
		x.conn.giveBack(conn)
	}
	return bytes.Clone(head), nil
}

// namesOf lists the names of a header, sorted.
func namesOf(header http.Header) []string {
	names := make([]string, 0, len(header))
	for name := range header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// defineAnswering defines the functions of requests: see DefineServer.
func defineAnswering(f *native.Functions) {
	of := func(name string, do func(x *request, a native.Args) any) {
		f.Sync(name, func(a native.Args) (any, error) {
			if x, ok := a.Handle(0).(*request); ok {
				return do(x, a), nil
			}
			return goja.Undefined(), nil
		})
	}
	of("respond", func(x *request, a native.Args) any {
		p := part{status: a.Int(1), flags: a.Int(4)}
		if a.Given(2) {
			p.headers = texts(a.At(2))
		}
		if a.Given(3) {
			p.chunk = a.Copy(3)
		}
		if a.Given(5) {
			p.trailers = texts(a.At(5))
		}
		done := newListener(a.Env(), a.At(6))
		x.submit(step{func() (bool, error) { return x.send(p) }, func(err error) { done.tell(err != nil) }})
		return goja.Undefined()
	})
	of("inform", func(x *request, a native.Args) any {
		status, headers := a.Int(1), texts(a.At(2))
		x.submit(step{func() (bool, error) {
			setHeaders(x.w.Header(), headers)
			x.w.WriteHeader(status)
			clear(x.w.Header())
			return false, nil
		}, func(error) {}})
		return goja.Undefined()
	})
	of("abandon", func(x *request, _ native.Args) any {
		x.submit(step{func() (bool, error) { return true, errAbandoned }, func(error) {}})
		return goja.Undefined()
	})
	of("hijack", func(x *request, a native.Args) any {
		called := newListener(a.Env(), a.At(1))
		var head []byte
		x.submit(step{func() (_ bool, err error) {
			head, err = x.hijack()
			return true, err
		}, func(err error) { called.tell(err != nil, head) }})
		return goja.Undefined()
	})
	of("trailers", func(x *request, a native.Args) any { return listener{env: a.Env()}.value(flat(x.r.Trailer)) })
}
