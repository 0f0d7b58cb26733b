package isolate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/mqscript/mqscript/internal/packet"
)

// protocol is the version of what follows. Parent and child are the same
// program, but not if its file was replaced while it ran.
const protocol = 1

// kind says what a frame is. A frame is four bytes of length, little end first,
// one of kind, and the length's number of bytes.
type kind byte

// To the child.
const (
	kindSettings kind = iota + 1
	kindClient
	kindMessage
	kindEvent
	kindPublishDone
	kindSubscribeDone
	kindWarning
	kindStop
	kindPing
)

// To the parent.
const (
	kindHello kind = iota + 64
	kindLoaded
	kindWants
	kindSettled
	kindFinished
	kindPublish
	kindSubscribe
	kindUnsubscribe
	kindConsole
	kindCounts
	kindPong
	kindEnded
	kindRequired
)

const (
	frameHead = 5
	// maxFrame is a packet of the largest size with all that goes with it.
	maxFrame = packet.MaxLength + 1<<20
)

// begin appends the head of a frame; finish at the same mark puts its length in.
func begin(buf []byte, k kind) (out []byte, mark int) {
	return append(buf, 0, 0, 0, 0, byte(k)), len(buf)
}

func finish(buf []byte, mark int) []byte {
	binary.LittleEndian.PutUint32(buf[mark:], uint32(len(buf)-mark-frameHead))
	return buf
}

func appendUint(buf []byte, n uint64) []byte { return binary.AppendUvarint(buf, n) }

func appendText[T string | []byte](buf []byte, text T) []byte {
	return append(appendUint(buf, uint64(len(text))), text...)
}

// appendBytes tells nil from what is merely empty.
func appendBytes(buf, data []byte) []byte {
	if data == nil {
		return append(buf, 0)
	}
	return append(appendUint(buf, uint64(len(data))+1), data...)
}

// errMalformed is a frame that does not hold what its kind demands.
var errMalformed = errors.New("it does not hold what it should")

// fields reads the body of a frame. After the first mistake all it gives is
// zero, and err says so.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) uint() uint64 {
	n, size := binary.Uvarint(f.rest)
	if size <= 0 {
		f.fail()
		return 0
	}
	f.rest = f.rest[size:]
	return n
}

func (f *fields) byte() byte {
	if len(f.rest) == 0 {
		f.fail()
		return 0
	}
	b := f.rest[0]
	f.rest = f.rest[1:]
	return b
}

func (f *fields) take(n uint64) []byte {
	if n > uint64(len(f.rest)) {
		f.fail()
		return nil
	}
	part := f.rest[:n:n]
	f.rest = f.rest[n:]
	return part
}

func (f *fields) text() string { return string(f.take(f.uint())) }

// bytes is what appendBytes wrote; it shares the frame's memory.
func (f *fields) bytes() []byte {
	n := f.uint()
	if n == 0 {
		return nil
	}
	return f.take(n - 1)
}

func (f *fields) fail() { f.rest, f.err = nil, errMalformed }

// frames reads frames from a pipe.
type frames struct {
	r          io.Reader
	buf        []byte
	start, end int // of what was read and is not handed out
}

// The sizes of the reader's memory: what it has, and what it does not keep.
const (
	readSize = 64 << 10
	keepSize = 1 << 20
)

func newFrames(r io.Reader) *frames { return &frames{r: r, buf: make([]byte, readSize)} }

// next returns a frame; its body is valid until the next call. Between two
// frames the end of the pipe is io.EOF, within one io.ErrUnexpectedEOF.
func (f *frames) next() (kind, []byte, error) {
	if err := f.fill(frameHead); err != nil {
		return 0, nil, err
	}
	length := int(binary.LittleEndian.Uint32(f.buf[f.start:]))
	if length > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes is over the limit of %d", length, maxFrame)
	}
	if err := f.fill(frameHead + length); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, nil, err
	}
	k := kind(f.buf[f.start+4])
	body := f.buf[f.start+frameHead : f.start+frameHead+length]
	f.start += frameHead + length
	return k, body, nil
}

// fill reads until n bytes are there. Memory is made as they come, not on the
// word of a length.
func (f *frames) fill(n int) error {
	for f.end-f.start < n {
		f.makeRoom(n)
		got, err := f.r.Read(f.buf[f.end:])
		f.end += got
		switch {
		case f.end-f.start >= n:
			return nil
		case err == nil:
		case errors.Is(err, io.EOF) && f.end > f.start:
			return io.ErrUnexpectedEOF
		default:
			return err
		}
	}
	return nil
}

// makeRoom lets the buffer hold something more on the way to n bytes.
func (f *frames) makeRoom(n int) {
	rest := f.buf[f.start:f.end]
	switch {
	case f.start == f.end && len(f.buf) > keepSize && n <= readSize:
		f.buf = make([]byte, readSize)
	case f.start > 0:
		copy(f.buf, rest)
	case f.end == len(f.buf):
		grown := make([]byte, min(max(n, readSize), 2*len(f.buf)))
		copy(grown, rest)
		f.buf = grown
	}
	f.start, f.end = 0, len(rest)
}
