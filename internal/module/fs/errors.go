package fs

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/permission"
)

// failure is an operation that did not work.
type failure struct {
	call string // the system call, as Node names it
	path string // as the script gave it; "" when it is about an open file
	dest string // the second path of a call that has two
	abs  string // path, absolute
	err  error
}

// Unwrap returns the cause.
func (f *failure) Unwrap() error { return f.err }

// Error returns the failure's text, without Node's form.
func (f *failure) Error() string { return fmt.Sprintf("%s %s: %v", f.call, f.path, f.err) }

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
	syscall.EBADF:        {"EBADF", "bad file descriptor"},
	syscall.ENXIO:        {"ENXIO", "no such device or address"},
	syscall.ESPIPE:       {"ESPIPE", "invalid seek"},
	syscall.EMLINK:       {"EMLINK", "too many links"},
	syscall.EFBIG:        {"EFBIG", "file too large"},
}

// Errors that the system did not give but would have.
const (
	errIsDir       = syscall.EISDIR
	errCrossDevice = syscall.EXDEV
	errBadFile     = syscall.EBADF
)

// errDenied is what a script may not do with its own folders, such as to remove
// one, and inside of this package also a path that is in none of them.
var errDenied = errors.New("outside the folders that the script may use")

// Thrown makes the error that a script sees. On the loop.
func (f *failure) Thrown(vm *goja.Runtime) *goja.Object {
	var denied *permission.Denied
	switch {
	case errors.As(f.err, &denied):
		return f.denied(vm, "; "+denied.Flag+" allows it")
	case errors.Is(f.err, errDenied), escapes(f.err):
		return f.denied(vm, "")
	}
	errno := errnoOf(f.err)
	known, ok := codes[errno]
	if !ok {
		known = [2]string{"EIO", f.err.Error()}
	}
	message := known[0] + ": " + known[1] + ", " + f.call
	if f.path != "" {
		message += " '" + f.path + "'"
	}
	if f.dest != "" {
		message += " -> '" + f.dest + "'"
	}
	obj := nodeerr.New(vm, nodeerr.Error, "", message)
	if errno != 0 {
		_ = obj.Set("errno", -int(errno))
	}
	_ = obj.Set("code", known[0])
	_ = obj.Set("syscall", f.call)
	if f.path != "" {
		_ = obj.Set("path", f.path)
	}
	if f.dest != "" {
		_ = obj.Set("dest", f.dest)
	}
	return obj
}

func (f *failure) denied(vm *goja.Runtime, flag string) *goja.Object {
	what := "read files beside itself and in its data and tmp folders"
	if !strings.Contains(flag, "--allow-read") {
		what = "write files in its data and tmp folders"
	}
	obj := nodeerr.New(vm, nodeerr.Error, nodeerr.AccessDenied,
		"access to '"+f.abs+"' is denied; a script may "+what+" (require('mqscript').script has their paths)"+flag)
	_ = obj.Set("path", f.abs)
	return obj
}

// isDirectory is the error of rm for a folder.
type isDirectory struct{ path string }

// Error returns Node's words.
func (e *isDirectory) Error() string {
	return "Path is a directory: rm returned EISDIR (is a directory) " + e.path
}

// Thrown makes the error that a script sees. On the loop.
func (e *isDirectory) Thrown(vm *goja.Runtime) *goja.Object {
	obj := nodeerr.New(vm, nodeerr.Error, "ERR_FS_EISDIR", e.Error())
	_ = obj.DefineDataProperty("name", vm.ToValue("SystemError"), goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_FALSE)
	_ = obj.Set("errno", int(syscall.EISDIR))
	_ = obj.Set("syscall", "rm")
	_ = obj.Set("path", e.path)
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
	case errors.Is(err, os.ErrClosed):
		return syscall.EBADF
	}
	return 0
}
