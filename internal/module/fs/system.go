package fs

import (
	"os"
	"sync"
	"syscall"
)

// system is the file system of one script. Its methods may be called from any
// goroutine.
type system struct {
	folders *Folders

	mu     sync.Mutex
	open   map[int]*file
	closed bool
}

// mostFiles is how many files a script may have open.
const mostFiles = 4096

// file is an open file.
type file struct {
	*os.File
	appends bool
}

// operation is one call: its result is nil, bool, string, float64, []byte or a
// native.List.
type operation func(s *system, a arguments) (any, error)

var operations = map[string]operation{
	"access": access, "chmod": chmod, "copyFile": copyFile, "link": link, "lstat": lstat, "mkdir": mkdir, "mkdtemp": mkdtemp,
	"readdir": readdir, "readFile": readFile, "readlink": readlink, "realpath": realpath, "rename": rename, "rm": rm,
	"rmdir": rmdir, "stat": stat, "symlink": symlink, "truncate": truncate, "unlink": unlink, "utimes": utimes,
	"writeFile": writeFile,
	"open":      open, "close": closeFile, "read": readSome, "write": writeSome, "fstat": fstat, "ftruncate": ftruncate,
	"fsync": fsync, "futimes": futimes, "fchmod": fchmod, "readAll": readAll,
}

func (s *system) run(name string, a arguments) (any, error) { return operations[name](s, a) }

// place is a path that the script may use.
type place struct {
	call string
	path string // as it was given
	abs  string
	root *os.Root
	rel  string
}

// at finds the place of a path: the one door to the file system.
func (s *system) at(call, path string, write bool) (place, error) {
	if path == "" {
		return place{}, &failure{call: call, err: syscall.ENOENT}
	}
	abs := s.folders.absolute(path)
	root, rel, err := s.folders.find(call, abs, write)
	p := place{call: call, path: path, abs: abs, root: root, rel: rel}
	if err != nil {
		return p, p.failed(err)
	}
	return p, nil
}

// failed makes the error of a call; nil stays nil.
func (p place) failed(err error) error {
	if err == nil {
		return nil
	}
	return &failure{call: p.call, path: p.path, abs: p.abs, err: err}
}

// failedTo is failed for a call with two paths.
func (p place) failedTo(dest string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{call: p.call, path: p.path, dest: dest, abs: p.abs, err: err}
}

// add gives an open file its number.
func (s *system) add(f *file) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed || len(s.open) >= mostFiles {
		_ = f.Close() // nothing was written
		return 0, syscall.EMFILE
	}
	fd := 3 // as in every process, what is below is the console
	for s.open[fd] != nil {
		fd++
	}
	s.open[fd] = f
	return fd, nil
}

// file returns an open file by its number.
func (s *system) file(fd int64) (*file, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.open[int(fd)]; f != nil {
		return f, nil
	}
	return nil, errBadFile
}

// Close closes all files.
func (s *system) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for fd, f := range s.open {
		_ = f.Close() // nobody is left who could be told
		delete(s.open, fd)
	}
	return nil
}
