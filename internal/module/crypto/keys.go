package crypto

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"slices"
	"strings"

	"github.com/mqscript/mqscript/internal/eventloop/nodeerr"
	"github.com/mqscript/mqscript/internal/module/native"
)

// pair is a private key, or a public key alone.
type pair struct {
	private privateKey // nil: public
	public  crypto.PublicKey
}

// privateKey is what Go's private keys have in common.
type privateKey interface{ Public() crypto.PublicKey }

var errKeyFormat = &native.Failure{
	Class: nodeerr.Error, Code: "ERR_OSSL_UNSUPPORTED", Message: "error:1E08010C:DECODER routines::unsupported",
}

func privatePair(key any) (*pair, error) {
	switch k := key.(type) {
	case *rsa.PrivateKey, *ecdsa.PrivateKey, ed25519.PrivateKey, *ecdh.PrivateKey:
		private, _ := k.(privateKey)
		return &pair{private, private.Public()}, nil
	}
	return nil, errKeyFormat
}

func publicPair(key any) (*pair, error) {
	switch key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey, *ecdh.PublicKey:
		return &pair{nil, key}, nil
	}
	return nil, errKeyFormat
}

// parsePEM reads the first block of text that is a key or a certificate.
// Without a passphrase it is nil.
func parsePEM(text, passphrase []byte) (*pair, error) {
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil, errKeyFormat
		}
		whole := block.Type == "ENCRYPTED PRIVATE KEY"
		if whole || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
			switch {
			case passphrase == nil:
				return nil, errPassphrase
			case whole:
				return decryptKey(block.Bytes, passphrase)
			}
			return decryptBlock(block, passphrase)
		}
		if block.Type != "EC PARAMETERS" {
			return parseDER(block.Bytes)
		}
		text = rest
	}
}

// parseDER reads a key of any of the known forms.
func parseDER(der []byte) (*pair, error) {
	for _, parse := range []func([]byte) (any, error){
		x509.ParsePKCS8PrivateKey,
		func(b []byte) (any, error) { return x509.ParsePKCS1PrivateKey(b) },
		func(b []byte) (any, error) { return x509.ParseECPrivateKey(b) },
	} {
		if key, err := parse(der); err == nil {
			return privatePair(key)
		}
	}
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		return publicPair(key)
	}
	if key, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return publicPair(key)
	}
	if cert, err := x509.ParseCertificate(der); err == nil {
		return publicPair(cert.PublicKey)
	}
	return nil, errKeyFormat
}

// curveNames are OpenSSL's.
var curveNames = map[string]elliptic.Curve{
	"prime256v1": elliptic.P256(), "secp384r1": elliptic.P384(), "secp521r1": elliptic.P521(), "secp224r1": elliptic.P224(),
	"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521(),
}

func opensslCurve(c elliptic.Curve) string {
	for name, curve := range curveNames {
		if curve == c && !strings.HasPrefix(name, "P-") {
			return name
		}
	}
	return c.Params().Name
}

// describe tells JavaScript what a key is.
func (p *pair) describe() map[string]any {
	out := map[string]any{"private": p.private != nil}
	switch k := p.public.(type) {
	case *rsa.PublicKey:
		out["kind"], out["modulusLength"], out["publicExponent"] = "rsa", k.N.BitLen(), k.E
	case *ecdsa.PublicKey:
		out["kind"], out["namedCurve"] = "ec", opensslCurve(k.Curve)
	case *ecdh.PublicKey:
		out["kind"] = "x25519"
	default:
		out["kind"] = "ed25519"
	}
	return out
}

// encode writes a key in a form: pkcs1, pkcs8, sec1 or spki.
func (p *pair) encode(form string) (label string, der []byte, err error) {
	switch form {
	case "spki":
		der, err = x509.MarshalPKIXPublicKey(p.public)
		return "PUBLIC KEY", der, err
	case "pkcs8":
		der, err = x509.MarshalPKCS8PrivateKey(p.private)
		return "PRIVATE KEY", der, err
	case "sec1":
		if k, ok := p.private.(*ecdsa.PrivateKey); ok {
			der, err = x509.MarshalECPrivateKey(k)
			return "EC PRIVATE KEY", der, err
		}
	case "pkcs1":
		if k, ok := p.private.(*rsa.PrivateKey); ok {
			return "RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k), nil
		}
		if k, ok := p.public.(*rsa.PublicKey); ok {
			return "RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(k), nil
		}
	}
	kinds := map[string]string{"pkcs1": "RSA", "sec1": "EC"}
	return "", nil, &native.Failure{
		Class: nodeerr.Error, Code: "ERR_CRYPTO_INCOMPATIBLE_KEY_OPTIONS",
		Message: "The selected key encoding " + form + " can only be used for " + kinds[form] + " keys.",
	}
}

