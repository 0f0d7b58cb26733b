//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakOf is the most resident memory that a process had, in bytes. A child
// begins with what its parent has, so the harness must be the smaller one.
func peakOf(state *os.ProcessState) int64 {
	r, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	if runtime.GOOS == "darwin" {
		return int64(r.Maxrss) //nolint:unconvert // bytes there, kilobytes elsewhere; 32 bits on some systems
	}
	return int64(r.Maxrss) << 10 //nolint:unconvert // 32 bits on some systems
}
