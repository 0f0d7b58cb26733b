package fs

import (
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/mqscript/mqscript/internal/module/native"
)

// The operations on paths. Their arguments are in the order in which the files
// *.js give them.

func access(s *system, a arguments) (any, error) {
	p, err := s.at("access", a.text(0), a.number(1)&2 != 0)
	if err != nil {
		return nil, err
	}
	info, err := p.root.Stat(p.rel)
	if err == nil && a.number(1)&1 != 0 && info.Mode().Perm()&0o111 == 0 {
		err = syscall.EACCES
	}
	return nil, p.failed(err)
}

func chmod(s *system, a arguments) (any, error) {
	p, err := s.at("chmod", a.text(0), true)
	if err != nil {
		return nil, err
	}
	return nil, p.failed(p.root.Chmod(p.rel, fs.FileMode(a.number(1))&fs.ModePerm))
}

func copyFile(s *system, a arguments) (any, error) {
	from, err := s.at("copyfile", a.text(0), false)
	if err != nil {
		return nil, err
	}
	to, err := s.at("copyfile", a.text(1), true)
	if err != nil {
		return nil, err
	}
	return nil, from.failedTo(a.text(1), copyTo(from, to, a.number(2)&1 != 0))
}

func copyTo(from, to place, exclusive bool) error {
	source, err := from.root.OpenFile(from.rel, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return err
	}
	defer source.Close() //nolint:errcheck // it was only read
	info, err := source.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errIsDir
	}
	if same, err := to.root.Stat(to.rel); err == nil && os.SameFile(info, same) && !exclusive {
		return nil
	}
	flags := os.O_WRONLY | os.O_CREATE | os.O_TRUNC | nonBlocking
	if exclusive {
		flags |= os.O_EXCL
	}
	target, err := to.root.OpenFile(to.rel, flags, info.Mode().Perm())
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

func link(s *system, a arguments) (any, error) {
	return s.pair("link", a, func(from, to place) error { return from.root.Link(from.rel, to.rel) })
}

func rename(s *system, a arguments) (any, error) {
	return s.pair("rename", a, func(from, to place) error { return from.root.Rename(from.rel, to.rel) })
}

// pair runs a call with two paths that are in the same tree and are both
// written to.
func (s *system) pair(call string, a arguments, run func(from, to place) error) (any, error) {
	from, err := s.at(call, a.text(0), true)
	if err != nil {
		return nil, err
	}
	to, err := s.at(call, a.text(1), true)
	switch {
	case err != nil:
		return nil, err
	case from.root != to.root:
		return nil, from.failedTo(a.text(1), errCrossDevice)
	case from.rel == "." || to.rel == ".":
		return nil, from.failed(errDenied)
	}
	return nil, from.failedTo(a.text(1), run(from, to))
}

func mkdir(s *system, a arguments) (any, error) {
	p, err := s.at("mkdir", a.text(0), true)
	if err != nil {
		return nil, err
	}
	mode := fs.FileMode(a.number(2)) & fs.ModePerm
	if !a.flag(1) {
		return nil, p.failed(p.root.Mkdir(p.rel, mode))
	}
	created := firstMissing(p.root, p.rel)
	if err := p.root.MkdirAll(p.rel, mode); err != nil || created == "" {
		return nil, p.failed(err)
	}
	return filepath.Join(p.root.Name(), created), nil
}

// firstMissing returns the highest folder of a path that does not exist yet.
func firstMissing(root *os.Root, rel string) string {
	missing := ""
	for ; rel != "."; rel = filepath.Dir(rel) {
		if _, err := root.Stat(rel); err == nil {
			break
		}
		missing = rel
	}
	return missing
}

func mkdtemp(s *system, a arguments) (any, error) {
	prefix := a.text(0)
	for range 100 {
		name := prefix + rand.Text()[:6]
		p, err := s.at("mkdtemp", name, true)
		if err != nil {
			return nil, err
		}
		err = p.root.Mkdir(p.rel, 0o700)
		if err == nil {
			return name, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			p.path = prefix + "XXXXXX"
			return nil, p.failed(err)
		}
	}
	return nil, &failure{call: "mkdtemp", path: prefix + "XXXXXX", err: syscall.EEXIST}
}

// kinds are the numbers of libuv for what an entry of a folder is.
func kindOf(mode fs.FileMode) float64 {
	switch {
	case mode.IsRegular():
		return 1
	case mode.IsDir():
		return 2
	case mode&fs.ModeSymlink != 0:
		return 3
	case mode&fs.ModeNamedPipe != 0:
		return 4
	case mode&fs.ModeSocket != 0:
		return 5
	case mode&fs.ModeCharDevice != 0:
		return 6
	case mode&fs.ModeDevice != 0:
		return 7
	}
	return 0
}

