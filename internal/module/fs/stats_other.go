//go:build !linux

package fs

import (
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/module/native"
)

// nonBlocking is for systems where the opening of a pipe waits.
const nonBlocking = 0

func statsOf(info fs.FileInfo) native.List {
	t := info.ModTime()
	at := [2]int64{t.Unix(), int64(t.Nanosecond())}
	blocks := float64((info.Size() + 511) / 512)
	return describe(info, [5]float64{}, 4096, 0, blocks, [3][2]int64{at, at, at})
}

// chtimes is not to be had for an open file without the system's own calls.
func chtimes(*os.File, time.Time, time.Time) error { return syscall.ENOSYS }
