package store

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// inFile opens a file with a clock of the test's own.
func inFile(t *testing.T) (f *file, pass func(time.Duration)) {
	t.Helper()
	f, err := openFile(filepath.Join(t.TempDir(), "a.store"), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.close(); err != nil {
			t.Error(err)
		}
	})
	now := time.UnixMilli(1_700_000_000_000)
	f.now = func() time.Time { return now }
	return f, func(d time.Duration) { now = now.Add(d) }
}

func (f *file) did(op Op) *Op {
	f.apply([]*Op{&op})
	return &op
}

// TestExpiry lets time pass.
func TestExpiry(t *testing.T) {
	f, pass := inFile(t)
	f.did(Op{Kind: Set, Key: "a", Value: []byte("1"), TTL: time.Minute})
	f.did(Op{Kind: Set, Key: "b", Value: []byte("1"), TTL: time.Hour})
	f.did(Op{Kind: Set, Key: "c", Value: []byte("1"), TTL: time.Minute})
	f.did(Op{Kind: Set, Key: "c", Value: []byte("2")}) // stays
	f.did(Op{Kind: Increment, Key: "a", By: 1})        // its time goes on
	pass(time.Minute - time.Millisecond)
	if r := f.did(Op{Kind: Get, Key: "a"}).result; string(r.Value) != "2" {
		t.Errorf("before its time: %q", r.Value)
	}
	pass(time.Millisecond)
	if r := f.did(Op{Kind: Get, Key: "a"}).result; r.Found {
		t.Errorf("after its time: %q", r.Value)
	}
	if r := f.did(Op{Kind: Keys}).result; fmt.Sprint(r.Keys) != "[b c]" {
		t.Errorf("keys: %v", r.Keys)
	}
	if r := f.did(Op{Kind: Delete, Key: "a"}).result; r.Found {
		t.Error("delete found what had expired")
	}
	if r := f.did(Op{Kind: Increment, Key: "a", By: 5}).result; r.Number != 5 {
		t.Errorf("incremented after its time: %v", r.Number)
	}
	pass(24 * time.Hour)
	f.did(Op{Kind: Delete, Key: "a"})
	f.did(Op{Kind: Delete, Key: "c"})
	if size := f.measured(t); size != 0 {
		t.Errorf("an empty store counts %d bytes", size)
	}
}

func (f *file) measured(t *testing.T) (size int64) {
	t.Helper()
	tx, err := f.db.Begin(false)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	tr := f.begin(tx)
	if n := tr.expiries.Stats().KeyN; n != 0 && tr.size == 0 {
		t.Errorf("%d times of nothing are left", n)
	}
	return tr.size
}

// TestFull fills a store.
func TestFull(t *testing.T) {
	f, _ := inFile(t)
	f.most = 10_000
	big := []byte(`"` + strings.Repeat("x", 3000) + `"`)
	for i, want := range []bool{true, true, true, false} {
		op := f.did(Op{Kind: Set, Key: fmt.Sprint(i), Value: big})
		if (op.err == nil) != want {
			t.Errorf("number %d: %v", i, op.err)
		}
	}
	if op := f.did(Op{Kind: Set, Key: "2", Value: big}); op.err != nil {
		t.Errorf("in place of another: %v", op.err)
	}
	// In one commit, what does not fit leaves the rest alone.
	ops := []*Op{{Kind: Set, Key: "3", Value: big}, {Kind: Delete, Key: "0"}, {Kind: Set, Key: "4", Value: big}, {Kind: Keys}}
	f.apply(ops)
	var full *Error
	if !errors.As(ops[0].err, &full) || full.Code != "ERR_STORE_FULL" || ops[2].err != nil || fmt.Sprint(ops[3].result.Keys) != "[1 2 4]" {
		t.Errorf("%v, %v, %v", ops[0].err, ops[2].err, ops[3].result.Keys)
	}
}
