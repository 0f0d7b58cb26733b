package tls

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
	sockets "github.com/mqscript/mqscript/internal/module/net"
)

// failure says why a certificate is not trusted or a handshake did not come to
// its end, with OpenSSL's code.
type failure struct{ code, text string }

// Error returns the words.
func (e *failure) Error() string { return e.text }

// Thrown implements native.Thrower.
func (e *failure) Thrown(vm *goja.Runtime) *goja.Object {
	obj := nodeerr.New(vm, nodeerr.Error, "", e.text)
	_ = obj.Set("code", e.code)
	return obj
}

var _ native.Thrower = (*failure)(nil)

var (
	errSelfSigned   = &failure{"DEPTH_ZERO_SELF_SIGNED_CERT", "self-signed certificate"}
	errSelfInChain  = &failure{"SELF_SIGNED_CERT_IN_CHAIN", "self-signed certificate in certificate chain"}
	errLeaf         = &failure{"UNABLE_TO_VERIFY_LEAF_SIGNATURE", "unable to verify the first certificate"}
	errLocalIssuer  = &failure{"UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "unable to get local issuer certificate"}
	errNoIssuer     = &failure{"UNABLE_TO_GET_ISSUER_CERT", "unable to get issuer certificate"}
	errExpired      = &failure{"CERT_HAS_EXPIRED", "certificate has expired"}
	errNotYet       = &failure{"CERT_NOT_YET_VALID", "certificate is not yet valid"}
	errPurpose      = &failure{"INVALID_PURPOSE", "unsuitable certificate purpose"}
	errSignature    = &failure{"CERT_SIGNATURE_FAILURE", "certificate signature failure"}
	errRejected     = &failure{"CERT_REJECTED", "certificate rejected"}
	errNotAuthority = &failure{"INVALID_CA", "invalid CA certificate"}
)

// verified checks the peer's certificates but not whom they name, and returns
// them up to the authority; a nil problem is a certificate that can be trusted.
func verified(state tls.ConnectionState, roots *x509.CertPool, ofClient bool) (chain []*x509.Certificate, problem *failure) {
	chain = state.PeerCertificates
	if len(chain) == 0 {
		return nil, errNoIssuer
	}
	options := x509.VerifyOptions{Roots: roots, Intermediates: x509.NewCertPool(), KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	if ofClient {
		options.KeyUsages[0] = x509.ExtKeyUsageClientAuth
	}
	for _, c := range chain[1:] {
		options.Intermediates.AddCert(c)
	}
	found, err := chain[0].Verify(options)
	var invalid x509.CertificateInvalidError
	var insecure x509.InsecureAlgorithmError
	switch {
	case err == nil:
		return found[0], nil
	case errors.As(err, &invalid):
		return chain, invalidReason(invalid, chain[0])
	case errors.As(err, &insecure):
		return chain, errSignature
	}
	return chain, unknownIssuer(chain)
}

func invalidReason(e x509.CertificateInvalidError, leaf *x509.Certificate) *failure {
	switch e.Reason {
	case x509.Expired:
		of := e.Cert
		if of == nil {
			of = leaf
		}
		if of.NotBefore.After(of.NotAfter) || !of.NotBefore.Before(now()) {
			return errNotYet
		}
		return errExpired
	case x509.IncompatibleUsage:
		return errPurpose
	case x509.NotAuthorizedToSign:
		return errNotAuthority
	}
	return errRejected
}

// unknownIssuer tells the ways apart in which a chain does not end in a
// certificate that is trusted.
func unknownIssuer(chain []*x509.Certificate) *failure {
	last := chain[len(chain)-1]
	switch selfSigned := bytes.Equal(last.RawIssuer, last.RawSubject); {
	case selfSigned && len(chain) == 1:
		return errSelfSigned
	case selfSigned:
		return errSelfInChain
	case len(chain) == 1:
		return errLeaf
	}
	return errLocalIssuer
}

// alerts are OpenSSL's codes for what a peer says when it ends a handshake.
var alerts = map[tls.AlertError]string{
	10: "SSLV3_ALERT_UNEXPECTED_MESSAGE", 20: "SSLV3_ALERT_BAD_RECORD_MAC", 40: "SSLV3_ALERT_HANDSHAKE_FAILURE",
	42: "SSLV3_ALERT_BAD_CERTIFICATE", 43: "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE", 44: "SSLV3_ALERT_CERTIFICATE_REVOKED",
	45: "SSLV3_ALERT_CERTIFICATE_EXPIRED", 46: "SSLV3_ALERT_CERTIFICATE_UNKNOWN", 47: "SSLV3_ALERT_ILLEGAL_PARAMETER",
	48: "TLSV1_ALERT_UNKNOWN_CA", 49: "TLSV1_ALERT_ACCESS_DENIED", 50: "TLSV1_ALERT_DECODE_ERROR", 51: "TLSV1_ALERT_DECRYPT_ERROR",
	70: "TLSV1_ALERT_PROTOCOL_VERSION", 71: "TLSV1_ALERT_INSUFFICIENT_SECURITY", 80: "TLSV1_ALERT_INTERNAL_ERROR",
	112: "TLSV1_UNRECOGNIZED_NAME", 116: "TLSV13_ALERT_CERTIFICATE_REQUIRED", 120: "TLSV1_ALERT_NO_APPLICATION_PROTOCOL",
}

// alertOf finds the alert with which the peer ended the connection. Go has it in
// an error that can be told by its words alone.
func alertOf(err error) (code string, found bool) {
	var remote *net.OpError
	if !errors.As(err, &remote) || remote.Op != "remote error" {
		return "", false
	}
	for number, code := range alerts {
		if number.Error() == remote.Err.Error() {
			return code, true
		}
	}
	return "TLSV1_ALERT", true
}

// failed is the error of a handshake.
func failed(err error, server bool) error {
	var record tls.RecordHeaderError
	var refused *failure
	var network *net.OpError
	disconnected := "Client network socket disconnected before secure TLS connection was established"
	if code, ok := alertOf(err); ok {
		return routine(code, "the peer said: "+strings.TrimPrefix(err.Error(), "remote error: "))
	}
	switch {
	case errors.As(err, &record):
		if server {
			return routine("WRONG_VERSION_NUMBER", "the client does not speak TLS")
		}
		return routine("WRONG_VERSION_NUMBER", "the server does not speak TLS on this port")
	case errors.As(err, &refused):
		return refused
	case errors.Is(err, errNoCertificate):
		return routine("NO_SHARED_CIPHER", err.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		if server {
			return &failure{"ECONNRESET", "socket hang up"}
		}
		return &failure{"ECONNRESET", disconnected}
	case errors.As(err, &network), errors.Is(err, net.ErrClosed):
		return sockets.Failed("read", err)
	}
	return &failure{"EPROTO", err.Error()}
}

func routine(code, text string) error {
	return &failure{"ERR_SSL_" + code, "SSL routines: " + text}
}

// readFailed is the error of a read or write after the handshake. A peer that
// leaves without saying so has left all the same.
func readFailed(call string, err error) error {
	var network *net.OpError
	if _, ok := alertOf(err); ok {
		return failed(err, false)
	}
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return io.EOF
	case errors.As(err, &network), errors.Is(err, net.ErrClosed):
		return sockets.Failed(call, err)
	}
	return failed(err, false)
}