func (p *pair) equal(o *pair) bool {
	if (p.private == nil) != (o.private == nil) {
		return false
	}
	_, a, errA := p.encode("spki")
	_, b, errB := o.encode("spki")
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// generate makes a key: rsa with its bits, ec with its curve, x25519 or ed25519.
func generate(kind string, bits int, curve string) (*pair, error) {
	switch kind {
	case "rsa":
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			return nil, err
		}
		return privatePair(key)
	case "ec":
		c := curveNames[curve]
		if c == nil {
			return nil, &native.Failure{Class: nodeerr.TypeError, Code: "ERR_CRYPTO_INVALID_CURVE", Message: "Invalid EC curve name"}
		}
		key, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			return nil, err
		}
		return privatePair(key)
	case "x25519":
		key, err := ecdh.X25519().GenerateKey(rand.Reader)
		if err != nil {
			return nil, err
		}
		return privatePair(key)
	}
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	return privatePair(key)
}

var errNoKey = errors.New("the key is missing")

func pairAt(a native.Args, i int) (*pair, error) {
	if p, ok := a.Handle(i).(*pair); ok {
		return p, nil
	}
	return nil, errNoKey
}

// jwkParts are the parts of a JSON Web Key in the order of keyFromJWK's
// arguments.
var jwkParts = []string{"n", "e", "d", "p", "q", "x", "y"}

func defineKeys(f *native.Functions) {
	f.Sync("keyParse", func(a native.Args) (any, error) {
		switch {
		case !a.Bool(1):
			return parsePEM(a.Bytes(0), a.Bytes(2))
		case a.Given(2):
			if p, err := decryptKey(a.Bytes(0), a.Bytes(2)); !errors.Is(err, errKeyFormat) {
				return p, err
			}
		}
		return parseDER(a.Bytes(0))
	})
	f.Sync("keyFromJWK", func(a native.Args) (any, error) {
		return fromJWK(a.String(0), a.String(1), func(name string) []byte {
			if i := 2 + slices.Index(jwkParts, name); a.Given(i) {
				return a.Copy(i)
			}
			return nil
		})
	})
	with := func(name string, do func(p *pair, a native.Args) (any, error)) {
		f.Sync(name, func(a native.Args) (any, error) {
			p, err := pairAt(a, 0)
			if err != nil {
				return nil, err
			}
			return do(p, a)
		})
	}
	with("keyInfo", func(p *pair, _ native.Args) (any, error) { return p.describe(), nil })
	with("keyPublic", func(p *pair, _ native.Args) (any, error) { return &pair{nil, p.public}, nil })
	with("keyEqual", func(p *pair, a native.Args) (any, error) {
		o, err := pairAt(a, 1)
		return err == nil && p.equal(o), nil
	})
	with("keyJWK", func(p *pair, _ native.Args) (any, error) { return p.jwk() })
	with("keyDER", func(p *pair, a native.Args) (any, error) {
		_, der, err := p.encode(a.String(1))
		if err == nil && a.Given(2) {
			return encryptKey(der, a.String(2), a.Bytes(3))
		}
		return der, err
	})
	with("keyPEM", func(p *pair, a native.Args) (any, error) {
		label, der, err := p.encode(a.String(1))
		block := &pem.Block{Type: label, Bytes: der}
		if err == nil && a.Given(2) {
			block, err = encryptBlock(label, der, a.String(2), a.Bytes(3))
		}
		if err != nil {
			return nil, err
		}
		return string(pem.EncodeToMemory(block)), nil
	})
	f.Sync("keyGenerate", func(a native.Args) (any, error) { return generate(a.String(0), a.Int(1), a.String(2)) })
	f.Async("keyGenerateLater", func(a native.Args) native.Work {
		kind, bits, curve := a.String(0), a.Int(1), a.String(2)
		return func(context.Context) (any, error) { return generate(kind, bits, curve) }
	})
}
