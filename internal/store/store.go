// Package store keeps the values of a script: in a file of its own, or on a
// Redis server that several machines share. What was answered with success
// survives the end of the process, also a sudden one; a value is there as a
// whole or not at all.
//
// # Concurrency
//
// The methods of a Store may be called from anywhere. One goroutine does the
// operations, in the order of Do: those that wait are done together, with one
// commit. It begins with the first operation and is joined by Close.
package store

import (
	"errors"
	"sync"
	"time"
)

// The bounds of a store.
const (
	MaxKey   = 1024      // bytes of UTF-8 in a key
	MaxValue = 4 << 20   // bytes of a value
	MaxSize  = 256 << 20 // bytes in a file, each entry with entryCost

	maxWaiting      = 16_384   // operations that wait
	maxWaitingBytes = 64 << 20 // their keys and values
	maxBatch        = 4096     // operations of one commit
)

// Config says where the values are.
type Config struct {
	// File is the path of the embedded store. It is made when it is needed, its
	// folder too.
	File string
	// URL is that of a Redis server to use in place of the file, redis:// or
	// rediss://; it may hold a password.
	URL string
	// Name is the script's: the part of the Redis server that is its own.
	Name string
}

// Kind is what an operation does.
type Kind int

// The operations.
const (
	Get       Kind = iota // the value of Key
	Set                   // gives Key a Value, for TTL
	Delete                // removes Key
	Keys                  // the keys that begin with Key
	Increment             // adds By to the number of Key, 0 when there is none
)

// Op is an operation. It must not be changed once it was handed to Do.
type Op struct {
	Kind  Kind
	Key   string
	Value []byte // JSON text
	// TTL is how long the value of Set stays; 0 means for ever. Increment
	// changes nothing of that.
	TTL time.Duration
	By  float64
	// Done is called once, on the store's goroutine. It must not block.
	Done func(r Result, err error)

	result Result
	err    error
}

func (op *Op) size() int { return len(op.Key) + len(op.Value) }

// writes tells whether the operation changes anything.
func (op *Op) writes() bool { return op.Kind == Set || op.Kind == Delete || op.Kind == Increment }

// Result is what an operation found.
type Result struct {
	Value  []byte   // of Get
	Found  bool     // of Get and Delete: there was a value
	Keys   []string // of Keys, in the order of their bytes
	Number float64  // of Increment
}

// Error is an error that a script can tell by its code.
type Error struct {
	Code    string // such as ERR_STORE_FULL
	Message string
	Cause   error // nil, or what lies behind it
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// ErrBusy is the error of Do when too much waits already.
var ErrBusy = &Error{Code: "ERR_STORE_BUSY", Message: "the store has too much to do: 16384 operations or 64 MiB wait; await some of them first"}

// ErrClosed is the error of Do after Close.
var ErrClosed = &Error{Code: "ERR_STORE_CLOSED", Message: "the store is closed"}

var errNotNumber = &Error{Code: "ERR_STORE_NOT_A_NUMBER", Message: "the value is not a number that can be incremented"}

// backend does operations: in their order, and all or none of what they change
// in a file. It sets result and err of each. It is used on one goroutine.
type backend interface {
	apply(ops []*Op)
	close() error
}

// Store is the values of one script.
type Store struct {
	config Config
	open   func(ending <-chan struct{}) (backend, error)

	mu      sync.Mutex
	waiting []*Op
	bytes   int           // of what waits
	wake    chan struct{} // holds one signal; nil before the first operation
	ending  chan struct{} // closed by Close
	closed  bool
	done    chan struct{} // closed at the end of the goroutine
	err     error         // of closing
}

// New makes a store. Nothing is opened before the first operation.
func New(config Config) *Store {
	s := &Store{config: config, ending: make(chan struct{}), done: make(chan struct{})}
	s.open = func(ending <-chan struct{}) (backend, error) { return openFile(config.File, ending) }
	if config.URL != "" {
		s.open = func(<-chan struct{}) (backend, error) { return newRedis(config.URL, config.Name) }
	}
	return s
}

// Do queues an operation. An error means that it was not, and that Done is not
// called: ErrBusy or ErrClosed.
func (s *Store) Do(op *Op) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return ErrClosed
	case len(s.waiting) >= maxWaiting || s.bytes+op.size() > maxWaitingBytes:
		return ErrBusy
	}
	if s.wake == nil {
		s.wake = make(chan struct{}, 1)
		go s.run()
	}
	s.waiting = append(s.waiting, op)
	s.bytes += op.size()
	select {
	case s.wake <- struct{}{}:
	default: // it will look anyway
	}
	return nil
}

// Close does what waits, closes the store and joins its goroutine.
func (s *Store) Close() error {
	s.mu.Lock()
	if !s.closed {
		s.closed = true
		close(s.ending)
		if s.wake == nil {
			close(s.done)
		}
	}
	s.mu.Unlock()
	<-s.done
	return s.err
}

// run is the store's goroutine.
func (s *Store) run() {
	defer close(s.done)
	var b backend
	for {
		batch := s.take()
		if batch == nil {
			break
		}
		b = s.do(b, batch)
		for _, op := range batch {
			op.Done(op.result, op.err)
		}
	}
	if b != nil {
		s.err = b.close()
	}
}

// do does a batch, and opens the store before it if that has not succeeded yet.
func (s *Store) do(b backend, batch []*Op) backend {
	if b == nil {
		opened, err := s.open(s.ending)
		var own *Error
		switch {
		case err == nil:
			b = opened
		case errors.As(err, &own) && own.Code == codeDamaged:
			b = broken{err}
		default:
			failAll(batch, err)
			return nil
		}
	}
	b.apply(batch)
	return b
}

// codeDamaged is the code of a store that opening again does not mend.
const codeDamaged = "ERR_STORE_DAMAGED"

// broken stands for a store that is damaged.
type broken struct{ err error }

func (b broken) apply(ops []*Op) { failAll(ops, b.err) }
func (broken) close() error      { return nil }

func failAll(ops []*Op, err error) {
	for _, op := range ops {
		op.result, op.err = Result{}, err
	}
}

// take waits for operations and returns them; nil at the end.
func (s *Store) take() []*Op {
	for {
		s.mu.Lock()
		batch := s.waiting
		if !s.closed {
			batch = batch[:min(len(batch), maxBatch)]
		}
		s.waiting = s.waiting[len(batch):]
		for _, op := range batch {
			s.bytes -= op.size()
		}
		closed := s.closed
		s.mu.Unlock()
		if len(batch) > 0 {
			return batch
		}
		if closed {
			return nil
		}
		select {
		case <-s.wake:
		case <-s.ending:
		}
	}
}

// code gives an error of the system a code that scripts know.
func code(what string, err error) error {
	var own *Error
	if errors.As(err, &own) {
		return err
	}
	return &Error{Code: "ERR_STORE_UNAVAILABLE", Message: what + ": " + err.Error(), Cause: err}
}
