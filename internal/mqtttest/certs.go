package mqtttest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Certificates are a certificate authority and, signed by it, certificates of
// a server on loopback and of a client.
type Certificates struct {
	CAFile, CertFile, KeyFile string // PEM; the server's
	CA                        *x509.CertPool
	Server, Client            tls.Certificate
}

// NewCertificates makes them, in a folder of the test. names are the server's,
// 127.0.0.1 and localhost when there are none.
func NewCertificates(tb testing.TB, names ...string) *Certificates {
	tb.Helper()
	dir := tb.TempDir()
	if len(names) == 0 {
		names = []string{"localhost", "127.0.0.1"}
	}
	caKey, ca := issue(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign,
	}, nil, nil)
	server := &x509.Certificate{Subject: pkix.Name{CommonName: "server"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			server.IPAddresses = append(server.IPAddresses, ip)
		} else {
			server.DNSNames = append(server.DNSNames, name)
		}
	}
	serverKey, serverCert := issue(tb, server, ca, caKey)
	clientKey, clientCert := issue(tb, &x509.Certificate{
		Subject: pkix.Name{CommonName: "client"}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}, ca, caKey)
	c := &Certificates{
		CAFile: filepath.Join(dir, "ca.pem"), CertFile: filepath.Join(dir, "cert.pem"), KeyFile: filepath.Join(dir, "key.pem"),
		CA:     x509.NewCertPool(),
		Server: tls.Certificate{Certificate: [][]byte{serverCert.Raw}, PrivateKey: serverKey},
		Client: tls.Certificate{Certificate: [][]byte{clientCert.Raw}, PrivateKey: clientKey},
	}
	c.CA.AddCert(ca)
	key, err := x509.MarshalECPrivateKey(serverKey)
	if err != nil {
		tb.Fatal(err)
	}
	writePEM(tb, c.CAFile, "CERTIFICATE", ca.Raw)
	writePEM(tb, c.CertFile, "CERTIFICATE", serverCert.Raw)
	writePEM(tb, c.KeyFile, "EC PRIVATE KEY", key)
	return c
}

// issue makes a key and its certificate, signed by parent or by itself.
func issue(tb testing.TB, tmpl, parent *x509.Certificate, signer *ecdsa.PrivateKey) (*ecdsa.PrivateKey, *x509.Certificate) {
	tb.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	if parent == nil {
		parent, signer = tmpl, key
	}
	tmpl.SerialNumber = big.NewInt(time.Now().UnixNano())
	tmpl.NotBefore, tmpl.NotAfter = time.Now().Add(-time.Hour), time.Now().Add(time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, &key.PublicKey, signer)
	if err != nil {
		tb.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		tb.Fatal(err)
	}
	return key, cert
}

func writePEM(tb testing.TB, file, kind string, der []byte) {
	tb.Helper()
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		tb.Fatal(err)
	}
}
