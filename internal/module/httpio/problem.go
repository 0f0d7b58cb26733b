package httpio

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
	"github.com/mqscript/mqscript/internal/module/tls"
	"github.com/mqscript/mqscript/internal/permission"
)

// errHungUp is for a connection that ended before its answer.
var errHungUp = &native.Failure{Class: nodeerr.Error, Code: "ECONNRESET", Message: "socket hang up"}

// problemOf finds Node's error for one of net/http.
func problemOf(err error) error {
	if refused := tls.Refused(err); refused != nil {
		return refused
	}
	var denied *permission.Denied
	var name *net.DNSError
	var op *net.OpError
	var said *native.Failure
	switch {
	case errors.As(err, &said):
		return said
	case errors.As(err, &denied):
		return &native.Failure{Class: nodeerr.Error, Code: nodeerr.AccessDenied, Message: denied.Error()}
	case errors.As(err, &name):
		return problemOfName(name)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return &native.Failure{Class: nodeerr.Error, Code: "ECONNRESET", Message: "aborted"}
	case errors.Is(err, io.EOF), errors.Is(err, net.ErrClosed), errors.Is(err, io.ErrClosedPipe), errors.Is(err, context.Canceled):
		return errHungUp
	case errors.As(err, &op):
		return problemOfCall(op)
	}
	return problemOfParsing(err)
}

func problemOfName(err *net.DNSError) error {
	code := "ENOTFOUND"
	if err.IsTimeout || err.IsTemporary {
		code = "EAI_AGAIN"
	}
	return &nodeerr.System{Call: "getaddrinfo", Code: code, Host: err.Name, Cause: err}
}

// problemOfCall is the error of a call of the system, such as "connect".
func problemOfCall(err *net.OpError) error {
	call := err.Op
	if call == "dial" {
		call = "connect"
	}
	s := nodeerr.SystemOf(call, err)
	if err.Timeout() {
		s.Code, s.Errno = "ETIMEDOUT", -int(syscall.ETIMEDOUT)
	}
	if call != "connect" {
		return s
	}
	switch at := err.Addr.(type) {
	case *net.TCPAddr:
		return s.At(at.IP.String(), at.Port)
	case *net.UnixAddr:
		return s.At(at.Name, 0)
	}
	return s
}

// parsing has what net/http says of a message that it cannot read, and what
// Node's parser says.
var parsing = []struct{ here, code, message string }{
	{"server response headers exceeded", "HPE_HEADER_OVERFLOW", "Parse Error: Header overflow"},
	{"malformed HTTP", "HPE_INVALID_CONSTANT", "Parse Error: Expected HTTP/"},
	{"malformed MIME header", "HPE_INVALID_HEADER_TOKEN", "Parse Error: Invalid header token"},
	{"bad Content-Length", "HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length"},
	{"invalid Content-Length", "HPE_INVALID_CONTENT_LENGTH", "Parse Error: Invalid character in Content-Length"},
	{"malformed chunked encoding", "HPE_INVALID_CHUNK_SIZE", "Parse Error: Invalid character in chunk size"},
	{"invalid byte in chunk length", "HPE_INVALID_CHUNK_SIZE", "Parse Error: Invalid character in chunk size"},
	{"unsupported transfer encoding", "HPE_INVALID_TRANSFER_ENCODING", "Parse Error: Invalid Transfer-Encoding"},
	{"timeout awaiting response headers", "UND_ERR_HEADERS_TIMEOUT", "Headers Timeout Error"},
	{"server closed idle connection", "ECONNRESET", "socket hang up"},
	{"connection broken", "ECONNRESET", "socket hang up"},
	{"with Body length", "ERR_HTTP_CONTENT_LENGTH_MISMATCH", "Response body's content-length of the request does not match its content-length header"},
}

func problemOfParsing(err error) error {
	text := err.Error()
	for _, p := range parsing {
		if strings.Contains(text, p.here) {
			return &native.Failure{Class: nodeerr.Error, Code: p.code, Message: p.message}
		}
	}
	return &native.Failure{Class: nodeerr.Error, Code: "EPROTO", Message: text}
}
