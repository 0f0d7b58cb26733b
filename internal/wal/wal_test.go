package wal

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("WAL_TEST_WRITER"); dir != "" {
		writeForEver(dir)
	}
	goleak.VerifyTestMain(m)
}

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// contents opens the log in a folder, closes it again and returns what it held.
func contents(t testing.TB, dir string) (records, warnings []string) {
	t.Helper()
	l, err := Open(Options{
		Dir:    dir,
		Replay: func(_ uint64, r []byte) error { records = append(records, string(r)); return nil },
		Warn:   func(text string) { warnings = append(warnings, text) },
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return records, warnings
}

func nothing(uint64, []byte) error { return nil }

// write makes a log of its own with these records and returns its only file.
func write(t testing.TB, dir string, records ...string) string {
	t.Helper()
	l, err := Open(Options{Dir: dir, Sync: SyncNever, Replay: nothing})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		l.Append([]byte(r))
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return l.path(l.open)
}

func TestRecordsComeBackInOrder(t *testing.T) {
	for _, sync := range []Sync{SyncAlways, SyncSecond, SyncNever} {
		dir := filepath.Join(t.TempDir(), "made", "here")
		var want []string
		for run := range 3 {
			l, err := Open(Options{Dir: dir, Sync: sync, SegmentSize: 200, Replay: nothing})
			if err != nil {
				t.Fatal(err)
			}
			for i := range 50 {
				r := fmt.Sprintf("run %d record %d %s", run, i, strings.Repeat("x", i))
				l.Append([]byte(r))
				want = append(want, r)
				if i%7 == 0 {
					if err := l.Commit(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if err := l.Close(); err != nil {
				t.Fatal(err)
			}
		}
		if got, warnings := contents(t, dir); strings.Join(got, "\n") != strings.Join(want, "\n") || len(warnings) > 0 {
			t.Errorf("policy %v: got %d records and the warnings %q, want %d records", sync, len(got), warnings, len(want))
		}
	}
}

// TestDamageNeverMakesAWrongRecord cuts a file at every byte, and changes every
// byte: what is read is always the beginning of what was written.
func TestDamageNeverMakesAWrongRecord(t *testing.T) {
	want := []string{"first", "", "third record", strings.Repeat("z", 40)}
	file := write(t, t.TempDir(), want...)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := func(name string, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(file)), data, 0o600); err != nil {
			t.Fatal(err)
		}
		got, warnings := contents(t, dir)
		if len(got) > len(want) {
			t.Fatalf("%s: %d records of %d", name, len(got), len(want))
		}
		for i, r := range got {
			if r != want[i] {
				t.Errorf("%s: record %d is %q, want %q", name, i, r, want[i])
			}
		}
		whole := len(got) == len(want)
		if whole != (len(warnings) == 0) && len(data) > len(magic) && !endsWithRecord(data) {
			t.Errorf("%s: %d records and the warnings %q", name, len(got), warnings)
		}
	}
	for n := range whole {
		damaged(fmt.Sprintf("cut at %d", n), whole[:n])
		changed := bytes.Clone(whole)
		changed[n] ^= 0x20
		damaged(fmt.Sprintf("byte %d changed", n), changed)
	}
}

// endsWithRecord tells whether data is whole records only.
func endsWithRecord(data []byte) bool {
	left, ok := bytes.CutPrefix(data, []byte(magic))
	for ok && len(left) > 0 {
		_, left, ok = cutRecord(left)
	}
	return ok
}

func TestZerosBehindTheEndAreLeftOut(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "one", "two")
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.Write(make([]byte, 4096))
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	got, warnings := contents(t, dir)
	if strings.Join(got, " ") != "one two" || len(warnings) != 1 || !strings.Contains(warnings[0], "the last 4096 bytes") {
		t.Errorf("got %q and the warnings %q", got, warnings)
	}
}

func TestWhatFollowsADamagedSegmentIsRead(t *testing.T) {
	dir := t.TempDir()
	first := write(t, dir, "one", "two")
	write(t, dir, "three")
	info, err := os.Stat(first)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(first, info.Size()-1); err != nil {
		t.Fatal(err)
	}
	if got, warnings := contents(t, dir); strings.Join(got, " ") != "one three" || len(warnings) != 1 {
		t.Errorf("got %q and the warnings %q", got, warnings)
	}
}

func TestOneLogUsesAFolder(t *testing.T) {
	dir := t.TempDir()
	l, err := Open(Options{Dir: dir, Replay: nothing})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(Options{Dir: dir, Replay: nothing}); !errors.Is(err, ErrInUse) {
		t.Errorf("the second one says %v, want ErrInUse", err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	contents(t, dir)
}

func TestReplayCanRefuse(t *testing.T) {
	dir := t.TempDir()
	file := write(t, dir, "one")
	unknown := errors.New("unknown")
	_, err := Open(Options{Dir: dir, Replay: func(uint64, []byte) error { return unknown }})
	if !errors.Is(err, unknown) || !strings.Contains(err.Error(), file) {
		t.Errorf("got %v", err)
	}
	contents(t, dir) // the lock was given back
}

func TestDroppedSegmentsAreRemoved(t *testing.T) {
	dir := t.TempDir()
	l, err := Open(Options{Dir: dir, SegmentSize: 100, Replay: nothing})
	if err != nil {
		t.Fatal(err)
	}
	var last uint64
	for i := range 100 {
		_, last = l.Append(fmt.Appendf(nil, "record number %d", i))
	}
	l.Drop(last)
	size, oldest, current := l.Size()
	if oldest != last || current != last || size > 200 {
		t.Errorf("%d bytes in the segments %d to %d, want those of %d alone", size, oldest, current, last)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := segments(dir); err != nil || len(left) != 1 {
		t.Errorf("segments %v are left (%v), want %d alone", left, err, last)
	}
}

func TestDurableFollowsThePolicy(t *testing.T) {
	for _, sync := range []Sync{SyncAlways, SyncSecond, SyncNever} {
		var safe atomic.Uint64
		l, err := Open(Options{Dir: t.TempDir(), Sync: sync, Replay: nothing, Durable: safe.Store})
		if err != nil {
			t.Fatal(err)
		}
		position, _ := l.Append([]byte("x"))
		deadline := time.Now().Add(patience)
		for safe.Load() < position {
			if time.Now().After(deadline) {
				t.Fatalf("policy %v: still not durable", sync)
			}
			time.Sleep(time.Millisecond)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestAfterAFailureEverythingIsWrittenAnew has something in the way of the next
// segment.
func TestAfterAFailureEverythingIsWrittenAnew(t *testing.T) {
	dir := t.TempDir()
	var failures atomic.Int32
	l, err := Open(Options{Dir: dir, SegmentSize: 10, Replay: nothing, Failed: func(error) { failures.Add(1) }})
	if err != nil {
		t.Fatal(err)
	}
	l.Append([]byte("the first segment"))
	if err := l.Commit(); err != nil {
		t.Fatal(err)
	}
	_, _, current := l.Size()
	if err := os.Mkdir(l.path(current+1), 0o700); err != nil {
		t.Fatal(err)
	}
	l.Append([]byte("the second segment"))
	for range 2 {
		if l.Commit() == nil || l.Err() == nil {
			t.Fatal("writing to a folder worked")
		}
	}
	l.Append([]byte("not taken"))
	deadline := time.Now().Add(patience)
	for failures.Load() == 0 { // whoever met it may not have told it yet
		if time.Now().After(deadline) {
			t.Fatal("the failure was not told")
		}
		time.Sleep(time.Millisecond)
	}
	if err := os.Remove(l.path(current + 1)); err != nil {
		t.Fatal(err)
	}
	first := l.Restart()
	l.Append([]byte("the first segment, again"))
	if err := l.Commit(); err != nil {
		t.Fatal(err)
	}
	l.Drop(first)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if n := failures.Load(); n != 1 {
		t.Errorf("the failure was told %d times, want once", n)
	}
	if got, _ := contents(t, dir); strings.Join(got, "|") != "the first segment, again" {
		t.Errorf("got %q", got)
	}
}

func BenchmarkCommit(b *testing.B) {
	for name, sync := range map[string]Sync{"always": SyncAlways, "second": SyncSecond, "never": SyncNever} {
		for _, batch := range []int{1, 64} {
			b.Run(fmt.Sprintf("%s/batch=%d", name, batch), func(b *testing.B) {
				l, err := Open(Options{Dir: b.TempDir(), Sync: sync, Replay: nothing})
				if err != nil {
					b.Fatal(err)
				}
				defer func() { _ = l.Close() }()
				record := make([]byte, 128)
				for b.Loop() {
					for range batch {
						l.Append(record)
					}
					if err := l.Commit(); err != nil {
						b.Fatal(err)
					}
				}
				_, _, current := l.Size()
				l.Drop(current)
			})
		}
	}
}

func FuzzReplay(f *testing.F) {
	data, err := os.ReadFile(write(f, f.TempDir(), "one", "", "three"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(magic))
	f.Add(data[:len(data)-1])
	f.Fuzz(func(t *testing.T, data []byte) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "00000001"+suffix), data, 0o600); err != nil {
			t.Fatal(err)
		}
		before, _ := contents(t, dir)
		want := []byte(magic)
		for _, r := range before {
			want = appendRecord(want, []byte(r))
		}
		if len(before) > 0 && !bytes.HasPrefix(data, want) {
			t.Errorf("the records %q are not in the file", before)
		}
		write(t, dir, "later")
		after, _ := contents(t, dir)
		if len(after) != len(before)+1 || after[len(before)] != "later" {
			t.Errorf("%q became %q", before, after)
		}
	})
}
