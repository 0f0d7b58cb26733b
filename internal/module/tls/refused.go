package tls

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
)

// Refused gives the error of a handshake in which crypto/tls has checked the
// server's certificates by itself the form that it has in Node; nil when it is
// about something else. From anywhere.
func Refused(err error) error {
	var refused *tls.CertificateVerificationError
	if !errors.As(err, &refused) {
		return nil
	}
	_, problem := verified(tls.ConnectionState{PeerCertificates: refused.UnverifiedCertificates}, nil, false)
	if problem != nil {
		return problem
	}
	var host x509.HostnameError
	if errors.As(err, &host) {
		return &failure{"ERR_TLS_CERT_ALTNAME_INVALID", "Hostname/IP does not match certificate's altnames: " + host.Error()}
	}
	return errRejected
}
