package httpio

import (
	"io"
	"sync"
)

// upload is the body of a request that JavaScript writes and the transport
// reads. It holds one chunk; the next may be put once that was taken.
type upload struct {
	mu     sync.Mutex
	moved  sync.Cond
	chunk  []byte
	taken  func() // called when the chunk has been read or is not wanted any more
	ended  bool
	broken error // what Read returns when the script gave up
	closed bool  // the transport reads no more
}

func newUpload() *upload {
	u := &upload{}
	u.moved.L = &u.mu
	return u
}

// put hands over a chunk, which belongs to the upload until taken is called.
// It does not wait.
func (u *upload) put(chunk []byte, taken func()) {
	u.mu.Lock()
	if u.closed || len(chunk) == 0 {
		u.mu.Unlock()
		taken()
		return
	}
	u.chunk, u.taken = chunk, taken
	u.mu.Unlock()
	u.moved.Broadcast()
}

// end says that nothing follows.
func (u *upload) end() {
	u.mu.Lock()
	u.ended = true
	u.mu.Unlock()
	u.moved.Broadcast()
}

// fail breaks the request off.
func (u *upload) fail(err error) {
	u.mu.Lock()
	u.broken = err
	u.mu.Unlock()
	u.moved.Broadcast()
}

// Read implements io.Reader for the transport.
func (u *upload) Read(p []byte) (int, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for len(u.chunk) == 0 && !u.ended && !u.closed && u.broken == nil {
		u.moved.Wait()
	}
	switch {
	case u.broken != nil:
		return 0, u.broken
	case u.closed:
		return 0, io.ErrClosedPipe
	case len(u.chunk) == 0:
		return 0, io.EOF
	}
	n := copy(p, u.chunk)
	u.chunk = u.chunk[n:]
	if len(u.chunk) == 0 {
		u.release()
	}
	return n, nil
}

// release gives the chunk back; locked.
func (u *upload) release() {
	taken := u.taken
	u.chunk, u.taken = nil, nil
	if taken != nil {
		taken()
	}
}

// Close implements io.Closer for the transport. What is written after it goes
// nowhere: a server that has answered may leave the rest of a request unread.
func (u *upload) Close() error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.closed = true
	u.release()
	u.moved.Broadcast()
	return nil
}
