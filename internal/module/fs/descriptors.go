package fs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/buffer"
	"github.com/mqscript/mqscript/internal/module/native"
)

// The operations on open files, and those on whole ones.

const writing = os.O_WRONLY | os.O_RDWR | os.O_CREATE | os.O_TRUNC | os.O_APPEND

// openAt opens a path with the flags of package os.
func (s *system) openAt(path string, flags int, mode fs.FileMode) (*file, place, error) {
	p, err := s.at("open", path, flags&writing != 0)
	if err != nil {
		return nil, p, err
	}
	f, err := p.root.OpenFile(p.rel, flags|nonBlocking, mode&fs.ModePerm)
	if err != nil {
		return nil, p, p.failed(err)
	}
	return &file{f, flags&os.O_APPEND != 0}, p, nil
}

func open(s *system, a arguments) (any, error) {
	f, p, err := s.openAt(a.text(0), flagsOf(a.text(1)), fs.FileMode(a.number(2)))
	if err != nil {
		return nil, err
	}
	fd, err := s.add(f)
	return float64(fd), p.failed(err)
}

// flagsOf reads flags that the JavaScript side has checked.
func flagsOf(text string) int {
	flags := 0
	switch text[0] {
	case 'r':
		flags = os.O_RDONLY
	case 'w':
		flags = os.O_WRONLY | os.O_CREATE | os.O_TRUNC
	case 'a':
		flags = os.O_WRONLY | os.O_CREATE | os.O_APPEND
	}
	for _, c := range text[1:] {
		switch c {
		case '+':
			flags = flags&^os.O_WRONLY | os.O_RDWR
		case 'x':
			flags |= os.O_EXCL
		case 's':
			flags |= os.O_SYNC
		}
	}
	return flags
}

func closeFile(s *system, a arguments) (any, error) {
	s.mu.Lock()
	f := s.open[int(a.number(0))]
	delete(s.open, int(a.number(0)))
	s.mu.Unlock()
	if f == nil {
		return nil, onFile("close", errBadFile)
	}
	return nil, onFile("close", f.Close())
}

// onFile makes the error of a call on an open file; nil stays nil.
func onFile(call string, err error) error {
	if err == nil {
		return nil
	}
	return &failure{call: call, err: err}
}

// with runs a call on an open file.
func (s *system) with(call string, fd int64, run func(f *file) error) error {
	f, err := s.file(fd)
	if err == nil {
		err = run(f)
	}
	return onFile(call, err)
}

// mostAtOnce is how many bytes one read may bring.
const mostAtOnce = 1 << 30

// readSome reads from a position, or from where the last read ended.
func readSome(s *system, a arguments) (any, error) {
	var data []byte
	err := s.with("read", a.number(0), func(f *file) error {
		data = make([]byte, min(a.number(1), mostAtOnce))
		var n int
		var err error
		if a.given(2) {
			n, err = f.ReadAt(data, a.number(2))
		} else {
			n, err = f.Read(data)
		}
		data = data[:n]
		if errors.Is(err, io.EOF) {
			err = nil
		}
		return err
	})
	return data, err
}

func writeSome(s *system, a arguments) (any, error) {
	var n int
	err := s.with("write", a.number(0), func(f *file) (err error) {
		if a.given(2) && !f.appends {
			n, err = f.WriteAt(a.bytes(1), a.number(2))
		} else {
			n, err = f.Write(a.bytes(1))
		}
		return err
	})
	return float64(n), err
}

func fstat(s *system, a arguments) (any, error) {
	var list native.List
	err := s.with("fstat", a.number(0), func(f *file) error {
		info, err := f.Stat()
		if err == nil {
			list = statsOf(info)
		}
		return err
	})
	return list, err
}

func ftruncate(s *system, a arguments) (any, error) {
	return nil, s.with("ftruncate", a.number(0), func(f *file) error { return f.Truncate(a.number(1)) })
}

func fsync(s *system, a arguments) (any, error) {
	return nil, s.with("fsync", a.number(0), func(f *file) error { return f.Sync() })
}

func futimes(s *system, a arguments) (any, error) {
	return nil, s.with("futime", a.number(0), func(f *file) error { return chtimes(f.File, timeOf(a, 1), timeOf(a, 2)) })
}

func fchmod(s *system, a arguments) (any, error) {
	return nil, s.with("fchmod", a.number(0), func(f *file) error { return f.Chmod(fs.FileMode(a.number(1)) & fs.ModePerm) })
}

// readAll reads what is left of an open file.
func readAll(s *system, a arguments) (any, error) {
	var data []byte
	err := s.with("read", a.number(0), func(f *file) (err error) {
		data, err = readWhole(f)
		return err
	})
	return data, err
}

func readFile(s *system, a arguments) (any, error) {
	f, _, err := s.openAt(a.text(0), flagsOf(a.text(1)), 0o666)
	if err != nil {
		return nil, err
	}
	defer f.Close() //nolint:errcheck // it was only read
	data, err := readWhole(f)
	return data, onFile("read", err)
}

func readWhole(f *file) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() > buffer.MaxLength {
		return nil, &native.Failure{
			Class: nodeerr.RangeError, Code: "ERR_FS_FILE_TOO_LARGE",
			Message: fmt.Sprintf("File size (%d) is greater than %d bytes", info.Size(), buffer.MaxLength),
		}
	}
	data := make([]byte, 0, info.Size()+1)
	for {
		n, err := f.Read(data[len(data):cap(data)])
		data = data[:len(data)+n]
		switch {
		case errors.Is(err, io.EOF):
			return data, nil
		case err != nil:
			return nil, err
		case int64(len(data)) > buffer.MaxLength: // it is no ordinary file, or grows
			return nil, errors.New("the file does not end")
		case len(data) == cap(data):
			data = append(data, 0)[:len(data)]
		}
	}
}

func writeFile(s *system, a arguments) (any, error) {
	f, p, err := s.openAt(a.text(0), flagsOf(a.text(2)), fs.FileMode(a.number(3)))
	if err != nil {
		return nil, err
	}
	_, err = f.Write(a.bytes(1))
	if err == nil && a.flag(4) {
		err = f.Sync()
	}
	p.call = "write"
	return nil, p.failed(errors.Join(err, f.Close()))
}
