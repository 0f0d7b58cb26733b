package tls

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

// secureContext is what a side of connections brings with it. It shows
// JavaScript nothing, and does not change once it is made.
type secureContext struct {
	certificates []tls.Certificate
	roots        *x509.CertPool // nil: those of the system
	min, max     uint16
	suites       []uint16
}

// newContext reads its arguments: certificates and keys in turn, in an array;
// authorities, an array, or undefined; the lowest and the highest version; the
// ciphers, "" for all.
func newContext(env *native.Env, a native.Args) (any, error) {
	c := &secureContext{min: versions[a.String(2)], max: versions[a.String(3)]}
	pairs := buffers(env, a.At(0))
	for i := 0; i+1 < len(pairs); i += 2 {
		pair, err := keyPair(pairs[i], pairs[i+1])
		if err != nil {
			return nil, err
		}
		c.certificates = append(c.certificates, pair)
	}
	if a.Given(1) {
		c.roots = x509.NewCertPool()
		for _, text := range buffers(env, a.At(1)) {
			if !addAuthorities(c.roots, text) {
				return nil, noPEM()
			}
		}
	}
	var err error
	c.suites, err = suites(a.String(4))
	return c, err
}

// buffers returns copies of the bytes in an array of Buffers.
func buffers(env *native.Env, v goja.Value) [][]byte {
	var list [][]byte
	_ = env.VM.Try(func() { // what is no array has no items
		env.VM.ForOf(v, func(item goja.Value) bool {
			data, _ := env.Buffers.Memory(item)
			list = append(list, append([]byte{}, data...))
			return true
		})
	})
	return list
}

// addAuthorities adds certificates in PEM, or one in DER.
func addAuthorities(pool *x509.CertPool, text []byte) bool {
	if pool.AppendCertsFromPEM(text) {
		return true
	}
	one, err := x509.ParseCertificate(text)
	if err == nil {
		pool.AddCert(one)
	}
	return err == nil
}

func keyPair(certificate, key []byte) (tls.Certificate, error) {
	if block, _ := pem.Decode(certificate); block == nil {
		return tls.Certificate{}, noPEM()
	}
	if block, _ := pem.Decode(key); block == nil {
		return tls.Certificate{}, noPEM()
	}
	pair, err := tls.X509KeyPair(certificate, key)
	switch {
	case err == nil:
		return pair, nil
	case strings.Contains(err.Error(), "private key does not match"):
		return pair, &failure{"ERR_OSSL_X509_KEY_VALUES_MISMATCH", "error:05800074:x509 certificate routines::key values mismatch"}
	}
	return pair, &failure{"ERR_OSSL_UNSUPPORTED", strings.TrimPrefix(err.Error(), "tls: ")}
}

func noPEM() error {
	return &failure{"ERR_OSSL_PEM_NO_START_LINE", "error:0480006C:PEM routines::no start line"}
}

// suites finds cipher suites by OpenSSL's names. Names that stand for groups of
// ciphers do not limit anything.
func suites(names string) ([]uint16, error) {
	if names == "" {
		return nil, nil
	}
	var list []uint16
	groups := false
	for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == ':' || r == ',' || r == ' ' }) {
		found := false
		for _, suite := range tls.CipherSuites() {
			if found = name == suite.Name || name == opensslName(suite.Name); found {
				list = append(list, suite.ID)
				break
			}
		}
		groups = groups || !found && !strings.Contains(name, "-") && !strings.Contains(name, "_")
	}
	switch {
	case len(list) > 0:
		return list, nil
	case groups:
		return nil, nil
	}
	return nil, &failure{"ERR_SSL_NO_CIPHER_MATCH", "error:0A0000B9:SSL routines::no cipher match"}
}

func cipherNames() []string {
	var names []string
	for _, suite := range tls.CipherSuites() {
		names = append(names, strings.ToLower(opensslName(suite.Name)))
	}
	return names
}

// opensslName turns the registered name of a cipher suite into OpenSSL's.
func opensslName(name string) string {
	left, right, found := strings.Cut(strings.TrimPrefix(name, "TLS_"), "_WITH_")
	if !found {
		return name // of TLS 1.3, where the names are the same
	}
	right = strings.NewReplacer("AES_128_CBC", "AES128", "AES_256_CBC", "AES256", "AES_128", "AES128", "AES_256", "AES256",
		"CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305", "3DES_EDE_CBC", "DES-CBC3").Replace(right)
	text := right
	if left != "RSA" {
		text = left + "_" + right
	}
	return strings.ReplaceAll(text, "_", "-")
}

// errNone is the error of a session that does not exist.
var errNone = errors.New("there is no session")
