package main

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/mqscript/mqscript/internal/host"
)

// reserveSize is memory that counts as in use for the garbage collector, which
// begins when the heap is twice what is in use. Scripts make much garbage and
// keep little, so that without a reserve it begins every 4 MiB. With more in
// use the reserve means less and less, unlike a higher GOGC.
const reserveSize = 1 << 20

// reserve holds the reserve until release is called. Nobody touches the
// memory, so that the system never has to provide it.
func reserve() (release func()) {
	memory := make([]byte, reserveSize)
	return func() { runtime.KeepAlive(memory) }
}

// giveBackAfter is how long after the last script has loaded giveBack waits, so
// that it takes nothing from what the scripts do first.
const giveBackAfter = 200 * time.Millisecond

// giveBack returns to the system what loading the scripts took and nobody
// needs any more, which is as much as what they keep.
func giveBack(ctx context.Context, scripts []host.Script) {
	for _, s := range scripts {
		select {
		case <-s.Loaded():
		case <-ctx.Done():
			return
		}
	}
	select {
	case <-time.After(giveBackAfter):
		debug.FreeOSMemory()
	case <-ctx.Done():
	}
}
