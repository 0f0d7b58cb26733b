package fs

import (
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/module/native"
)

// nonBlocking keeps the opening of a pipe that nobody else has open from
// waiting.
const nonBlocking = syscall.O_NONBLOCK

func statsOf(info fs.FileInfo) native.List {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		t := info.ModTime()
		at := [2]int64{t.Unix(), int64(t.Nanosecond())}
		return describe(info, [5]float64{}, 4096, 0, 0, [3][2]int64{at, at, at})
	}
	owner := [5]float64{float64(s.Dev), float64(s.Nlink), float64(s.Uid), float64(s.Gid), float64(s.Rdev)}
	var times [3][2]int64
	for i, t := range []syscall.Timespec{s.Atim, s.Mtim, s.Ctim} {
		times[i][0], times[i][1] = t.Unix()
	}
	return describe(info, owner, float64(s.Blksize), float64(s.Ino), float64(s.Blocks), times)
}

func chtimes(f *os.File, accessed, changed time.Time) error {
	return syscall.Futimes(int(f.Fd()), []syscall.Timeval{
		syscall.NsecToTimeval(accessed.UnixNano()), syscall.NsecToTimeval(changed.UnixNano()),
	})
}
