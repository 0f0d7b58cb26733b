package main

import (
	"context"
	"runtime/debug"
	"time"

	"github.com/mqscript/mqscript/internal/host"
)

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
