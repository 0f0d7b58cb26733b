package httpio

import (
	"bufio"
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/native"
)

// chunkSize is the most that one read hands to a script.
const chunkSize = 64 << 10

var chunks = sync.Pool{New: func() any { return new([chunkSize]byte) }}

// download is the body of a message that JavaScript reads, a chunk at a time.
type download struct {
	mu     sync.Mutex // held while reading
	from   io.Reader
	source io.Closer
	ended  func() // called once, at the end or at an error
	left   atomic.Bool
	whole  bool // it was read to its end; guarded by mu
}

// newDownload reads from body; ended may be nil.
func newDownload(body io.ReadCloser, ended func()) *download {
	return &download{from: body, source: body, ended: ended}
}

// leave ends the reading before who handed out the body takes its connection
// back: no read is under way when it returns, and none begins any more. What is
// left of the body is read and forgotten, up to maxForgotten bytes, as long as the
// next part comes within a moment; after a moment without one, interrupt has to
// make a read return. The result tells whether the body was read to its end.
func (d *download) leave(moment time.Duration, interrupt func()) (whole bool) {
	d.left.Store(true)
	timer := time.AfterFunc(moment, interrupt)
	defer timer.Stop()
	d.mu.Lock()
	defer d.mu.Unlock()
	var err error
	for n := 0; !d.whole && err == nil && n < maxForgotten; n += chunkSize {
		_, err = io.CopyN(io.Discard, d.from, chunkSize)
		d.whole = errors.Is(err, io.EOF)
		timer.Reset(moment)
	}
	return d.whole
}

// maxForgotten is how much of a body that nobody wants is read, so that its
// connection can be used again and who sends it gets to see the answer.
const maxForgotten = 64 << 20

// atEnd tells whether the body was read to its end and no read is under way.
func (d *download) atEnd() bool {
	if !d.mu.TryLock() {
		return false
	}
	defer d.mu.Unlock()
	return d.whole
}

// Close ends the download; a read that is under way returns.
func (d *download) Close() error { return d.source.Close() }

// read is the work of one read: a chunk, or nil at the end. Only one runs at a
// time.
func (d *download) read(context.Context) (any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	memory := chunks.Get().(*[chunkSize]byte)
	defer chunks.Put(memory)
	for !d.left.Load() {
		n, err := d.from.Read(memory[:])
		if n > 0 {
			return bytes.Clone(memory[:n]), nil
		}
		if err == nil {
			continue
		}
		if d.ended != nil {
			d.ended()
			d.ended = nil
		}
		if d.whole = errors.Is(err, io.EOF); !d.whole && !d.left.Load() {
			return nil, problemOf(err)
		}
		break
	}
	return nil, nil //nolint:nilnil // null is how JavaScript hears of the end
}

// decode undoes the codings that a Content-Encoding header lists, the last one
// first. It stops at one that it does not know, as what is left is then no
// use to anybody but the script.
func (d *download) decode(list string) {
	codings := strings.Split(list, ",")
	for i := len(codings) - 1; i >= 0; i-- {
		switch strings.ToLower(strings.TrimSpace(codings[i])) {
		case "gzip", "x-gzip":
			d.from = &lazy{from: d.from, open: gunzip}
		case "deflate":
			d.from = &lazy{from: d.from, open: inflate}
		default:
			return
		}
	}
}

// lazy makes its reader when it is first read: opening reads already.
type lazy struct {
	from    io.Reader
	open    func(io.Reader) (io.Reader, error)
	made    io.Reader
	problem error // of from, which is not one of the coding
}

// Read implements io.Reader.
func (l *lazy) Read(p []byte) (n int, err error) {
	if l.made == nil {
		in := bufio.NewReader((*watched)(l))
		if _, err = in.Peek(1); err != nil {
			return 0, err // a body of nothing is nothing in every coding
		}
		l.made, err = l.open(in)
	}
	if err == nil {
		n, err = l.made.Read(p)
	}
	switch {
	case err == nil || errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && l.made != nil:
		return n, err
	case l.problem != nil:
		return n, l.problem
	}
	l.made = failing{codingFailure(err)}
	return n, codingFailure(err)
}

// watched is a lazy as the reader of what it decodes: it remembers what went
// wrong there.
type watched lazy

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.problem = err
	}
	return n, err
}

// failing is a reader that has failed.
type failing struct{ err error }

// Read implements io.Reader.
func (f failing) Read([]byte) (int, error) { return 0, f.err }

// codingFailure is zlib's error for a body that is not in its coding.
func codingFailure(err error) error {
	f := &native.Failure{Class: nodeerr.Error, Code: "Z_DATA_ERROR", Message: "incorrect header check"}
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		f.Code, f.Message = "Z_BUF_ERROR", "unexpected end of file"
	case errors.As(err, &corrupt):
		f.Message = "invalid block type"
	case errors.Is(err, gzip.ErrChecksum), errors.Is(err, zlib.ErrChecksum):
		f.Message = "incorrect data check"
	}
	return f
}

// gunzip reads "gzip".
func gunzip(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	if head, _ := in.Peek(2); len(head) == 2 && (head[0] != 0x1f || head[1] != 0x8b) {
		return nil, gzip.ErrHeader
	}
	return gzip.NewReader(in)
}

// inflate reads "deflate", which some servers send with zlib's header and some
// without.
func inflate(r io.Reader) (io.Reader, error) {
	in := bufio.NewReader(r)
	head, err := in.Peek(2)
	if err == nil && head[0]&0x0f == 8 && (int(head[0])<<8|int(head[1]))%31 == 0 {
		return zlib.NewReader(in)
	}
	return flate.NewReader(in), nil
}

// defineReading defines the functions that read a handle's body.
func defineReading(f *native.Functions) {
	f.Wait("read", func(a native.Args) native.Work {
		body, ok := a.Handle(0).(interface{ reading() *download })
		if !ok {
			return func(context.Context) (any, error) { return nil, nil } //nolint:nilnil // the end
		}
		return body.reading().read
	})
	f.Wait("readAll", func(a native.Args) native.Work {
		body, ok := a.Handle(0).(interface{ reading() *download })
		if !ok {
			return func(context.Context) (any, error) { return []byte{}, nil }
		}
		return body.reading().readAll
	})
}

// readAll is the work of reading all that is left.
func (d *download) readAll(ctx context.Context) (any, error) {
	var all bytes.Buffer
	for {
		part, err := d.read(ctx)
		if err != nil {
			return nil, err
		}
		chunk, ok := part.([]byte)
		switch {
		case !ok && all.Len() == 0:
			return []byte{}, nil
		case !ok:
			return all.Bytes(), nil
		case all.Len()+len(chunk) > buffer.MaxLength:
			return nil, &native.Failure{
				Class: nodeerr.RangeError, Code: "ERR_BUFFER_TOO_LARGE",
				Message: fmt.Sprintf("Cannot create a Buffer larger than %d bytes", buffer.MaxLength),
			}
		}
		all.Write(chunk)
	}
}
