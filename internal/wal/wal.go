// Package wal keeps records on disk in the order in which they were
// appended: a write-ahead log in segments, each record with a checksum. It does
// not know what the records mean. Whoever appends says which segments hold
// nothing that is still wanted.
//
// What was committed survives the end of the process, however it comes; how
// much of it survives the end of the machine is the Sync policy's matter. A
// segment whose end does not read as it was written is used up to there.
//
// # Bounds
//
// Records that were appended and not yet written are in memory; their bytes are
// bounded by whoever appends. On disk there are the segments that were not
// dropped, each of Options.SegmentSize and one record at most.
//
// # Concurrency
//
// All methods may be called from any goroutine. A Log has one goroutine,
// which commits what nobody else does; Close joins it.
package wal

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofrs/flock"
)

// Sync is when the operating system is asked to bring what was written to the
// disk itself.
type Sync int

const (
	// SyncAlways syncs before Commit returns. A power cut takes nothing that was
	// committed.
	SyncAlways Sync = iota
	// SyncSecond syncs once a second. The end of the process takes nothing that was
	// committed, a power cut the last second.
	SyncSecond
	// SyncNever leaves it to the operating system. The end of the process takes
	// nothing that was committed.
	SyncNever
)

// Options is what a Log is made from.
type Options struct {
	// Dir is the folder, which is made when it is not there. One log uses
	// it at a time.
	Dir  string
	Sync Sync
	// SegmentSize is how many bytes a segment has before the next one begins;
	// default 4 MiB.
	SegmentSize int64
	// Replay is given each record that is there, in order, and the number of
	// its segment. The bytes are its own to keep. An error ends Open.
	Replay func(segment uint64, record []byte) error
	// Warn is told what could not be read and was left out; nil: nobody.
	Warn func(text string)
	// Durable is told that everything up to the position that Append returned
	// is on disk, as far as the Sync policy goes; nil: nobody. Failed is told
	// once why nothing is written any more. Both are called without a lock of
	// the log, by whoever committed.
	Durable func(position uint64)
	Failed  func(err error)
}

// ErrInUse says that another process, or another Log, has the folder.
var ErrInUse = errors.New("the folder is in use by another process")

const defaultSegment = 4 << 20

// Log is an open log. Make it with Open.
type Log struct {
	opts Options
	lock *flock.Flock

	mu       sync.Mutex // guards what follows; never held during I/O
	pending  []chunk    // appended and not taken by a commit
	spare    []byte
	appended uint64 // position behind the last record
	number   uint64 // of the segment that is appended to
	filled   int64  // its bytes, the pending ones included
	sizes    map[uint64]int64
	drop     uint64 // segments before this one are no longer wanted
	failed   error

	committing sync.Mutex // guards what follows; one commit at a time
	file       *os.File
	open       uint64 // the number of file
	written    atomic.Uint64
	synced     atomic.Uint64

	wake chan struct{} // capacity 1: a token when something is to be committed
	stop chan struct{} // closed by Close
	done chan struct{} // closed when the goroutine has ended
}

// chunk is encoded records for one segment.
type chunk struct {
	segment uint64
	data    []byte
}

// Open opens the log in a folder and replays it. The error is ErrInUse,
// Replay's, or one of the file system.
func Open(opts Options) (*Log, error) {
	if opts.SegmentSize == 0 {
		opts.SegmentSize = defaultSegment
	}
	if err := os.MkdirAll(opts.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder: %w", err)
	}
	lock := flock.New(filepath.Join(opts.Dir, "lock"), flock.SetPermissions(0o600))
	switch locked, err := lock.TryLock(); {
	case err != nil:
		return nil, fmt.Errorf("locking the folder: %w", err)
	case !locked:
		return nil, ErrInUse
	}
	l := &Log{
		opts: opts, lock: lock, sizes: make(map[uint64]int64),
		wake: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	if err := l.replay(); err != nil {
		_ = lock.Close()
		return nil, err
	}
	go l.run()
	return l, nil
}

// replay reads what is there. The next record begins a new segment, so that
// nothing is written behind an end that may be damaged.
func (l *Log) replay() error {
	numbers, err := segments(l.opts.Dir)
	if err != nil {
		return err
	}
	for _, n := range numbers {
		size, err := l.replaySegment(n)
		if err != nil {
			return err
		}
		l.sizes[n] = size
		l.number = n
	}
	l.number++
	if len(numbers) > 0 {
		l.drop = numbers[0]
	}
	return nil
}

// Close commits what is left and closes the log. The error is why that did
// not work.
func (l *Log) Close() error {
	close(l.stop)
	<-l.done
	err := l.Commit()
	l.committing.Lock()
	defer l.committing.Unlock()
	if l.file != nil {
		err = errors.Join(err, l.file.Sync(), l.file.Close())
		l.file = nil
	}
	return errors.Join(err, l.lock.Close())
}

// run commits what nobody else does, and brings what was written to the disk
// once a second if that is the policy.
func (l *Log) run() {
	defer close(l.done)
	var tick <-chan time.Time
	if l.opts.Sync == SyncSecond {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		tick = ticker.C
	}
	for {
		select {
		case <-l.wake:
			_ = l.Commit() // told to Failed
		case <-tick:
			_ = l.commit(true)
		case <-l.stop:
			return
		}
	}
}
