package nodeerr

import (
	"context"
	"errors"
	"os"
	"strconv"
	"syscall"

	"github.com/dop251/goja"
)

// System is a call of the operating system that failed, in the form in which
// Node shows it.
type System struct {
	Call    string // as Node names it, such as "connect"
	Code    string // such as "ECONNREFUSED"
	Errno   int    // the system's number, negative; 0 for none
	Text    string // the code in words, for the calls where Node writes them
	Address string // the address or path it was about, "" for none
	Port    int    // 0 for none; below 0 it is not written in the message
	Host    string // the name that was looked up, "" for none
	Cause   error
}

// SystemOf finds the code of an error that a function of Go returned.
func SystemOf(call string, err error) *System {
	s := &System{Call: call, Code: "EIO", Cause: err}
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		s.Errno = -int(errno)
		s.Code = "E" + strconv.Itoa(int(errno))
		if known, ok := networkCodes[errno]; ok {
			s.Code = known
		}
	case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded):
		s.Code, s.Errno = "ETIMEDOUT", -int(syscall.ETIMEDOUT)
	case errors.Is(err, os.ErrClosed), errors.Is(err, context.Canceled):
		s.Code, s.Errno = "ECANCELED", -int(syscall.ECANCELED)
	}
	return s
}

// networkCodes are the names of the errors that sockets meet. Those above
// 10000 are numbers of Windows.
var networkCodes = map[syscall.Errno]string{
	syscall.EACCES: "EACCES", 10013: "EACCES",
	syscall.EADDRINUSE: "EADDRINUSE", 10048: "EADDRINUSE",
	syscall.EADDRNOTAVAIL: "EADDRNOTAVAIL", 10049: "EADDRNOTAVAIL",
	syscall.EAFNOSUPPORT: "EAFNOSUPPORT", 10047: "EAFNOSUPPORT",
	syscall.EBADF:        "EBADF",
	syscall.ECANCELED:    "ECANCELED",
	syscall.ECONNABORTED: "ECONNABORTED", 10053: "ECONNABORTED",
	syscall.ECONNREFUSED: "ECONNREFUSED", 10061: "ECONNREFUSED",
	syscall.ECONNRESET: "ECONNRESET", 10054: "ECONNRESET",
	syscall.EEXIST:       "EEXIST",
	syscall.EHOSTUNREACH: "EHOSTUNREACH", 10065: "EHOSTUNREACH",
	syscall.EINVAL: "EINVAL", 10022: "EINVAL",
	syscall.EISDIR:   "EISDIR",
	syscall.EMFILE:   "EMFILE",
	syscall.EMSGSIZE: "EMSGSIZE", 10040: "EMSGSIZE",
	syscall.ENAMETOOLONG: "ENAMETOOLONG",
	syscall.ENETDOWN:     "ENETDOWN",
	syscall.ENETUNREACH:  "ENETUNREACH", 10051: "ENETUNREACH",
	syscall.ENFILE:      "ENFILE",
	syscall.ENOBUFS:     "ENOBUFS",
	syscall.ENODEV:      "ENODEV",
	syscall.ENOENT:      "ENOENT",
	syscall.ENOMEM:      "ENOMEM",
	syscall.ENOPROTOOPT: "ENOPROTOOPT",
	syscall.ENOTCONN:    "ENOTCONN", 10057: "ENOTCONN",
	syscall.ENOTDIR:  "ENOTDIR",
	syscall.ENOTSOCK: "ENOTSOCK",
	syscall.EPERM:    "EPERM",
	syscall.EPIPE:    "EPIPE",
	syscall.EPROTO:   "EPROTO",
	syscall.EROFS:    "EROFS", syscall.ELOOP: "ELOOP",
	syscall.ETIMEDOUT: "ETIMEDOUT", 10060: "ETIMEDOUT",
}

// systemTexts are the words of the codes that a call of listen meets.
var systemTexts = map[string]string{
	"EACCES":        "permission denied",
	"EADDRINUSE":    "address already in use",
	"EADDRNOTAVAIL": "address not available",
	"EAFNOSUPPORT":  "address family not supported",
	"EINVAL":        "invalid argument",
	"EMFILE":        "too many open files",
	"ENOENT":        "no such file or directory",
	"ENOTDIR":       "not a directory",
	"EROFS":         "read-only file system",
}

// InWords has the message say in words what the code means.
func (s *System) InWords() *System {
	s.Text = systemTexts[s.Code]
	if s.Text == "" {
		s.Text = s.Cause.Error()
	}
	return s
}

// At adds the address that the call was about; port 0 means none.
func (s *System) At(address string, port int) *System {
	s.Address, s.Port = address, port
	return s
}

// Error returns Node's message.
func (s *System) Error() string {
	text := s.Call + " " + s.Code
	if s.Text != "" {
		text += ": " + s.Text
	}
	switch {
	case s.Host != "":
		return text + " " + s.Host
	case s.Port > 0:
		return text + " " + s.Address + ":" + strconv.Itoa(s.Port)
	case s.Address != "":
		return text + " " + s.Address
	}
	return text
}

// Unwrap returns the cause.
func (s *System) Unwrap() error { return s.Cause }

// Thrown makes the error's object. On the VM's goroutine.
func (s *System) Thrown(vm *goja.Runtime) *goja.Object {
	obj := New(vm, Error, "", s.Error())
	set := func(name string, v any) { _ = obj.Set(name, v) }
	if s.Text != "" { // the order of what Node shows
		set("code", s.Code)
	}
	if s.Errno != 0 {
		set("errno", s.Errno)
	} else {
		set("errno", goja.Undefined())
	}
	if s.Text == "" {
		set("code", s.Code)
	}
	set("syscall", s.Call)
	if s.Address != "" {
		set("address", s.Address)
	}
	if s.Port != 0 {
		set("port", s.Port)
	}
	if s.Host != "" {
		set("hostname", s.Host)
	}
	return obj
}
