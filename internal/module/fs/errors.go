package fs

import (
	"errors"
	"io/fs"
	"strings"
	"syscall"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/permission"
)

// failure is an operation that did not work.
type failure struct {
	call string // the system call, as Node names it
	path string // as the script gave it, absolute
	err  error
}

// codes are Node's names and words for the errors of the system.
var codes = map[syscall.Errno][2]string{
	syscall.ENOENT:       {"ENOENT", "no such file or directory"},
	syscall.EEXIST:       {"EEXIST", "file already exists"},
	syscall.EACCES:       {"EACCES", "permission denied"},
	syscall.EPERM:        {"EPERM", "operation not permitted"},
	syscall.EISDIR:       {"EISDIR", "illegal operation on a directory"},
	syscall.ENOTDIR:      {"ENOTDIR", "not a directory"},
	syscall.ENOTEMPTY:    {"ENOTEMPTY", "directory not empty"},
	syscall.ENOSPC:       {"ENOSPC", "no space left on device"},
	syscall.EINVAL:       {"EINVAL", "invalid argument"},
	syscall.ENAMETOOLONG: {"ENAMETOOLONG", "name too long"},
	syscall.EROFS:        {"EROFS", "read-only file system"},
	syscall.ELOOP:        {"ELOOP", "too many symbolic links encountered"},
	syscall.EMFILE:       {"EMFILE", "too many open files"},
	syscall.EXDEV:        {"EXDEV", "cross-device link not permitted"},
	syscall.EBUSY:        {"EBUSY", "resource busy or locked"},
}

// Errors that the system did not give but would have.
const (
	errIsDir       = syscall.EISDIR
	errCrossDevice = syscall.EXDEV
)

// errDenied is what a script may not do with its own folders, such as to remove
// one, and inside of this package also a path that is in none of them.
var errDenied = errors.New("outside the folders that the script may use")

func (f *failure) object(vm *goja.Runtime) *goja.Object {
	errno := errnoOf(f.err)
	var denied *permission.Denied
	switch {
	case errors.As(f.err, &denied):
		return f.denied(vm, "; "+denied.Flag+" allows it")
	case errors.Is(f.err, errDenied), escapes(f.err):
		return f.denied(vm, "")
	}
	known, ok := codes[errno]
	if !ok {
		known = [2]string{"EIO", f.err.Error()}
	}
	obj := nodeerr.New(vm, nodeerr.Error, "", known[0]+": "+known[1]+", "+f.call+" '"+f.path+"'")
	if errno != 0 {
		_ = obj.Set("errno", -int(errno))
	}
	_ = obj.Set("code", known[0])
	_ = obj.Set("syscall", f.call)
	_ = obj.Set("path", f.path)
	return obj
}

func (f *failure) denied(vm *goja.Runtime, flag string) *goja.Object {
	what := "read files beside itself and in its data and tmp folders"
	if !strings.Contains(flag, "--allow-read") {
		what = "write files in its data and tmp folders"
	}
	obj := nodeerr.New(vm, nodeerr.Error, nodeerr.AccessDenied,
		"access to '"+f.path+"' is denied; a script may "+what+" (require('mqscript').script has their paths)"+flag)
	_ = obj.Set("path", f.path)
	return obj
}

func errnoOf(err error) syscall.Errno {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		return errno
	case errors.Is(err, fs.ErrNotExist):
		return syscall.ENOENT
	case errors.Is(err, fs.ErrExist):
		return syscall.EEXIST
	case errors.Is(err, fs.ErrPermission):
		return syscall.EACCES
	}
	return 0
}
