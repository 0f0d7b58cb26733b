package tls

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // a fingerprint that people compare
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/dop251/goja"

	"github.com/mqscript/mqscript/internal/module/native"
)

var now = time.Now

// info describes a connection to JavaScript: protocol, cipher, alpn, name,
// verify, and certificates, the peer's first and our own as own.
func (s *session) info(env *native.Env) goja.Value {
	if s.conn == nil {
		return goja.Undefined()
	}
	vm, state := env.VM, s.conn.ConnectionState()
	o := vm.NewObject()
	_ = o.Set("protocol", versionName(state.Version))
	standard := tls.CipherSuiteName(state.CipherSuite)
	_ = o.Set("cipher", map[string]string{"name": opensslName(standard), "standardName": standard, "version": cipherVersion(standard)})
	_ = o.Set("alpn", state.NegotiatedProtocol)
	_ = o.Set("name", s.name)
	_ = o.Set("reused", state.DidResume)
	if s.verify != nil {
		_ = o.Set("verify", map[string]string{"code": s.verify.code, "message": s.verify.text})
	}
	_ = o.Set("peer", certificates(env, s.peer))
	if len(s.context.certificates) > 0 {
		if leaf, err := x509.ParseCertificate(s.context.certificates[0].Certificate[0]); err == nil {
			_ = o.Set("own", certificates(env, []*x509.Certificate{leaf}))
		}
	}
	return o
}

func cipherVersion(standard string) string {
	if !strings.Contains(standard, "_WITH_") {
		return "TLSv1.3"
	}
	return "TLSv1.2"
}

func certificates(env *native.Env, list []*x509.Certificate) goja.Value {
	shown := make([]any, len(list))
	for i, c := range list {
		shown[i] = certificate(env, c)
	}
	return env.VM.NewArray(shown...)
}

// certificate shows a certificate as Node does.
func certificate(env *native.Env, c *x509.Certificate) goja.Value {
	o := env.VM.NewObject()
	set := func(name string, v any) { _ = o.Set(name, v) }
	set("subject", names(env, c.Subject))
	set("issuer", names(env, c.Issuer))
	if alternatives := alternatives(c); alternatives != "" {
		set("subjectaltname", alternatives)
	}
	set("ca", c.IsCA)
	pubkey := env.Buffers.Wrap(append([]byte{}, c.RawSubjectPublicKeyInfo...))
	switch key := c.PublicKey.(type) {
	case *rsa.PublicKey:
		set("modulus", strings.ToUpper(key.N.Text(16)))
		set("bits", key.N.BitLen())
		set("exponent", "0x"+strconv.FormatInt(int64(key.E), 16))
		set("pubkey", pubkey)
	case *ecdsa.PublicKey:
		set("bits", key.Curve.Params().BitSize)
		if point, err := key.ECDH(); err == nil {
			set("pubkey", env.Buffers.Wrap(point.Bytes()))
		}
		if curve, ok := curves[key.Curve.Params().Name]; ok {
			set("asn1Curve", curve)
		}
		set("nistCurve", key.Curve.Params().Name)
	case ed25519.PublicKey:
		set("bits", len(key)*8)
		set("pubkey", pubkey)
	}
	set("valid_from", date(c.NotBefore))
	set("valid_to", date(c.NotAfter))
	one := sha1.Sum(c.Raw) //nolint:gosec // as above
	set("fingerprint", fingerprint(one[:]))
	two := sha256.Sum256(c.Raw)
	set("fingerprint256", fingerprint(two[:]))
	five := sha512.Sum512(c.Raw)
	set("fingerprint512", fingerprint(five[:]))
	if usage := usages(c); len(usage) > 0 {
		set("ext_key_usage", usage)
	}
	set("serialNumber", serial(c))
	set("raw", env.Buffers.Wrap(append([]byte{}, c.Raw...)))
	return o
}

var curves = map[string]string{"P-256": "prime256v1", "P-384": "secp384r1", "P-521": "secp521r1", "P-224": "secp224r1"}

func serial(c *x509.Certificate) string {
	text := strings.ToUpper(c.SerialNumber.Text(16))
	if len(text)%2 == 1 {
		text = "0" + text
	}
	return text
}

// date is a time as OpenSSL prints it.
func date(t time.Time) string { return t.UTC().Format("Jan _2 15:04:05 2006") + " GMT" }

func fingerprint(sum []byte) string {
	text := strings.ToUpper(hex.EncodeToString(sum))
	var parts []string
	for i := 0; i < len(text); i += 2 {
		parts = append(parts, text[i:i+2])
	}
	return strings.Join(parts, ":")
}

// attributes are the short names of the parts of a distinguished name.
var attributes = map[string]string{
	"2.5.4.3": "CN", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.10": "O", "2.5.4.11": "OU",
	"2.5.4.5": "serialNumber", "2.5.4.9": "street", "1.2.840.113549.1.9.1": "emailAddress", "0.9.2342.19200300.100.1.25": "DC",
}

func names(env *native.Env, name pkix.Name) goja.Value {
	o := env.VM.CreateObject(nil)
	seen := make(map[string][]any)
	for _, part := range name.Names {
		key := attributes[part.Type.String()]
		text, ok := part.Value.(string)
		if key == "" || !ok {
			continue
		}
		seen[key] = append(seen[key], text)
		if len(seen[key]) == 1 {
			_ = o.Set(key, text)
		} else {
			_ = o.Set(key, env.VM.NewArray(seen[key]...))
		}
	}
	return o
}

func alternatives(c *x509.Certificate) string {
	var parts []string
	for _, name := range c.DNSNames {
		parts = append(parts, "DNS:"+name)
	}
	for _, ip := range c.IPAddresses {
		parts = append(parts, "IP Address:"+ip.String())
	}
	for _, uri := range c.URIs {
		parts = append(parts, "URI:"+uri.String())
	}
	for _, mail := range c.EmailAddresses {
		parts = append(parts, "email:"+mail)
	}
	return strings.Join(parts, ", ")
}

var usageNumbers = map[x509.ExtKeyUsage]string{
	x509.ExtKeyUsageServerAuth: "1.3.6.1.5.5.7.3.1", x509.ExtKeyUsageClientAuth: "1.3.6.1.5.5.7.3.2",
	x509.ExtKeyUsageCodeSigning: "1.3.6.1.5.5.7.3.3", x509.ExtKeyUsageEmailProtection: "1.3.6.1.5.5.7.3.4",
}

func usages(c *x509.Certificate) []string {
	var list []string
	for _, usage := range c.ExtKeyUsage {
		if number, ok := usageNumbers[usage]; ok {
			list = append(list, number)
		}
	}
	return list
}
