package mqtt

import (
	"bytes"
	"fmt"

	"github.com/mqscript/mqscript/internal/packet"
)

const (
	// smallBuffer is what an idle connection reads into; it grows up to
	// largeBuffer while reads fill it.
	smallBuffer = 4 << 10
	largeBuffer = 64 << 10
	// handOver is the size from which whole packets are given away with their
	// buffer rather than copied.
	handOver = 32 << 10
)

// framer cuts the stream into whole packets. Its buffer grows with what really
// arrives, never on the word of a header alone.
type framer struct {
	version packet.Version
	limit   int // the largest packet in bytes
	buf     []byte
	n       int  // buf[:n] has arrived and is not yet cut
	whole   int  // size of the packet at the front, once known
	filled  bool // the last read filled the buffer
}

// space is where the next read goes.
func (f *framer) space() []byte {
	if f.n == len(f.buf) || f.filled && len(f.buf) < largeBuffer {
		f.filled = false
		size := max(smallBuffer, 2*len(f.buf))
		if size > largeBuffer {
			size = max(largeBuffer, min(f.whole, size))
		}
		buf := make([]byte, size)
		copy(buf, f.buf[:f.n])
		f.buf = buf
	}
	return f.buf[f.n:]
}

// cut takes the n bytes of a read and returns all whole packets that are there
// now, in memory that is the caller's. The error says that what follows them
// is malformed or too large; the framer is of no use after it.
func (f *framer) cut(n int) ([]byte, error) {
	f.n += n
	f.filled = f.n == len(f.buf)
	end := 0
	f.whole = 0
	for end < f.n {
		h, hn, err := packet.ParseHeader(f.buf[end:f.n], f.version)
		if err != nil {
			return f.take(end), err
		}
		if hn == 0 {
			break
		}
		size := hn + h.Length
		if size > f.limit {
			return f.take(end), &packet.Error{
				Code: packet.PacketTooLarge, Statement: "MQTT-3.1.2-24",
				Message: fmt.Sprintf("%v of %d bytes is over the limit of %d", h.Type, size, f.limit),
			}
		}
		if end+size > f.n {
			f.whole = size
			break
		}
		end += size
	}
	return f.take(end), nil
}

// take removes the first n bytes.
func (f *framer) take(n int) []byte {
	if n == 0 {
		return nil
	}
	rest := f.buf[n:f.n]
	if n < handOver {
		whole := bytes.Clone(f.buf[:n])
		f.n = copy(f.buf, rest)
		return whole
	}
	whole := f.buf[:n:n]
	f.buf = make([]byte, max(largeBuffer, len(rest)))
	f.n = copy(f.buf, rest)
	return whole
}
