package mqtt

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/gorilla/websocket"
	"github.com/mqscript/mqscript/internal/packet"
)

// Error is what Handler.Error and Handler.Published report. Message and Code
// have the form that Node.js programs know, such as "connect ECONNREFUSED
// 127.0.0.1:1883". No Error shows a secret.
type Error struct {
	// Code is a system or TLS error code such as "ECONNREFUSED", or "".
	Code string
	// Reason is the server's reason code, or its return code before MQTT 5.
	// It counts only with HasReason.
	Reason    packet.ReasonCode
	HasReason bool
	// Message is the whole text.
	Message string
	// Cause is the error beneath, or nil.
	Cause error
}

// Error returns the message.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }

// QueueFullError says that Publish, Subscribe or Unsubscribe refused because
// that much is waiting already.
type QueueFullError struct {
	Limit int    // the bound that was reached
	Unit  string // what it counts: "messages", "bytes" or "subscription requests"
}

// Error names the limit.
func (e *QueueFullError) Error() string {
	return fmt.Sprintf("the queue is full: its limit of %d %s is reached", e.Limit, e.Unit)
}

// ErrEnded says that the client was ended: it takes nothing more, and what it
// had not finished failed.
var ErrEnded = errors.New("client disconnecting")

var (
	errConnackTimeout = &Error{Message: "connack timeout"}
	errKeepalive      = &Error{Message: "Keepalive timeout"}
)

// reasonError is an Error with a reason code.
func reasonError(code packet.ReasonCode, format string, args ...any) *Error {
	return &Error{Reason: code, HasReason: true, Message: fmt.Sprintf(format, args...)}
}

// protocolError is a violation by the server that the codec cannot see.
func protocolError(code packet.ReasonCode, statement, format string, args ...any) *packet.Error {
	return &packet.Error{Code: code, Statement: statement, Message: fmt.Sprintf(format, args...)}
}

// errnoNames are the system errors that a socket can have, by Node's names.
var errnoNames = map[syscall.Errno]string{
	syscall.ECONNREFUSED: "ECONNREFUSED", syscall.ECONNRESET: "ECONNRESET", syscall.EPIPE: "EPIPE",
	syscall.ETIMEDOUT: "ETIMEDOUT", syscall.EHOSTUNREACH: "EHOSTUNREACH", syscall.ENETUNREACH: "ENETUNREACH",
	syscall.ECONNABORTED: "ECONNABORTED", syscall.EADDRNOTAVAIL: "EADDRNOTAVAIL", syscall.EACCES: "EACCES",
	syscall.EPERM: "EPERM", syscall.ENOENT: "ENOENT", syscall.ENETDOWN: "ENETDOWN", syscall.EHOSTDOWN: "EHOSTDOWN",
	syscall.EMFILE: "EMFILE", syscall.ENFILE: "ENFILE", syscall.ENOTSOCK: "ENOTSOCK", syscall.EINVAL: "EINVAL",
}

// networkError gives err Node's form. call is the system call in question,
// "connect", "read" or "write"; addr is the address for "connect".
func networkError(call, addr string, err error) *Error {
	var errno syscall.Errno
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return dnsError(dns)
	case errors.As(err, &errno):
		code, known := errnoNames[errno]
		if !known {
			return &Error{Message: call + " " + errno.Error(), Cause: err}
		}
		return &Error{Code: code, Message: strings.TrimSpace(call + " " + code + " " + failedAddress(err, addr)), Cause: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &Error{Code: "ETIMEDOUT", Message: strings.TrimSpace(call + " ETIMEDOUT " + addr), Cause: err}
	}
	if e := tlsError(err); e != nil {
		return e
	}
	if call == "connect" && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)) {
		return &Error{Code: "ECONNRESET", Message: "socket hang up", Cause: err}
	}
	return &Error{Message: call + ": " + err.Error(), Cause: err}
}

// failedAddress is the address that a dial tried last, which for a host name
// is one of those it resolved to.
func failedAddress(err error, addr string) string {
	if addr == "" {
		return ""
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" && op.Addr != nil {
		if tcp, ok := op.Addr.(*net.TCPAddr); ok {
			return fmt.Sprintf("%v:%d", tcp.IP, tcp.Port)
		}
		return op.Addr.String()
	}
	return addr
}

func dnsError(err *net.DNSError) *Error {
	code := "ENOTFOUND"
	if err.IsTimeout || err.IsTemporary {
		code = "EAI_AGAIN"
	}
	return &Error{Code: code, Message: "getaddrinfo " + code + " " + err.Name, Cause: err}
}

// tlsError is the Error for a certificate or a TLS handshake that failed, or
// nil when err is none of these.
func tlsError(err error) *Error {
	var (
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		verify   *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &unknown):
		if c := unknown.Cert; c != nil && c.CheckSignatureFrom(c) == nil || c != nil && c.Subject.String() == c.Issuer.String() {
			return &Error{Code: "DEPTH_ZERO_SELF_SIGNED_CERT", Message: "self-signed certificate", Cause: err}
		}
		return &Error{Code: "UNABLE_TO_VERIFY_LEAF_SIGNATURE", Message: "unable to verify the first certificate", Cause: err}
	case errors.As(err, &hostname):
		return &Error{
			Code:    "ERR_TLS_CERT_ALTNAME_INVALID",
			Message: "Hostname/IP does not match certificate's altnames: " + hostname.Error(), Cause: err,
		}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &Error{Code: "CERT_HAS_EXPIRED", Message: "certificate has expired", Cause: err}
	case errors.As(err, &verify):
		return &Error{Code: "CERT_UNTRUSTED", Message: verify.Error(), Cause: err}
	case errors.As(err, &record):
		return &Error{Code: "ERR_SSL_WRONG_VERSION_NUMBER", Message: "the server does not speak TLS on this port", Cause: err}
	case errors.As(err, &alert):
		return &Error{Code: "EPROTO", Message: "the server ended the TLS handshake: " + alert.Error(), Cause: err}
	}
	return nil
}

// endOfStream tells whether a read error only says that the peer closed the
// connection, which is no error.
func endOfStream(err error) bool {
	var closed *websocket.CloseError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed) || errors.As(err, &closed)
}