// readdir lists name, kind and, below the folder, the path to it for each entry.
func readdir(s *system, a arguments) (any, error) {
	call := "scandir"
	if a.flag(2) {
		call = "opendir"
	}
	p, err := s.at(call, a.text(0), false)
	if err != nil {
		return nil, err
	}
	var list native.List
	var walk func(rel, below string) error
	walk = func(rel, below string) error {
		entries, err := fs.ReadDir(p.root.FS(), filepath.ToSlash(rel))
		if err != nil {
			return err
		}
		slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
		for _, e := range entries {
			list = append(list, e.Name(), kindOf(e.Type()), below)
		}
		for _, e := range entries {
			if a.flag(1) && e.IsDir() {
				if err := walk(filepath.Join(rel, e.Name()), filepath.Join(below, e.Name())); err != nil {
					return err
				}
			}
		}
		return nil
	}
	if err := walk(p.rel, ""); err != nil {
		return nil, p.failed(err)
	}
	return list, nil
}

func readlink(s *system, a arguments) (any, error) {
	p, err := s.at("readlink", a.text(0), false)
	if err != nil {
		return nil, err
	}
	target, err := p.root.Readlink(p.rel)
	return target, p.failed(err)
}

func realpath(s *system, a arguments) (any, error) {
	p, err := s.at("lstat", a.text(0), false)
	if err != nil {
		return nil, err
	}
	p.path = p.abs
	if _, err := p.root.Stat(p.rel); err != nil {
		return nil, p.failed(err)
	}
	found, err := filepath.EvalSymlinks(p.abs)
	if err != nil {
		return nil, p.failed(err)
	}
	// Where a path leads to is told only of what may be seen.
	_, err = s.at("lstat", found, false)
	return found, err
}

func rm(s *system, a arguments) (any, error) {
	p, err := s.at("rm", a.text(0), true)
	if err != nil {
		return nil, err
	}
	p.call = "lstat"
	info, err := p.root.Lstat(p.rel)
	switch {
	case errors.Is(err, fs.ErrNotExist) && a.flag(2):
		return nil, nil
	case err != nil:
		return nil, p.failed(err)
	case p.rel == ".":
		return nil, p.failed(errDenied)
	case info.IsDir() && !a.flag(1):
		return nil, &isDirectory{p.path}
	}
	p.call = "rm"
	return nil, p.failed(p.root.RemoveAll(p.rel))
}

func rmdir(s *system, a arguments) (any, error) {
	p, err := s.at("rmdir", a.text(0), true)
	if err != nil {
		return nil, err
	}
	info, err := p.root.Lstat(p.rel)
	switch {
	case err != nil:
	case p.rel == ".":
		err = errDenied
	case !info.IsDir():
		err = syscall.ENOTDIR
	default:
		err = p.root.Remove(p.rel)
	}
	return nil, p.failed(err)
}

func symlink(s *system, a arguments) (any, error) {
	p, err := s.at("symlink", a.text(1), true)
	if err != nil {
		return nil, err
	}
	if err := p.root.Symlink(a.text(0), p.rel); err != nil {
		return nil, &failure{call: "symlink", path: a.text(0), dest: a.text(1), abs: p.abs, err: err}
	}
	return nil, nil
}

func truncate(s *system, a arguments) (any, error) {
	p, err := s.at("open", a.text(0), true)
	if err != nil {
		return nil, err
	}
	f, err := p.root.OpenFile(p.rel, os.O_RDWR|nonBlocking, 0)
	if err != nil {
		return nil, p.failed(err)
	}
	err = errors.Join(f.Truncate(a.number(1)), f.Close())
	p.call = "ftruncate"
	return nil, p.failed(err)
}

func unlink(s *system, a arguments) (any, error) {
	p, err := s.at("unlink", a.text(0), true)
	if err != nil {
		return nil, err
	}
	if info, err := p.root.Lstat(p.rel); err == nil && info.IsDir() {
		return nil, p.failed(errIsDir)
	}
	return nil, p.failed(p.root.Remove(p.rel))
}

func utimes(s *system, a arguments) (any, error) {
	p, err := s.at("utime", a.text(0), true)
	if err != nil {
		return nil, err
	}
	return nil, p.failed(p.root.Chtimes(p.rel, timeOf(a, 1), timeOf(a, 2)))
}

// timeOf reads a time in seconds.
func timeOf(a arguments, i int) time.Time {
	seconds, _ := a[i].(float64)
	return time.UnixMicro(int64(seconds * 1e6))
}
