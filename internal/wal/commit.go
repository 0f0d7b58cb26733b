package wal

import (
	"fmt"
	"os"
	"runtime"
)

// Append adds a record. It only takes a copy, which is written soon; Commit
// waits for that. It returns the position behind the record, for Durable, and
// the number of the segment that the record will be in. After a failure nothing
// is taken until Restart.
func (l *Log) Append(record []byte) (position, segment uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil {
		return l.appended, l.number
	}
	if l.filled >= l.opts.SegmentSize {
		l.number++
		l.filled = 0
	}
	last := len(l.pending) - 1
	if last < 0 || l.pending[last].segment != l.number {
		l.pending = append(l.pending, chunk{segment: l.number, data: l.spare[:0]})
		l.spare = nil
		last++
	}
	c := &l.pending[last]
	before := len(c.data)
	c.data = appendRecord(c.data, record)
	size := int64(len(c.data) - before)
	if l.filled == 0 {
		size += int64(len(magic))
	}
	l.filled += size
	l.sizes[l.number] += size
	l.appended += uint64(size)
	select {
	case l.wake <- struct{}{}:
	default:
	}
	return l.appended, l.number
}

// Commit waits until everything that was appended before the call is written,
// as the Sync policy says. The error is why nothing is written any more.
func (l *Log) Commit() error { return l.commit(l.opts.Sync == SyncAlways) }

func (l *Log) commit(sync bool) error {
	before := l.durable()
	err, first := l.write(sync)
	if first && l.opts.Failed != nil {
		l.opts.Failed(err)
	}
	if now := l.durable(); now > before && l.opts.Durable != nil {
		l.opts.Durable(now)
	}
	return err
}

// durable is the position up to which everything is as safe as the policy
// makes it.
func (l *Log) durable() uint64 {
	if l.opts.Sync == SyncNever {
		return l.written.Load()
	}
	return l.synced.Load()
}

// write brings what is pending to the disk. first tells that err is new.
func (l *Log) write(sync bool) (err error, first bool) { //nolint:revive // the error is the result
	l.committing.Lock()
	defer l.committing.Unlock()
	l.mu.Lock()
	chunks, position, drop, failed := l.pending, l.appended, l.drop, l.failed
	l.pending = nil
	l.mu.Unlock()
	if failed != nil {
		return failed, false
	}
	if err := l.writeChunks(chunks, position, drop, sync); err != nil {
		err = fmt.Errorf("writing to %s: %w", l.opts.Dir, err)
		l.mu.Lock()
		l.failed, l.pending = err, nil
		l.mu.Unlock()
		return err, true
	}
	return nil, false
}

func (l *Log) writeChunks(chunks []chunk, position, drop uint64, sync bool) error {
	for _, c := range chunks {
		if err := l.use(c.segment); err != nil {
			return err
		}
		if _, err := l.file.Write(c.data); err != nil {
			return err
		}
	}
	l.written.Store(position)
	stale := l.stale(drop)
	if (sync || len(stale) > 0) && l.synced.Load() < position && l.file != nil {
		if err := l.file.Sync(); err != nil {
			return err
		}
		l.synced.Store(position)
	}
	if len(chunks) > 0 && cap(chunks[0].data) <= keptBuffer {
		l.mu.Lock()
		l.spare = chunks[0].data
		l.mu.Unlock()
	}
	return l.remove(stale)
}

// keptBuffer is the largest buffer that is kept for the next records.
const keptBuffer = 1 << 20

// use makes the segment the open one.
func (l *Log) use(segment uint64) error {
	if l.file != nil && l.open == segment {
		return nil
	}
	if l.file != nil {
		if err := l.file.Sync(); err != nil {
			return err
		}
		if err := l.file.Close(); err != nil {
			return err
		}
		l.file = nil
	}
	file, err := os.OpenFile(l.path(segment), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	l.file, l.open = file, segment
	if _, err := file.WriteString(magic); err != nil {
		return err
	}
	return syncFolder(l.opts.Dir)
}

// syncFolder makes sure that a new file's name is on disk too.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" { // which does not let folders be synced
		return nil
	}
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	return f.Sync()
}

// Drop says that nothing in the segments before this one is wanted any more.
// They are removed once everything that was appended so far is on disk.
func (l *Log) Drop(before uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.drop = max(l.drop, before)
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// stale lists the segments that are to be removed.
func (l *Log) stale(drop uint64) []uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	var list []uint64
	for n := range l.sizes {
		if n < drop && n != l.open {
			list = append(list, n)
		}
	}
	return list
}

func (l *Log) remove(stale []uint64) error {
	for _, n := range stale {
		if err := os.Remove(l.path(n)); err != nil && !os.IsNotExist(err) {
			return err
		}
		l.mu.Lock()
		delete(l.sizes, n)
		l.mu.Unlock()
	}
	return nil
}

// Size returns the bytes of all segments that were not dropped, what is pending
// included, and the numbers of the oldest and of the one that is appended to.
func (l *Log) Size() (bytes int64, oldest, current uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	oldest = l.number
	for n, size := range l.sizes {
		if n >= l.drop {
			bytes += size
			oldest = min(oldest, n)
		}
	}
	return bytes, oldest, l.number
}

// SegmentSize is how many bytes a segment has before the next one begins.
func (l *Log) SegmentSize() int64 { return l.opts.SegmentSize }

// Err is why nothing is written any more, or nil.
func (l *Log) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failed
}

// Restart begins a new segment after a failure. Everything that is wanted must
// be appended again, then committed; only after that the older segments may be
// dropped.
func (l *Log) Restart() (segment uint64) {
	l.committing.Lock()
	defer l.committing.Unlock()
	if l.file != nil {
		_ = l.file.Close() // it has failed
		l.file = nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.failed, l.pending = nil, nil
	l.number++
	l.filled = 0
	return l.number
}
