//go:build !race

package isolate

import "syscall"

// buildWall has the system refuse memory beyond so many bytes. It is the last
// limit, for a single piece that is too big. A system that does not let itself
// be told keeps the other limits.
func buildWall(bytes int64) {
	_ = syscall.Setrlimit(syscall.RLIMIT_DATA, &syscall.Rlimit{Cur: uint64(bytes), Max: uint64(bytes)})
}
